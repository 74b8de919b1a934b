"""Make docs/pictures/answers-*.png: ten answers as the real bot gives them in Telegram, in WeCom and on the page."""

from __future__ import annotations

import asyncio
import io
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.messages import say  # noqa: E402 - needs the path above
from bot.settings import load_settings  # noqa: E402
from scripts.benchmarks.run_wecom import bot_on  # noqa: E402
from scripts.pictures.chat_picture import draw_chat  # noqa: E402
from scripts.pictures.render_wecom_chat import card, message  # noqa: E402
from scripts.pictures.ten_answers import questions, save, side_by_side  # noqa: E402
from tests.bot_process import BotProcess  # noqa: E402
from tests.browser import PHONE, chromium  # noqa: E402
from tests.fake_telegram.server import FakeTelegram  # noqa: E402
from tests.fake_telegram.world import Person  # noqa: E402
from tests.fake_wecom.robot import FakeRobot  # noqa: E402

START_SECONDS = 900.0
"""The first start makes the model and the index."""
COLUMNS = 3
_ANSWER_SECONDS = 120.0
"""The first question that needs the model waits for it."""

Json = dict[str, Any]
Messages = list[tuple[Json, bool]]


def columns(pairs: list[Messages]) -> Image.Image:
    """Draw question and answer below each other, in a few columns."""
    each = -(-len(pairs) // COLUMNS)
    parts = [pairs[at : at + each] for at in range(0, len(pairs), each)]
    return side_by_side([draw_chat([one for pair in part for one in pair]) for part in parts])


async def telegram(folder: Path) -> None:
    """Ask on the tests' fake Telegram."""
    with tempfile.TemporaryDirectory() as passing:
        async with FakeTelegram() as fake:
            settings = {
                "WENCE_TELEGRAM_TOKEN": fake.world.token,
                "WENCE_TELEGRAM_BASE_URL": fake.base_url,
                "WENCE_DATABASE_URL": f"sqlite:///{passing}/wence.db",
            }
            async with BotProcess(folder, settings, module="bot", arguments=("run",)) as bot:
                await bot.logged(say("run.ready"), START_SECONDS)
                person = Person(fake.world, 1, fake.world.chat(1))
                pairs: list[Messages] = []
                for number, question in enumerate(questions(), 1):
                    asked = await person.say(question)
                    pairs.append([(asked, True), (await person.answer(number), False)])
                await bot.end(signal.SIGTERM)
    save(columns(pairs), "answers-telegram")


async def wecom(folder: Path) -> None:
    """Ask the AI bot on the tests' fake WeCom."""
    with tempfile.TemporaryDirectory() as passing:
        async with FakeRobot() as robot, bot_on(robot, folder, Path(passing)) as bot:
            await bot.logged(say("run.ready"), START_SECONDS)
            await robot.connected()
            pairs: list[Messages] = []
            for question in questions():
                told = await robot.say("li", question)
                async with asyncio.timeout(_ANSWER_SECONDS):
                    await told.finished.wait()
                beside = [(card(told.card), False)] if told.card else []
                pairs.append([(message(question), True), (message(told.answer), False), *beside])
            await bot.end(signal.SIGTERM)
    save(columns(pairs), "answers-wecom")


async def page(folder: Path) -> None:
    """Ask on the page, on a screen as wide as a phone's."""
    with tempfile.TemporaryDirectory() as passing:
        async with BotProcess(Path(passing), {"WENCE_DATA_DIR": str(folder)}, "bot", ("web",)) as bot:
            await bot.logged(say("run.ready"), START_SECONDS)
            url = await bot.url()
            async with chromium() as browser:
                screen = await browser.new_page(viewport=PHONE, locale="zh-CN")
                shots = []
                for question in questions():
                    await screen.goto(f"{url}/?q={question}")
                    await screen.wait_for_selector("article")  # a bot that has just started says to wait
                    shots.append(Image.open(io.BytesIO(await screen.screenshot())).convert("RGB"))
            await bot.end(signal.SIGTERM)
    half = len(shots) // 2
    rows = [side_by_side(shots[:half]), side_by_side(shots[half:])]
    whole = Image.new("RGB", (max(one.width for one in rows), sum(one.height for one in rows) + 16), "white")
    whole.paste(rows[0], (0, 0))
    whole.paste(rows[1], (0, rows[0].height + 16))
    save(whole, "answers-page")


async def main() -> None:
    """Make the three pictures."""
    folder = load_settings().data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    await telegram(folder)
    await wecom(folder)
    await page(folder)


if __name__ == "__main__":
    asyncio.run(main())
