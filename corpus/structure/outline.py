"""Numbered paragraphs → items with the headings they stand under.

A document may hold several numberings: the body and an attachment both start at 一, a notice may carry five plans. Each
run is a *division*. Inside one, a mark of a kind already open closes everything below it; a new kind opens a level.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.blocks import Block, Paragraph, TableRow
from corpus.model import Place
from corpus.notation.numbering import Mark, parse_mark, rank
from corpus.offices.responsibility import goes_on, whole_line
from corpus.structure.headings import heading_mark, level_of

_ANNEX_MARK = re.compile(r"^附[件表录][ 　]*[0-9一二三四五六七八九十]*[ 　]*[:：]?$")
_ANNEX_LINE = re.compile(r"^附[件表录][ 　]*[0-9一二三四五六七八九十]*[ 　]*[:：]")
_SENTENCE_END = "。；;！!：:,，、"
_TITLE_SHORTEST = 4
_TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """A numbered paragraph with those that follow it, or a run of unnumbered ones."""

    headings: tuple[str, ...]
    """Of the items around it, as printed."""
    marks: tuple[Mark, ...]
    """Of the items around it and its own (last); empty for unnumbered paragraphs."""
    paragraphs: tuple[Paragraph, ...]
    has_children: bool


@dataclass(slots=True)
class _Open:
    headings: tuple[str, ...]
    marks: tuple[Mark, ...]
    paragraphs: list[Paragraph] = field(default_factory=list)
    children: bool = False


@dataclass(frozen=True, slots=True)
class OutlineSection:
    """A division: its paragraphs and rows in order."""

    place: Place
    title: str
    blocks: tuple[Block, ...]


def heading_text(paragraph: str) -> str:
    """Return the heading inside a numbered paragraph: the mark and its first sentence, as printed."""
    mark = parse_mark(paragraph)
    rest = mark.rest if mark else paragraph
    end = rest.find("。")
    head = rest if end < 0 else rest[:end]
    return (f"{mark.printed}{head}" if mark else head).strip()


def is_title(text: str, shortest: int = _TITLE_SHORTEST) -> bool:
    """Whether a paragraph can be a title: short, one line, no sentence."""
    return shortest <= len(text) <= _TITLE_LENGTH and text[-1] not in _SENTENCE_END and "。" not in text


def is_annex_line(text: str) -> bool:
    """Whether a paragraph only points to an attachment (附件：…清单) or opens one (附件1)."""
    return bool(_ANNEX_MARK.match(text) or _ANNEX_LINE.match(text))


def annex_name(text: str) -> str:
    """Return the name that a line gives to an attachment (附件：…清单), '' where it gives none."""
    found = _ANNEX_LINE.match(text)
    return text[found.end() :].strip() if found else ""


def divide(blocks: tuple[Block, ...]) -> tuple[OutlineSection, ...]:
    """Cut a document into its divisions (notice and body, attachments, further plans)."""
    starts = _division_starts(blocks)
    bounds = [*sorted(starts), len(blocks)]
    sections = [OutlineSection(Place.BODY, "", blocks[: bounds[0]])]
    for start, end in pairwise(bounds):
        part = blocks[start:end]
        sections.append(OutlineSection(starts[start], _division_title(part), part))
    return tuple(section for section in sections if section.blocks)


def _division_title(part: tuple[Block, ...]) -> str:
    lines: list[str] = []
    for block in part:
        if (
            isinstance(block, TableRow)
            or parse_mark(block.text)
            or not (_ANNEX_MARK.match(block.text) or is_title(block.text))
        ):
            break
        if not _ANNEX_MARK.match(block.text):
            lines.append(block.text)
    return "".join(lines)


def _division_starts(blocks: tuple[Block, ...]) -> dict[int, Place]:
    starts: dict[int, Place] = {}
    top: Mark | None = None
    annex_line: int | None = None
    for number, block in enumerate(blocks):
        if isinstance(block, TableRow):
            continue
        if _ANNEX_MARK.match(block.text):
            starts[number] = Place.ANNEX
            top = annex_line = None
        elif _ANNEX_LINE.match(block.text):
            annex_line = number
        mark = parse_mark(block.text)
        if block.level and mark is None:
            top = None
        if mark is None or not mark.restarts:
            continue
        if top is None or rank(mark.kind) < rank(top.kind):
            top = mark
        elif mark.kind == top.kind and mark.value == 1:
            start = _title_before(blocks, number)
            after_annex = annex_line is not None and annex_line < number
            starts[start] = Place.ANNEX if after_annex or _inside_annex(starts, start) else Place.BODY
            annex_line = None
    return starts


def _inside_annex(starts: dict[int, Place], start: int) -> bool:
    before = [place for number, place in starts.items() if number < start]
    return bool(before) and before[-1] is Place.ANNEX


def _title_before(blocks: tuple[Block, ...], number: int) -> int:
    """Return the index of the title lines above a restart of the numbering, or the restart itself."""
    first = number
    while first > 0:
        block = blocks[first - 1]
        if isinstance(block, TableRow) or parse_mark(block.text) or _ANNEX_LINE.match(block.text):
            break
        first -= 1
    titles = [
        index
        for index in range(first, number)
        if isinstance(block := blocks[index], Paragraph) and is_title(block.text) and not _is_list(block.text)
    ]
    if not titles:
        return number
    last = titles[-1]
    while last - 1 in titles:
        last -= 1
    return last


def _is_list(text: str) -> bool:
    """Whether a short line is a label or the rest of a list of units, and so no title."""
    return whole_line(text) is not None or goes_on(text)


def _next_of(stack: list[_Open], paragraph: Paragraph) -> int:
    """Return the number of a heading: one more than the open one of its level."""
    open_ones = [one.marks[-1] for one in stack if level_of(one.marks[-1]) == paragraph.level]
    return open_ones[-1].value + 1 if paragraph.level and open_ones else 1


def _close(stack: list[_Open], mark: Mark) -> None:
    """Close what a mark ends: all from its like on; a heading ends whatever is no heading above it."""
    own = level_of(mark)
    ends = [
        at
        for at, one in enumerate(stack)
        if one.marks[-1].level == mark.level or (own and not 0 < level_of(one.marks[-1]) < own)
    ]
    if ends:
        del stack[ends[0] :]


def items(blocks: tuple[Paragraph, ...]) -> tuple[OutlineItem, ...]:
    """Return the items of one division's paragraphs, in reading order."""
    done: list[_Open] = []
    stack: list[_Open] = []
    for paragraph in blocks:
        mark = parse_mark(paragraph.text) or heading_mark(paragraph, _next_of(stack, paragraph))
        if mark is None:
            if not done or (not stack and done[-1].marks):
                done.append(_Open((), ()))
            done[-1].paragraphs.append(paragraph)
            continue
        _close(stack, mark)
        if stack:
            stack[-1].children = True
        headings = tuple(heading_text(one.paragraphs[0].text) for one in stack)
        marks = (*(one.marks[-1] for one in stack), mark)
        stack.append(_Open(headings, marks, [paragraph]))
        done.append(stack[-1])
    return tuple(OutlineItem(one.headings, one.marks, tuple(one.paragraphs), one.children) for one in done)
