"""A notice is sent once, on time, or somebody is told; on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.notices.following import Followings, Kind, Subject
from bot.notices.outbox import LEASE_SECONDS
from bot.notices.sending import GoneError, LaterError, MovedError, Pace, RefusedError, UnknownError
from bot.store.tables import outbox
from tests.notices.fakes import Clock, FakePlatform, Post, notice, once

TEACHERS = Subject(Kind.UNIT, "区教委", "", "区教委")


async def states(post: Post) -> dict[str, str]:
    """Return the state of every row by its notice and part."""
    query = select(outbox.c.notice, outbox.c.part, outbox.c.state)
    async with post.outbox.store.read() as tx:
        return {f"{row.notice}/{row.part}": row.state for row in await tx.execute(query)}


async def test_a_notice_planned_twice_is_sent_once(post: Post, platform: FakePlatform) -> None:
    """The same notice at the same time to the same chat is one message, also after it was sent."""
    assert await post.plan(notice("一"), notice("一")) == 1
    await post.send()
    assert await post.plan(notice("一")) == 0
    await post.send()
    assert platform.log == [("-1", "一")]


async def test_nothing_is_sent_before_its_time(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """A notice waits for its planned time."""
    clock.pass_(minutes=-5)
    await post.plan(notice("一"))
    await post.send()
    assert platform.log == []
    clock.pass_(minutes=5)
    await post.send()
    assert platform.log == [("-1", "一")]


async def test_the_parts_of_a_notice_arrive_in_order(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """A pause before the first part holds back the second."""
    platform.before = once(LaterError("429", 5))
    await post.plan(notice("文", parts=3))
    await post.send()
    assert platform.log == []
    clock.pass_(seconds=6)
    await post.send()
    assert [headline for _, headline in platform.log] == ["文1", "文2", "文3"]


async def test_a_pause_for_all_holds_every_chat_back(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """After a 429 that names no chat nothing is sent until its time has passed."""
    platform.before = once(LaterError("429", 30, everywhere=True))
    await post.plan(notice("一", "-1"))
    await post.send()
    await post.plan(notice("二", "-2"))
    await post.send()
    assert platform.log == []
    clock.pass_(seconds=31)
    await post.send()
    assert sorted(platform.log) == [("-1", "一"), ("-2", "二")]


async def test_a_lost_answer_is_unknown_and_not_sent_again(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """Whether it arrived can't be known, so it is never sent a second time by itself."""
    platform.after = once(UnknownError("timeout"))
    await post.plan(notice("一"))
    await post.send()
    clock.pass_(minutes=10)
    await post.send()
    assert platform.log == [("-1", "一")]
    assert await states(post) == {"一/1": "unknown"}


async def test_a_platform_that_removes_doubles_is_sent_to_again(
    post: Post, platform: FakePlatform, clock: Clock
) -> None:
    """Where the platform drops the double, a lost answer costs nothing."""
    platform.removes_doubles = 600.0
    platform.after = once(UnknownError("timeout"))
    await post.plan(notice("一"))
    await post.send()
    clock.pass_(minutes=1)
    await post.send()
    assert platform.log == [("-1", "一")]
    assert await states(post) == {"一/1": "sent"}


async def test_a_refused_message_fails_and_blocks_no_other(post: Post, platform: FakePlatform) -> None:
    """What the platform will never take is failed; the next message goes out."""
    platform.before = once(RefusedError("no such markup"))
    await post.plan(notice("一"), notice("二"))
    await post.send()
    assert platform.log == [("-1", "二")]
    assert await states(post) == {"一/1": "failed", "二/1": "sent"}


async def test_a_chat_that_is_gone_ends_its_following(post: Post, platform: FakePlatform) -> None:
    """Nothing more is sent to a chat that has thrown the bot out."""
    followings = Followings(post.outbox.store)
    async with post.outbox.store.begin() as tx:
        await followings.follow("fake", "-1", TEACHERS, tx)
    platform.before = once(GoneError("kicked"))
    await post.plan(notice("一"), notice("二"))
    await post.send()
    assert platform.log == []
    assert await states(post) == {"一/1": "failed", "二/1": "cancelled"}
    assert await followings.of("fake", "-1") == ()


async def test_a_chat_with_a_new_id_is_followed_there(post: Post, platform: FakePlatform) -> None:
    """A group that became a supergroup gets its notices under the new id, and its following moves."""
    followings = Followings(post.outbox.store)
    async with post.outbox.store.begin() as tx:
        await followings.follow("fake", "-1", TEACHERS, tx)
    platform.before = once(MovedError("-1001"))
    await post.plan(notice("一"), notice("二"))
    await post.send()
    assert platform.log == [("-1001", "一"), ("-1001", "二")]
    assert await followings.of("fake", "-1001") == (TEACHERS,)
    assert await followings.of("fake", "-1") == ()


async def test_what_is_too_late_is_missed_and_told(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """A notice whose window has passed is not sent; the chat is told once a day that it was missed."""
    await post.plan(notice("一"), notice("二"))
    clock.pass_(hours=2)
    await post.send()
    assert (await states(post))["一/1"] == (await states(post))["二/1"] == "missed"
    ((chat, line),) = platform.log
    assert chat == "-1"
    assert "3月1日09:00" in line
    assert "一" in line


@pytest.mark.parametrize("removes_doubles", [0.0, 3600.0])
async def test_a_worker_that_dies_while_sending(
    post: Post, platform: FakePlatform, clock: Clock, removes_doubles: float
) -> None:
    """Its message is unknown, or sent again where the platform removes doubles; never silently lost."""
    platform.removes_doubles = removes_doubles
    await post.plan(notice("一"))
    await post.outbox.claim("fake", Pace(per_chat=((20, 60),)), 1)
    other = Post(post.outbox.store, clock, platform, "two")
    await other.send()
    assert platform.log == []
    clock.pass_(seconds=LEASE_SECONDS + 1)
    await other.send()
    assert platform.log == ([("-1", "一")] if removes_doubles else [])
    assert await states(post) == {"一/1": "sent" if removes_doubles else "unknown"}


async def test_a_late_answer_settles_what_was_unknown(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """A worker that was only slow still notes that its message has arrived."""
    platform.gate.clear()
    await post.plan(notice("一"))
    sending = asyncio.create_task(post.delivery.step(Pace(per_chat=((20, 60),))))
    while (await states(post)) != {"一/1": "sending"}:
        await asyncio.sleep(0.01)
    clock.pass_(seconds=LEASE_SECONDS + 1)
    await Post(post.outbox.store, clock, FakePlatform(), "two").send()
    assert await states(post) == {"一/1": "unknown"}
    platform.gate.set()
    await sending
    assert await states(post) == {"一/1": "sent"}


async def test_rates_are_kept_before_claiming(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """No more messages a minute go to a chat, nor a second to all, than the pace allows."""
    platform.notice_pace = Pace(per_chat=((3, 60),), overall=((5, 1),))
    await post.plan(*(notice(f"{chat}/{n}", chat) for chat in ("-1", "-2", "-3") for n in range(5)))
    await post.send()
    assert len(platform.log) == 5
    clock.pass_(seconds=2)
    await post.send()
    clock.pass_(seconds=2)
    await post.send()
    assert sorted(chat for chat, _ in platform.log) == ["-1"] * 3 + ["-2"] * 3 + ["-3"] * 3
    clock.pass_(seconds=61)
    for _ in range(3):
        await post.send()
        clock.pass_(seconds=2)
    assert len(platform.log) == 15


async def test_replicas_share_the_outbox(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """Several workers at once send every message once, and keep the pace together."""
    platform.notice_pace = Pace(per_chat=((50, 60),), overall=((30, 60),))
    posts = [post, *(Post(post.outbox.store, clock, platform, f"worker {n}") for n in range(3))]
    await post.plan(*(notice(f"{n}", f"-{n % 10}") for n in range(40)))
    await asyncio.gather(*(one.send() for one in posts))
    assert len(platform.log) == len(set(platform.log)) == 30
    clock.pass_(seconds=61)
    await asyncio.gather(*(one.send() for one in posts))
    assert len(platform.log) == len(set(platform.log)) == 40


async def test_stopping_finishes_what_is_under_way(post: Post, platform: FakePlatform) -> None:
    """A replica that is told to stop notes what became of the message it was sending."""
    platform.gate.clear()
    await post.plan(notice("一"))
    running = asyncio.create_task(post.delivery.run())
    while (await states(post)) != {"一/1": "sending"}:
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    platform.gate.set()
    await post.delivery.drain(5.0)
    assert await states(post) == {"一/1": "sent"}


async def test_two_chats_are_sent_to_though_one_is_held(post: Post, platform: FakePlatform) -> None:
    """A pause for one group holds back that group alone."""
    platform.before = lambda chat: LaterError("429", 60) if chat == "-1" else None
    await post.plan(notice("一", "-1"), notice("二", "-2"), notice("三", "-2"))
    await post.send()
    assert platform.log == [("-2", "二"), ("-2", "三")]


async def test_a_double_is_risked_only_while_it_is_removed(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """Once the platform has forgotten the first message, a second one is not sent but reported."""
    platform.removes_doubles = 600.0
    platform.after = lambda _chat: UnknownError("timeout")
    await post.plan(notice("一", window=7200))
    await post.send()
    clock.pass_(minutes=11)
    await post.send()
    assert await states(post) == {"一/1": "unknown"}
