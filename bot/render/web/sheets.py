"""Cuts an answer into pages for a browser: by entries, since a page that scrolls has no limit of characters."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answering.answer import Answer, Section

ENTRIES = 8
"""Of one page: about two screens of a phone below the first one."""


@dataclass(frozen=True, slots=True)
class WebSheet:
    """One page of an answer."""

    sections: tuple[Section, ...]
    number: int
    """From 1."""
    total: int

    @property
    def entries(self) -> int:
        """How many entries stand on it."""
        return sum(len(section.entries) for section in self.sections)


def sheet_of(answer: Answer) -> WebSheet:
    """Return the page that the answer asks for, the last one when it has fewer."""
    pages = _cut(answer.sections)
    number = min(max(answer.page, 1), len(pages))
    return WebSheet(pages[number - 1], number, len(pages))


def everything(answer: Answer) -> WebSheet:
    """Return an answer as one page, however long."""
    return WebSheet(answer.sections, 1, 1)


def _cut(sections: tuple[Section, ...]) -> list[tuple[Section, ...]]:
    """Return the sections of each page; one that goes on has its heading again, its lines only once."""
    pages: list[list[Section]] = [[]]
    room = ENTRIES
    for section in sections:
        if not room:
            pages.append([])
            room = ENTRIES
        lines, left = section.lines, section.entries
        while True:
            pages[-1].append(replace(section, lines=lines, entries=left[:room]))
            taken, left = min(room, len(left)), left[room:]
            room -= taken
            if not left:
                break
            lines = ()
            pages.append([])
            room = ENTRIES
    return [tuple(page) for page in pages]
