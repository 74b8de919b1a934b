"""Divisions → draft clauses: paragraphs by their numbering and labels, table rows by their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from corpus.blocks import Paragraph, Row
from corpus.indicators import IndicatorRow, indicator_rows, is_indicator_table
from corpus.model import Clause, ClauseKind, Indicator, Place, PlanMeta, Problem
from corpus.numbering import Mark, han_to_int, parse_mark
from corpus.outline import Item, Section, heading_text, is_annex_line, is_title, items
from corpus.segments import Reader, Segment
from corpus.tables import read_table
from corpus.targets import find_targets
from corpus.task_table import TaskRow, is_task_table, task_rows

_TITLE_LENGTH = 40
_COMMA = re.compile(r"[，,：:；;]")
_LEADING_DUE = re.compile(r"^(?:到|至|截至)20[0-9]{2}年?(?:底|末)?[，,]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A clause before it has an id, with the division it stands in."""

    division: int
    clause: Clause
    suffix: str = ""
    """Tells paragraphs under one number apart (¶2)."""


def short_title(text: str) -> str:
    """Return the first sentence of a clause's body, or its first part where that is long."""
    first = _LEADING_DUE.sub("", text.strip()).split("。")[0].split("\n")[0].strip()
    if len(first) > _TITLE_LENGTH:
        first = _COMMA.split(first)[0]
    return first if len(first) <= _TITLE_LENGTH else first[:_TITLE_LENGTH]


def number_text(marks: tuple[Mark, ...]) -> str:
    """Return the number of an item for people: 一(一)2; a dotted number stands for itself."""
    parts = []
    for mark in marks:
        if mark.kind == "dotted":
            parts = [mark.number]
        elif mark.kind in ("han_paren", "arabic_paren"):
            parts.append(f"({mark.number})")
        elif mark.kind == "shi":
            parts.append(str(han_to_int(mark.number)))
        elif mark.kind == "circled":
            parts.append(str(ord(mark.number) - ord("①") + 1))
        else:
            parts.append(mark.number if mark.kind in ("han", "arabic") else mark.printed)
    return "".join(parts)


class Assembler:
    """Collects the draft clauses, indicators and problems of one document."""

    def __init__(self, meta: PlanMeta) -> None:
        self.drafts: list[Draft] = []
        self.problems: list[Problem] = []
        self._meta = meta
        self._reader = Reader()
        self._indicator_rows: list[IndicatorRow] = []

    def add(self, section: Section, division: int) -> None:
        """Take in one division: its paragraphs, then its tables under the headings they stand below."""
        titles = _table_titles(section)
        paragraphs = tuple(
            block for block in section.blocks if isinstance(block, Paragraph) and block.line not in titles.values()
        )
        outline = items(paragraphs, section.place, division, section.title)
        for item in outline:
            self._item(item)
        rows = [block for block in section.blocks if isinstance(block, Row)]
        for table, group in groupby(rows, key=lambda row: row.table):
            run = tuple(group)
            title = next((block.text for block in paragraphs_of(section) if titles.get(table) == block.line), "")
            self._table(run, section, division, _path_above(outline, run[0].line), title)

    def indicators(self, clauses: tuple[Clause, ...]) -> Iterator[Indicator]:
        """Yield the indicators with the ids of their rows' clauses, not yet linked to what pursues them."""
        found = [clause for clause in clauses if clause.kind is ClauseKind.INDICATOR]
        for clause, row in zip(found, self._indicator_rows, strict=True):
            yield Indicator(
                clause.id, clause.plan, clause.district, row.number, row.name, row.counter,
                row.values, row.nature, (), row.text, row.line,
            )  # fmt: skip

    def _item(self, item: Item) -> None:
        segments = self._reader.segments(item.paragraphs)
        count = 0
        for segment in segments:
            if segment.labelled:
                count += 1
                self._task(item, segment, count)
                continue
            for line, text in zip(segment.lines, segment.text.split("\n"), strict=True):
                if line == item.paragraphs[0].line and item.marks and _heads_more(item):
                    continue  # it stands in the path of what follows
                count += 1
                self._text(item, line, text, count)

    def _task(self, item: Item, segment: Segment, count: int) -> None:
        inner = parse_mark(segment.text) if count > 1 else None
        marks = (*item.marks, inner) if inner else item.marks
        body = segment.body
        mark = parse_mark(body) if marks else None
        body = mark.rest if mark else body
        self._put(
            item.division, ClauseKind.TASK, item.place, number_text(marks), _path(item, segment.text), body,
            segment.text, segment.lines[0], suffix="" if count == 1 or inner else f"¶{count}",
            units=tuple(segment.units), deadline=segment.deadline,
        )  # fmt: skip

    def _text(self, item: Item, line: int, text: str, count: int) -> None:
        mark = parse_mark(text) if item.marks else None
        front = is_annex_line(text) or (not item.marks and (item.place is not Place.ANNEX or is_title(text)))
        place = Place.FRONT if front else item.place
        body = mark.rest if mark and line == item.paragraphs[0].line else text
        suffix = "" if count == 1 and item.marks else f"¶{count}"
        path = _path(item, item.paragraphs[0].text) if item.marks else ()
        self._put(item.division, ClauseKind.TEXT, place, number_text(item.marks), path, body, text, line, suffix=suffix)

    def _table(self, rows: tuple[Row, ...], section: Section, division: int, path: tuple[str, ...], title: str) -> None:
        table = read_table(rows)
        if table and is_task_table(table):
            self._task_rows(tuple(task_rows(table)), section, division, path)
        elif table and is_indicator_table(table):
            for row in indicator_rows(table):
                self._indicator_rows.append(row)
                self._put(
                    division, ClauseKind.INDICATOR, section.place, f"指标{row.number}", (*path, title) if title else path,
                    row.name, row.text, row.line,
                )  # fmt: skip
        else:
            for row in rows:
                text = "\n".join(cell for cell in row.cells if cell)
                if text:
                    self.problems.append(Problem(row.line, text, "table without known columns"))
                    self._put(division, ClauseKind.TEXT, section.place, f"表{row.line}", path, text, text, row.line)

    def _task_rows(self, rows: tuple[TaskRow, ...], section: Section, division: int, path: tuple[str, ...]) -> None:
        known_status: set[int] = set()
        for row in rows:
            headings = (*path, *row.headings)
            if row.status and row.status_line not in known_status:
                known_status.add(row.status_line)
                number = "".join(number_text((mark,)) for heading in row.headings if (mark := parse_mark(heading)))
                self._put(
                    division, ClauseKind.STATUS, section.place, f"{number or row.number}现状", (*headings, row.status_head),
                    row.status, row.status, row.status_line,
                )  # fmt: skip
            title = row.title or short_title(row.body)
            self._put(
                division, ClauseKind.TASK, section.place, row.number or f"表{row.line}",
                (*headings, f"{row.number} {title}".strip()), row.body, row.text, row.line,
                units=row.units, status=row.status, deadline=row.deadline, title=title,
            )  # fmt: skip

    def _put(
        self, division: int, kind: ClauseKind, place: Place, number: str, path: tuple[str, ...], body: str, text: str,
        line: int, *, suffix: str = "", **more: object,
    ) -> None:  # fmt: skip
        targets = find_targets(body, self._meta.end) if kind in (ClauseKind.TASK, ClauseKind.TEXT) else ()
        values: dict[str, object] = {"title": short_title(body), "targets": targets, **more}
        clause = Clause(
            id="", kind=kind, plan=self._meta.id, district=self._meta.district, place=place, number=number, path=path,
            text=text, body=body, line=line, **values,  # type: ignore[arg-type]
        )  # fmt: skip
        self.drafts.append(Draft(division, clause, suffix))


def paragraphs_of(section: Section) -> Iterator[Paragraph]:
    """Yield the paragraphs of a section."""
    return (block for block in section.blocks if isinstance(block, Paragraph))


def _heads_more(item: Item) -> bool:
    """Whether the item's first paragraph is only a heading, with items or paragraphs below it."""
    return is_title(item.paragraphs[0].text.rstrip("。")) and (item.has_children or len(item.paragraphs) > 1)


def _path(item: Item, text: str) -> tuple[str, ...]:
    own = heading_text(text.split("\n")[0])
    mark = parse_mark(own)
    title = short_title(mark.rest if mark else own)
    return (*item.headings, f"{mark.printed}{title}" if mark else title)


def _table_titles(section: Section) -> dict[int, int]:
    """Table number → line of the title paragraph right above it."""
    titles = {}
    for before, block in zip(section.blocks, section.blocks[1:], strict=False):
        if (
            isinstance(block, Row)
            and isinstance(before, Paragraph)
            and is_title(before.text)
            and not parse_mark(before.text)
        ):
            titles.setdefault(block.table, before.line)
    return titles


def _path_above(outline: tuple[Item, ...], line: int) -> tuple[str, ...]:
    above = [item for item in outline if item.marks and item.paragraphs[0].line < line]
    return (*above[-1].headings, heading_text(above[-1].paragraphs[0].text)) if above else ()
