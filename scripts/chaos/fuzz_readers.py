"""Feed damaged files to the readers: each must end in a plan or in one line, in time and within the memory.

The files are made from the shipped plans, and from imagined documents in the formats of an office, by a seeded
generator, so a run can be repeated; a file that breaks the rule is kept with its seed. With ``--forked`` a file is
read in a fork of this process: far more in the same time, and a mistake in a reader, which the guard turns into one
line, is against the rule.
Usage: scripts/chaos/run fuzz_readers [--count N] [--seed N] [--keep FOLDER] [--forms xlsx csv ofd zip scan …]
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from corpus.assembly.plan import parse_document
from corpus.model import PlanMeta
from corpus.readers import ReadError, read_document
from corpus.readers.formats import read_here
from corpus.readers.guard import PLAIN
from scripts.measures.form_files import documents, write
from tests.plan_files import shipped_blocks, write_docx, write_html

PRINTS = Path(__file__).resolve().parents[2] / "tests/corpus/files"
SECONDS = 60.0
"""A file that takes longer counts as hanging."""
MEMORY_MB = 1024
_PLANS = ("banan", "yuzhong")
_OFFICE_FORMS = {"xlsx", "csv", "ofd", "zip", "scan"}
_PACKED = {".docx", ".xlsx", ".ofd", ".zip"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How reading one file ended."""

    ended: str
    """plan, the name of the error, or what went wrong."""
    seconds: float
    good: bool


def originals(folder: Path, forms: Collection[str] = ()) -> list[Path]:
    """Return whole files of every format, or of these, written into ``folder``."""
    made = [
        write(one, folder)
        for one in documents("seen")
        if one.form in _OFFICE_FORMS and (one.form in forms or not forms)
    ]
    plain = [] if forms and set(forms) <= _OFFICE_FORMS else _plain(folder)
    return made + [file for file in plain if not forms or file.suffix[1:] in forms]


def _plain(folder: Path) -> list[Path]:
    """Return the shipped plans in the formats that plans come in."""
    files: list[Path] = []
    for plan in _PLANS:
        blocks = shipped_blocks(plan)
        source = PRINTS.parent.parent.parent / f"corpus/plans/{plan}/text.txt"
        files += [
            folder / f"{plan}{suffix}" for suffix in (".txt", ".md", ".gbk.txt", ".html", ".htm", ".docx", ".pdf")
        ]
        text, markdown, gbk, page, gbk_page, word, printed = files[-7:]
        shutil.copyfile(source, text)
        shutil.copyfile(source, markdown)
        gbk.write_bytes(source.read_text(encoding="utf-8").encode("gb18030"))
        write_html(blocks, page)
        write_html(blocks, gbk_page, "gb18030")
        write_docx(blocks, word)
        shutil.copyfile(PRINTS / f"{plan}.pdf", printed)
    return files


def truncated(data: bytes, chance: random.Random) -> bytes:
    """Return the start of a file."""
    return data[: chance.randrange(len(data))]


def scattered(data: bytes, chance: random.Random) -> bytes:
    """Return a file with single bytes changed."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 8, 64, 512))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut_out(data: bytes, chance: random.Random) -> bytes:
    """Return a file without a piece of its middle."""
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 4096) :]


def repeated(data: bytes, chance: random.Random) -> bytes:
    """Return a file with a piece of it many times over."""
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randrange(1, 4096)]
    return data[:start] + piece * chance.choice((2, 50, 1000)) + data[start:]


def nested(data: bytes, chance: random.Random) -> bytes:
    """Return a file with thousands of opening brackets or tags in it, never closed."""
    opening = chance.choice((b"<div>", b"<table><tr><td>", b"<w:p>", b"[", b"<<", b"\t", b"> ", b"- ", "（".encode()))
    start = chance.randrange(len(data))
    return data[:start] + opening * 20000 + data[start:]


def inside(change: Callable[[bytes, random.Random], bytes]) -> Callable[[bytes, random.Random], bytes]:
    """Return a change that is made to a part inside a zip, so that the archive itself stays whole."""

    def changed(data: bytes, chance: random.Random) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
            names = old.namelist()
            large = [name for name in names if old.getinfo(name).file_size > 500]
            hit = chance.choice([*names, *large * 3])
            for name in old.namelist():
                part = old.read(name)
                new.writestr(name, change(part, chance) if name == hit else part)
        return packed.getvalue()

    return changed


CHANGES = (truncated, scattered, cut_out, repeated, nested)


def damaged(files: list[Path], chance: random.Random) -> tuple[str, bytes]:
    """Return the name and the bytes of a damaged file."""
    file = chance.choice(files)
    change = chance.choice(CHANGES)
    data = file.read_bytes()
    if file.suffix in _PACKED and chance.random() < 0.8:
        return f"{change.__name__}-inside-{file.name}", inside(change)(data, chance)
    return f"{change.__name__}-{file.name}", change(data, chance)


def outcome(path: Path) -> Outcome:
    """Read a file and parse it as ``add`` does."""
    begun = time.monotonic()
    try:
        document = read_document(path)
        plan = parse_document(document, PlanMeta("fuzz", "", "", "", None, None, None), "")
        ended, good = ("plan", True) if plan.clauses else ("nothing", False)
    except ReadError as error:
        ended, good = error.key, "\n" not in str(error)
    seconds = time.monotonic() - begun
    return Outcome(ended, seconds, good and seconds < SECONDS)


def forked_outcome(path: Path) -> Outcome:
    """Do the same in a fork of this process, under the guard's bound on memory; seconds are the processor's."""
    inner, outer = os.pipe()
    child = os.fork()
    if not child:
        # Whatever happens here, nothing of the parent's goes on in this process.
        try:
            os.write(outer, _ended_here(path).encode()[:4000])
        finally:
            os._exit(0)
    os.close(outer)
    with os.fdopen(inner, "rb") as pipe:
        ended = pipe.read().decode(errors="replace")
    _, status, used = os.wait4(child, 0)
    if not ended:
        ended = f"died: {os.waitstatus_to_exitcode(status)}"
    return Outcome(ended, used.ru_utime + used.ru_stime, ended.isidentifier())


def _ended_here(path: Path) -> str:
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))
    here = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    limit = here + PLAIN.memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        plan = parse_document(read_here(path), PlanMeta("fuzz", "", "", "", None, None, None), "")
    except ReadError as error:
        return error.key
    except MemoryError:
        return "too_hungry"
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        return traceback.format_exc(limit=-3)
    return "plan" if plan.clauses else "no clauses"


def main() -> int:
    """Run; return 1 when a file broke the rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, default=Path("var/fuzz"))
    parser.add_argument("--forms", nargs="*", default=[], help="only files of these formats")
    parser.add_argument("--forked", action="store_true", help="read in forks of this process")
    wanted = parser.parse_args()
    read = forked_outcome if wanted.forked else outcome
    ends: Counter[str] = Counter()
    slowest, bad = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        files = originals(Path(folder), wanted.forms)
        for number in range(wanted.count):
            name, data = damaged(files, random.Random(f"{wanted.seed}-{number}"))
            path = Path(folder, name)
            path.write_bytes(data)
            found = read(path)
            ends[found.ended] += 1
            slowest = max(slowest, found.seconds)
            if not found.good:
                bad += 1
                wanted.keep.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, wanted.keep / f"{wanted.seed}-{number}-{name}")
                print(f"{wanted.seed}-{number} {name}: {found.ended} after {found.seconds:.1f} s")
            path.unlink()
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)) / 1024
    print(f"{wanted.count} files: {dict(ends.most_common())}")
    print(f"slowest {slowest:.1f} s, most memory {most:.0f} MB, against the rule {bad}")
    return 1 if bad or most > MEMORY_MB else 0


if __name__ == "__main__":
    sys.exit(main())
