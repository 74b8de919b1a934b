"""Questions with the clauses that answer them, of the shipped plans and of imagined ones set aside; none trained on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.library.shipped import load_shipped_plans
from index.documents import dense_texts
from scripts.measures.judging import folded, load
from scripts.training.data_files import read_split

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = tuple(ROOT / "tests" / "questions" / name for name in ("tune.jsonl", "held_out.jsonl", "fresh.jsonl"))
LEFT_OUT = {"pinyin", "traditional", "followup", "multi", "unanswerable"}
"""What is put right, split or declined before anything is searched."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, where it is asked, and groups of clauses of which one each is needed."""

    text: str
    place: str
    """District or plan that it is asked about; empty for all."""
    needed: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """Pieces of clauses, and questions about them."""

    name: str
    pieces: tuple[tuple[str, str, str], ...]
    """Place, clause and text of each."""
    cases: tuple[Case, ...]


def shipped(files: tuple[Path, ...] = FILES) -> Collection:
    """Return the shipped plans with the questions of the project's own sets (or of other files of the same kind)."""
    clauses = [clause for plan in load_shipped_plans() for clause in plan.clauses]
    texts = {clause.id: folded(clause.text) for clause in clauses}
    pieces = tuple((one.district, one.id, text) for one in clauses for text in dense_texts(one))
    cases = []
    for question in (one for path in files for one in load(path)):
        quotes = [[folded(quote) for quote in group] for group in question.quotes]
        plain = question.answerable and quotes and not question.context and not question.exhaustive
        if not plain or question.kind in LEFT_OUT:
            continue
        needed = tuple(
            frozenset(one for one, text in texts.items() if any(q in text for q in group)) for group in quotes
        )
        if all(needed):
            cases.append(Case(question.question, question.district or "", needed))
    return Collection("shipped plans", pieces, tuple(cases))


def imagined() -> Collection:
    """Return the imagined plans that training sets aside, each question asked of its own plan."""
    split = read_split("validation")
    pieces = tuple((one.plan, f"{one.plan} {one.id}", text) for one in split.clauses for text in one.pieces)
    cases = tuple(
        Case(one.text, one.plan, tuple(frozenset({f"{one.plan} {clause}"}) for clause in one.clauses))
        for one in split.asked
    )
    return Collection("imagined plans set aside", pieces, cases)
