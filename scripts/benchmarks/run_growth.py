"""``scripts/bench growth``: how speed, size and memory grow from a thousand clauses to a million.

Each size is measured on a synthetic corpus (``scripts/make_corpus``), each step in a process of its own. The figures
are written to ``--out`` as they come; at the end the table in docs/performance.md and the curves are made from them.
The vectors are made by a stand-in encoder: see scripts/benchmarks/growth/stand_in.py.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from scripts.benchmarks.growth.curves import draw  # noqa: E402 - needs the path above
from scripts.benchmarks.growth.places import own_server, use_database  # noqa: E402
from scripts.benchmarks.growth.report import insert  # noqa: E402
from scripts.benchmarks.growth.results import Results  # noqa: E402

SIZES = (1_000, 10_000, 100_000, 1_000_000)
STEPS = ("corpus", "build", "serve", "compare", "embed", "change")
INDEXES = ("embedded", "postgres")


def measure(results: Results, index: str, size: int, folder: Path, steps: Sequence[str]) -> None:
    """Run steps of one size, keeping each figure as it comes; a step that fails ends the size."""
    if STEPS[0] in steps:
        results.begin(index, size)
    for step in steps:
        command = [sys.executable, "-m", "scripts.benchmarks.growth.steps", step, str(folder), str(size)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                name, value = json.loads(line)
                results.put(index, size, name, value)
                print(f"{size:>9,}  {name:<36} {value:,.4g}", flush=True)
        if process.returncode:
            raise SystemExit(f"{size:,} {step}: exit code {process.returncode}")


def main() -> None:
    """Measure what is asked for, then write table and curves from all figures there are."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of clauses; empty: only draw")
    parser.add_argument("--index", choices=INDEXES, default=INDEXES[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs/growth.json")
    parser.add_argument("--steps", default=",".join(STEPS), help="all, or those to run again in --folder")
    parser.add_argument("--folder", type=Path, help="where corpora and indexes are made, and kept; else in /tmp")
    arguments = parser.parse_args()
    results = Results(arguments.out)
    with own_server() if arguments.index == "postgres" else nullcontext("") as server:
        for size in map(int, filter(None, arguments.sizes.split(","))):
            folder = arguments.folder or Path(tempfile.mkdtemp(prefix="wence-growth-"))
            if server:
                use_database(folder / str(size), server, f"wence_growth_{size}")
            try:
                measure(results, arguments.index, size, folder / str(size), arguments.steps.split(","))
            finally:
                if not arguments.folder:
                    shutil.rmtree(folder, ignore_errors=True)
    draw(ROOT / "docs/pictures", results, INDEXES)
    insert(ROOT / "docs/performance.md", results, INDEXES)


if __name__ == "__main__":
    main()
