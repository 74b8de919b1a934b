"""The default model by every engine that installs from the package index: speed, memory, and what it finds.

Each engine runs in a process of its own, once on all cores and once on one. What is found is measured through the
project's own search (words and meaning), on the questions of the project's sets that need one to three clauses.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from corpus.library.shipped import load_shipped_plans, plan_sources
from index.build import ready
from index.documents import dense_texts
from index.encoder import Encoder
from index.filters import Filters
from index.models.base import Model
from scripts.benchmarks.encoder_kinds import KINDS, export
from scripts.benchmarks.whole_model import whole_model
from scripts.measures.judging import Question, folded, load

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = tuple(ROOT / "tests" / "questions" / f"{name}.jsonl" for name in ("tune", "held_out", "fresh"))
STATUS = Path("/proc/self/status")
TIMED = 150
DOCUMENTS = 96
DEEP = 3


class Measured(Encoder):
    """An encoder whose model is the one to be measured, and which remembers nothing."""

    def __init__(self, kind: str, model: Model, folder: Path) -> None:
        super().__init__(kind, folder, remembered=0)
        self._measured = model

    def _load(self) -> Model:
        return self._measured


def questions(files: Sequence[Path]) -> list[Question]:
    """Return the questions that retrieval can be measured by: answered, of one message, one to three clauses."""
    return [
        question
        for path in files for question in load(path)
        if question.answerable and not question.context and 1 <= len(question.quotes) <= DEEP
    ]  # fmt: skip


def measure(kind: str, folder: Path, scratch: Path, files: Sequence[Path]) -> dict[str, Any]:
    """Load one engine in this process and return its figures."""
    start = time.perf_counter()
    model = KINDS[kind](folder, scratch)
    model.encode(["中医馆"], "query")
    figures: dict[str, Any] = {"load": time.perf_counter() - start}
    asked = questions(files)
    times, cpu = [], time.process_time()
    for turn in range(TIMED):
        start = time.perf_counter()
        model.encode([asked[turn % len(asked)].question], "query")
        times.append((time.perf_counter() - start) * 1000)
    figures |= {"cpu": (time.process_time() - cpu) / TIMED * 1000}
    figures |= {"p50": float(np.percentile(times, 50)), "p99": float(np.percentile(times, 99))}
    texts = [text for plan in load_shipped_plans() for clause in plan.clauses for text in dense_texts(clause)]
    texts = texts[:: len(texts) // DOCUMENTS][:DOCUMENTS]
    start = time.perf_counter()
    model.encode(texts, "document")
    figures["documents"] = len(texts) / (time.perf_counter() - start)
    memory = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS"))
    figures["memory"] = int(memory.split()[1]) / 1024
    if len(os.sched_getaffinity(0)) > 1:
        figures |= _found(kind, model, scratch, asked)
    return figures


def _found(kind: str, model: Model, scratch: Path, asked: Sequence[Question]) -> dict[str, Any]:
    """Return R@3 and the first hit of every question, searched with the vectors of this engine alone."""
    encoder = Measured(kind, model, scratch)
    snapshot = ready(scratch / f"index {kind}", plan_sources(scratch / "no plans"), encoder)
    good, tops = 0, []
    for question in asked:
        filters = Filters(districts=(question.district,) if question.district else ())
        hits = [hit.clause for hit in snapshot.search(question.question, filters, limit=DEEP).hits]
        texts = [folded(clause.text) for clause in hits]
        good += all(any(folded(quote) in text for text in texts for quote in group) for group in question.quotes)
        tops.append(hits[0].id if hits else "")
    return {"recall": good / len(asked), "tops": tops}


def run(kind: str, folder: Path, scratch: Path, files: Sequence[Path], cores: int) -> dict[str, Any] | None:
    """Measure one engine in a process of its own; None when it is not installed or can't do it (told)."""
    options = ["--one", kind, "--cores", str(cores)]
    command = [sys.executable, "-m", "scripts.benchmarks.run_encoders", *options, *map(str, (folder, scratch, *files))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{kind}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def row(kind: str, many: dict[str, Any], one: dict[str, Any] | None, base: dict[str, Any]) -> list[str]:
    """Return the cells of one engine; ``base`` is the engine that the first hits are compared with."""
    changed = sum(mine != theirs for mine, theirs in zip(many["tops"], base["tops"], strict=True))
    alone = f"{one['p50']:.1f} / {one['p99']:.1f}" if one else "–"
    return [
        kind, f"{many['p50']:.1f} / {many['p99']:.1f}", alone, f"{one['cpu']:.1f}" if one else "–",
        f"{many['documents']:.0f}", f"{many['memory']:.0f}", f"{many['load']:.1f}",
        f"{many['recall']:.3f}", f"{changed / len(many['tops']):.1%}",
    ]  # fmt: skip


def main(
    files: Annotated[list[str] | None, typer.Argument(help="问题文件；不写则用项目自己的三份。")] = None,
    one: Annotated[str, typer.Option(hidden=True)] = "",
    cores: Annotated[int, typer.Option(hidden=True)] = 0,
) -> None:
    """用每种引擎运行同一个语义模型，比较速度、内存与检索结果。"""
    if one:
        # Before any engine is imported: each takes the number of its threads from this.
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
        folder, scratch, *paths = map(Path, files or [])
        print(json.dumps(measure(one, folder, scratch, paths)))
        return
    paths = [Path(name).resolve() for name in files or []] or list(FILES)
    cores = len(os.sched_getaffinity(0))
    table = Table(
        "engine", f"query, {cores} cores: p50 / p99 ms", "one core: p50 / p99 ms", "CPU ms a query", "clauses/s",
        "memory, MB", "load, s", "R@3", "other first hit",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        folder = whole_model(scratch / "models")
        try:
            export(folder, scratch)
        except ImportError as error:
            print(f"no export: {error}", file=sys.stderr)
        base: dict[str, Any] | None = None
        for kind in KINDS:
            many = run(kind, folder, scratch, paths, cores)
            if many is not None:
                base = base or many
                table.add_row(*row(kind, many, run(kind, folder, scratch, paths, 1), base))
    Console(width=140).print(table)


if __name__ == "__main__":
    typer.run(main)
