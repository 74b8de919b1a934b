"""``python -m bot gaps``: what was asked in vain, only where the operator wants it, and nobody is named."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

import pytest

from bot.answering.answer import Answer, AnswerKind
from bot.conversation.unanswered import WEAK_BELOW, UnansweredRecorder
from bot.store.database import Store
from bot.store.sql import epoch
from bot.store.tables import gaps as gaps_table
from bot.store.unanswered import UnansweredGroup, UnansweredLog, UnansweredQuestion
from bot.turns import By, Turn
from tests.bot_process import BotProcess
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Person
from tests.operator.commands import run

PEOPLE = (93417752, 93417753)


async def ask(folder: Path, **settings: str) -> str:
    """Let two people ask in vain through a running bot; returns all that it logged."""
    async with FakeTelegram() as fake:
        given = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url, **settings}
        async with BotProcess(folder, given) as bot:
            first, second = (Person(fake.world, number, fake.world.chat(number)) for number in PEOPLE)
            for number, text in enumerate(("没有的事", "没有的事，13812345678", "没有的事？？"), start=1):
                await first.say(text)
                await first.answer(number)
            for number, text in enumerate(("没有的事 。", "列表3"), start=1):
                await second.say(text)
                await second.answer(number)
            await bot.logged_times("done", 5)
            assert await bot.end(signal.SIGTERM) == 0
            return str(bot.log) + bot.words


async def test_questions_in_vain_are_grouped_and_counted(tmp_path: Path) -> None:
    """Questions that say the same are one line with counts; who asked and their telephone number are kept nowhere."""
    logged = await ask(tmp_path, WENCE_GAPS="on")
    code, words = run(tmp_path, "gaps", "--json", WENCE_GAPS="on")
    lines = [json.loads(line) for line in words.splitlines()]
    assert code == 0
    assert [(one["reason"], one["count"], one["people"]) for one in lines] == [("decline.topic", 4, 2)]
    code, shown = run(tmp_path, "gaps", WENCE_GAPS="on")
    assert "没有的事" in shown
    assert "没有找到相关内容" in shown
    for text in (words, shown, logged):
        assert not [number for number in (*PEOPLE, 13812345678) if str(number) in text]


async def test_nothing_is_kept_unless_set(tmp_path: Path) -> None:
    """By default no question is kept, and the command says how to change that."""
    await ask(tmp_path)
    code, words = run(tmp_path, "gaps")
    assert (code, "没有记录" in words, "WENCE_GAPS=on" in words) == (0, True, True)


def turn(text: str, **answer: object) -> Turn:
    """Make a turn of one person."""
    given = {"kind": AnswerKind.TOPIC, "answered": True, "headline": "", **answer}
    return Turn(By("echo", "7"), text, Answer(**given), 0.1, by_model=True)  # type: ignore[arg-type]


async def kept(store: Store, *turns: Turn) -> list[UnansweredGroup]:
    """Return the groups that are there once a keeper has seen the turns."""
    keeper = UnansweredRecorder(UnansweredLog(store), b"key", keep=True, days=30)
    running = asyncio.create_task(keeper.run())
    for one in (*turns, turn("结束", answered=False, declined="decline.unit")):
        keeper.watch(one)
    async with asyncio.timeout(20):
        while not any(group.question == "结束" for group in await UnansweredLog(store).groups(10_000, 99)):
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return [group for group in await UnansweredLog(store).groups(10_000, 99) if group.question != "结束"]


async def forgotten(store: Store, days: int) -> None:
    """Let a keeper run until something is gone."""
    before = len(await UnansweredLog(store).groups(10_000, 99))
    running = asyncio.create_task(UnansweredRecorder(UnansweredLog(store), b"key", keep=False, days=days).run())
    async with asyncio.timeout(20):
        while len(await UnansweredLog(store).groups(10_000, 99)) == before:
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"confidence": WEAK_BELOW - 0.01}, "weak"),
        ({"confidence": WEAK_BELOW + 0.01}, ""),
        ({"confidence": None}, ""),
        ({"answered": False, "declined": "decline.topic", "confidence": 0.1}, "decline.topic"),
        ({"answered": False, "declined": "decline_asked.money"}, "decline_asked.money"),
        ({"answered": False, "declined": "empty.headline"}, ""),
    ],
)
async def test_what_counts_as_a_gap(store: Store, answer: dict[str, object], reason: str) -> None:
    """A decline does, and an answer near the threshold; a sure answer, a list from the data or a sticker does not."""
    assert [group.reason for group in await kept(store, turn("隔离病区", **answer))] == ([reason] if reason else [])


async def test_old_questions_are_deleted_by_the_running_bot(store: Store) -> None:
    """What is older than the days set is gone; what is younger stays."""
    for days, text in ((29, "新"), (31, "旧")):
        await UnansweredLog(store).add(UnansweredQuestion("echo", "x", text, text, "decline.topic", None))
        async with store.begin() as tx:
            aged = gaps_table.update().where(gaps_table.c.folded == text)
            await tx.execute(aged.values(asked_at=epoch() - days * 86400.0))
    await forgotten(store, 30)
    assert [group.question for group in await UnansweredLog(store).groups(10_000, 99)] == ["新"]
