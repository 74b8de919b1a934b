"""Indicator tables: name, counter, values by year; and which clauses pursue an indicator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from corpus.blocks import TableRow
from corpus.datafiles import load
from corpus.model import Clause, ClauseKind, Indicator, Target, UnitRef
from corpus.structure.table_units import row_units
from corpus.structure.tables import Table

_COUNTER = re.compile(r"^(?P<name>.+?)[（(](?P<counter>[^（）()]{1,6})[）)]$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of an indicator table before it has a plan around it."""

    number: str
    name: str
    counter: str
    values: tuple[tuple[int, str], ...]
    nature: str
    units: tuple[UnitRef, ...]
    """Of the row's own, where the table has a column of units."""
    text: str
    line: int


def is_indicator_table(table: Table) -> bool:
    """Whether a table has a column of names and at least one of a year, and none of what is to be done."""
    units = any(column.startswith("unit:") for column in table.columns)
    years = any(column.startswith("year:") for column in table.columns)
    named = "name" in table.columns or ("group" in table.columns and not units)
    return years and named and "task" not in table.columns


def is_standard_table(table: Table) -> bool:
    """Whether a table has names and what is to be reached beside them, without a year and without units."""
    return {"name", "standard"} <= set(table.columns) and not any(one.startswith("unit:") for one in table.columns)


def standard_row(table: Table, row: TableRow) -> tuple[str, str, str]:
    """Return the group, the name and the standard of a row."""
    cells = dict(enumerate(row.cells))
    return _cell(table, cells, "group"), _cell(table, cells, "name"), _cell(table, cells, "standard")


def indicator_rows(table: Table) -> Iterator[IndicatorRow]:
    """Yield the table's rows; one without a value in any year is a heading and skipped."""
    years = [
        (at, int(column.removeprefix("year:"))) for at, column in enumerate(table.columns) if column.startswith("year:")
    ]
    for row in table.rows:
        cells = dict(enumerate(row.cells))
        values = tuple((year, cells.get(at, "").strip()) for at, year in years)
        name, counter = _split_counter(_cell(table, cells, "name") or _cell(table, cells, "group"))
        if not name or not any(value for _, value in values):
            continue
        yield IndicatorRow(
            number=_cell(table, cells, "number"),
            name=name,
            counter=_cell(table, cells, "counter") or counter,
            values=values,
            nature=_cell(table, cells, "nature"),
            units=row_units(table, row).units,
            text="\n".join(cell for cell in row.cells if cell),
            line=row.line,
        )


def _cell(table: Table, cells: dict[int, str], column: str) -> str:
    return next((cells.get(at, "") for at, known in enumerate(table.columns) if known == column), "").strip()


def _split_counter(name: str) -> tuple[str, str]:
    found = _COUNTER.match(name)
    return (found["name"].strip(), found["counter"]) if found else (name.strip(), "")


@cache
def _optional_words() -> re.Pattern[str]:
    words = sorted(load("indicators")["name"]["optional"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


_LEVEL = re.compile(r"^(?:全(?=[国市区县])|[^市区县省]{2}(?=[市区县省]))?(?P<level>国家|[市区县省])级?")


@lru_cache(maxsize=8192)
def core_name(name: str) -> tuple[str, str]:
    """Return the level that a name starts with (重庆市, 市级 → 市) and the rest without words printed at will."""
    name = re.sub(r"[“”\"‘’（）()·、\s]", "", name)
    found = _LEVEL.match(name)
    rest = name[found.end() :] if found else name
    return (found["level"] if found else "", _optional_words().sub("", rest) or rest)


def pursues(target: Target, name: str, counter: str) -> float:
    """How well a clause's target fits an indicator, 0 to 1: equal names 1, one inside the other less."""
    (wanted_level, wanted), (level, found) = core_name(name), core_name(target.what)
    if not wanted or not found or (counter and target.counter and not _same_counter(counter, target.counter)):
        return 0.0
    if level and wanted_level and level != wanted_level:
        return 0.0
    same_level = 1.0 if level == wanted_level else 0.9
    if wanted == found:
        return same_level
    if found.endswith(wanted) or wanted.endswith(found):
        return same_level * min(len(wanted), len(found)) / max(len(wanted), len(found))
    return 0.0


def _same_counter(one: str, other: str) -> bool:
    people = {"名", "人", "位"}
    things = {"个", "家", "所", "项"}
    return one == other or {one, other} <= people or {one, other} <= things


def link(indicator: Indicator, clauses: Iterable[Clause], threshold: float = 0.75) -> Indicator:
    """Return the indicator with the clauses that pursue it: a task with such a target, else one that names it."""
    tasks = [clause for clause in clauses if clause.kind is ClauseKind.TASK]
    scored = [
        (max((pursues(target, indicator.name, indicator.counter) for target in clause.targets), default=0.0), clause)
        for clause in tasks
    ]
    found = [clause for score, clause in sorted(scored, key=lambda one: -one[0]) if score >= threshold]
    if not found:
        found = _naming(tasks, _unquoted, indicator.name)
    if not found:
        found = _naming(tasks, _without_optional, core_name(indicator.name)[1])
    return replace(indicator, clauses=tuple(clause.id for clause in found))


@lru_cache(maxsize=8192)
def _unquoted(text: str) -> str:
    return re.sub(r"[“”\"\s]", "", text)


@lru_cache(maxsize=8192)
def _without_optional(text: str) -> str:
    return _optional_words().sub("", text)


def _naming(tasks: list[Clause], fold: Callable[[str], str], name: str) -> list[Clause]:
    """Clauses that speak of the indicator most: at least half as often as the one that does so most."""
    counts = [(fold(clause.body).count(fold(name)), clause) for clause in tasks]
    most = max((count for count, _ in counts), default=0)
    return [clause for count, clause in sorted(counts, key=lambda one: -one[0]) if count and count * 2 > most]
