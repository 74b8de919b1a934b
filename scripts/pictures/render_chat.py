"""Make docs/pictures/telegram.png: a conversation that the real bot has on the tests' fake Telegram."""

from __future__ import annotations

import asyncio
import copy
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.settings import load_settings  # noqa: E402 - needs the path above
from scripts.pictures.chat_picture import draw_chat, words_of_chat  # noqa: E402
from scripts.pictures.described import save  # noqa: E402
from tests.bot_process import BotProcess  # noqa: E402
from tests.fake_telegram.server import FakeTelegram  # noqa: E402
from tests.fake_telegram.world import Person  # noqa: E402

PICTURE = ROOT / "docs" / "pictures" / "telegram.png"
START_SECONDS = 900.0
"""The first start makes the model and the index."""
QUESTION = "巴南区教委负责什么"
OPENED = "展开2"

Json = dict[str, Any]


async def talk(person: Person) -> list[tuple[Json, bool]]:
    """Ask, open one entry in full, and return all that was seen on the way."""
    question = await person.say(QUESTION)
    answer = await person.answer()
    listed = copy.deepcopy(answer)
    await person.press(answer, OPENED)
    await person.world.until(lambda: answer["text"] != listed["text"])
    pressed = {"text": f"（点按“{OPENED}”）"}
    return [(question, True), (listed, False), (pressed, True), (answer, False)]


async def main() -> None:
    """Hold the conversation and draw it."""
    folder = load_settings().data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing:
        async with FakeTelegram() as fake:
            settings = {
                "WENCE_TELEGRAM_TOKEN": fake.world.token,
                "WENCE_TELEGRAM_BASE_URL": fake.base_url,
                "WENCE_DATABASE_URL": f"sqlite:///{passing}/wence.db",
            }
            async with BotProcess(folder, settings, module="bot", arguments=("run",)) as bot:
                await bot.logged("方案已就绪", START_SECONDS)
                messages = await talk(Person(fake.world, 1, fake.world.chat(1)))
                await bot.end(signal.SIGTERM)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    save(draw_chat(messages).quantize(64), PICTURE, words_of_chat(messages))
    print(PICTURE)


if __name__ == "__main__":
    asyncio.run(main())
