"""Acks of the AI bot that come late, never, or say something else than is true: no conversation waits for them."""

from __future__ import annotations

import pytest

from bot.channels.wecom.aibot.client import AibotTiming
from bot.store.database import Store
from tests.fake_wecom.robot import FakeRobot
from tests.wecom.office import aibot

NOT_SUBSCRIBED, STREAM_EXPIRED = 846609, 846608


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Acks are waited for half a second, and a second try comes soon."""
    monkeypatch.setattr("tests.wecom.office.QUICK", AibotTiming(ping=30.0, ack=0.5, reconnect=(0.02, 0.1)))
    monkeypatch.setattr("bot.channels.dispatch.FIRST_PAUSE", 0.05)


async def test_acks_of_answers_that_never_come_block_nobody(robot: FakeRobot, store: Store) -> None:
    """After three tries the answer is pushed, and the next question of the conversation is answered too."""
    robot.silent = {"aibot_respond_msg"}
    async with aibot(robot, store):
        await robot.say("li", "甲 短")
        await robot.until(lambda: len(robot.pushed) == 1)
        await robot.say("li", "乙 短")
        await robot.until(lambda: len(robot.pushed) == 2)
    assert [body["markdown"]["content"][:5] for body in robot.pushed] == ["**甲 短", "**乙 短"]
    assert robot.logins == 1


async def test_acks_of_pushes_that_never_come_double_once(robot: FakeRobot, store: Store) -> None:
    """What a button says is pushed: once more at most, then the conversation goes on."""
    async with aibot(robot, store):
        asked = await robot.say("li", "教委")
        await robot.until(lambda: robot.cards)
        robot.silent = {"aibot_send_msg"}
        (task,) = robot.cards
        before = len(robot.pushed)
        await robot.press("li", task, "展开1")
        await robot.until(lambda: len(robot.pushed) >= before + 2)
        after = await robot.say("li", "乙 短")
        await after.finished.wait()
    assert asked.finished.is_set()
    words = [body for body in robot.pushed[before:] if body["msgtype"] == "markdown"]
    assert len(words) == 2


async def test_a_platform_that_has_forgotten_the_login_is_logged_in_to_again(robot: FakeRobot, store: Store) -> None:
    """846609 on an open connection: it is closed, subscribed anew, and the answer sent."""
    robot.refusals = {"aibot_respond_msg": [NOT_SUBSCRIBED]}
    async with aibot(robot, store):
        asked = await robot.say("li", "甲 短")
        await asked.finished.wait()
    assert asked.answer.startswith("**甲 短")
    assert robot.logins == 2


async def test_a_stream_that_has_expired_at_the_first_try_was_not_answered(robot: FakeRobot, store: Store) -> None:
    """846608 means “answered before” only where that was tried before: else the answer is pushed."""
    robot.refusals = {"aibot_respond_msg": [STREAM_EXPIRED]}
    async with aibot(robot, store):
        await robot.say("li", "甲 短")
        await robot.until(lambda: robot.pushed)
    assert robot.pushed[0]["markdown"]["content"].startswith("**甲 短")
