"""``corpus add`` beside the running bot: who follows what the new plan touches is told, without a restart."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import func, select

from bot.messages import say
from bot.store.database import Store
from bot.store.tables import known_plans
from tests.bot_process import ROOT, BotProcess
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Person

PLAN = "江东省河口区教育发展行动方案\n\n一、建设学校\n\n（一）到2026年，新建中学3所。（责任单位：区教委、区财政局）\n"
CHANGED = PLAN.replace("3所", "5所")


async def add(folder: Path, text: str) -> None:
    """Add a plan from the command line, as an operator does."""
    file = folder / "教育.txt"
    file.write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "WENCE_DATA_DIR": str(folder)}
    command = (sys.executable, "-m", "corpus", "add", str(file), "--yes")
    adding = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    words, _ = await adding.communicate()
    assert adding.returncode == 0, words.decode()


async def told(person: Person, count: int) -> str:
    """Return the bot's message of this number; a new index may take a while."""
    await person.world.until(lambda: len(person.answers()) >= count, seconds=120)
    return str(person.answers()[count - 1]["text"])


async def learnt(folder: Path) -> None:
    """Wait until the bot knows which plans there were from the start: those are no news."""
    store = Store(f"sqlite+aiosqlite:///{folder / 'wence.db'}")
    async with asyncio.timeout(60):
        known = 0
        while not known:
            await asyncio.sleep(0.1)
            async with store.read() as tx:
                known = (await tx.execute(select(func.count()).select_from(known_plans))).scalar_one()
    await store.close()


async def test_a_follower_hears_of_a_plan_that_is_added_while_the_bot_runs(tmp_path: Path) -> None:
    """First that it is there, then, when it is replaced, the words before and after."""
    async with FakeTelegram() as fake:
        settings = {
            "WENCE_TELEGRAM_TOKEN": fake.world.token,
            "WENCE_TELEGRAM_BASE_URL": fake.base_url,
            "WENCE_MODEL": "./none",
            "WENCE_NOTICE_QUIET": "00:00-00:00",
        }
        person = Person(fake.world, 1, fake.world.chat(1))
        async with BotProcess(tmp_path, settings, module="bot", arguments=("run",)) as bot:
            await bot.logged(say("run.ready"), 120)
            await person.say("/follow 区教委")
            await person.answer()
            await learnt(tmp_path)
            await add(tmp_path, PLAN)
            added = await told(person, 2)
            await add(tmp_path, CHANGED)
            changed = await told(person, 3)
            assert await bot.end(signal.SIGTERM) == 0
    assert "新收录河口区" in added
    assert "区教委" in added
    assert "3所" in changed
    assert "5所" in changed
