"""The shipped plans in Telegram: every button of a real answer does something, and every command is understood."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from bot.serving.open_answerer import open_answerer
from bot.store.tables import buttons
from tests.fake_telegram.world import Json
from tests.telegram_bot import Scene

NO_MODEL = "no/such-model"


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """Open the shipped plans without the embedding model: everything asked here stands in the data."""
    return open_answerer(tmp_path_factory.mktemp("plans"), NO_MODEL)


def labels(message: Json) -> list[str]:
    """Return the words on a message's buttons."""
    return [b["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


async def test_every_button_of_a_list_changes_the_message(scene: Scene, plans: Answerer) -> None:
    """Next page, one entry, one district: each shows something else than before, and no refusal."""
    person = scene.person()
    async with scene.bot(plans):
        await person.say("区教委负责什么")
        first = await person.answer()
        number = 1
        for label in labels(first):
            if label.startswith(("关注", "看图", "导出")):
                continue  # told in a box, or in a message of its own: the list stays
            number += 1
            await person.say("区教委负责什么")
            answer = await person.answer(number)
            before = answer["text"]
            await person.press(answer, label)
            await scene.world.until(lambda a=answer, b=before: a["text"] != b)  # type: ignore[misc]
            assert "完整地问一次" not in answer["text"]
    assert {"展开1", "下一页 ›", "只看巴南区", "只看渝中区"} <= set(labels(first))


async def test_a_button_under_a_message_of_last_week_still_works(scene: Scene, plans: Answerer) -> None:
    """A typed follow-up is forgotten after a while; a button means its own message, however old that is."""
    person = scene.person()
    async with scene.bot(plans):
        await person.say("区教委负责什么")
        answer = await person.answer()
        async with scene.store.begin() as tx:
            for row in (await tx.execute(select(buttons))).all():
                old = replace(ChatState.from_json(row.state), asked_at=time.time() - 7 * 86400)
                aged = update(buttons).where(buttons.c.token == row.token).values(state=old.to_json())
                await tx.execute(aged)
        first = answer["text"]
        await person.press(answer, "下一页 ›")
        await scene.world.until(lambda: answer["text"] != first)
    assert "第2/" in answer["text"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/duty 教委", "区教委"),
        ("/who 古籍保护", "区文旅委"),
        ("/target 中医馆", "24个"),
        ("/clause 4.2.2", "中医专科护士6人及以上"),
        ("/plans", "2份方案"),
        ("/units", "区卫健委"),
    ],
)
async def test_every_command_is_answered_from_the_plans(
    scene: Scene, plans: Answerer, command: str, words: str
) -> None:
    """A command's question is one that the plans answer."""
    person = scene.person()
    async with scene.bot(plans):
        await person.say(command)
        assert words in (await person.answer())["text"]


async def test_inline_results_open_what_they_name(scene: Scene, plans: Answerer) -> None:
    """Each result of inline mode posts an answer from a plan, with its source."""
    person = scene.person()
    async with scene.bot(plans):
        query = await person.type_inline("中医馆")
        await scene.world.until(lambda: query in scene.world.inline_answers)
    results = scene.world.inline_answers[query]["results"]
    assert results
    assert all("来源：" in result["parsed"]["text"] for result in results)


async def test_a_districts_default_holds_for_its_chat(scene: Scene, plans: Answerer) -> None:
    """With a district set, an answer is about it, until a message names another."""
    person = scene.person()
    async with scene.bot(plans):
        await person.say("/district 渝中")
        await person.answer()
        await person.say("教委负责什么")
        assert "巴南" not in (await person.answer(2))["text"]
        await person.say("巴南区教委负责什么")
        assert "巴南 附件" in (await person.answer(3))["text"]


async def test_a_group_reads_a_real_list_in_ten_lines(scene: Scene, plans: Answerer) -> None:
    """The longest list of the plans has a first page of ten lines in a group."""
    person = scene.member(1)
    async with scene.bot(plans):
        await person.say("@wence_test_bot 卫健委负责什么")
        answer = await person.answer()
    assert len(answer["text"].splitlines()) <= 10
    assert "下一页 ›" in labels(answer)
