"""The whole corpus: plans district by district until there are enough clauses, written as added plans."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from corpus.library.added import PlanStore, Stored
from corpus.readers.document import Document
from scripts.synthetic.made import MadePlan
from scripts.synthetic.places import DISTRICTS
from scripts.synthetic.plans import make_plan, plan_count

_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
"""When the first plan is said to have been added; the others follow by a second each, so their order is told."""


def identities(seed: int) -> Iterator[tuple[int, int]]:
    """Yield district number and turn of every plan that the seed can make, in order."""
    for number in range(DISTRICTS):
        yield from ((number, turn) for turn in range(plan_count(seed, number)))


def make_plans(clauses: int, seed: int) -> Iterator[tuple[tuple[int, int], MadePlan]]:
    """Yield plans with their identities until they hold ``clauses`` clauses; a small corpus opens every larger one."""
    made = 0
    for number, turn in identities(seed):
        if made >= clauses:
            return
        plan = make_plan(seed, number, turn)
        made += len(plan.clauses)
        yield (number, turn), plan


def stored(plan: MadePlan, turn: int) -> Stored:
    """Return a plan as the store keeps it, added ``turn`` seconds after the first."""
    digest = hashlib.sha256(msgspec.json.encode(plan.blocks)).hexdigest()
    added = (_FIRST + timedelta(seconds=turn)).isoformat()
    return Stored(plan.meta, digest, f"{plan.meta.id}.txt", added, Document(plan.blocks))


def write_corpus(folder: Path, clauses: int, seed: int) -> tuple[tuple[tuple[int, int], ...], int]:
    """Write plans of ``clauses`` clauses into ``folder``; return their identities, and how many clauses they have."""
    store = PlanStore(folder)
    written: list[tuple[int, int]] = []
    total = 0
    for identity, plan in make_plans(clauses, seed):
        store.add(stored(plan, len(written)))
        written.append(identity)
        total += len(plan.clauses)
    return tuple(written), total
