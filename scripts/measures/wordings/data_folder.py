"""A data folder to which the made-up plans are added; it is kept between runs, and its index with it."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path

import msgspec
from filelock import FileLock

from bot.cli.ask import ask_batch
from corpus.commands.add import run
from corpus.commands.candidate import Given
from corpus.library.added import PlanStore
from scripts.measures.wordings.files import PLANS

ROOT = Path(__file__).resolve().parents[3]
SETTING = "WENCE_DATA_DIR"


class BatchError(Exception):
    """The plans could not be added, or the batch command failed."""


class _Meta(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A made-up plan's metadata file, as those of the shipped plans."""

    file: str
    district: str
    title: str
    issuer: str
    issued: date
    start: int
    end: int


def data_folder() -> Path:
    """Return the folder, its plans added anew where they or what reads them changed; the bot renews the index."""
    name = f"wence-phrasings-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]}"
    folder = Path(tempfile.gettempdir(), name)
    with FileLock(folder.with_suffix(".lock")):
        mark, now = folder / "mark", _mark()
        if not mark.exists() or mark.read_text(encoding="ascii") != now:
            shutil.rmtree(folder / "plans", ignore_errors=True)
            folder.mkdir(exist_ok=True)
            _add_plans(PlanStore(folder / "plans"))
            mark.write_text(now, encoding="ascii")
    return folder


def _mark() -> str:
    """Return a hash of all that the added plans come from."""
    rooms = (ROOT / "corpus", PLANS)
    files = sorted(path for room in rooms for path in room.rglob("*") if path.suffix in {".py", ".toml", ".txt"})
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _add_plans(store: PlanStore) -> None:
    for path in sorted(PLANS.glob("*.toml")):
        meta = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Meta)
        given = Given(path.stem, meta.district, meta.title, meta.issuer, meta.issued)
        with redirect_stdout(StringIO()):
            failed = run(PLANS / meta.file, store, given, sure=True)
        if failed:
            raise BatchError(f"{path.stem} could not be added")


@contextmanager
def _setting(folder: Path) -> Iterator[None]:
    before = os.environ.get(SETTING)
    os.environ[SETTING] = str(folder)
    try:
        yield
    finally:
        del os.environ[SETTING]
        if before is not None:
            os.environ[SETTING] = before


def ask_here(requests: list[str], folder: Path) -> list[str]:
    """Run the batch command in this process over ``folder``; a line of JSON a request, in the same order."""
    with _setting(folder), redirect_stdout(StringIO()) as printed:
        code = ask_batch(requests)
    if code:
        raise BatchError(f"the batch command ended with {code}")
    return printed.getvalue().splitlines()
