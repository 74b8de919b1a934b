"""Clauses → entries and citations: a body clause and the annex rows that carry it out become one entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.answering.answer import Citation, Entry, Figure, Quote
from bot.answering.figures import clause_figures, indicator_figure
from bot.answering.parties import elsewhere, parties, unit_names
from bot.answering.passages import best_sentences, opening, without_title
from bot.answering.places import place_name
from bot.messages import say
from bot.query.shelf import Shelf
from corpus.model import Clause, ClauseKind, Role

SHORT_LINE = 60
"""Characters of the one line that a list shows of a clause."""
_FIGURES_IN_LIST = 4
_FIGURES_IN_FULL = 8
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
    told: bool = False
    """The answer's first line names the units."""
    expanded: bool = False


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
        units, summary = unit_names(clauses), self._summary(clauses)
        short = self._shelf.short(self._shelf.plan(first.plan))
        places = [place_name(clause) for clause in clauses]
        return Entry(
            number=self._number,
            place=f"{short} {' · '.join(places)}",
            title=self._title(first),
            summary=summary,
            figures=self._figures(clauses, summary),
            units=units,
            asked=self._asked(clauses, units),
            units_in_full=self._style.units_in_full,
            notes=self._notes(clauses),
            quotes=tuple(
                Quote(clause.id, f"{short} {place}", clause.path, clause.text)
                for clause, place in zip(clauses, places, strict=True)
            ),
            expanded=self._style.expanded,
            parties=parties(clauses),
            told=self._style.told,
        )

    def _figures(self, clauses: tuple[Clause, ...], summary: str) -> tuple[Figure, ...]:
        if clauses[0].kind is ClauseKind.INDICATOR:
            return (indicator_figure(self._shelf.indicator(clauses[0])),)
        most = _FIGURES_IN_FULL if self._style.sentences else _FIGURES_IN_LIST
        return clause_figures(clauses, most, self._style.words, summary)

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

    def _asked(self, clauses: tuple[Clause, ...], units: tuple[str, ...]) -> frozenset[str]:
        """Return the units that were asked for, by their name in the plan and as its places print them."""
        keys = self._shelf.plan(clauses[0].plan).keys
        named = frozenset(name for name in units if keys.get(name) in self._style.asked)
        return named | {ref.printed for clause in clauses for ref in clause.units if ref.name in named}

    def _notes(self, clauses: tuple[Clause, ...]) -> tuple[str, ...]:
        """Return who leads, and what the places say differently."""
        leads = tuple(dict.fromkeys(ref.name for clause in clauses for ref in clause.units if ref.role is Role.LEAD))
        told = (say("entry.leads", units=say("render.unit_comma").join(leads)),) if leads else ()
        return (*told, *elsewhere(self._shelf, clauses))


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
