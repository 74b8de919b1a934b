"""Notices in WeCom: AI bot, self-built app and webhook robots against the fake platform."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.answering.answer import Answer, AnswerKind, Choice, Section, Source
from bot.channels.base import NoticeSender
from bot.channels.wecom.http import Http
from bot.channels.wecom.notices import write
from bot.channels.wecom.robot import GroupRobot
from bot.channels.wecom.robot_channel import RobotChannel
from bot.conversation.answerer import Answerer
from bot.notices.compose import compose
from bot.notices.deadlines import names_of
from bot.notices.delivery import NoticeDelivery
from bot.notices.following import Followings, Subject, SubjectKind
from bot.notices.outbox import Notice, Outbox
from bot.notices.sending import GoneError, LaterError, NoticeRefusedError
from bot.render.wecom import WeComMarkdown
from bot.store.database import Store
from bot.store.tables import outbox
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.robot import FakeRobot
from tests.fake_wecom.serving import serving as serving_app
from tests.wecom.office import aibot, make_app_channel

NOTICE = Answer(AnswerKind.FACT, answered=True, headline="到期提醒", choices=(Choice("全部", "区教委负责什么"),))


@pytest.fixture
async def sqlite(tmp_path: Path) -> Store:
    """An empty SQLite store."""
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'wence.db'}")
    await store.open()
    return store


async def test_a_member_follows_and_gets_notices_in_the_same_chat(sqlite: Store, plans_answerer: Answerer) -> None:
    """What is followed in a private chat is kept under the name that a notice is sent to."""
    async with FakeRobot() as robot, aibot(robot, sqlite, plans_answerer) as channel:
        asked = await robot.say("li", "/follow 区教委")
        await robot.until(lambda: asked.contents and "已关注区教委" in asked.answer)
        (follower,) = await Followings(sqlite).everybody()
        assert follower.channel == channel.name
        await channel.send_notice(follower.chat, NOTICE)
        assert robot.pushed[-1]["chatid"] == "li"
        assert "区教委负责什么" in robot.pushed[-1]["markdown"]["content"]
    await sqlite.close()


async def test_in_a_group_only_listed_members_change_what_is_followed(sqlite: Store, plans_answerer: Answerer) -> None:
    """WeCom names no administrators, so the setting does."""
    async with FakeRobot() as robot, aibot(robot, sqlite, plans_answerer, wecom_admins=("zhang",)):
        refused = await robot.say("li", "/follow 区教委", "group-1")
        await robot.until(lambda: refused.contents and "管理员" in refused.answer)
        done = await robot.say("zhang", "/follow 区教委", "group-1")
        await robot.until(lambda: done.contents and "已关注" in done.answer)
    assert [one.chat for one in await Followings(sqlite).everybody()] == ["group:group-1"]
    await sqlite.close()


async def test_notices_leave_room_for_answers(sqlite: Store) -> None:
    """Before the conversation's minute is full, a notice is put off and not sent."""
    async with FakeRobot() as robot, aibot(robot, sqlite) as channel:
        asked = await robot.say("li", "你好", "group-1")
        await robot.until(lambda: asked.contents)
        for _ in range(20):
            await channel.send_notice("group:group-1", NOTICE)
        with pytest.raises(LaterError):
            await asyncio.gather(*(channel.send_notice("group:group-1", NOTICE) for _ in range(10)))
    await sqlite.close()


async def test_webhook_robots_are_told_apart_by_name() -> None:
    """A notice goes to the robot it names; an unknown name and a revoked key are said so."""
    platform = FakeApi()
    async with serving_app(platform.app()) as url:
        (key,) = platform.robot_keys
        robots = {"甲": GroupRobot(Http(url), key), "乙": GroupRobot(Http(url), "revoked-key")}
        channel = RobotChannel(robots["甲"], robots)
        await channel.send_notice("甲", NOTICE)
        with pytest.raises(NoticeRefusedError):
            await channel.send_notice("丙", NOTICE)
        with pytest.raises(GoneError):
            await channel.send_notice("乙", NOTICE)
        await channel.close()


async def test_a_double_of_a_notice_is_dropped_by_the_app(sqlite: Store) -> None:
    """The app's duplicate check is on for notices, so what is sent again after a lost answer arrives once."""
    platform = FakeApi()
    async with serving_app(platform.app()) as url:
        channel = await make_app_channel(url, platform, sqlite)
        assert await channel.send_notice("li", NOTICE)
        await channel.send_notice("li", NOTICE)
        with pytest.raises(GoneError):
            await channel.send_notice("nobody", NOTICE)
        await channel.close()
    assert [one.content.splitlines()[0] for one in platform.inbox] == ["**到期提醒**"]
    await sqlite.close()


async def deliver(store: Store, channel: NoticeSender, *chats: str, text: str = "开会") -> dict[str, str]:
    """Announce the same words to each chat, twice, and return the state of what each was sent."""
    post = Outbox(store, "one")
    now = datetime.now(UTC)
    body = Answer(AnswerKind.FACT, answered=True, headline=text)
    async with store.begin() as tx:
        for number in (1, 2):
            await post.add([Notice(f"test:{number}", now, channel.name, chat, (body,), 3600) for chat in chats], tx)
    delivery = NoticeDelivery(post, channel)
    while await delivery.step(channel.notice_pace):
        pass
    async with store.read() as tx:
        rows = await tx.execute(select(outbox.c.chat, outbox.c.state).order_by(outbox.c.id.desc()))
        return {row.chat: row.state for row in rows}


async def follow(store: Store, channel: str, *chats: str) -> None:
    """Let chats follow the teachers."""
    async with store.begin() as tx:
        for chat in chats:
            await Followings(store).follow(channel, chat, Subject(SubjectKind.UNIT, "区教委", "", "区教委"), tx)


async def test_the_same_words_announced_twice_arrive_twice(store: Store) -> None:
    """The app's duplicate check drops copies of one message, and not a second message of the same words."""
    platform = FakeApi()
    async with serving_app(platform.app()) as url:
        channel = await make_app_channel(url, platform, store)
        platform.lose_next_answer = True
        assert await deliver(store, channel, "li") == {"li": "sent"}
        await channel.close()
    assert [one.content.splitlines()[0] for one in platform.inbox] == ["**开会**"] * 2


async def test_a_member_or_group_that_is_gone_ends_its_following_in_the_app(store: Store) -> None:
    """A member who has left and a group chat that was dissolved are told no more; the others still are."""
    platform = FakeApi()
    async with serving_app(platform.app()) as url:
        channel = await make_app_channel(url, platform, store)
        await channel.open()
        group = await channel._api.create_chat("教育", ("li", "wang"))
        await follow(store, channel.name, "li", "gone", f"chat:{group}", "chat:dissolved")
        with capture_logs() as log:
            states = await deliver(store, channel, "li", "gone", f"chat:{group}", "chat:dissolved")
        await channel.close()
    assert states == {"li": "sent", "gone": "failed", f"chat:{group}": "sent", "chat:dissolved": "failed"}
    left = {one.chat for one in await Followings(store).everybody()}
    assert left == {"li", f"chat:{group}"}
    reasons = {line["chat"]: line["reason"] for line in log if "chat is gone" in line["event"]}
    assert "visible range" in reasons["gone"]
    assert "86003" in reasons["chat:dissolved"]


async def test_a_lost_answer_in_a_group_chat_is_not_risked_twice(store: Store) -> None:
    """In the app's own group chats no double is removed: the message stays in doubt for the operator."""
    platform = FakeApi()
    async with serving_app(platform.app()) as url:
        channel = await make_app_channel(url, platform, store)
        await channel.open()
        group = await channel._api.create_chat("教育", ("li", "wang"))
        platform.lose_next_answer = True
        assert await deliver(store, channel, f"chat:{group}") == {f"chat:{group}": "unknown"}
        await channel.close()
    assert len(platform.inbox) == 2


async def test_a_robot_whose_key_was_revoked_ends_its_following(store: Store) -> None:
    """93000 ends what that robot's group follows, and no other's."""
    platform = FakeApi()
    async with serving_app(platform.app()) as url:
        (key,) = platform.robot_keys
        robots = {"甲": GroupRobot(Http(url), key), "乙": GroupRobot(Http(url), "revoked-key")}
        channel = RobotChannel(robots["甲"], robots)
        await follow(store, channel.name, "甲", "乙")
        with capture_logs() as log:
            assert await deliver(store, channel, "甲", "乙") == {"甲": "sent", "乙": "failed"}
        await channel.close()
    assert [one.chat for one in await Followings(store).everybody()] == ["甲"]
    assert any("93000" in str(line.get("reason")) for line in log)


@pytest.mark.parametrize("names", [3, 40])
def test_no_word_of_a_long_notice_is_cut_off(names: int) -> None:
    """However much is followed and however long the lines, each message fits the smallest platform whole."""
    lines = [f"{number}{'字' * 90}" for number in range(30)]
    subjects = [Subject(SubjectKind.PLAN, str(n), "", f"《{'长' * 45}{n}》") for n in range(names)]
    source = Source("标" * 60, date(2027, 1, 1))
    parts = compose(f"到期提醒：{names_of(subjects)}", lines, sources=(source,))
    sent = [write(part, WeComMarkdown(grey=True), 2048) for part in parts]
    assert all(len(text.encode()) <= 2048 for text in sent)
    assert all(any(line in text for text in sent) for line in lines)


@pytest.mark.parametrize(
    ("words", "content", "called"),
    [
        ("请 @li 和@wang_er 今天报数", "请 <@li> 和<@wang_er> 今天报数", ()),
        ("材料发到 office@example.org", "材料发到 office@example.org", ()),
        ("@所有人 今天报数", "@所有人 今天报数", ("@all",)),
    ],
)
async def test_an_announcement_calls_whom_it_names(words: str, content: str, called: tuple[str, ...]) -> None:
    """A robot's group reads the announcement, and those whom it names with an @ are called; a mail address is none."""
    platform = FakeApi()
    notice = Answer(AnswerKind.FACT, answered=True, headline="通知（区教委）", sections=(Section("", (words,), ()),))
    async with serving_app(platform.app()) as url:
        channel = RobotChannel(GroupRobot(Http(url), "robot-key-1"))
        await channel.send_notice("", notice)
        await channel.close()
    (received,) = platform.inbox
    assert content in received.content
    assert received.mentioned == called
