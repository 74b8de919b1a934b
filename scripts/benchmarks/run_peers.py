"""Put the same questions to Wence, Haystack and LlamaIndex, over the same plans, with the same model.

Each side is a process of its own, one after the other; the peers run in a virtual environment that this makes in the
data folder. Questions that the plans don't answer are left out: a retriever never declines.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.settings import load_settings  # noqa: E402 - needs the path above
from corpus.library.shipped import load_shipped_plans  # noqa: E402
from scripts.benchmarks.peers.coverage import Asked, load, score  # noqa: E402
from scripts.benchmarks.peers.environment import peers_python  # noqa: E402
from scripts.benchmarks.peers.report import given_table, spent_table  # noqa: E402
from scripts.benchmarks.peers.side import Job, Query, Result, Text  # noqa: E402
from scripts.benchmarks.whole_model import whole_model  # noqa: E402
from scripts.environment import tell  # noqa: E402
from scripts.measures.questions import FILES  # noqa: E402
from scripts.pip_progress import PipError  # noqa: E402

OURS = "Wence"
SIDES = {
    "Haystack, defaults": ("haystack_side", "default"),
    "Haystack, cut for Chinese": ("haystack_side", "cut"),
    "Haystack, hybrid": ("haystack_side", "hybrid"),
    "Haystack, hybrid with jieba": ("haystack_side", "jieba"),
    "LlamaIndex, defaults": ("llamaindex_side", "default"),
    "LlamaIndex, hybrid": ("llamaindex_side", "hybrid"),
    "LlamaIndex, hybrid with jieba": ("llamaindex_side", "jieba"),
    OURS: ("wence_side",),
}
"""Name → module and its arguments."""
QUIET = {
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_OFFLINE": "1",
    # As in the project's own encoder: threads that spin while they wait slow each other down.
    "OMP_WAIT_POLICY": "PASSIVE",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Settings of every side: nothing is fetched or reported while it is measured."""
NOTE = """\
@5: the first five chunks, or clauses cited. message: what fits one WeCom message. whole: the whole answer; a peer's is
its first ten chunks. all: share of questions given every needed clause. list: mean share given of the clauses of a
list, a question that needs several. characters: median length of the whole answer."""
WIDTH = 120
"""Columns of the tables, whatever they are printed to."""


class SideError(Exception):
    """A side failed; the text is the end of what it said."""


def shipped_texts() -> list[Text]:
    """Return the shipped plans as published."""
    folder = resources.files("corpus").joinpath("plans")
    metas = [plan.meta for plan in load_shipped_plans()]
    return [Text(one.title, one.district, folder.joinpath(one.id, "text.txt").read_text("utf-8")) for one in metas]


def run(python: Path, words: Sequence[str], job: Job, folder: Path) -> Result:
    """Have one side do a job in a process of its own; SideError when it fails."""
    asked, told = folder / "job.json", folder / "result.json"
    asked.write_text(json.dumps(dataclasses.asdict(dataclasses.replace(job, started=time.time()))), encoding="utf-8")
    module, *arguments = words
    command = [str(python), "-m", f"scripts.benchmarks.peers.{module}", *arguments, str(asked), str(told)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | QUIET, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SideError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return Result(**json.loads(told.read_text(encoding="utf-8")))


def run_all(peers: Path, job: Job) -> dict[str, Result]:
    """Return what each side reports, by its name."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, words) in enumerate(SIDES.items(), start=1):
            tell(f"[{number}/{len(SIDES)}] {name}")
            python = Path(sys.executable) if name == OURS else peers
            results[name] = run(python, words, job, Path(folder))
    return results


def print_given(console: Console, files: dict[str, list[Asked]], results: dict[str, Result]) -> None:
    """Print a table a question file."""
    clauses = [clause.text for plan in load_shipped_plans() for clause in plan.clauses]
    first = 0
    for title, asked in files.items():
        part = slice(first, first + len(asked))
        scores = {
            name: [score(one, given, clauses) for one, given in zip(asked, result.given[part], strict=True)]
            for name, result in results.items()
        }
        console.print(given_table(title, scores))
        first = part.stop
    console.print(NOTE)


def main() -> int:
    """Measure every side and print the tables; returns 1 when a side could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, nargs="+", default=FILES, metavar="FILE", help="question files")
    paths: Sequence[Path] = parser.parse_args().questions
    data = load_settings().data_dir.resolve()
    try:
        files = {path.stem: [one for one in load(path) if one.answerable and one.quotes] for path in paths}
        model = whole_model(data / "peers-model")
        queries = [Query(one.question, one.context, one.district) for asked in files.values() for one in asked]
        results = run_all(peers_python(data / "peers"), Job(0.0, str(model), shipped_texts(), queries))
    except (PipError, SideError, OSError, ValueError) as error:
        tell(str(error))
        return 1
    console = Console(highlight=False, width=WIDTH)
    console.print(spent_table(results))
    print_given(console, files, results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
