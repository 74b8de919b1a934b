"""What a process and a folder weigh, and how long calls take."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.progress import Stage

_STATUS = Path("/proc/self/status")
_FIELDS = {"VmRSS": "memory_mb", "RssAnon": "own_memory_mb", "VmHWM": "peak_memory_mb"}
Figure = tuple[str, float]
"""Name and value; the name ends with the unit."""


def memory(when: str) -> Iterator[Figure]:
    """Yield this process's memory: all of it, the part that is no file's, and the most there has been."""
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        name, _, rest = line.partition(":")
        if name in _FIELDS:
            yield f"{when}_{_FIELDS[name]}", int(rest.split()[0]) / 1024


def disk_mb(folder: Path) -> float:
    """Return how much the files below ``folder`` hold."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def latencies(name: str, calls: Sequence[Callable[[], object]]) -> Iterator[Figure]:
    """Make the calls one after the other; yield the median, the 99th percentile, and the median of processor time."""
    wall, own = [], []
    for call in calls:
        start, start_own = time.perf_counter(), time.process_time()
        call()
        own.append((time.process_time() - start_own) * 1000)
        wall.append((time.perf_counter() - start) * 1000)
    yield f"{name}_p50_ms", statistics.median(wall)
    yield f"{name}_p99_ms", statistics.quantiles(wall, n=100, method="inclusive")[-1]
    yield f"{name}_cpu_p50_ms", statistics.median(own)


def load() -> float:
    """Return how many processes wanted to run in the last minute: others slow down what is measured."""
    return os.getloadavg()[0]


class Watch:
    """Wall time and processor time since it was made."""

    def __init__(self) -> None:
        self._wall, self._own = time.perf_counter(), time.process_time()

    def figures(self, name: str) -> Iterator[Figure]:
        """Yield both, in seconds."""
        yield f"{name}_s", time.perf_counter() - self._wall
        yield f"{name}_cpu_s", time.process_time() - self._own


class Stages:
    """How long each stage of a build took, from its first report to its last; give it as the build's progress."""

    def __init__(self) -> None:
        self._spans: dict[Stage, tuple[float, float]] = {}

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        """Take a report."""
        del done, total
        now = time.perf_counter()
        self._spans[stage] = (self._spans.get(stage, (now, now))[0], now)

    def seconds(self, stage: Stage) -> float:
        """Return how long a stage took; 0 when it never came."""
        start, end = self._spans.get(stage, (0.0, 0.0))
        return end - start
