"""Frames of the AI bot that can't be read or stored: set aside, counted, and nobody else's matter."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.store.database import Store
from bot.store.inbox import set_aside
from tests.fake_wecom.robot import FakeRobot
from tests.poison import ROBOT
from tests.wecom.office import aibot


@pytest.mark.parametrize("frame", ROBOT.values(), ids=ROBOT)
async def test_a_frame_that_cant_be_read_stops_nobody(robot: FakeRobot, any_store: Store, frame: str) -> None:
    """It is counted and told in one line; the connection stays, and the next person is answered."""
    with capture_logs() as logs:
        async with aibot(robot, any_store):
            await robot.raw(frame)
            asked = await robot.say("wang", "乙 短")
            await asked.finished.wait()
    assert asked.answer.startswith("**乙 短")
    assert robot.logins == 1
    assert await set_aside(any_store) == {"wecom-aibot": 1}
    assert [entry["event"] for entry in logs].count("an update was set aside") == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"text": {"content": "甲\x00 短"}},
        {"text": {"content": "甲\ud83d 短"}},
        {"text": {"content": "甲 短"}, "voice": None, "quote": None, "chatid": None, "create_time": None},
    ],
)
async def test_a_frame_that_no_database_takes_is_answered(robot: FakeRobot, any_store: Store, fields: object) -> None:
    """NUL and half a pair of surrogates are left out, and a null field is one that is not there."""
    assert isinstance(fields, dict)
    async with aibot(robot, any_store):
        asked = await robot.ask("li", "", {"msgtype": "text", **fields})
        after = await robot.say("wang", "乙 短", msgid="m" * 300)
        await asked.finished.wait()
        await after.finished.wait()
    assert asked.answer.startswith("**甲")
    assert after.answer.startswith("**乙 短")
    assert await set_aside(any_store) == {}
