"""A plan that is added while the bot runs is answered from without a restart."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from bot.conversation.asking import Asker
from bot.query.chat_state import ChatState
from bot.serving.plan_watch import plans_mark, watch_plans
from index.errors import StorageError
from tests.scripted import ScriptedAnswerer

TIMEOUT = 10.0


async def _until(opened: list[int], count: int) -> None:
    async with asyncio.timeout(TIMEOUT):
        while len(opened) < count:
            await asyncio.sleep(0.01)


async def test_an_added_plan_opens_the_answerer_again(tmp_path: Path) -> None:
    """A new file in the folder is noticed, and questions go on being answered meanwhile."""
    opened: list[int] = []

    def opening() -> ScriptedAnswerer:
        opened.append(1)
        return ScriptedAnswerer()

    asker = Asker(opening)
    await asker.open()
    watching = asyncio.create_task(watch_plans(asker, tmp_path, seconds=0.01))
    await asyncio.sleep(0.05)
    assert len(opened) == 1
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    await _until(opened, 2)
    answer, _ = await asker.ask("区教委负责什么", ChatState())
    assert answer.headline
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    asker.close()


async def test_a_plan_that_cannot_be_read_leaves_the_old_answers(tmp_path: Path) -> None:
    """The bot goes on with what it has, and looks again at the next change."""
    opened: list[int] = []

    def opening() -> ScriptedAnswerer:
        opened.append(1)
        if len(opened) == 2:
            raise StorageError("broken")
        return ScriptedAnswerer()

    asker = Asker(opening)
    await asker.open()
    watching = asyncio.create_task(watch_plans(asker, tmp_path, seconds=0.01))
    await asyncio.sleep(0.05)
    (tmp_path / "plan.json").write_text("{", encoding="utf-8")
    await _until(opened, 2)
    answer, _ = await asker.ask("区教委负责什么", ChatState())
    assert answer.headline
    (tmp_path / "plan.json").write_text("{}  ", encoding="utf-8")
    await _until(opened, 3)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    asker.close()


@pytest.mark.parametrize("name", [".half", ".lock"])
def test_a_writer_s_own_files_are_no_change(tmp_path: Path, name: str) -> None:
    """A hidden file is a plan half written, or a lock."""
    before = plans_mark(tmp_path)
    (tmp_path / name).write_text("x", encoding="utf-8")
    assert plans_mark(tmp_path) == before
