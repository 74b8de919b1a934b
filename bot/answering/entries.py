"""Clauses → entries and citations: a body clause and the annex rows that carry it out become one entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.answering.answer import Citation, Entry, Figure, Quote
from bot.answering.figures import clause_figures, indicator_figure
from bot.answering.passages import best_sentences, opening, without_title
from bot.messages import say
from bot.query.shelf import Shelf
from corpus.model import Clause, ClauseKind, Place, Role, UnitRef

SHORT_LINE = 60
"""Characters of the one line that a list shows of a clause."""
_FIGURES_IN_LIST = 4
_FIGURES_IN_FULL = 8
_KEPT_NAMES = 2048
"""Names of places that are kept: the same few hundred numbers come again and again."""
_WHOLE = 120
"""A clause up to this long is shown whole where its sentences are asked for."""


@dataclass(frozen=True, slots=True)
class Style:
    """How much of each entry to show."""

    words: Mapping[str, float] = field(default_factory=dict)
    """Words of the question with their weights: sentences that hold them are shown; empty shows the opening line."""
    sentences: int = 0
    """Sentences to show; 0 shows the opening line."""
    asked: frozenset[str] = frozenset()
    """Keys of the units asked for."""
    units_in_full: bool = False
    expanded: bool = False


def place_name(clause: Clause) -> str:
    """附件 4.2.2, 正文 五（二）, 主要指标 5."""
    return _place_name(clause.kind, clause.place, clause.number)


@lru_cache(maxsize=_KEPT_NAMES)
def _place_name(kind: ClauseKind, place: Place, printed: str) -> str:
    if kind is ClauseKind.INDICATOR:
        return say("place.indicator", number=printed.removeprefix("指标"))
    if place is Place.FRONT:
        return say("place.front")
    number = printed.replace("(", "（").replace(")", "）").removesuffix("现状")
    if not number:
        return say(f"place.unnumbered_{place.value}")
    if kind is ClauseKind.STATUS:
        return say("place.status", number=number)
    return say(f"place.{place.value}", number=number)


def group(clauses: Sequence[Clause]) -> list[list[Clause]]:
    """Join each clause with its counterparts among ``clauses``; order by the first of each group."""
    groups: list[list[Clause]] = []
    home: dict[str, list[Clause]] = {}
    for clause in clauses:
        joined = next((home[one] for one in clause.counterparts if one in home), None)
        if joined is None:
            joined = []
            groups.append(joined)
        joined.append(clause)
        home[clause.id] = joined
    return groups


class EntryMaker:
    """Makes the entries of one answer, numbered through."""

    def __init__(self, shelf: Shelf, style: Style) -> None:
        self._shelf = shelf
        self._style = style
        self._number = 0

    def entries(self, clauses: Sequence[Clause]) -> tuple[Entry, ...]:
        """Return one entry for each clause or group of counterparts, in order."""
        return tuple(self._entry(tuple(joined)) for joined in group(clauses))

    def _entry(self, clauses: tuple[Clause, ...]) -> Entry:
        self._number += 1
        first = clauses[0]
        units, asked = self._units(clauses)
        short = self._shelf.short(self._shelf.plan(first.plan))
        places = [place_name(clause) for clause in clauses]
        return Entry(
            number=self._number,
            place=f"{short} {' · '.join(places)}",
            title=self._title(first),
            summary=self._summary(clauses),
            figures=self._figures(clauses),
            units=units,
            asked=asked,
            units_in_full=self._style.units_in_full,
            notes=self._notes(clauses),
            quotes=tuple(
                Quote(clause.id, f"{short} {place}", clause.path, clause.text)
                for clause, place in zip(clauses, places, strict=True)
            ),
            expanded=self._style.expanded,
        )

    def _figures(self, clauses: tuple[Clause, ...]) -> tuple[Figure, ...]:
        if clauses[0].kind is ClauseKind.INDICATOR:
            return (indicator_figure(self._shelf.indicator(clauses[0])),)
        most = _FIGURES_IN_FULL if self._style.sentences else _FIGURES_IN_LIST
        return clause_figures(clauses, most, self._style.words)

    @staticmethod
    def _title(clause: Clause) -> str:
        if clause.kind is ClauseKind.STATUS:
            return say("entry.status", group=clause.path[-2] if len(clause.path) > 1 else "")
        return clause.title

    def _summary(self, clauses: tuple[Clause, ...]) -> str:
        first = clauses[0]
        if first.kind is ClauseKind.INDICATOR:
            return ""
        if not self._style.sentences:
            return opening(first.body, first.title, SHORT_LINE)
        rest = without_title(first.body, first.title)
        if len(rest) <= _WHOLE or first.kind is ClauseKind.STATUS:
            return rest or first.body
        return best_sentences(first.body, first.title, self._style.words, self._style.sentences)

    def _units(self, clauses: tuple[Clause, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
        keys = self._shelf.plan(clauses[0].plan).keys
        order = tuple(Role)
        refs: dict[str, UnitRef] = {}
        for ref in (ref for clause in clauses for ref in clause.units):
            refs.setdefault(ref.name, ref)
        named = sorted(refs.values(), key=lambda ref: order.index(ref.role))
        names = tuple(dict.fromkeys(ref.name for ref in named))
        return names, frozenset(name for name in names if keys.get(name) in self._style.asked)

    def _notes(self, clauses: tuple[Clause, ...]) -> tuple[str, ...]:
        """Return who leads, and what the two places say differently."""
        first = clauses[0]
        leads = tuple(dict.fromkeys(ref.name for clause in clauses for ref in clause.units if ref.role is Role.LEAD))
        return (*((say("entry.leads", units="、".join(leads)),) if leads else ()), *self._differences(first))

    def _differences(self, first: Clause) -> tuple[str, ...]:
        """Return the units that stand in only one of the two places, seen over all counterparts of the clause."""
        body = first if first.place is Place.BODY else next(iter(self._shelf.counterparts(first)), None)
        if body is None or first.kind is not ClauseKind.TASK:
            return ()
        rows = self._shelf.counterparts(body)
        if not rows:
            return ()
        notes = []
        theirs = {ref.name for row in rows for ref in row.units}
        only_body = [ref.name for ref in body.units if ref.name not in theirs]
        only_rows = [
            name
            for name in dict.fromkeys(ref.name for row in rows for ref in row.units)
            if name not in {ref.name for ref in body.units}
        ]
        if only_body:
            notes.append(say("entry.only_body", units="、".join(only_body)))
        if only_rows:
            notes.append(say("entry.only_annex", units="、".join(only_rows)))
        return tuple(notes)


def citations(clauses: Iterable[Clause]) -> tuple[Citation, ...]:
    """Return each clause as a citation of its own, in order, without doubles."""
    return tuple(
        Citation(
            id=clause.id, plan=clause.plan, district=clause.district, place=clause.place.value, path=clause.path,
            text=clause.text, units=tuple(ref.name for ref in clause.units),
            targets=tuple(f"{target.what}：{target.figure}" for target in clause.targets if target.figure),
        )
        for clause in {clause.id: clause for clause in clauses}.values()
    )  # fmt: skip
