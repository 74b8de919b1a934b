"""A notice with its attachments in one .zip → one document: the notice first, each attachment as an annex.

Nothing is unpacked under a name from inside. What is left out (another archive, a file of no known format, a second
copy in another format) is listed; the whole is refused only where no file in it can be read.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from corpus.blocks import Block, Paragraph, TableRow
from corpus.model import Dropped
from corpus.readers.document import Document, Hints, ReadError
from corpus.readers.docx_package import BROKEN
from corpus.readers.forms import BY_NAME
from corpus.readers.limits import ARCHIVE_FILES, ARCHIVE_MB, MB
from corpus.readers.pictures import PICTURE
from corpus.structure.outline import is_annex_line

_ANNEX = re.compile(r"附[件表录图]?\s*(?P<number>[0-9]+)?")
_NUMBER = re.compile(r"[0-9]+")
_NOT_OURS = ("__MACOSX/", "~$", ".")
"""How names begin that an operating system or an office program leaves in an archive."""
_ENCRYPTED = 1
_UTF8 = 0x800
_BEST_FIRST = (
    ".docx",
    ".xlsx",
    ".html",
    ".htm",
    ".md",
    ".txt",
    ".csv",
    ".doc",
    ".wps",
    ".rtf",
    ".xls",
    ".et",
    ".pdf",
    ".ofd",
)
"""Of a file in several formats the first of these is read: in it the text is most surely what was written."""
Reader = Callable[[Path], Document]


@dataclass(frozen=True, slots=True)
class _Member:
    info: zipfile.ZipInfo
    name: str
    """Without folders, as a person sees it."""

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @property
    def order(self) -> tuple[bool, int, list[int], str]:
        """Notices stand before attachments, these by their number."""
        annex = _ANNEX.match(self.stem)
        number = int(annex["number"] or 0) if annex else 0
        return bool(annex), number, [int(one) for one in _NUMBER.findall(self.stem)], self.stem


def read_archive(path: Path, read: Reader) -> Document:
    """Return the blocks of the documents in a .zip, each read by ``read``; ReadError where there is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _Parts(archive, path, read).document()
    except BROKEN as error:
        raise ReadError("damaged", name=path.name, form="zip") from error


class _Parts:
    def __init__(self, archive: zipfile.ZipFile, path: Path, read: Reader) -> None:
        self._archive = archive
        self._path = path
        self._read = read
        self._dropped: list[Dropped] = []

    def document(self) -> Document:
        """Return all parts as one; ReadError says why the first could not be read where none can."""
        members = sorted(self._members(), key=lambda member: member.order)
        self._check(members)
        blocks: list[Block] = []
        hints = Hints()
        failed: ReadError | None = None
        recognised = False
        for member in members:
            try:
                part = self._part(member)
            except ReadError as error:
                failed = failed or error
                if error.key == "scanned":
                    self._leave_out(member.name, PICTURE)
                    continue
                self._leave_out(member.name, "unreadable file of the archive")
                continue
            hints = hints if blocks else part.hints
            self._dropped += part.dropped
            recognised = recognised or part.recognised
            blocks += _behind(blocks, _opened(part.blocks, member))
        if not blocks:
            raise failed or ReadError("empty", name=self._path.name)
        return Document(tuple(blocks), tuple(self._dropped), hints, recognised)

    def _members(self) -> Iterator[_Member]:
        """Yield the documents, each in one format; list what is none."""
        found: dict[str, _Member] = {}
        for info in self._archive.infolist():
            name = _shown(info)
            last = PurePosixPath(name).name
            if info.is_dir() or name.startswith(_NOT_OURS) or last.startswith(_NOT_OURS):
                continue
            member = _Member(info, last)
            if BY_NAME.get(member.suffix, "archive") == "archive":
                self._leave_out(last, "file of the archive that is no document")
                continue
            other = found.get(member.stem)
            better, worse = (member, other) if other is None or _rank(member) < _rank(other) else (other, member)
            found[member.stem] = better
            if worse is not None:
                self._leave_out(worse.name, "second copy in another format")
        yield from found.values()

    def _check(self, members: list[_Member]) -> None:
        if len(members) > ARCHIVE_FILES:
            raise ReadError("many_files", name=self._path.name, files=len(members), limit=ARCHIVE_FILES)
        if any(member.info.flag_bits & _ENCRYPTED for member in members):
            raise ReadError("encrypted", name=self._path.name)
        if sum(member.info.file_size for member in members) > ARCHIVE_MB * MB:
            raise ReadError("bomb", name=self._path.name, limit=ARCHIVE_MB)

    def _part(self, member: _Member) -> Document:
        with tempfile.TemporaryDirectory(prefix="wence-") as folder:
            copy = Path(folder, f"part{member.suffix}")
            try:
                with self._archive.open(member.info) as packed, copy.open("wb") as file:
                    shutil.copyfileobj(packed, file)
            except BROKEN as error:
                raise ReadError("damaged", name=member.name, form="zip") from error
            try:
                return self._read(copy)
            except ReadError as error:
                raise ReadError(error.key, **(error.values | {"name": member.name})) from error

    def _leave_out(self, name: str, rule: str) -> None:
        self._dropped.append(Dropped(1, name, rule))


def _shown(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the sign for UTF-8, Windows in China has written GBK."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _rank(member: _Member) -> int:
    return _BEST_FIRST.index(member.suffix) if member.suffix in _BEST_FIRST else len(_BEST_FIRST)


def _opened(blocks: tuple[Block, ...], member: _Member) -> list[Block]:
    """Return an attachment's blocks below a line that says so, where its text does not; others as they are."""
    annex = _ANNEX.match(member.stem)
    first = blocks[0]
    if annex is None or (isinstance(first, Paragraph) and is_annex_line(first.text)):
        return list(blocks)
    name = member.stem[annex.end() :].strip("：:.．、-—_ 　")
    titled = isinstance(first, Paragraph) and not first.level
    lines = [f"附件{annex['number'] or ''}", *([name] if name and not titled else [])]
    return [*(Paragraph(text, 1) for text in lines), *blocks]


def _behind(above: list[Block], blocks: list[Block]) -> Iterator[Block]:
    """Yield blocks with lines and tables that count on behind those above."""
    line = above[-1].line if above else 0
    table = max((block.table for block in above if isinstance(block, TableRow)), default=0)
    for at, block in enumerate(blocks, start=1):
        moved = replace(block, line=line + at)
        yield replace(moved, table=moved.table + table) if isinstance(moved, TableRow) else moved
