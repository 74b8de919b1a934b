"""What a cold ``python -m bot ask`` costs: its own CPU time beside the bare interpreter's, and what it imports.

The CPU time is that of the one child process (user and system), so a busy machine makes it somewhat longer, not wrong.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent.parent
ASK = ("-m", "bot", "ask", "区教委负责什么")
NOTHING = ("-c", "pass")
ROUNDS = 9
TOP = 15
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that one process took."""

    cpu: float
    wall: float


def cost(arguments: tuple[str, ...], environment: dict[str, str]) -> Cost:
    """Run the interpreter once and wait for it; the time of its own children is not counted in."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, wall)


def imports(environment: dict[str, str]) -> list[tuple[str, float, float]]:
    """Return the modules whose imports take longest with all they import: name, own and whole milliseconds."""
    command = [sys.executable, "-X", "importtime", *ASK]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found = [
        (match[4], int(match[1]) / 1000, int(match[2]) / 1000)
        for line in run.stderr.splitlines()
        if (match := _IMPORT.match(line))
    ]
    return sorted(found, key=lambda one: -one[2])[:TOP]


def main() -> None:
    """Measure in turns, the bare interpreter and the question, and print both tables."""
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"WENCE_DATA_DIR": folder}
        cost(ASK, environment)  # builds the index
        cost(ASK, environment)  # compiles what the building did not import
        turns = [(cost(NOTHING, environment), cost(ASK, environment)) for _ in range(ROUNDS)]
        top = imports(environment)
    table = Table("", "CPU, ms", "wall, ms", title=f"python {' '.join(ASK)} · median of {ROUNDS}")
    medians = []
    for name, costs in zip(("bare interpreter", "question"), zip(*turns, strict=True), strict=True):
        cpu = statistics.median(one.cpu for one in costs) * 1000
        medians.append(cpu)
        table.add_row(name, f"{cpu:.0f}", f"{statistics.median(one.wall for one in costs) * 1000:.0f}")
    table.add_row("question beyond the interpreter", f"{medians[1] - medians[0]:.0f}", "")
    console.print(table)
    longest = Table("-X importtime", "own, ms", "with its imports, ms")
    for module, own, whole in top:
        longest.add_row(module, f"{own:.1f}", f"{whole:.1f}")
    console.print(longest)


if __name__ == "__main__":
    main()
