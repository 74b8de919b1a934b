"""What changed from one version of a plan to the next, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from corpus.messages import say
from corpus.model import Clause, Indicator, Plan

_SAME = 70
"""From this likeness of two texts (0 to 100) on, they are versions of one clause though its number changed."""
_SHOWN = 40


def differences(old: Plan, new: Plan) -> Iterator[str]:
    """Yield a line for every clause and indicator that came, went or changed; one line says so when none did."""
    lines = [*_clauses(old, new), *_indicators(old.indicators, new.indicators)]
    yield from lines or [say("diff.none")]


def changed_clauses(old: Plan, new: Plan) -> Iterator[tuple[Clause | None, Clause | None]]:
    """Yield each clause that came (None before it), changed, or went (None after it), in the new plan's order."""
    pairs, gone = _pairs(old.clauses, new.clauses)
    yield from (
        pair for pair in pairs if pair[0] is None or (pair[0].text, pair[0].number) != (pair[1].text, pair[1].number)
    )
    yield from ((clause, None) for clause in gone)


def _clauses(old: Plan, new: Plan) -> Iterator[str]:
    pairs, gone = _pairs(old.clauses, new.clauses)
    for before, after in pairs:
        if before is None:
            yield say("diff.new", place=_place(after), text=_short(after.text))
        elif (before.text, before.number) != (after.text, after.number):
            yield say("diff.changed", place=_place(after), old=_place(before), what="；".join(_changes(before, after)))
    for clause in gone:
        yield say("diff.gone", place=_place(clause), text=_short(clause.text))


def _pairs(old: Sequence[Clause], new: Sequence[Clause]) -> tuple[list[tuple[Clause | None, Clause]], list[Clause]]:
    """Return each new clause with its old version, found by text, place and likeness, and the old ones left over."""
    rest = list(old)
    found: dict[int, Clause] = {}

    def take(index: int, fits: list[Clause]) -> None:
        if fits:
            found[index] = fits[0]
            rest.remove(fits[0])

    for index, clause in enumerate(new):
        take(index, [one for one in rest if one.text == clause.text])
    for index, clause in enumerate(new):
        if index not in found:
            take(index, [one for one in rest if _place(one) == _place(clause) and _likeness(one, clause) * 2 > _SAME])
    for index, clause in enumerate(new):
        if index not in found:
            best = max(rest, key=lambda one: _likeness(one, clause), default=None)
            take(index, [best] if best is not None and _likeness(best, clause) >= _SAME else [])
    return [(found.get(index), clause) for index, clause in enumerate(new)], rest


def _likeness(one: Clause, other: Clause) -> float:
    return fuzz.ratio(one.text, other.text)


def _place(clause: Clause) -> str:
    return clause.id.partition(" ")[2]


def _short(text: str) -> str:
    return "".join(text.split())[:_SHOWN]


def _changes(before: Clause, after: Clause) -> Iterator[str]:
    old_units, new_units = [ref.printed for ref in before.units], [ref.printed for ref in after.units]
    old_targets, new_targets = [one.quote for one in before.targets], [one.quote for one in after.targets]
    for key, old, new in (("units", old_units, new_units), ("targets", old_targets, new_targets)):
        came = "、".join(one for one in new if one not in old)
        went = "、".join(one for one in old if one not in new)
        if came:
            yield say(f"diff.{key}_came", names=came)
        if went:
            yield say(f"diff.{key}_went", names=went)
    if before.number != after.number:
        yield say("diff.number", old=before.number, new=after.number)
    if before.body != after.body:
        yield say("diff.body", old=_short(before.body), new=_short(after.body))


def _indicators(old: Sequence[Indicator], new: Sequence[Indicator]) -> Iterator[str]:
    before = {one.name: one for one in old}
    after = {one.name: one for one in new}
    for name, one in after.items():
        if name not in before:
            yield say("diff.new_indicator", name=name, values=_values(one))
        elif before[name].values != one.values:
            yield say("diff.changed_indicator", name=name, old=_values(before[name]), new=_values(one))
    for name in before:
        if name not in after:
            yield say("diff.gone_indicator", name=name)


def _values(indicator: Indicator) -> str:
    return " ".join(f"{year}:{value}" for year, value in indicator.values)
