"""One side of the comparison, run as a process of its own: load, take in the plans, answer every question, report.

The standard library only: a peer runs in a virtual environment that has none of the project's packages.
"""

from __future__ import annotations

import dataclasses
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

TOP = 10
"""Chunks asked for of a peer, best first; the first five of them are scored on their own too."""
STATUS = Path("/proc/self/status")
"""Where Linux states a process's memory; elsewhere no memory is told."""


@dataclass(frozen=True, slots=True)
class Text:
    """A plan as published, and what its metadata file says of it."""

    title: str
    district: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """A message of somebody's, with what the chat knows."""

    question: str
    context: list[str]
    """Earlier messages of the same chat."""
    district: str | None
    """The chat's district."""

    def in_one(self) -> str:
        """Return district, earlier messages and question as one text, for what knows no conversation."""
        return " ".join([*([self.district] if self.district else []), *self.context, self.question])


WARMING = Query("老医书谁来保护", [], None)
"""Asked first, unmeasured; every side has to search for it."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a side is given."""

    started: float
    """When the side's process was started, Unix seconds."""
    model: str
    """Directory of a sentence-transformers model."""
    texts: list[Text]
    queries: list[Query]


@dataclass(frozen=True, slots=True)
class Result:
    """What a side reports; memory in MB, None where the system states none."""

    load_seconds: float
    """From the start of the process to a loaded model, imports included."""
    ingest_seconds: float
    """From the plans' texts to being ready for a question, embedding included."""
    pieces: int
    """Chunks that the plans became."""
    memory: float | None
    """Resident once the plans are in."""
    peak_memory: float | None
    """The most resident at any time, answering included."""
    times_ms: list[float]
    """Of each query, by the clock."""
    cpu_ms: list[float]
    """Of each query, by the processors' time on all threads: what else the machine does weighs less on it."""
    given: list[list[str]]
    """The texts given to each query, best first."""


class Side(Protocol):
    """What is compared; making one imports its packages and loads its model."""

    def ingest(self, texts: list[Text]) -> int:
        """Take the plans in; return how many chunks they became."""

    def answer(self, query: Query) -> list[str]:
        """Return the texts given to a query, best first."""


class Maker(Protocol):
    """A side's class, or a function that makes one."""

    def __call__(self, model: str) -> Side:
        """Return the side, its model loaded from a directory."""


def serve(make: Maker, job_file: Path, result_file: Path) -> None:
    """Do the job in a file and write the result to another."""
    raw = json.loads(job_file.read_text(encoding="utf-8"))
    texts, queries = [Text(**one) for one in raw["texts"]], [Query(**one) for one in raw["queries"]]
    job = Job(raw["started"], raw["model"], texts, queries)
    result_file.write_text(json.dumps(dataclasses.asdict(measure(make, job))), encoding="utf-8")


def measure(make: Maker, job: Job) -> Result:
    """Have a side do a job, timed. A first query is asked unmeasured: libraries put off some of their loading."""
    side = make(job.model)
    load_seconds = time.time() - job.started
    loaded = time.perf_counter()
    pieces = side.ingest(job.texts)
    ready = time.perf_counter()
    resident = memory("VmRSS")
    side.answer(WARMING)
    times, cpu, given = [], [], []
    for query in job.queries:
        asked, spent = time.perf_counter(), time.process_time()
        given.append(side.answer(query))
        times.append((time.perf_counter() - asked) * 1000)
        cpu.append((time.process_time() - spent) * 1000)
    return Result(load_seconds, ready - loaded, pieces, resident, memory("VmHWM"), times, cpu, given)


def memory(field: str) -> float | None:
    """Return a field of this process's status in MB."""
    if not STATUS.exists():
        return None
    lines = STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:"))
