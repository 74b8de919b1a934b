"""Divisions → draft clauses: paragraphs by their numbering and labels, table rows by their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, pairwise

from corpus.assembly.drafts import ClausePosition, Draft, blank, number_text, short_title
from corpus.blocks import Paragraph, TableRow
from corpus.figures.indicators import IndicatorRow, indicator_rows, is_indicator_table, is_standard_table, standard_row
from corpus.model import Clause, ClauseKind, Indicator, ParseProblem, Place, PlanMeta
from corpus.notation.numbering import parse_mark
from corpus.offices.responsibility import find
from corpus.structure.closing import closing_lines
from corpus.structure.grouping import gather
from corpus.structure.outline import OutlineItem, OutlineSection, heading_text, is_annex_line, is_title, items
from corpus.structure.segments import TextSegment, read_segments
from corpus.structure.tables import Table, head_at, read_table
from corpus.structure.task_table import TaskRow, as_task_table, task_rows


class Assembler:
    """Collects the draft clauses, indicators and problems of one document."""

    def __init__(self, meta: PlanMeta) -> None:
        self.drafts: list[Draft] = []
        self.problems: list[ParseProblem] = []
        self._meta = meta
        self._division = -1
        self._section = OutlineSection(Place.BODY, "", ())
        self._rows_without_number = 0
        self._indicator_rows: list[IndicatorRow] = []

    def add(self, section: OutlineSection) -> None:
        """Take in the next division: its paragraphs, then its tables under the headings they stand below."""
        self._division += 1
        self._section = section
        titles = _indicator_titles(section)
        paragraphs = tuple(
            block for block in section.blocks if isinstance(block, Paragraph) and block.line not in titles.values()
        )
        closing = closing_lines(paragraphs)
        outline = items(tuple(block for block in paragraphs if block.line not in closing))
        for item in gather(outline):
            self._item(item)
        for block in paragraphs:
            if block.line in closing:
                self._closing(block)
        rows = [block for block in section.blocks if isinstance(block, TableRow)]
        for table, group in groupby(rows, key=lambda row: row.table):
            run = tuple(group)
            title = tuple(block.text for block in _paragraphs(section) if titles.get(table) == block.line)
            self._table(run, _path_above(outline, run[0].line), title)

    def indicators(self, clauses: tuple[Clause, ...]) -> Iterator[Indicator]:
        """Yield the indicators with the ids of their rows' clauses, not yet linked to what pursues them."""
        found = [clause for clause in clauses if clause.kind is ClauseKind.INDICATOR]
        for clause, row in zip(found, self._indicator_rows, strict=True):
            yield Indicator(
                id=clause.id,
                plan=clause.plan,
                district=clause.district,
                number=row.number,
                name=row.name,
                counter=row.counter,
                values=row.values,
                nature=row.nature,
                clauses=(),
                text=row.text,
                line=row.line,
            )

    def _put(self, clause: Clause, suffix: str = "") -> None:
        self.drafts.append(Draft(self._division, clause, suffix))

    def _item(self, item: OutlineItem) -> None:
        count = 0
        for segment in read_segments(item.paragraphs):
            self._tell_strange(segment.strange, segment.lines[-1])
            if segment.units or segment.deadline:
                count += 1
                self._task(item, segment, count)
                continue
            for line, text in zip(segment.lines, segment.text.split("\n"), strict=True):
                if line == item.paragraphs[0].line and item.marks and _heads_more(item):
                    continue  # it stands in the path of what follows
                count += 1
                self._text(item, line, text, count, segment.strange)

    def _tell_strange(self, strange: Iterable[str], line: int) -> None:
        self.problems += [ParseProblem(line, text, "no unit's name") for text in strange]

    def _task(self, item: OutlineItem, segment: TextSegment, count: int) -> None:
        inner = parse_mark(segment.text) if count > 1 else None
        marks = (*item.marks, inner) if inner else item.marks
        mark = parse_mark(segment.body) if marks else None
        body = mark.rest if mark else segment.body
        named = segment.body if inner or count == 1 else item.paragraphs[0].text
        spot = ClausePosition(self._section.place, number_text(marks), _path(item, named), segment.lines[0])
        clause = blank(self._meta, ClauseKind.TASK, spot, body, segment.text, segment.deadline)
        suffix = "" if count == 1 or inner else f"¶{count}"
        self._put(replace(clause, units=tuple(segment.units)), suffix)

    def _text(self, item: OutlineItem, line: int, text: str, count: int, strange: Iterable[str] = ()) -> None:
        place = self._section.place
        front = is_annex_line(text) or (not item.marks and (place is not Place.ANNEX or is_title(text)))
        mark = parse_mark(text) if item.marks else None
        body = mark.rest if mark and line == item.paragraphs[0].line else text
        for words in strange:
            body = body.replace(words, "")  # who is named there has no duty that is understood
        path = _path(item, item.paragraphs[0].text) if item.marks else ()
        spot = ClausePosition(Place.FRONT if front else place, number_text(item.marks), path, line)
        suffix = "" if count == 1 and item.marks else f"¶{count}"
        clause = blank(self._meta, ClauseKind.TEXT, spot, body, text)
        # A year in a title is the plan's, and no time by which its name is reached.
        self._put(replace(clause, targets=()) if front and is_title(text) else clause, suffix)

    def _closing(self, block: Paragraph) -> None:
        spot = ClausePosition(Place.FRONT, "", (), block.line)
        self._put(replace(blank(self._meta, ClauseKind.TEXT, spot, block.text, block.text), targets=()))

    def _table(self, rows: tuple[TableRow, ...], path: tuple[str, ...], title: tuple[str, ...]) -> None:
        table = read_table(rows)
        if table:
            self._lines_above(rows[: head_at(rows)], path)
        if table and is_indicator_table(table):
            self._indicator_table(table, (*path, *title))
        elif table and (task_table := as_task_table(table)):
            tasks = tuple(task_rows(task_table))
            self._task_rows(tasks, path)
            known = {heading for row in tasks for heading in row.headings}
            self._unused_rows(task_table.rows, {row.line for row in tasks}, known, path)
        elif table and is_standard_table(table):
            self._standards(table, (*path, *title))
        else:
            self._unknown_table(rows, path)

    def _lines_above(self, rows: tuple[TableRow, ...], path: tuple[str, ...]) -> None:
        """Keep what stands in a table above its head: a title or a remark, a cell over all columns."""
        for row in rows:
            if len(set(filter(None, row.cells))) == 1:
                spot = ClausePosition(self._section.place, self._unnumbered(), path, row.line)
                text = next(filter(None, row.cells))
                self._put(replace(blank(self._meta, ClauseKind.TEXT, spot, text, text), targets=()))

    def _indicator_table(self, table: Table, path: tuple[str, ...]) -> None:
        found = tuple(indicator_rows(table))
        self._unused_rows(table.rows, {row.line for row in found}, set(), path)
        for row in found:
            self._indicator_rows.append(row)
            number = row.number or str(len(self._indicator_rows))
            spot = ClausePosition(self._section.place, f"指标{number}", path, row.line)
            self._put(replace(blank(self._meta, ClauseKind.INDICATOR, spot, row.name, row.text), units=row.units))

    def _standards(self, table: Table, path: tuple[str, ...]) -> None:
        for row in table.rows:
            group, name, standard = standard_row(table, row)
            spot = ClausePosition(
                self._section.place, self._unnumbered(), (*path, *filter(None, (group, name))), row.line
            )
            text = "\n".join(cell for cell in dict.fromkeys(row.cells) if cell)
            self._put(replace(blank(self._meta, ClauseKind.TEXT, spot, name + standard, text), title=name))

    def _unknown_table(self, rows: tuple[TableRow, ...], path: tuple[str, ...]) -> None:
        for row in rows:
            self._row_as_text(row, "table without known columns", path)

    def _unused_rows(self, rows: tuple[TableRow, ...], used: set[int], known: set[str], path: tuple[str, ...]) -> None:
        """Keep the rows that gave neither a clause nor a heading."""
        for row in rows:
            heading = "".join(cell for cell in dict.fromkeys(row.cells) if cell)
            if row.line not in used and not any(heading in one for one in known):
                self._row_as_text(row, "row without a task", path)

    def _row_as_text(self, row: TableRow, reason: str, path: tuple[str, ...]) -> None:
        text = "\n".join(cell for cell in dict.fromkeys(row.cells) if cell)
        if not text:
            return
        spot = ClausePosition(self._section.place, self._unnumbered(), path, row.line)
        labels = find(text)
        units = tuple({unit.printed: unit for label in labels for unit in label.units}.values())
        if units:
            self._put(replace(blank(self._meta, ClauseKind.TASK, spot, text, text), units=units))
            return
        self.problems.append(ParseProblem(row.line, text, reason))
        self._put(blank(self._meta, ClauseKind.TEXT, spot, text, text))

    def _unnumbered(self) -> str:
        """Return the number of a row that prints none: its place among such rows, the same in every file format."""
        self._rows_without_number += 1
        return f"表{self._rows_without_number}"

    def _task_rows(self, rows: tuple[TaskRow, ...], path: tuple[str, ...]) -> None:
        known_status: set[int] = set()
        for row in rows:
            if row.status and row.status_line not in known_status:
                known_status.add(row.status_line)
                self._status(row, path)
            self._tell_strange(row.strange, row.line)
            title = row.title or short_title(row.body)
            headings = (*path, *row.headings, f"{row.number} {title}".strip())
            spot = ClausePosition(self._section.place, row.number or self._unnumbered(), headings, row.line)
            kind = ClauseKind.TASK if row.units or row.deadline or not row.strange else ClauseKind.TEXT
            clause = blank(self._meta, kind, spot, row.body, row.text, row.deadline)
            self._put(replace(clause, title=title, units=row.units, status=row.status))

    def _status(self, row: TaskRow, path: tuple[str, ...]) -> None:
        number = "".join(number_text((mark,)) for heading in row.headings if (mark := parse_mark(heading)))
        headings = (*path, *row.headings, row.status_head)
        spot = ClausePosition(self._section.place, f"{number or row.number}现状", headings, row.status_line)
        self._put(blank(self._meta, ClauseKind.STATUS, spot, row.status, row.status))


def _paragraphs(section: OutlineSection) -> Iterator[Paragraph]:
    return (block for block in section.blocks if isinstance(block, Paragraph))


def _heads_more(item: OutlineItem) -> bool:
    """Whether the item's first paragraph is only a heading, with items or paragraphs below it."""
    return is_title(item.paragraphs[0].text.rstrip("。")) and (item.has_children or len(item.paragraphs) > 1)


def _path(item: OutlineItem, text: str) -> tuple[str, ...]:
    own = heading_text(text.partition("\n")[0])
    mark = parse_mark(own)
    title = short_title(mark.rest if mark else own)
    return (*item.headings, f"{mark.printed}{title}" if mark else title)


def _indicator_titles(section: OutlineSection) -> dict[int, int]:
    """Map each indicator table to the line of the title paragraph right above it."""
    titles: dict[int, int] = {}
    rows = [block for block in section.blocks if isinstance(block, TableRow)]
    for before, block in pairwise(section.blocks):
        if isinstance(block, TableRow) and isinstance(before, Paragraph) and _heads_table(before.text):
            table = read_table(tuple(row for row in rows if row.table == block.table))
            if table and is_indicator_table(table):
                titles.setdefault(block.table, before.line)
    return titles


def _heads_table(text: str) -> bool:
    return is_title(text) and not parse_mark(text)


def _path_above(outline: tuple[OutlineItem, ...], line: int) -> tuple[str, ...]:
    above = [item for item in outline if item.marks and item.paragraphs[0].line < line]
    return (*above[-1].headings, heading_text(above[-1].paragraphs[0].text)) if above else ()
