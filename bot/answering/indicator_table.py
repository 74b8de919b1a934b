"""The rows of the indicator tables that an answer cites, as data, each with its address."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.answer import Answer, Point, Series
from bot.answering.figures import indicator_series
from bot.query.plan_repository import PlanRepository
from corpus.model import ClauseKind


@dataclass(frozen=True, slots=True)
class IndicatorTableRow:
    """One indicator."""

    id: str
    series: Series

    def point(self, year: int) -> Point | None:
        """Return what is printed for a year; None where nothing is."""
        return next((point for point in self.series.points if point.year == year), None)

    @property
    def most(self) -> float:
        """The largest of its figures; 0 where it has none."""
        return max((point.value or 0.0 for point in self.series.points), default=0.0)


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """Rows of one district's table, in its order."""

    district: str
    rows: tuple[IndicatorTableRow, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of its columns."""
        return tuple(sorted({point.year for row in self.rows for point in row.series.points}))


def indicator_tables(shelf: PlanRepository, answer: Answer) -> tuple[IndicatorTable, ...]:
    """Return a table a district with the rows that the answer cites, none where it cites no row."""
    rows: dict[str, list[IndicatorTableRow]] = {}
    for clause in shelf.find([cited.id for cited in answer.citations]):
        if clause.kind is ClauseKind.INDICATOR:
            row = IndicatorTableRow(clause.id, indicator_series(shelf.indicator(clause)))
            rows.setdefault(clause.district, []).append(row)
    return tuple(IndicatorTable(district, tuple(found)) for district, found in rows.items())
