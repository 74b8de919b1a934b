"""Buttons: tokens without words, good for anyone, after a restart, on old messages, pressed twice or at once."""

from __future__ import annotations

from sqlalchemy import text

from tests.fake_telegram.world import Json
from tests.telegram_bot import Scene

EXPIRED = "这个按钮已过期，请重新提问。"


def buttons(message: Json) -> list[Json]:
    """Return the buttons under a message."""
    return [button for row in message["reply_markup"]["inline_keyboard"] for button in row]


async def test_buttons_carry_no_words_of_anybody(scene: Scene) -> None:
    """A button's data is a short random token, different under every message."""
    person = scene.person()
    async with scene.bot():
        await person.say("列表20")
        await person.say("列表20")
        await person.answer(2)
    data = [button["callback_data"] for answer in person.answers() for button in buttons(answer)]
    assert len(set(data)) == len(data)
    assert all(len(token.encode()) <= 64 and token.isascii() and token != "20" for token in data)


async def test_the_answers_own_choices_are_offered(scene: Scene) -> None:
    """One district, the related indicators: pressing one says its words."""
    person = scene.person()
    async with scene.bot():
        await person.say("列表3")
        answer = await person.answer()
        assert [b["text"] for b in buttons(answer)] == [
            "展开1",
            "展开2",
            "展开3",
            "只看巴南区",
            "相关指标",
            "导出",
        ]
        await person.press(answer, "相关指标")
        await scene.world.until(lambda: answer["text"].startswith("列表3→相关指标呢"))


async def test_buttons_work_after_a_restart(any_scene: Scene) -> None:
    """A message from before the restart still turns its pages."""
    person = any_scene.person()
    async with any_scene.bot():
        await person.say("列表20")
        answer = await person.answer()
    first = answer["text"]
    async with any_scene.bot():
        await person.press(answer, "下一页 ›")
        await any_scene.world.until(lambda: answer["text"] != first)


async def test_anyone_in_a_group_may_press_and_asks_on_from_there(scene: Scene) -> None:
    """Another member turns the page, and a follow-up of theirs is about what they turned to."""
    asker, other = scene.member(1), scene.member(2)
    async with scene.bot():
        await asker.say("@wence_test_bot 列表20")
        answer = await asker.answer()
        first = answer["text"]
        await other.press(answer, "下一页 ›")
        await scene.world.until(lambda: answer["text"] != first)
        await other.say("@wence_test_bot 指标呢")
        assert (await other.answer(2))["text"].startswith("列表20→指标呢")


async def test_an_expired_button_says_so(scene: Scene) -> None:
    """A token that is not known, or belongs to another chat, is told to be expired and changes nothing."""
    one, two = scene.person(1), scene.person(2)
    async with scene.bot():
        await one.say("列表20")
        mine = await one.answer()
        await two.say("列表20")
        yours = await two.answer()
        unknown = await one.press_data(mine, "no-such-token")
        stolen = await two.press_data(yours, buttons(mine)[0]["callback_data"])
        await scene.world.until(lambda: {unknown, stolen} <= scene.world.press_answers.keys())
    for query in (unknown, stolen):
        assert scene.world.press_answers[query]["text"] == EXPIRED
    assert scene.world.edits == []


async def test_a_button_expires_after_its_days(scene: Scene) -> None:
    """When its time is over, a button under an old message says so."""
    person = scene.person()
    async with scene.bot():
        await person.say("列表20")
        answer = await person.answer()
    async with scene.store.begin() as tx:
        await tx.execute(text("UPDATE buttons SET made_at = made_at - 8 * 86400"))
    async with scene.bot(button_days=7):
        query = await person.press(answer, "下一页 ›")
        await scene.world.until(lambda: query in scene.world.press_answers)
    assert scene.world.press_answers[query]["text"] == EXPIRED


async def test_double_taps_and_two_at_once_change_the_message_once(any_scene: Scene) -> None:
    """Pressing the same button again, or together with somebody, edits nothing that is shown already."""
    one, two = any_scene.member(1), any_scene.member(2)
    async with any_scene.bot():
        await one.say("@wence_test_bot 列表20")
        answer = await one.answer()
        next_page = next(b["callback_data"] for b in buttons(answer) if b["text"] == "下一页 ›")
        presses = [await person.press_data(answer, next_page) for person in (one, one, two)]
        await any_scene.world.until(lambda: set(presses) <= any_scene.world.press_answers.keys())
        assert "第2/" in answer["text"]
    assert len(any_scene.world.edits) == 1
    assert not any("text" in any_scene.world.press_answers[query] for query in presses)


async def test_a_press_that_telegram_has_forgotten_still_turns_the_page(scene: Scene) -> None:
    """When the query is too old to be answered, the message is edited all the same and the bot goes on."""
    person = scene.person()
    async with scene.bot():
        await person.say("列表20")
        answer = await person.answer()
        await person.press(answer, "下一页 ›")
        scene.world.open_presses.clear()
        await scene.world.until(lambda: "第2/" in answer["text"])
        await person.say("你好")
        await person.answer(2)


async def test_a_deleted_message_does_no_harm(scene: Scene) -> None:
    """A press under a message that is gone meanwhile is answered, and the bot goes on."""
    person = scene.person()
    async with scene.bot():
        await person.say("列表20")
        answer = await person.answer()
        del person.place.messages[answer["message_id"]]
        query = await person.press(answer, "下一页 ›")
        await scene.world.until(lambda: query in scene.world.press_answers)
        await person.say("你好")
        assert (await person.answer())["text"].startswith("你好")
