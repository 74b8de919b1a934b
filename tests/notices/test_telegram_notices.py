"""Notices in Telegram, from the button under an answer to what becomes of a message."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.ask.answer import Answer, AnswerKind, Choice
from bot.ask.answerer import Answerer
from bot.notices.following import Followings, Kind, Subject
from bot.notices.outbox import Notice, Outbox
from bot.store.tables import outbox
from tests.fake_telegram.world import Fault, Json, Person
from tests.telegram_bot import Scene

GROUP = "-100"
TEACHERS = Subject(Kind.UNIT, "区教委", "", "区教委")


async def plan(scene: Scene, *headlines: str, chat: str = GROUP) -> None:
    """Plan notices for now."""
    now = datetime.now(UTC)
    choices = (Choice("区教委的全部任务", "区教委负责什么"),)
    body = [Answer(AnswerKind.FACT, answered=True, headline=line, choices=choices) for line in headlines]
    async with scene.store.begin() as tx:
        notices = [Notice(f"test:{one.headline}", now, "telegram", chat, (one,), 3600) for one in body]
        await Outbox(scene.store).add(notices, tx)


async def until(scene: Scene, *states: str) -> None:
    """Wait until the outbox's rows are in these states, in their order."""
    found: list[str] = []
    end = time.monotonic() + 20
    while found != list(states):
        assert time.monotonic() < end, found
        await asyncio.sleep(0.02)
        async with scene.store.read() as tx:
            found = list((await tx.execute(select(outbox.c.state).order_by(outbox.c.id))).scalars())


async def told(scene: Scene, person: Person, answer: Json) -> str:
    """Press the button to follow; returns the words in the box."""
    query = await person.press(answer, "关注区教委")
    await scene.world.until(lambda: query in scene.world.press_answers)
    return str(scene.world.press_answers[query]["text"])


async def test_the_button_under_an_answer_follows(scene: Scene, plans_answerer: Answerer) -> None:
    """A member is told to ask an administrator; an administrator's press follows the unit and keeps the list."""
    async with scene.bot(plans_answerer):
        admin = scene.member(1, admin=True)
        await admin.say("/duty 区教委")
        answer = await admin.answer()
        before = answer["text"]
        assert "管理员" in await told(scene, scene.member(2), answer)
        assert "已关注区教委" in await told(scene, admin, answer)
        assert answer["text"] == before
        assert await Followings(scene.store).of("telegram", GROUP) == (TEACHERS,)


async def test_a_notice_arrives_with_its_button(scene: Scene) -> None:
    """It is a message of its own in the group, and what can be asked about it is a tap away."""
    member = scene.member(1)
    await plan(scene, "到期提醒")
    async with scene.bot():
        await until(scene, "sent")
        message = await member.answer()
        assert message["text"] == "到期提醒"
        await member.press(message, "区教委的全部任务")
        await scene.world.until(lambda: message["text"] != "到期提醒")


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Fault(403, "Forbidden: bot was kicked from the supergroup chat"), "failed"),
        (Fault(400, "Bad Request: chat not found"), "failed"),
        (Fault(0, after=True), "unknown"),
        (Fault(429, "Too Many Requests", retry_after=1), "sent"),
    ],
)
async def test_what_telegram_says_decides(scene: Scene, fault: Fault, state: str) -> None:
    """A kick ends the following; a lost answer is unknown and not sent again; a 429 is obeyed."""
    member = scene.member(1)
    async with scene.store.begin() as tx:
        await Followings(scene.store).follow("telegram", GROUP, TEACHERS, tx)
    await plan(scene, "一")
    async with scene.bot():
        scene.world.fail("sendMessage", fault)
        await until(scene, state)
    followed = await Followings(scene.store).of("telegram", GROUP)
    assert followed == (() if state == "failed" else (TEACHERS,))
    assert len(member.answers()) == (0 if state == "failed" else 1)
