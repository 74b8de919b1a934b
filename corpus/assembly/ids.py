"""Ids for people: 巴南 一(一)2, 渝中 4.2.2.

Where two divisions of a document use the same numbers, the one with most tasks keeps them bare and the others say
where they stand (巴南 正文三(一)); an id is stable while the text stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from corpus.assembly.drafts import Draft
from corpus.model import Clause, ClauseKind, Place, PlanMeta

_FRONT = "文首"
_SHORTEST = 2
"""A district of two characters keeps its ending (忠县)."""
_PREFIX = {Place.BODY: "正文", Place.ANNEX: "附件", Place.FRONT: ""}


def short_district(meta: PlanMeta) -> str:
    """Return the district without its ending (巴南区 → 巴南); the plan's id where it has no district."""
    name = meta.district or meta.id
    return name[:-1] if len(name) > _SHORTEST and name[-1] in "区县市省" else name


def give_ids(meta: PlanMeta, drafts: Sequence[Draft]) -> tuple[Clause, ...]:
    """Return the drafts' clauses with their ids."""
    prefixes = _prefixes(drafts)
    seen: Counter[str] = Counter()
    clauses = []
    for draft in drafts:
        clause = draft.clause
        if clause.place is Place.FRONT or not clause.number:
            seen[_FRONT] += 1
            local = f"{_FRONT}{seen[_FRONT]}"
        else:
            prefix = "" if clause.kind is ClauseKind.INDICATOR else prefixes.get(draft.division, "")
            local = f"{prefix}{clause.number}{draft.suffix}"
            seen[local] += 1
            local = local if seen[local] == 1 else f"{local}#{seen[local]}"
        clauses.append(replace(clause, id=f"{short_district(meta)} {local}"))
    return tuple(clauses)


def _prefixes(drafts: Sequence[Draft]) -> dict[int, str]:
    numbers: dict[int, set[str]] = {}
    tasks: Counter[int] = Counter()
    places: dict[int, Place] = {}
    for draft in drafts:
        if draft.clause.number and draft.clause.kind is not ClauseKind.INDICATOR:
            numbers.setdefault(draft.division, set()).add(draft.clause.number)
            tasks[draft.division] += draft.clause.kind is ClauseKind.TASK
            if draft.clause.place is not Place.FRONT:
                places.setdefault(draft.division, draft.clause.place)
    prefixes: dict[int, str] = {}
    kept: set[str] = set()
    for division in sorted(numbers, key=lambda one: (-tasks[one], one)):
        if numbers[division] & kept:
            name = _PREFIX[places.get(division, Place.BODY)]
            prefixes[division] = name if name not in prefixes.values() else f"{name}{division}·"
        kept |= numbers[division]
    return prefixes
