"""The figures on disk: written after each one, so that a run that is stopped loses none of them."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Runs = Mapping[int, Mapping[str, float]]
"""Figures by name, by number of clauses wanted."""


class Results:
    """The figures of all runs, in a JSON file: machine, then for each kind of index its sizes."""

    def __init__(self, path: Path) -> None:
        """Go on with the file's figures where it exists."""
        self._path = path
        self._value: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {}
        self._value["machine"] = machine()

    def begin(self, index: str, size: int) -> None:
        """Forget an earlier run of this size."""
        self._value.setdefault(index, {})[str(size)] = {}

    def put(self, index: str, size: int, name: str, value: float) -> None:
        """Keep a figure."""
        self._value[index][str(size)][name] = float(f"{value:.4g}")
        text = json.dumps(self._value, ensure_ascii=False, indent=1) + "\n"
        half = self._path.with_name(f".{self._path.name}.new")
        half.write_text(text, encoding="utf-8")
        half.replace(self._path)

    @property
    def machine(self) -> str:
        """The machine that the last run was on."""
        return str(self._value["machine"])

    def runs(self, index: str) -> Runs:
        """Return the sizes measured so far, smallest first."""
        sizes = self._value.get(index, {})
        return {size: sizes[str(size)] for size in sorted(map(int, sizes))}


def machine() -> str:
    """Return the processors, the memory and the system in a line."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    name = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    return f"{os.cpu_count()} × {name}, {pages / 2**30:.0f} GB, {platform.system()}, Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
