"""Ask the bot about the imagined documents of ``forms/``: duties in ordinary words, a time or a figure, a topic.

The documents of one half are read, added to a data folder of their own and asked about in their districts through
``bot ask --jsonl``; failures are shown for the half alone that rules may be written on.
Usage: python -m scripts.measures.form_questions [seen|kept] [--show] [--without-ocr]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.assembly.metadata import meta_of
from corpus.library.added import PlanStore, Stored
from corpus.readers import read_document
from scripts.measures.check_gold import fold
from scripts.measures.form_files import HALVES, FormDocument, documents, write

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("duties", "time or figure", "topic")
PASSED = 0.90


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about one document."""

    id: str
    kind: str
    question: str
    district: str
    quotes: tuple[str, ...]
    """Pieces of the clauses that answer it."""
    words: tuple[str, ...]
    """What the answer says."""


def asks_of(document: FormDocument, district: str) -> Iterator[Ask]:
    """Yield a document's questions."""
    for number, line in enumerate(document.asks):
        question, quotes, words = (part.strip() for part in line.split("|"))
        pieces = tuple(fold(quote) for quote in quotes.split(";"))
        yield Ask(f"{document.id}-{number}", KINDS[number], question, district, pieces, tuple(map(fold, words.split())))


def add_all(half: str, data: Path, *, ocr: bool) -> list[Ask]:
    """Add the documents of a half to the plans in a data folder; return their questions."""
    store = PlanStore(data / "plans")
    asks: list[Ask] = []
    with tempfile.TemporaryDirectory() as folder:
        for document in (one for one in documents(half) if ocr or one.form not in {"scan", "photo"}):
            path = write(document, Path(folder))
            read = read_document(path)
            meta = meta_of(read, document.id)
            store.add(Stored(meta, hashlib.sha256(path.read_bytes()).hexdigest(), path.name, document.id, read))
            asks += asks_of(document, meta.district)
    return asks


def answers(asks: list[Ask], data: Path) -> dict[str, dict[str, Any]]:
    """Return the bot's answers by the question's id."""
    requests = "".join(
        json.dumps({"id": ask.id, "question": ask.question, "district": ask.district}, ensure_ascii=False) + "\n"
        for ask in asks
    )
    command = [sys.executable, "-m", "bot", "ask", "--jsonl"]
    environment = {**os.environ, "WENCE_DATA_DIR": str(data)}
    run = subprocess.run(command, cwd=ROOT, env=environment, input=requests, capture_output=True, text=True, check=True)
    return {one["id"]: one for one in map(json.loads, run.stdout.splitlines())}


def faults(ask: Ask, answer: dict[str, Any] | None) -> list[str]:
    """Return what an answer lacks."""
    if not answer or not answer["answered"]:
        return ["declined"]
    cited = [fold(clause["text"]) for clause in answer["clauses"]]
    text = fold(answer["text"])
    missing = [f"not cited: {quote}" for quote in ask.quotes if not any(quote in one for one in cited)]
    return [*missing, *(f"not said: {word}" for word in ask.words if word not in text)]


def main() -> int:
    """Print how many questions of each kind pass; return 1 below the mark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", choices=HALVES, nargs="?", default="kept")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--without-ocr", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asks = add_all(wanted.half, Path(folder), ocr=not wanted.without_ocr)
        found = answers(asks, Path(folder))
    failed = {ask.id: told for ask in asks if (told := faults(ask, found.get(ask.id)))}
    for ask in asks if wanted.show and wanted.half != "kept" else ():
        if ask.id in failed:
            print(f"{ask.id} {ask.district} {ask.question}: {failed[ask.id]}")
    for kind in KINDS:
        own = [ask for ask in asks if ask.kind == kind]
        print(f"{kind:16}{sum(ask.id not in failed for ask in own)}/{len(own)}")
    share = 1 - len(failed) / len(asks)
    print(f"passed {len(asks) - len(failed)}/{len(asks)} = {share:.3f}")
    return 0 if share >= PASSED else 1


if __name__ == "__main__":
    sys.exit(main())
