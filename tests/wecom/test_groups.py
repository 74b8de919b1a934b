"""How people speak in a WeCom group: quotations, and words that need no answer."""

from __future__ import annotations

import pytest

from bot.store.database import Store
from tests.fake_wecom.robot import FakeRobot
from tests.wecom.office import aibot
from tests.wecom.scripted import Scripted


async def _quote(robot: FakeRobot, words: str, quoted: str) -> str:
    content = f"@{robot.name} {words}".strip()
    quote = {"msgtype": "text", "text": {"content": quoted}}
    asked = await robot.ask("li", "group-1", {"msgtype": "text", "text": {"content": content}, "quote": quote})
    await asked.finished.wait()
    return asked.answer


async def test_a_bare_mention_asks_what_it_quotes(robot: FakeRobot, store: Store) -> None:
    """A colleague's question is handed to the bot."""
    async with aibot(robot, store):
        assert (await _quote(robot, "", "教委负责什么 短")).startswith("**教委负责什么 短")


async def test_words_beside_a_quotation_are_about_it(robot: FakeRobot, store: Store) -> None:
    """展开2 opens an entry of what is quoted, a colleague's question or an answer of the bot, and of nothing else."""
    async with aibot(robot, store):
        first = await robot.say("wang", "教委负责什么", chat="group-1")
        await first.finished.wait()
        await robot.say("li", "财政局负责什么", chat="group-1")
        assert "教委负责什么" in await _quote(robot, "展开2", first.answer)
        assert "教委负责什么" in await _quote(robot, "展开2", first.answer.splitlines()[0].replace("*", ""))
        assert "文旅委负责什么" in await _quote(robot, "展开2", "文旅委负责什么")


@pytest.mark.parametrize("words", ["收到", "好的，收到！", "已阅", "👍", "👍🏻👍🏻", "谢谢", "OK"])
async def test_acknowledgements_in_a_group_get_no_answer(robot: FakeRobot, store: Store, words: str) -> None:
    """Below an announcement forty of them may come; who asks something meanwhile is answered at once."""
    answerer = Scripted()
    async with aibot(robot, store, answerer):
        thanks = [await robot.say(f"member-{number}", words, chat="group-1") for number in range(40)]
        asked = await robot.say("li", "教委负责什么", chat="group-1")
        await asked.finished.wait()
    assert not any(one.contents for one in thanks)
    assert answerer.asked == ["教委负责什么"]


async def test_a_button_works_again_after_its_press_was_delivered_twice(robot: FakeRobot, store: Store) -> None:
    """What the platform sends once more is known, and does not lock the next press."""
    async with aibot(robot, store):
        await robot.say("li", "教委")
        await robot.until(lambda: robot.cards)
        (task,) = robot.cards
        before = len(robot.pushed)
        press = await robot.press("li", task, "展开1")
        await robot.until(lambda: len(robot.pushed) > before)
        await robot._deliver(press)
        await (await robot.say("wang", "甲 短")).finished.wait()
        count = len(robot.pushed)
        await robot.press("li", task, "展开1")
        await robot.until(lambda: len(robot.pushed) > count)
