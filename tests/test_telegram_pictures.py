"""Pictures in Telegram: the words first, then the photo; and the words stay whatever becomes of the photo."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.conversation.answerer import Answerer
from bot.render.card.fonts import FontError
from bot.serving.open_answerer import open_answerer
from tests.fake_telegram.markup import units
from tests.fake_telegram.world import Fault, Json, Person
from tests.telegram_bot import Scene

NO_MODEL = "no/such-model"


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Open the shipped plans without the embedding model: everything that is drawn stands in the data."""
    return open_answerer(tmp_path_factory.mktemp("plans"), NO_MODEL)


def seen(person: Person, message: Json) -> Image.Image:
    """Return the picture of a message."""
    return Image.open(io.BytesIO(person.world.photos[message["photo"][-1]["file_id"]]))


@pytest.mark.parametrize("words", ["渝中 主要指标 图", "/card 渝中区主要指标", "区教委负责什么，看图", "还剩几天 图"])
async def test_words_come_first_and_then_the_photo(scene: Scene, plans: Answerer, words: str) -> None:
    """Who asks for a picture gets the whole answer as text and below it the photo, captioned with its first line."""
    person = scene.person()
    async with scene.bot(plans):
        await person.say(words)
        photo = await person.answer(2)
    text = person.answers()[0]
    assert "来源：" in text["text"]
    assert text["text"].startswith(photo["caption"].splitlines()[0])
    assert "来源：" in photo["caption"]
    assert units(photo["caption"]) <= 1024
    assert seen(person, photo).format == "PNG"


async def test_the_button_sends_a_photo_and_leaves_the_list(scene: Scene, plans: Answerer) -> None:
    """看图 under a list answers it with the picture; the list, and what can be pressed next, stays as it is."""
    person = scene.person()
    async with scene.bot(plans):
        await person.say("巴南区教委负责什么")
        listed = await person.answer()
        before = listed["text"], listed["reply_markup"]
        query = await person.press(listed, "看图")
        photo = await person.answer(2)
        await scene.world.until(lambda: query in scene.world.press_answers)
        assert (listed["text"], listed["reply_markup"]) == before
        assert "6项" in photo["caption"]
        await person.press(listed, "展开2")
        await scene.world.until(lambda: listed["text"] != before[0])
    assert len(person.answers()) == 2


async def test_a_press_in_a_group_answers_the_list_it_belongs_to(scene: Scene, plans: Answerer) -> None:
    """In a group the photo replies to the list, so that everybody sees what it shows."""
    person = scene.member(1)
    async with scene.bot(plans):
        await person.say("@wence_test_bot 渝中区主要指标")
        listed = await person.answer()
        await person.press(listed, "看图")
        photo = await person.answer(2)
    assert photo["reply_to_message"]["message_id"] == listed["message_id"]


@pytest.mark.parametrize("fault", [Fault(400, "Bad Request: PHOTO_SAVE_FILE_INVALID"), Fault(502)])
async def test_a_photo_that_fails_costs_no_words(scene: Scene, plans: Answerer, fault: Fault) -> None:
    """The answer stands there once, and one line says that the picture did not come."""
    scene.world.fail("sendPhoto", fault)
    person = scene.person()
    async with scene.bot(plans):
        await person.say("渝中 主要指标 图")
        line = await person.answer(2)
        await person.say("还有哪些方案")
        await person.answer(3)
    assert "主要指标9项" in person.answers()[0]["text"]
    assert "图没能发出" in line["text"]


async def test_a_photo_waits_as_telegram_says(scene: Scene, plans: Answerer) -> None:
    """A 429 holds the photo back like every other request; it is not lost and not sent early."""
    scene.world.fail("sendPhoto", Fault(429, retry_after=1))
    person = scene.person()
    async with scene.bot(plans):
        await person.say("渝中 主要指标 图")
        photo = await person.answer(2)
    assert "photo" in photo
    assert scene.world.violations == []


async def test_an_answer_without_a_picture_says_so(scene: Scene, plans: Answerer) -> None:
    """Who wants a picture of what has none gets the words, and a line that says which answers have one."""
    person = scene.person()
    async with scene.bot(plans):
        await person.say("古籍保护谁负责 图")
        line = await person.answer(2)
    assert "区文旅委" in person.answers()[0]["text"]
    assert "没有图" in line["text"]


async def test_without_type_the_words_still_come(
    scene: Scene, plans: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that can't draw says so in one line behind the answer."""

    def broken(_answer: object) -> None:
        raise FontError("画不了图，中文字体不可用：试验")

    monkeypatch.setattr("bot.conversation.pictures._drawn", broken)
    person = scene.person()
    async with scene.bot(plans):
        await person.say("渝中 主要指标 图")
        line = await person.answer(2)
    assert "主要指标9项" in person.answers()[0]["text"]
    assert "中文字体不可用" in line["text"]


async def test_a_photo_counts_as_a_question(scene: Scene, plans: Answerer) -> None:
    """Presses for pictures pass the same gate as questions: too many of them are told off."""
    person = scene.person()
    async with scene.bot(plans, questions_per_minute=2):
        await person.say("渝中区主要指标")
        listed = await person.answer()
        await person.press(listed, "看图")
        await person.answer(2)
        query = await person.press(listed, "看图")
        await scene.world.until(lambda: query in scene.world.press_answers)
    assert "太频繁" in scene.world.press_answers[query]["text"]
    assert len(person.answers()) == 2
