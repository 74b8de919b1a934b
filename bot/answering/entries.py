"""Clauses → entries and citations: a body clause and the annex rows that carry it out become one entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from bot.answering.answer import Citation, Entry, Figure, Quote
from bot.answering.excerpts import topic_line, unit_line, unit_parts
from bot.answering.figures import Placed, about, indicator_figure, target_figures
from bot.answering.parties import elsewhere, parties, unit_names
from bot.answering.places import place_name
from bot.answering.subjects import subjects
from bot.messages import say
from bot.query.grouping import group
from bot.query.plan_repository import PlanRepository
from corpus.model import Clause, ClauseKind, Place, Role

_FIGURES_IN_LIST = 4
_FIGURES_IN_FULL = 8
_FEW = 5
"""Units of a task whose targets are each one's own; of more, one's are those that stand where it is spoken of."""


class Figures(Enum):
    """Which targets an entry shows."""

    NONE = "none"
    TOPIC = "topic"
    """Those that hold a word of the topic."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class EntryStyle:
    """How much of each entry to show."""

    words: Mapping[str, float] = field(default_factory=dict)
    """Words of the question with their weights: sentences that hold them are shown; empty shows the opening line."""
    room: int = 0
    """Characters of the sentences to show, one at least; 0 shows the line of a unit's part."""
    best_room: int = 0
    """The same for the first entry; 0 gives it no more."""
    compared: bool = False
    """The first entry of each plan has that room, since they are read side by side."""
    asked: frozenset[str] = frozenset()
    """Keys of the units asked for."""
    units_in_full: bool = False
    figures: Figures = Figures.TOPIC
    """Which targets to show beside the line."""
    told: bool = False
    """The answer's first line names the units."""
    expanded: bool = False


class EntryMaker:
    """Makes the entries of one answer, numbered through."""

    def __init__(self, shelf: PlanRepository, style: EntryStyle) -> None:
        self._shelf = shelf
        self._style = style
        self._number = 0
        self._plans: set[str] = set()

    def entries(self, clauses: Sequence[Clause]) -> tuple[Entry, ...]:
        """Return one entry for each clause or group of counterparts, in order."""
        return tuple(self._entry(tuple(joined)) for joined in group(clauses))

    def _entry(self, clauses: tuple[Clause, ...]) -> Entry:
        self._number += 1
        first = clauses[0]
        units = unit_names(clauses)
        asked = self._asked(clauses, units)
        title = self._title(first)
        summary = self._summary(clauses, asked)
        figures = self._figures(clauses, summary)
        if summary.rstrip("。；;") == title:  # the title says it all
            summary, figures = "", tuple(one for one in figures if not one.in_line)
        short = self._shelf.short(self._shelf.plan(first.plan))
        places = [place_name(clause) for clause in clauses]
        return Entry(
            number=self._number,
            place=f"{short} {' · '.join(places)}",
            title=title,
            summary=summary,
            figures=figures,
            units=units,
            asked=asked,
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
        if self._style.figures is Figures.NONE:
            return ()
        if clauses[0].kind is ClauseKind.INDICATOR:
            return (indicator_figure(self._shelf.indicator(clauses[0])),)
        most = _FIGURES_IN_FULL if self._style.room else _FIGURES_IN_LIST
        targets = own_targets(self._shelf, clauses) if self._style.asked else all_targets(clauses)
        if self._style.figures is Figures.TOPIC:
            if self._style.room and not self._style.asked:
                targets = about(targets, tuple(self._style.words), summary)
            elif not self._style.room:
                targets = self._of_asked(clauses, targets)
        return target_figures(targets, most, self._style.words, summary)

    def _of_asked(self, clauses: tuple[Clause, ...], targets: list[Placed]) -> list[Placed]:
        """Return the targets of an asked unit's own sentences; all where few share the task, or the unit leads it."""
        asked = self._asked(clauses, unit_names(clauses))
        leads = any(ref.role is Role.LEAD and ref.name in asked for clause in clauses for ref in clause.units)
        if not asked or leads or len(unit_names(clauses)) <= _FEW:
            return targets
        own = unit_parts(clauses, asked, subjects(asked))
        return [(target, home) for target, home in targets if any(target.quote in part for part in own)]

    @staticmethod
    def _title(clause: Clause) -> str:
        if clause.kind is ClauseKind.STATUS:
            return say("entry.status", group=clause.path[-2] if len(clause.path) > 1 else "")
        return clause.title

    def _summary(self, clauses: tuple[Clause, ...], asked: frozenset[str]) -> str:
        if clauses[0].kind is ClauseKind.INDICATOR:
            return ""
        if self._style.room:
            first = self._number == 1 or (self._style.compared and clauses[0].plan not in self._plans)
            self._plans.add(clauses[0].plan)
            room = self._style.best_room if first else 0
            return topic_line(clauses, self._style.words, room or self._style.room)
        return unit_line(clauses, asked, subjects(asked))

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


def all_targets(clauses: Iterable[Clause]) -> list[Placed]:
    """Return the targets of an entry."""
    return [(target, clause) for clause in clauses for target in clause.targets]


def own_targets(shelf: PlanRepository, clauses: Sequence[Clause]) -> list[Placed]:
    """Return the targets of a unit's entry: without those that the annex gives to rows of other units."""
    found = all_targets(clauses)
    bodies = [clause for clause in clauses if clause.place is Place.BODY]
    if len(bodies) == len(clauses) or not bodies:
        return found
    rows = [row for body in bodies for row in shelf.counterparts(body) if row not in clauses]
    others = {(target.value, target.counter) for row in rows for target in row.targets}
    own = {(target.value, target.counter) for target, clause in found if clause not in bodies}
    return [one for one in found if (one[0].value, one[0].counter) not in others - own]


def citations(clauses: Iterable[Clause]) -> tuple[Citation, ...]:
    """Return each clause as a citation of its own, in order, without doubles."""
    return tuple(
        Citation(
            id=clause.id, plan=clause.plan, district=clause.district, place=clause.place.value, path=clause.path,
            text=clause.text, units=tuple(ref.name for ref in clause.units),
            targets=tuple(f"{target.what}：{target.figure}" for target in clause.targets if target.figure),
            recognised=clause.recognised,
        )
        for clause in {clause.id: clause for clause in clauses}.values()
    )  # fmt: skip
