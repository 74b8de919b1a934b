"""An ``Answer`` as tables of text, the same for every kind of file; a cell holds what the plan prints and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.answering.answer import Answer, Entry, Goal, Quote, Section
from bot.messages import say
from bot.render.parts import source_line
from bot.render.text import line_text


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column of a table."""

    heading: str
    share: int
    """Of the page's width, beside the other columns' shares."""
    ordinal: bool = False
    """Holds the numbers of the list's own entries, by which it can be sorted."""


@dataclass(frozen=True, slots=True)
class FileTable:
    """Rows of text under headings."""

    title: str
    columns: tuple[FileColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    """Cells may hold line breaks."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """All that a file of an answer holds."""

    headline: str
    notes: tuple[str, ...]
    tables: tuple[FileTable, ...]
    source: str
    """The plans it stands on, with their dates; empty where it stands on none."""


def sheets_of(answer: Answer) -> Sheets:
    """Return the tables of an answer; without tables where it is no list."""
    made = (_entries(answer.sections), _goals(answer.sections), *_indicators(answer.sections), _lines(answer.sections))
    tables = tuple(_filled(table) for table in made if table.rows)
    return Sheets(
        answer.headline, answer.notes, tables if answer.answered else (), line_text(source_line(answer.sources))
    )


def _entries(sections: tuple[Section, ...]) -> FileTable:
    columns = tuple(map(_column, ("part", "place", "title", "text", "goals", "units", "notes")))
    rows = tuple(_entry(section.heading, entry) for section in sections for entry in section.entries)
    return FileTable(say("file.tasks"), (replace(_column("number"), ordinal=True), *columns), rows)


def _filled(table: FileTable) -> FileTable:
    """Return a table without the columns that have nothing in any row."""
    kept = [at for at in range(len(table.columns)) if any(row[at] for row in table.rows)]
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return FileTable(table.title, tuple(table.columns[at] for at in kept), rows)


def _entry(part: str, entry: Entry) -> tuple[str, ...]:
    units = [
        say("file.at", place=party.place, text=comma.join(party.units)) if party.place else comma.join(party.units)
        for comma in (say("render.unit_comma"),)
        for party in entry.by_place
    ]
    text = "\n".join(_quote(quote, alone=len(entry.quotes) == 1) for quote in entry.quotes)
    goals = "\n".join(map(_goal, entry.goals))
    return str(entry.number), part, entry.place, entry.title, text, goals, "\n".join(units), "\n".join(entry.notes)


def _quote(quote: Quote, *, alone: bool) -> str:
    return quote.text if alone else say("file.at", place=quote.place, text=quote.text)


def _goal(goal: Goal) -> str:
    steps = say("card.arrow").join(filter(None, (goal.baseline, goal.figure)))
    text = say("render.figure", name=goal.name, text=steps) if goal.name else steps
    return text + (say("figure.when", when=goal.due) if goal.due and goal.due not in text else "")


def _goals(sections: tuple[Section, ...]) -> FileTable:
    columns = tuple(map(_column, ("title", "goal", "baseline", "figure", "due", "place")))
    comma = say("entry.place_comma")
    rows = (
        (str(entry.number), entry.title, goal.name, goal.baseline, goal.figure, goal.due, comma.join(goal.places))
        for section in sections
        for entry in section.entries
        for goal in entry.goals
    )
    return FileTable(say("file.goals"), (replace(_column("number"), ordinal=True), *columns), tuple(rows))


def _indicators(sections: tuple[Section, ...]) -> Iterator[FileTable]:
    """Yield a table for each table of indicators: its years may be other ones."""
    for section in sections:
        years = sorted({point.year for series in section.series for point in series.points})
        headings = [*map(_column, ("number", "goal")), *(_year(year) for year in years), _column("nature")]
        rows = []
        for series in section.series:
            values = {point.year: point.text for point in series.points}
            rows.append((series.number, series.name, *(values.get(year, "") for year in years), series.nature))
        yield FileTable(section.heading or say("file.indicators"), tuple(headings), tuple(rows))


def _lines(sections: tuple[Section, ...]) -> FileTable:
    """Return what stands in lines alone; an indicator's line is a row of its table already."""
    rows = tuple((section.heading, line) for section in sections if not section.series for line in section.lines)
    return FileTable(say("file.lines"), (_column("part"), _column("line")), rows)


def _column(name: str) -> FileColumn:
    heading, _, share = say(f"file_columns.{name}").partition(" ")
    return FileColumn(heading, int(share))


def _year(year: int) -> FileColumn:
    return FileColumn(say("file.year", year=year), 6)
