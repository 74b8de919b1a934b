"""Measure on this machine, in one run: answers, search, the bare model, building the index, memory.

What is compared is measured in turns, so that a busy minute of the machine weighs on both alike.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from corpus.library.shipped import plan_sources
from index.build import ready
from index.encoder import Encoder
from index.snapshot import Snapshot
from scripts.measures.judging import load
from scripts.measures.questions import FILES

PASSES = 5
MANY = 16
STATUS = "/proc/self/status"
"""Where Linux states a process's memory; other systems leave those lines out."""
STRUCTURED = ("区教委负责什么", "2027年中医馆要建多少个", "渝中区文旅委的任务", "财政局一共几项", "任务4.2.2")

Asked = tuple[str, ChatState]
Action = Callable[[str, ChatState], object]


def asked() -> list[Asked]:
    """Return the questions of the project's sets that stand alone, each with its chat's district."""
    questions = (question for path in FILES for question in load(path) if not question.context)
    return list(dict.fromkeys((one.question, ChatState(one.district or "")) for one in questions))


class Timed(NamedTuple):
    """How long an action took over many questions: the median by the clock, the mean of processor time."""

    clock_ms: float
    processor_ms: float


def timed(actions: Mapping[str, tuple[Action, Sequence[Asked]]]) -> dict[str, Timed]:
    """Measure each action over its questions, all of them in turns."""
    clock: dict[str, list[float]] = {name: [] for name in actions}
    processor: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(PASSES):
        for name, (action, questions) in actions.items():
            before = time.process_time()
            for text, state in questions:
                start = time.perf_counter()
                action(text, state)
                clock[name].append((time.perf_counter() - start) * 1000)
            processor[name].append((time.process_time() - before) * 1000 / len(questions))
    return {name: Timed(statistics.median(clock[name]), statistics.median(processor[name])) for name in actions}


def seconds(action: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def memory_without_model(index: Path) -> str:
    """Return the most memory of a process that only answers from the data."""
    code = (
        "import sys; from pathlib import Path; from bot.conversation.answerer import Answerer;"
        "from index.encoder import Encoder; from index.local.folder import Folder; from index.snapshot import Snapshot;"
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


def remembered(encoder: Encoder, questions: Sequence[Asked]) -> Iterator[tuple[str, str]]:
    """Yield what it costs to embed a question that was asked before."""
    for text, _ in questions:
        encoder.encode_query(text)
    again = timed({"again": (lambda text, _: encoder.encode_query(text), questions)})["again"]
    yield "embedding of a question asked before, median", f"{again.clock_ms:.3f} ms"


def side_by_side(encoder: Encoder, questions: Sequence[Asked]) -> Iterator[tuple[str, str]]:
    """Yield how many questions a second are embedded for one who asks, and for many who ask at once."""
    texts = [text for text, _ in questions]
    for threads in (1, MANY):
        with ThreadPoolExecutor(threads) as pool:
            took = seconds(lambda: list(pool.map(encoder.encode_query, texts)))
        yield f"questions embedded a second, {threads} at a time", f"{len(texts) / took:.0f}"


def answers(snapshot: Snapshot, encoder: Encoder, models: Path) -> Iterator[tuple[str, str]]:
    """Yield what answers cost, and what of it is the embedding of the question."""
    answerer, questions = Answerer(snapshot), asked()
    retrieved = [one for one in questions if answerer.hear(*one).needs_model]
    structured = [one for one in questions if one not in retrieved]
    actions: dict[str, tuple[Action, Sequence[Asked]]] = {
        "structured answer": (answerer.ask, structured),
        "retrieved answer": (answerer.ask, retrieved),
        "bare query embedding": (lambda text, _: encoder.encode_query(text), retrieved),
        "search": (lambda text, _: snapshot.search(text), retrieved),
        "search by words alone": (lambda text, _: snapshot.lexical_search(text), retrieved),
    }
    times = timed(actions)
    for name, took in times.items():
        count = len(actions[name][1])
        yield f"{name}, median of {count} questions", f"{took.clock_ms:.2f} ms, {took.processor_ms:.2f} of processor"
    whole, bare = times["retrieved answer"], times["bare query embedding"]
    yield "retrieved answer ÷ bare query embedding, by the clock", f"{whole.clock_ms / bare.clock_ms:.2f}"
    yield "retrieved answer ÷ bare query embedding, processor", f"{whole.processor_ms / bare.processor_ms:.2f}"
    yield from remembered(Encoder("", models), retrieved)
    yield from side_by_side(encoder, retrieved)


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
    yield from answers(snapshot, encoder, folder / "models")
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
