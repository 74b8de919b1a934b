"""Notices in WeCom: AI bot, self-built app and webhook robots against the fake platform."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.ask.answer import Answer, AnswerKind, Choice
from bot.ask.answerer import Answerer
from bot.channels.wecom.http import Http
from bot.channels.wecom.robot import GroupRobot
from bot.channels.wecom.robot_channel import RobotChannel
from bot.notices.following import Followings
from bot.notices.sending import GoneError, LaterError, RefusedError
from bot.store.database import Store
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
        with pytest.raises(RefusedError):
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
