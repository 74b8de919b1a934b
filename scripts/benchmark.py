"""Measure on this machine, in one run: answers, search, the bare model, building the index, memory.

What is compared is measured in turns, so that a busy minute of the machine weighs on both alike.
"""

from __future__ import annotations

import itertools
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.ask.answerer import Answerer
from corpus.library import load_shipped_plans
from index.build import ready
from index.encoder import Encoder
from index.snapshot import Snapshot

ROUNDS = 60
STRUCTURED = ("区教委负责什么", "2027年中医馆要建多少个", "渝中区文旅委的任务", "财政局一共几项", "任务4.2.2")
RETRIEVED = ("隔离病区怎么建", "老医书谁来保护", "师傅带徒弟", "钱从哪来", "中医出海做生意")

Action = Callable[[str], object]


def medians(actions: dict[str, tuple[Action, tuple[str, ...]]]) -> dict[str, float]:
    """Return the median milliseconds of each action (with the questions it is given), measured in turns."""
    turns = {name: (action, itertools.cycle(questions)) for name, (action, questions) in actions.items()}
    times: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(ROUNDS):
        for name, (action, questions) in turns.items():
            question = next(questions)
            start = time.perf_counter()
            action(question)
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def seconds(action: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def peak_memory() -> float:
    """Return the most memory this process has had, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in kB, macOS in bytes.
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Measure and print one table."""
    table = Table("", "", title="问策 · bench")
    with tempfile.TemporaryDirectory() as folder:
        encoder = Encoder("", Path(folder) / "models")
        answerer = Answerer()
        structured = medians({"ask": (answerer.ask, STRUCTURED)})["ask"]
        table.add_row("structured answer, median", f"{structured:.2f} ms")
        table.add_row("memory before the model", f"{peak_memory():.0f} MB")
        load = seconds(lambda: encoder.encode_query("中医馆"))
        table.add_row("making and loading the model", f"{load:.1f} s")
        opened: list[Snapshot] = []
        build = seconds(lambda: opened.append(ready(Path(folder) / "index", load_shipped_plans, encoder)))
        snapshot = opened[0]
        clauses = sum(len(plan.clauses) for plan in snapshot.plans)
        table.add_row(f"index build ({clauses} clauses, parsing included)", f"{build:.1f} s")
        reopen = seconds(lambda: ready(Path(folder) / "index", load_shipped_plans, encoder))
        table.add_row("opening a fresh index", f"{reopen * 1000:.0f} ms")
        snapshot.search("中医馆")
        both = medians(
            {
                "answer": (answerer.ask, RETRIEVED),
                "search": (snapshot.search, RETRIEVED),
                "bare": (encoder.encode_query, RETRIEVED),
                "lexical": (snapshot.lexical_search, RETRIEVED),
            }
        )
        table.add_row("retrieved answer, median", f"{both['answer']:.2f} ms")
        table.add_row("search, median", f"{both['search']:.2f} ms")
        table.add_row("bare query embedding, median", f"{both['bare']:.2f} ms")
        table.add_row("retrieved answer ÷ bare query embedding", f"{both['answer'] / both['bare']:.2f}")
        table.add_row("search by words alone, median", f"{both['lexical']:.2f} ms")
        table.add_row("memory, peak", f"{peak_memory():.0f} MB")
    Console().print(table)


if __name__ == "__main__":
    main()
