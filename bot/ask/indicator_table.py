"""The rows of the indicator tables that an answer cites, as a table with the share of each figure in its row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.ask.answer import Answer
from bot.ask.shelf import Shelf
from corpus.model import ClauseKind, Indicator

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """One year's figure of an indicator."""

    year: int
    text: str
    """As printed, with its counter; empty where the plan gives none."""
    share: float
    """Of the largest figure of the row, 0 to 1; 0 too where the figure is no number."""


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator."""

    id: str
    name: str
    nature: str
    """约束性, 预期性, or empty."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """Rows of one district's table, in its order."""

    district: str
    rows: tuple[Row, ...]


def indicator_tables(shelf: Shelf, answer: Answer) -> tuple[IndicatorTable, ...]:
    """Return a table a district with the rows that the answer cites, none where it cites no row."""
    rows: dict[str, list[Row]] = {}
    for clause in shelf.find([cited.id for cited in answer.citations]):
        if clause.kind is ClauseKind.INDICATOR:
            rows.setdefault(clause.district, []).append(_row(shelf.indicator(clause)))
    return tuple(IndicatorTable(district, tuple(found)) for district, found in rows.items())


def _row(indicator: Indicator) -> Row:
    amounts = [_amount(value) for _, value in indicator.values]
    most = max(amounts, default=0.0)
    cells = tuple(
        Cell(year, f"{value}{indicator.counter}" if value else "", amount / most if most else 0.0)
        for (year, value), amount in zip(indicator.values, amounts, strict=True)
    )
    return Row(indicator.id, indicator.name, indicator.nature, cells)


def _amount(printed: str) -> float:
    number = _NUMBER.search(printed)
    return float(number.group()) if number else 0.0
