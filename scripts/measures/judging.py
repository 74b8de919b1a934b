"""What a question of the project's own set asks for, and whether an answer gives it.

A line of a question file is a ``Question``; the gold was written from the plans, never from the bot's answers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from corpus.library.shipped import load_shipped_plans
from corpus.offices.units import unit_key

LOOK_ALIKES = {'"': "“”", "'": "‘’", "-": "—–", "[": "〔", "]": "〕", ",": "、", ".": "。"}
"""Sign → signs that are taken for it, on top of Unicode's own compatibility forms (，is , already)."""
FOLDED_SIGNS = {ord(sign): plain for plain, signs in LOOK_ALIKES.items() for sign in signs}
FEWEST_LOOKED_AT = 5
"""How many cited clauses a reader looks at, however few are needed."""


class Question(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is asked, and what a careful reader of the plans would want to be told."""

    id: str
    question: str
    context: list[str]
    """Earlier messages of the same chat."""
    district: str | None
    """The chat's district, full name."""
    kind: str
    quotes: list[list[str]]
    """Each group is a needed clause: words that stand verbatim in it, or in clauses that would do as well."""
    units: list[str]
    """Must stand in the text, in any form that the plans print."""
    targets: list[str]
    """Must stand in the text."""
    forbidden: list[str]
    """Must not stand in the text."""
    answerable: bool
    note: str
    optional: list[str] = []
    """Words of clauses that may be cited too where the question is exhaustive."""
    exhaustive: bool = False
    """Whether citing any clause that is neither needed nor optional is a fault."""
    targets_any: list[list[str]] = []
    """Of each group one must stand in the text."""
    plan: str = ""
    """The document it is asked about, where that is none of the shipped plans."""


class Cited(msgspec.Struct, frozen=True):
    """A clause that an answer cites."""

    text: str


class Reply(msgspec.Struct, frozen=True):
    """A line of ``python -m bot ask --jsonl``, as far as it is judged."""

    id: str | None
    answered: bool
    text: str
    clauses: list[Cited]
    elapsed_ms: float = 0.0


def load(path: Path) -> list[Question]:
    """Read a question file; ValueError names the file and a field that is missing, wrong or unknown."""
    try:
        return msgspec.json.Decoder(Question).decode_lines(path.read_bytes())
    except msgspec.DecodeError as error:
        raise ValueError(f"{path}: {error}") from error


def folded(text: str) -> str:
    """Return the text as it is compared: without spaces, widths and look-alike signs made one."""
    return "".join(unicodedata.normalize("NFKC", text).translate(FOLDED_SIGNS).split())


def printed_names() -> dict[str, set[str]]:
    """Map each unit's key to every form, folded, in which a plan prints it."""
    names: dict[str, set[str]] = {}
    for plan in load_shipped_plans():
        for unit in plan.units:
            names.setdefault(unit.key, set()).update(folded(name) for name in unit.printed)
    return names


def faults(question: Question, reply: Reply, names: Mapping[str, set[str]]) -> list[str]:
    """Return in what the reply falls short, a line each; nothing when it passes."""
    text = folded(reply.text)
    found = [f"says what it must not: {words}" for words in question.forbidden if folded(words) in text]
    if not question.answerable:
        return [*found, "answered, should have declined"] if reply.answered else found
    if not reply.answered:
        return [*found, "declined, should have answered"]
    return [*found, *_clause_faults(question, reply), *_text_faults(question, text, names)]


def _clause_faults(question: Question, reply: Reply) -> Iterable[str]:
    cited = [folded(clause.text) for clause in reply.clauses]
    looked_at = cited if question.exhaustive else cited[: max(FEWEST_LOOKED_AT, 2 * len(question.quotes))]
    for group in question.quotes:
        if not any(_holds(clause, group) for clause in looked_at):
            yield f"clause not cited: {group[0]}"
    if question.exhaustive:
        welcome = [quote for group in [*question.quotes, question.optional] for quote in group]
        for clause in cited:
            if not _holds(clause, welcome):
                yield f"clause too many: {clause[:30]}"


def _text_faults(question: Question, text: str, names: Mapping[str, set[str]]) -> Iterable[str]:
    for unit in question.units:
        if not any(name in text for name in names.get(unit_key(unit), set()) | {folded(unit)}):
            yield f"unit not told: {unit}"
    for group in [*([target] for target in question.targets), *question.targets_any]:
        if not _holds(text, group):
            yield f"target not told: {' or '.join(group)}"


def _holds(text: str, any_of: Iterable[str]) -> bool:
    return any(folded(words) in text for words in any_of)
