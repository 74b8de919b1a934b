"""Make a picture of an answer: run ``python -m bot ask QUESTION`` and draw what it prints, colours and all.

    scripts/pictures/draw terminal 区教委负责什么 --district 渝中区

As wide as a phone at two pixels a point, so that it can be read there.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image, ImageDraw
from rich.style import Style
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.render.card.fonts import BOLD, REGULAR  # noqa: E402 - needs the path above
from bot.render.card.typesetting import Ink, broken, draw_line  # noqa: E402 - needs the path above
from scripts.pictures.described import save  # noqa: E402 - needs the path above

WIDTH, MARGIN, BAR = 840, 36, 56
SIZE, LINE = 27, 43
BACK, FRAME = "#1d2129", "#2b303b"
PLAIN, FAINT, BRIGHT, PROMPT = "#d7dae0", "#8b93a3", "#ffffff", "#7fc8a9"
LIGHTS = ("#ec6a5e", "#f4bf4f", "#61c554")


def printed(words: list[str]) -> Text:
    """Return what the command prints on a terminal; CalledProcessError when it fails."""
    command = [sys.executable, "-m", "bot", "ask", *words]
    colours = os.environ | {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    run = subprocess.run(command, cwd=ROOT, env=colours, check=True, stdout=subprocess.PIPE)
    return Text.from_ansi(run.stdout.decode())


def inks(line: Text) -> list[Ink]:
    """Return a line's runs as they are to be drawn."""
    edges = sorted({0, len(line), *(edge for span in line.spans for edge in (span.start, span.end))})
    runs: list[Ink] = []
    for start, end in itertools.pairwise(edges):
        styles = [Style.parse(str(span.style)) for span in line.spans if span.start <= start < span.end]
        style = Style.combine([Style(), *styles])
        colour = FAINT if style.dim else BRIGHT if style.bold else PLAIN
        runs.append(Ink(line.plain[start:end], colour, BOLD if style.bold else REGULAR))
    return runs


def picture(words: list[str], answer: Text) -> Image.Image:
    """Return a terminal window in which the answer stands below its command."""
    command = [Ink("$ ", PROMPT), Ink(f"./scripts/demo {' '.join(words)}", BRIGHT, BOLD)]
    paragraphs = [command, [], *(inks(line) for line in answer.split("\n"))]
    lines = [line for paragraph in paragraphs for line in broken(paragraph, SIZE, WIDTH - 2 * MARGIN)]
    image = Image.new("RGB", (WIDTH, BAR + 2 * MARGIN + LINE * len(lines)), BACK)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, WIDTH, BAR), FRAME)
    for place, light in enumerate(LIGHTS):
        canvas.circle((MARGIN + 12 + 34 * place, BAR // 2), 10, light)
    for row, line in enumerate(lines):
        draw_line(canvas, MARGIN, BAR + MARGIN + LINE * row, line, SIZE)
    return image


def main(
    question: Annotated[str, typer.Argument(help="The question to ask.")],
    district: Annotated[str, typer.Option(help="Only this district.")] = "",
    output: Annotated[Path, typer.Option(help="Where the picture goes.")] = ROOT / "docs" / "pictures" / "answer.png",
) -> None:
    """Ask, draw, and write a PNG."""
    words = [question, *(["--district", district] if district else [])]
    answer = printed(words)
    save(picture(words, answer), output, f"./scripts/demo {' '.join(words)}\n{answer.plain}")


if __name__ == "__main__":
    typer.run(main)
