"""The training data: imagined plans, questions about them, and messages with what they say, as plain JSON lines.

``data/plans/ID.jsonl`` opens with the plan and goes on with a clause a line; ``questions``, ``messages`` and
``declines`` hold lines about that plan. Tags stand in a message as ``{u:县教育局}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from bot.reading.tags import TagLabel

DATA = Path(__file__).resolve().parent / "data"
LABELS = {"u": TagLabel.UNIT, "n": TagLabel.NAME, "t": TagLabel.TOPIC, "d": TagLabel.TIME, "p": TagLabel.PLACE}
OUTSIDE = "outside"
"""Act of a message about something else than any plan."""
_TAG = re.compile(r"\{([untdp]):([^{}]*)\}")
_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
_SHORT = 12


Line = TypeVar("Line", bound=msgspec.Struct)


class _Clause(msgspec.Struct, frozen=True):
    id: str
    path: list[str]
    text: str
    units: list[str] = []


class _Header(msgspec.Struct, frozen=True):
    plan: str
    title: str
    district: str
    subject: str
    split: str
    form: str = ""


class _Question(msgspec.Struct, frozen=True):
    q: str
    c: list[str]
    r: str = ""


class _Message(msgspec.Struct, frozen=True):
    m: str
    a: str = OUTSIDE
    p: list[str] = []


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of an imagined plan."""

    plan: str
    id: str
    district: str
    path: tuple[str, ...]
    text: str

    @property
    def pieces(self) -> tuple[str, ...]:
        """The texts that are embedded for it, as the index makes them."""
        sentences = [found.group().strip() for found in _SENTENCE.finditer(self.text)]
        title = sentences[0].rstrip("。；;") if sentences else self.text
        pieces = [self.text, *(one for one in sentences if len(one) >= _SHORT), title]
        return tuple(f"{self.district}：{piece}" for piece in dict.fromkeys(pieces) if piece)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the clauses that answer it."""

    text: str
    plan: str
    clauses: tuple[str, ...]
    register: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message with its act and the labels of its characters."""

    text: str
    plan: str
    act: str
    spans: tuple[tuple[int, int, TagLabel], ...]
    parts: tuple[str, ...] = ()
    """What is added to the act: a role, only, any."""


@dataclass(frozen=True, slots=True)
class Split:
    """The plans of one split with all that is about them."""

    clauses: tuple[Clause, ...]
    asked: tuple[Asked, ...]
    said: tuple[Said, ...]


def read_split(split: str, folder: Path = DATA) -> Split:
    """Return the plans of ``train`` or ``validation``; ValueError names a file and line that can't be read."""
    clauses: list[Clause] = []
    asked: list[Asked] = []
    said: list[Said] = []
    for path in sorted((folder / "plans").glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        header = msgspec.json.decode(lines[0], type=_Header)
        if header.split != split:
            continue
        own = [msgspec.json.decode(line, type=_Clause) for line in lines[1:] if line.strip()]
        clauses += [Clause(header.plan, one.id, header.district, tuple(one.path), one.text) for one in own]
        questions = _lines(folder / "questions" / path.name, _Question)
        asked += [Asked(one.q, header.plan, tuple(one.c), one.r) for one in questions]
        for room in ("messages", "declines"):
            said += [
                parse_message(one.m, header.plan, one.a, tuple(one.p))
                for one in _lines(folder / room / path.name, _Message)
            ]
    return Split(tuple(clauses), tuple(asked), tuple(said))


def _lines(path: Path, kind: type[Line]) -> Iterator[Line]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                yield msgspec.json.decode(line, type=kind)
            except msgspec.DecodeError as error:
                raise ValueError(f"{path}:{number}: {error}") from error


def parse_message(tagged: str, plan: str, act: str, parts: tuple[str, ...] = ()) -> Said:
    """Return a tagged message as its text and spans."""
    text, at = "", 0
    spans = []
    for found in _TAG.finditer(tagged):
        text += tagged[at : found.start()]
        spans.append((len(text), len(text) + len(found[2]), LABELS[found[1]]))
        text += found[2]
        at = found.end()
    return Said(text + tagged[at:], plan, act, tuple(spans), parts)
