"""How long answers take while questions come at a steady pace, four of five answered from the data alone.

``scripts/bench mixed``. The questions are the project's own, asked through the channels' ``Asker`` in a process that
has loaded the model. The floor beside it is the same answers one after the other.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.conversation.answerer import Answerer
from bot.conversation.asking import Asker
from bot.serving.open_answerer import open_snapshot
from scripts.benchmarks.run_answers import Asked, asked

A_SECOND = 20
SECONDS = 30
STRUCTURED = 0.8

Took = list[tuple[bool, float]]
"""Whether the model was needed, and milliseconds."""


def mixture(answerer: Answerer) -> list[tuple[bool, Asked]]:
    """Return the questions in the order in which they are asked, and whether each needs the model."""
    kinds: dict[bool, list[Asked]] = {True: [], False: []}
    for one in asked():
        kinds[answerer.hear(*one).needs_model].append(one)
    source = {kind: itertools.cycle(ones) for kind, ones in kinds.items()}
    pick = random.Random(1)
    order = [pick.random() >= STRUCTURED for _ in range(A_SECOND * SECONDS)]
    return [(kind, next(source[kind])) for kind in order]


async def steady(asker: Asker, questions: Sequence[tuple[bool, Asked]]) -> Took:
    """Ask at the pace, whether or not the questions before are answered."""
    took: Took = []
    began = time.perf_counter()

    async def ask(number: int, by_model: bool, one: Asked) -> None:  # noqa: FBT001 - a pair taken apart
        await asyncio.sleep(began + number / A_SECOND - time.perf_counter())
        start = time.perf_counter()
        await asker.ask(*one)
        took.append((by_model, (time.perf_counter() - start) * 1000))

    await asyncio.gather(*(ask(number, *question) for number, question in enumerate(questions)))
    return took


def alone(answerer: Answerer, questions: Sequence[tuple[bool, Asked]]) -> Took:
    """Ask one after the other."""
    took: Took = []
    for by_model, one in questions:
        start = time.perf_counter()
        answerer.ask(*one)
        took.append((by_model, (time.perf_counter() - start) * 1000))
    return took


def main() -> None:
    """Measure both in processes' first questions and print."""
    table = Table(f"{A_SECOND} questions a second, {STRUCTURED:.0%} from the data", "p50 ms", "p99 ms", "load")
    with tempfile.TemporaryDirectory() as name:
        for way in ("alone, the floor", "at the pace"):
            answerer = Answerer(open_snapshot(Path(name), ""))
            answerer.warm()
            questions = mixture(answerer)
            paced = way == "at the pace"
            took = asyncio.run(_paced(answerer, questions)) if paced else alone(answerer, questions)
            for kind, of in (("all", (True, False)), ("from the data", (False,)), ("by the model", (True,))):
                times = [milliseconds for by_model, milliseconds in took if by_model in of]
                cuts = statistics.quantiles(times, n=100, method="inclusive")
                load = f"{os.getloadavg()[0]:.1f}"
                table.add_row(f"{way}: {kind}", f"{cuts[49]:.1f}", f"{cuts[98]:.1f}", load)
    Console(width=120).print(table)


async def _paced(answerer: Answerer, questions: Sequence[tuple[bool, Asked]]) -> Took:
    asker = Asker(lambda: answerer)
    await asker.open()
    took = await steady(asker, questions)
    asker.close()
    return took


if __name__ == "__main__":
    main()
