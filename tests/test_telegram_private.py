"""A private chat with the bot: questions, long answers, buttons, edits."""

from __future__ import annotations

import pytest

from tests.telegram_bot import Scene


async def test_a_question_gets_its_answer(scene: Scene) -> None:
    """What is typed is answered, with the source in the last line."""
    person = scene.person()
    async with scene.bot():
        await person.say("中医馆")
        answer = await person.answer()
    assert answer["text"] == "中医馆\n\n来源：《巴南区建设方案》（2024-05-01）"
    assert answer["entities"][0] == {"type": "bold", "offset": 0, "length": 3}


async def test_a_follow_up_is_asked_in_the_state_of_the_last_question(scene: Scene) -> None:
    """The last question carries over, within its chat alone."""
    one, two = scene.person(1), scene.person(2)
    async with scene.bot():
        await one.say("中医馆")
        await one.answer()
        await one.say("渝中呢")
        await two.say("渝中呢")
        assert (await one.answer(2))["text"].startswith("中医馆→渝中呢")
        assert (await two.answer())["text"].startswith("→渝中呢")


async def test_a_long_answer_turns_its_pages_in_place(scene: Scene) -> None:
    """The first page is short; next and previous change the same message; plan text is shown as it is."""
    person = scene.person()
    async with scene.bot():
        await person.say("列表20")
        answer = await person.answer()
        first = answer["text"]
        assert "任务<1>&" in first
        assert "任务<20>&" not in first
        await person.press(answer, "下一页 ›")
        await scene.world.until(lambda: answer["text"] != first)
        second = answer["text"]
        await person.press(answer, "‹ 上一页")
        await scene.world.until(lambda: answer["text"] == first)
        assert "第2/" in second
    assert len(person.answers()) == 1


@pytest.mark.parametrize("label", ["展开2"])
async def test_an_entry_opens_in_full_and_closes_again(scene: Scene, label: str) -> None:
    """One entry in full is one tap away, and the list is one tap back."""
    person = scene.person()
    async with scene.bot():
        await person.say("列表5")
        answer = await person.answer()
        first = answer["text"]
        await person.press(answer, label)
        await scene.world.until(lambda: "原文2。" in answer["text"])
        await person.press(answer, "‹ 返回")
        await scene.world.until(lambda: answer["text"] == first)
