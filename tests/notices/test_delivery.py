"""A notice is sent once, on time, or somebody is told; on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
from datetime import time

import pytest
from sqlalchemy import select

from bot.notices.following import Followings, Subject, SubjectKind
from bot.notices.ledger import Ledger
from bot.notices.outbox import LEASE_SECONDS, LONGEST_PAUSE
from bot.notices.sending import (
    Doubles,
    GoneError,
    LaterError,
    MovedError,
    NoticePace,
    NoticeRefusedError,
    SendError,
    UnknownError,
)
from bot.store.database import Store
from bot.store.tables import outbox
from tests.notices.fakes import WIDE, Clock, FakePlatform, Post, notice, once

TEACHERS = Subject(SubjectKind.UNIT, "区教委", "", "区教委")


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


@pytest.mark.parametrize("everywhere", [True, False])
async def test_a_pause_of_a_clock_that_was_put_back_is_none(
    post: Post, platform: FakePlatform, clock: Clock, *, everywhere: bool
) -> None:
    """What a platform asked for while the clock was a day ahead holds nothing back for a day."""
    await post.plan(notice("一", window=30 * 86_400))
    clock.pass_(days=1)
    platform.before = once(LaterError("429", 30, everywhere=everywhere))
    await post.send()
    clock.pass_(days=-1)
    await post.send()
    assert platform.log == [("-1", "一")]


async def test_what_was_sent_tomorrow_is_not_counted_today(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """Notices that were sent while the clock was a day ahead take no room of today's."""
    platform.notice_pace = NoticePace(overall=((2, 60),), per_chat=((1, 60),))
    clock.pass_(days=1)
    await post.plan(notice("一", window=30 * 86_400), notice("二", "-2", window=30 * 86_400))
    await post.send()
    clock.pass_(days=-1)
    await post.plan(notice("三", window=30 * 86_400), notice("四", "-2", window=30 * 86_400))
    await post.send()
    assert sorted(headline for _, headline in platform.log) == sorted("一二三四")


async def test_a_worker_that_died_tomorrow_is_noticed_today(post: Post, clock: Clock) -> None:
    """What a worker was sending when it died, its clock a day ahead, is not taken for under way until then."""
    await post.plan(notice("一"))
    clock.pass_(seconds=60)
    await post.outbox.claim("fake", WIDE, 1)
    clock.pass_(days=-1)
    await post.delivery.recover()
    assert await states(post) == {"一/1": "unknown"}


async def test_a_long_pause_is_asked_for_again(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """A platform that asks for a day is asked again after an hour."""
    platform.before = once(LaterError("429", 86_400))
    await post.plan(notice("一", window=86_400))
    await post.send()
    clock.pass_(seconds=LONGEST_PAUSE + 1)
    await post.send()
    assert platform.log == [("-1", "一")]


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
    platform.doubles = Doubles(600.0)
    platform.after = once(UnknownError("timeout"))
    await post.plan(notice("一"))
    await post.send()
    clock.pass_(minutes=1)
    await post.send()
    assert platform.log == [("-1", "一")]
    assert await states(post) == {"一/1": "sent"}


async def test_a_refused_message_fails_and_blocks_no_other(post: Post, platform: FakePlatform) -> None:
    """What the platform will never take is failed; the next message goes out."""
    platform.before = once(NoticeRefusedError("no such markup"))
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
    platform.doubles = Doubles(removes_doubles)
    await post.plan(notice("一"))
    await post.outbox.claim("fake", NoticePace(per_chat=((20, 60),)), 1)
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
    sending = asyncio.create_task(post.delivery.step(NoticePace(per_chat=((20, 60),))))
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
    platform.notice_pace = NoticePace(per_chat=((3, 60),), overall=((5, 1),))
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
    platform.notice_pace = NoticePace(per_chat=((50, 60),), overall=((30, 60),))
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
    platform.doubles = Doubles(600.0)
    platform.after = lambda _chat: UnknownError("timeout")
    await post.plan(notice("一", window=7200))
    await post.send()
    clock.pass_(minutes=11)
    await post.send()
    assert await states(post) == {"一/1": "unknown"}


@pytest.mark.parametrize("error", [NoticeRefusedError("no such markup"), UnknownError("timeout")])
async def test_no_part_is_sent_before_the_one_before_it(
    post: Post, platform: FakePlatform, clock: Clock, error: SendError
) -> None:
    """The rest of a notice waits while its first part failed or is in doubt, and follows when that is sent again."""
    platform.before = once(error)
    await post.plan(notice("文", parts=3), notice("另"))
    await post.send()
    assert platform.log == [("-1", "另")]
    ledger = Ledger(post.outbox.store, clock)
    (first,) = await ledger.lines()
    assert (first.part, first.state) == (1, "failed" if isinstance(error, NoticeRefusedError) else "unknown")
    assert await ledger.resend(first.id)
    await post.send()
    assert [line for _, line in platform.log[1:]] == ["（重发）文1", "文2", "文3"]


async def test_parts_that_never_got_their_turn_are_told_as_missed(
    post: Post, platform: FakePlatform, clock: Clock
) -> None:
    """What waits behind a failed part is not forgotten when its window ends."""
    platform.before = once(NoticeRefusedError("no such markup"))
    await post.plan(notice("文", parts=2))
    await post.send()
    clock.pass_(hours=2)
    await post.send()
    assert (await states(post))["文/2"] == "missed"
    ((_, line),) = platform.log
    assert "文2" in line


async def test_cancelling_a_part_cancels_what_comes_after_it(post: Post, platform: FakePlatform, clock: Clock) -> None:
    """An operator who gives a notice up need not give up each of its messages."""
    platform.before = once(NoticeRefusedError("no such markup"))
    await post.plan(notice("文", parts=3), notice("另", "-2"))
    await post.send()
    (first,) = await Ledger(post.outbox.store, clock).lines()
    assert await Ledger(post.outbox.store, clock).cancel(first.id)
    assert await states(post) == {"文/1": "cancelled", "文/2": "cancelled", "文/3": "cancelled", "另/1": "sent"}


async def test_equal_notices_are_told_apart_where_doubles_are_dropped(
    post: Post, platform: FakePlatform, clock: Clock
) -> None:
    """The same words announced twice arrive twice, and once more each time an operator has them sent again."""
    platform.doubles = Doubles(3600.0)
    await post.plan(notice("开会", name="announcement:1"), notice("开会", name="announcement:2"))
    await post.send()
    assert platform.log == [("-1", "开会")] * 2
    platform.after = lambda _chat: UnknownError("timeout")
    await post.plan(notice("再开会"))
    await post.send()
    ledger = Ledger(post.outbox.store, clock)
    clock.pass_(hours=1, minutes=1)
    for _ in range(2):
        await post.send()
        (line,) = await ledger.lines(("unknown", "missed"))
        assert await ledger.resend(line.id)
        await post.send()
        clock.pass_(minutes=61)
    assert [line for _, line in platform.log[2:]] == ["再开会", "（重发）再开会", "（重发）再开会"]


async def test_a_lost_answer_stays_in_doubt_in_chats_where_doubles_are_kept(post: Post, platform: FakePlatform) -> None:
    """A channel may drop doubles for members and not in groups: there nothing is risked."""
    platform.doubles = Doubles(3600.0, kept_in="chat:")
    platform.after = lambda _chat: UnknownError("timeout")
    await post.plan(notice("一", "chat:1"), notice("二", "li"))
    await post.send()
    assert await states(post) == {"一/1": "unknown", "二/1": "retry"}


async def test_nothing_goes_out_in_the_quiet_hours(store: Store, clock: Clock, platform: FakePlatform) -> None:
    """What was held up until evening waits for the morning; only what an operator sends again does not."""
    post = Post(store, clock, platform, quiet=(time(21), time(8)))
    platform.before = lambda _chat: LaterError("429", 60)
    await post.plan(notice("一", window=86_400), notice("二", "-2", window=86_400))
    await post.send()
    platform.before = lambda _chat: None
    clock.pass_(hours=12, minutes=30)
    await post.send()
    assert platform.log == []
    async with store.begin() as tx:
        await tx.execute(outbox.update().where(outbox.c.notice == "二").values(state="unknown"))
    ledger = Ledger(store, clock)
    (line,) = await ledger.lines()
    await ledger.resend(line.id)
    await post.send()
    assert platform.log == [("-2", "（重发）二")]
    clock.pass_(hours=11)
    await post.send()
    assert platform.log[1:] == [("-1", "一")]
