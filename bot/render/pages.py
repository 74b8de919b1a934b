"""Cuts an answer into pages that a medium can carry: between entries, and inside one only where it fits no page.

The headline opens every page and the sources close it, so that a page that is forwarded alone still says what it
answers and where it stands. Corrections and other notes stand on the first page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import Protocol

from bot.answering.answer import Answer
from bot.messages import say
from bot.render.parts import Line, LineGroup, Parts, Run, make_parts

_BORDERS = ("\n", "。；", "，、", " ")
"""Where a text that fits no page is cut, best first."""
_SHARE = 3
"""A headline or a source line takes at most one in so many of a page's units; a longer one is cut into the page."""


class Markup(Protocol):
    """One medium's way of writing."""

    def write(self, run: Run) -> str:
        """Return a run in the medium's markup, its text escaped."""

    def measure(self, text: str) -> int:
        """Return how much of the medium's limit written text takes; that of a join is the sum."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much one page holds."""

    limit: int
    """In the units that the medium's ``measure`` counts."""
    lines: int
    """Written lines, blank ones included; an answer that needs more has its entries in short form if ``brief``."""
    brief: bool = False
    width: int = 0
    """Of a line, in the same units: a longer one goes on in the next, and counts as several. 0 where none does."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page, ready to be sent."""

    text: str
    number: int
    """From 1."""
    total: int
    entries: tuple[int, ...]
    """Numbers of the entries that stand on it."""


def page_of(answer: Answer, markup: Markup, room: Room) -> Page:
    """Return the page that the answer asks for, the last one when it has fewer."""
    pages = cut(answer, markup, room)
    return pages[min(max(answer.page, 1), len(pages)) - 1]


def cut(answer: Answer, markup: Markup, room: Room) -> tuple[Page, ...]:
    """Return all pages of an answer, at least one; the pages joined hold every word of it."""
    pages = _Cutter(make_parts(answer, short=False), markup, room, gap="\n\n").pages()
    if room.brief and len(pages) > 1:
        pages = _Cutter(make_parts(answer, short=True), markup, room, gap="\n").pages()
    return pages


@dataclass(slots=True)
class _Draft:
    """A page being filled."""

    groups: list[str] = field(default_factory=list)
    size: int = 0
    lines: int = 0
    entries: list[int] = field(default_factory=list)


class _Cutter:
    def __init__(self, parts: Parts, markup: Markup, room: Room, *, gap: str) -> None:
        self._markup = markup
        self._gap = gap
        self._width = room.width
        self._groups = [*(LineGroup((note,)) for note in parts.notes), *parts.groups]
        self._head, self._foot = self._write(parts.headline), self._write(parts.source)
        share = room.limit // _SHARE
        if self._size(self._head) > share:
            self._groups.insert(0, LineGroup((parts.headline,)))
            self._head = ""
        if self._size(self._foot) > share:
            self._groups.append(LineGroup((parts.source,)))
            self._foot = ""
        mark = say("render.page", number=99, total=99)
        frame = [text for text in (self._head + mark, self._foot) if text]
        self._limit = room.limit - sum(markup.measure(text + gap) for text in frame)
        self._lines = max(room.lines - sum(self._height(text) for text in frame) - (len(gap) - 1) * len(frame), 1)
        if self._width:
            self._limit = min(self._limit, self._lines * self._width)

    def pages(self) -> tuple[Page, ...]:
        drafts = [_Draft()]
        for group in self._groups:
            written = "\n".join(self._write(line) for line in group.lines)
            if self._fits(written, drafts[-1]):
                self._add(written, group.entry, drafts[-1])
            elif self._fits(written, _Draft()):
                drafts.append(_Draft())
                self._add(written, group.entry, drafts[-1])
            else:
                self._pour(group, drafts)
        return tuple(self._page(draft, number, len(drafts)) for number, draft in enumerate(drafts, 1))

    def _fits(self, text: str, draft: _Draft) -> bool:
        gap = self._gap if draft.groups else ""
        size = self._markup.measure(gap + text)
        low_enough = draft.lines + self._height(text) + max(len(gap) - 1, 0) <= self._lines
        # Where lines only make a page pleasant, a group that is taller still goes on one page, if its size allows.
        low_enough = low_enough or not (draft.groups or self._width)
        return draft.size + size <= self._limit and low_enough

    def _add(self, text: str, entry: int, draft: _Draft, *, going_on: bool = False) -> None:
        """Put written text on a page, as a group of its own or as the next line of the last one."""
        gap = "\n" if going_on else self._gap if draft.groups else ""
        draft.size += self._markup.measure(gap + text)
        draft.lines += self._height(text) + max(len(gap) - 1, 0)
        if going_on:
            draft.groups[-1] += gap + text
        else:
            draft.groups.append(text)
        if entry and entry not in draft.entries:
            draft.entries.append(entry)

    def _pour(self, group: LineGroup, drafts: list[_Draft]) -> None:
        """Put a group that fits no page on as many as it needs, cut between lines, then inside them."""
        going_on = False
        for line in group.lines:
            rest = line
            while rest:
                piece, rest = self._take(rest, self._left(drafts[-1]))
                if piece:
                    self._add(piece, group.entry, drafts[-1], going_on=going_on)
                else:
                    drafts.append(_Draft())
                going_on = bool(piece)

    def _left(self, draft: _Draft) -> int:
        """Return how much of a group may still go on a page."""
        if not draft.groups:
            return self._limit
        left = self._limit - draft.size - self._markup.measure(self._gap)
        rows = self._lines - draft.lines - len(self._gap) + 1
        return min(left, rows * self._width) if self._width else left

    def _size(self, text: str) -> int:
        """Return how much of a page a text takes; where lines have a width, those that it begins are taken whole."""
        return self._height(text) * self._width if self._width else self._markup.measure(text)

    def _take(self, line: Line, room: int) -> tuple[str, Line]:
        """Return as much of a line as fits, written, and what is left; nothing where too little would fit."""
        written = self._write(line)
        if self._size(written) <= room:
            return written, ()
        if room < self._limit // _SHARE:
            return "", line
        taken = ""
        for position, run in enumerate(line):
            written = self._markup.write(run)
            if self._size(taken + written) <= room:
                taken += written
                continue
            length = self._longest(run, room - self._size(taken))
            taken += self._markup.write(Run(run.text[:length].strip("\n"), run.style)) if length else ""
            return taken, (Run(run.text[length:], run.style), *line[position + 1 :])
        return taken, ()

    def _longest(self, run: Run, room: int) -> int:
        """Return how many characters of ``run`` fit, cut at the best border there is."""
        text = run.text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self._size(self._markup.write(Run(text[:middle], run.style))) <= room:
                low = middle
            else:
                high = middle - 1
        for border in _BORDERS:
            at = max(text.rfind(mark, low // 2, low) for mark in border)
            if at >= 0:
                return at + 1
        return low

    def _page(self, draft: _Draft, number: int, total: int) -> Page:
        mark = say("render.page", number=number, total=total) if total > 1 else ""
        texts = [self._head + mark, *draft.groups, self._foot]
        return Page(self._gap.join(text for text in texts if text), number, total, tuple(draft.entries))

    def _write(self, line: Line) -> str:
        return "".join(self._markup.write(run) for run in line if run.text)

    def _height(self, text: str) -> int:
        if not self._width:
            return text.count("\n") + 1
        return sum(max(1, ceil(self._markup.measure(line) / self._width)) for line in text.split("\n"))
