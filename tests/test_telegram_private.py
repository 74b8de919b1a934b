"""A private chat with the bot: questions, long answers, buttons, edits."""

from __future__ import annotations

import pytest

from bot.conversation.asking import Asker
from tests.fake_telegram.world import Fault
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


async def test_an_edited_question_is_answered_again_in_place(any_scene: Scene) -> None:
    """Editing a question changes its answer, asked in the state in which it was asked first."""
    person = any_scene.person()
    async with any_scene.bot():
        await person.say("第一问")
        await person.answer()
        question = await person.say("渝中呢")
        answer = await person.answer(2)
        await person.edit(question, "巴南呢")
        await any_scene.world.until(lambda: answer["text"].startswith("第一问→巴南呢"))
        await person.say("后来呢")
        assert (await person.answer(3))["text"].startswith("第一问→巴南呢→后来呢")


async def test_a_reply_to_an_answer_asks_on_from_that_answer(scene: Scene) -> None:
    """Who replies to an older message of the bot means that one, not the last."""
    person = scene.person()
    async with scene.bot():
        await person.say("第一问")
        first = await person.answer()
        await person.say("第二问")
        await person.answer(2)
        await person.say("指标呢", reply_to=first)
        assert (await person.answer(3))["text"].startswith("第一问→指标呢")


async def test_a_sticker_gets_the_help_line(scene: Scene) -> None:
    """What holds no words is answered with how to ask."""
    person = scene.person()
    async with scene.bot():
        await person.post({"dice": {"emoji": "🎲", "value": 3}})
        assert (await person.answer())["text"] == "直接提问。"


async def test_a_photos_caption_is_a_question(scene: Scene) -> None:
    """A question may stand under a picture."""
    person = scene.person()
    photo = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}
    async with scene.bot():
        await person.post({"photo": [photo], "caption": "中医馆"})
        assert (await person.answer())["text"].startswith("中医馆")


async def test_typing_shows_while_the_model_works_and_no_other_chat_waits(scene: Scene) -> None:
    """A slow question shows that the bot is busy; meanwhile another chat has its structured answer."""
    slow, quick = [scene.person(number) for number in range(1, 5)], scene.person(9)

    def typing_in() -> set[str]:
        return {call.params["chat_id"] for call in scene.world.calls if call.method == "sendChatAction"}

    async with scene.bot():
        for person in slow:
            await person.say("慢问题")
        await scene.world.until(lambda: len(typing_in()) == len(slow))
        await quick.say("快问题")
        await quick.answer()
        assert not any(person.answers() for person in slow)
        scene.answerer.gate.set()
        for person in slow:
            await person.answer()
    assert typing_in() == {"1", "2", "3", "4"}


async def test_messages_are_answered_in_their_order(scene: Scene) -> None:
    """Within a chat one answer follows the other, however fast the questions come."""
    person = scene.person()
    async with scene.bot():
        for number in range(20):
            await person.say(f"第{number}问")
        await person.answer(20)
    assert [answer["text"].splitlines()[0] for answer in person.answers()] == [f"第{n}问" for n in range(20)]


async def test_the_longest_answers_keep_telegrams_limit(scene: Scene) -> None:
    """Whatever its length, an answer goes out in pages that Telegram takes, and no word is lost between them."""
    person = scene.person()
    quote = "，".join(f"第{number}句话😀" for number in range(2000))
    scene.answerer.long_quote = quote
    async with scene.bot():
        await person.say("列表3")
        answer = await person.answer()
        await person.press(answer, "展开2")
        await scene.world.until(lambda: "第0句话" in answer["text"])
        seen = [answer["text"]]
        for _ in range(20):
            if "下一页 ›" not in str(answer["reply_markup"]):
                break
            before = answer["text"]
            await person.press(answer, "下一页 ›")
            await scene.world.until(lambda before=before: answer["text"] != before)  # type: ignore[misc]
            seen.append(answer["text"])
    assert all(f"第{number}句话😀" in "".join(seen) for number in range(2000))
    assert len(person.answers()) == 1


async def test_markup_that_telegram_refuses_goes_out_as_plain_text(scene: Scene) -> None:
    """An answer is not lost over its bold letters."""
    person = scene.person()
    refusal = "Bad Request: can't parse entities: unsupported start tag"
    scene.world.fail("sendMessage", Fault(400, refusal))
    scene.world.fail("editMessageText", Fault(400, refusal))
    async with scene.bot():
        await person.say("列表20")
        answer = await person.answer()
        assert "entities" not in answer
        assert "任务<1>&" in answer["text"]
        first = answer["text"]
        await person.press(answer, "下一页 ›")
        await scene.world.until(lambda: answer["text"] != first)
        assert "entities" not in answer


async def test_service_messages_and_albums_get_no_row_of_answers(scene: Scene) -> None:
    """A pinned message says nothing to the bot; ten photos without words get the help once."""
    person = scene.person()
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 9, "height": 9}]
    async with scene.bot():
        await person.post({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}})
        for _ in range(10):
            await person.post({"photo": photo, "media_group_id": "7"})
        await person.say("你好")
        assert (await person.answer(2))["text"].startswith("你好")
    assert len(person.answers()) == 2


async def test_at_the_first_start_one_line_says_to_wait(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the plans are still being read, once a chat; the answer follows."""
    monkeypatch.setattr(Asker, "is_open", property(lambda _: False))
    person = scene.person()
    async with scene.bot():
        await person.say("甲")
        await person.say("乙")
        await person.answer(3)
    assert [a["text"][:4] for a in person.answers()] == ["正在准备", "甲\n\n来", "乙\n\n来"]
