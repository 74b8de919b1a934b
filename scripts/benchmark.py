"""Measure on this machine, in one run: answers, search, the bare model, building the index, memory.

What is compared is measured in turns, so that a busy minute of the machine weighs on both alike.
"""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.ask.answerer import Answerer
from corpus.library import plan_sources
from index.build import ready
from index.encoder import Encoder
from index.snapshot import Snapshot

ROUNDS = 60
MANY = 16
STATUS = "/proc/self/status"
"""Where Linux states a process's memory; other systems leave those lines out."""
STRUCTURED = ("区教委负责什么", "2027年中医馆要建多少个", "渝中区文旅委的任务", "财政局一共几项", "任务4.2.2")
RETRIEVED = ("楼盘里做义诊讲座", "老医书谁来保护", "师傅带徒弟", "钱从哪来", "中医出海做生意")

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


def memory_without_model(index: Path) -> str:
    """Return the most memory of a process that only answers from the data."""
    code = (
        "import sys; from pathlib import Path; from bot.ask.answerer import Answerer;"
        "from index.encoder import Encoder; from index.folder import Folder; from index.snapshot import Snapshot;"
        "answerer = Answerer(Snapshot(Folder.current(Path(sys.argv[1])), Encoder('', Path(sys.argv[1]))));"
        "[answerer.ask(question) for question in sys.argv[2:]];"
        "assert 'torch' not in sys.modules;"
        f"print(Path({STATUS!r}).read_text())"
    )
    command = [sys.executable, "-c", code, str(index), *STRUCTURED]
    return peak_memory(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peak_memory(status: str) -> str:
    """Return the peak that a process's ``status`` file states; the usual call counts the parent's memory in."""
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return f"{int(kilobytes) / 1024:.0f} MB"


def remembered(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what it costs to ask a question again, and how often its vector was still there."""
    encoder = Encoder("", folder / "models")
    for question in RETRIEVED:
        encoder.encode_query(question)
    median = medians({"again": (encoder.encode_query, RETRIEVED)})["again"]
    yield "embedding of a question asked before", f"{median:.3f} ms, {encoder.memory.hits} hits in {ROUNDS}"


def side_by_side(encoder: Encoder) -> Iterator[tuple[str, str]]:
    """Yield how many questions a second are embedded for one who asks, and for many who ask at once."""
    for threads in (1, MANY):
        questions = [f"{question}{number}" for number in range(ROUNDS // 5) for question in RETRIEVED]
        with ThreadPoolExecutor(threads) as pool:
            took = seconds(lambda: list(pool.map(encoder.encode_query, questions)))  # noqa: B023 - called here
        yield f"questions embedded a second, {threads} at a time", f"{len(questions) / took:.0f}"


def measure(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield a line at a time: what was measured, and the figure."""
    # Remembers no question: what is measured is the first time that one is asked.
    encoder, sources = Encoder("", folder / "models", remembered=0), plan_sources(folder / "plans")
    yield "making and loading the model", f"{seconds(lambda: encoder.encode_query('中医馆')):.1f} s"
    opened: list[Snapshot] = []
    build = seconds(lambda: opened.append(ready(folder / "index", sources, encoder)))
    snapshot = opened[0]
    clauses = snapshot.catalogue.counts[1]
    yield f"index build ({clauses} clauses, parsing included)", f"{build:.1f} s"
    reopen = seconds(lambda: ready(folder / "index", sources, encoder))
    yield "opening a fresh index", f"{reopen * 1000:.0f} ms"
    answerer = Answerer(snapshot)
    times = medians(
        {
            "structured answer": (answerer.ask, STRUCTURED),
            "retrieved answer": (answerer.ask, RETRIEVED),
            "bare query embedding": (encoder.encode_query, RETRIEVED),
            "search": (snapshot.search, RETRIEVED),
            "search by words alone": (snapshot.lexical_search, RETRIEVED),
        }
    )
    for name, median in times.items():
        yield f"{name}, median", f"{median:.2f} ms"
    ratio = times["retrieved answer"] / times["bare query embedding"]
    yield "retrieved answer ÷ bare query embedding", f"{ratio:.2f}"
    yield from remembered(folder)
    yield from side_by_side(encoder)
    if Path(STATUS).exists():
        yield "memory, answering from the data only", memory_without_model(folder / "index")
        yield "memory, with the model, building included", peak_memory(Path(STATUS).read_text(encoding="ascii"))


def main() -> None:
    """Measure and print one table."""
    table = Table("", "", title="问策 · bench", show_header=False)
    with tempfile.TemporaryDirectory() as folder:
        for name, figure in measure(Path(folder)):
            table.add_row(name, figure)
    Console().print(table)


if __name__ == "__main__":
    main()
