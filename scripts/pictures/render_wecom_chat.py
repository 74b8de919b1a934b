"""Make docs/pictures/wecom.png: a conversation that the real bot has with a member of the tests' fake WeCom."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.messages import say  # noqa: E402 - needs the path above
from bot.settings import load_settings  # noqa: E402
from scripts.benchmarks.run_telegram import START_SECONDS  # noqa: E402
from scripts.benchmarks.run_wecom import bot_on  # noqa: E402
from scripts.pictures.chat_picture import draw_chat, words_of_chat  # noqa: E402
from scripts.pictures.described import save  # noqa: E402
from tests.fake_wecom.robot import FakeRobot  # noqa: E402

PICTURE = ROOT / "docs" / "pictures" / "wecom.png"
QUESTION = "巴南区教委负责什么"
PRESSED = "展开1"
_MARK = re.compile(r"\*\*(.+?)\*\*|^> (.*)$", re.MULTILINE)

Json = dict[str, Any]


def message(markdown: str) -> Json:
    """Return markdown as a text with entities, the form that the picture is drawn from."""
    text, entities, last = "", [], 0
    for mark in _MARK.finditer(markdown):
        text += markdown[last : mark.start()]
        inner, kind = (mark[1], "bold") if mark[1] is not None else (mark[2], "blockquote")
        entities.append({"type": kind, "offset": _units(text), "length": _units(inner)})
        text += inner
        last = mark.end()
    return {"text": text + markdown[last:], "entities": entities}


def card(body: Json) -> Json:
    """Return a template card as a message with buttons."""
    title, note = body["main_title"]["title"], body["main_title"]["desc"]
    labels = [{"text": button["text"]} for button in body["button_list"]]
    entities = [
        {"type": "bold", "offset": 0, "length": _units(title)},
        {"type": "italic", "offset": _units(title) + 1, "length": _units(note)},
    ]
    rows = [labels[at : at + 2] for at in range(0, len(labels), 2)]
    return {"text": f"{title}\n{note}", "entities": entities, "reply_markup": {"inline_keyboard": rows}}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


async def talk(robot: FakeRobot) -> list[tuple[Json, bool]]:
    """Ask, open one entry in full by its button, and return all that was seen on the way."""
    asked = await robot.say("li", QUESTION)
    await robot.until(lambda: robot.cards)
    (task_id,) = robot.cards
    offered = card(robot.cards[task_id])
    await robot.press("li", task_id, PRESSED)
    await robot.until(lambda: robot.updates and any(body["msgtype"] == "markdown" for body in robot.pushed))
    opened = next(body["markdown"]["content"] for body in robot.pushed if body["msgtype"] == "markdown")
    return [
        (message(QUESTION), True),
        (message(asked.answer), False),
        (offered, False),
        (message(f"（点按“{PRESSED}”）"), True),
        (message(opened), False),
    ]


async def main() -> None:
    """Hold the conversation and draw it."""
    folder = load_settings().data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing:
        async with FakeRobot() as robot, bot_on(robot, folder, Path(passing)) as bot:
            await bot.logged(say("run.ready"), START_SECONDS)
            await robot.connected()
            messages = await talk(robot)
            await bot.end(signal.SIGTERM)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    save(draw_chat(messages).quantize(64), PICTURE, words_of_chat(messages))
    print(PICTURE)


if __name__ == "__main__":
    asyncio.run(main())
