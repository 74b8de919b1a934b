"""Run pip and show of its many lines only what a person waits for: large downloads, and that it still unpacks."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

LARGE_MB = 5.0
"""Smaller downloads pass without a word."""
KEPT = 15
"""Last lines of pip's that are shown when it fails."""
PULSE = 10
"""Seconds of silence after which it is said that pip goes on: it unpacks a large package without a line."""
SILENCE = ""
_DOWNLOAD = re.compile(r"Downloading (?:\S*/)?([^/\s]+?)-(\d[^-\s]*)-?\S* \(([\d.]+) (kB|MB|GB)\)")
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_UNPACKING = "Installing collected packages: "
_IN_MB = {"kB": 0.001, "MB": 1.0, "GB": 1000.0}


class PipError(Exception):
    """Pip failed; the text is its last lines."""


def pip(python: Path, arguments: list[str]) -> None:
    """Install with the pip of ``python``; PipError when it fails."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    # Only a pip that has been brought up to date knows the bar in numbers.
    bar = [] if "--quiet" in arguments else ["--progress-bar", "raw"]
    last: deque[str] = deque(maxlen=KEPT)
    with subprocess.Popen(
        [*command, *bar, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        for line in worth_telling(remembered(patient(process.stdout or ()), last)):
            print(f"      {line}", file=sys.stderr, flush=True)
    if process.returncode:
        raise PipError("\n".join(last))


def patient(lines: Iterable[str], seconds: float = PULSE) -> Iterator[str]:
    """Pass lines on, and ``SILENCE`` whenever none came for so many seconds."""
    arrived = SimpleQueue[str | None]()

    def read() -> None:
        for line in lines:
            arrived.put(line)
        arrived.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = arrived.get(timeout=seconds)
        except Empty:
            yield SILENCE
            continue
        if line is None:
            return
        yield line


def remembered(lines: Iterable[str], last: deque[str]) -> Iterator[str]:
    """Pass lines on and keep the last of them, the bar and silence aside."""
    for line in lines:
        if line != SILENCE and not _PROGRESS.match(line):
            last.append(line.rstrip())
        yield line


def worth_telling(lines: Iterator[str]) -> Iterator[str]:
    """Yield in Chinese what of pip's lines a person waits for."""
    large, shown, silent = "", 0, 0
    for line in lines:
        download, progress = _DOWNLOAD.search(line), _PROGRESS.match(line)
        if download:
            name, version, size, unit = download.groups()
            large, shown = (name if float(size) * _IN_MB[unit] >= LARGE_MB else ""), 0
            if large:
                yield f"下载 {name} {version}（{size} {unit}）"
        elif progress and large:
            done, total = map(int, progress.groups())
            quarter = done * 4 // total if total else 0
            if shown < quarter < 4:
                shown = quarter
                yield f"下载 {large} {quarter * 25}%"
        elif line == SILENCE:
            silent += PULSE
            yield f"还在进行（已等 {silent} 秒）…"
        elif line.startswith(_UNPACKING):
            yield f"解开 {line.removeprefix(_UNPACKING).count(',') + 1} 个包…"
