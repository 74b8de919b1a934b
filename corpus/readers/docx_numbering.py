"""Word's automatic numbers, which stand nowhere in the text: rebuilt from numbering.xml and styles.xml.

Rules: ECMA-376 part 1, 17.9 (numbering).  A paragraph names a ``num`` and a level, itself or through its style; the
``num`` names an ``abstractNum``, whose levels say where counting starts, when it restarts and how it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.readers.counting import printed
from corpus.readers.docx_package import Element, Package, child, local, value

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    legal: bool
    """Numbers of the levels above are printed in Arabic digits."""
    restart: int | None
    """Restarts only after this level (from 1) or one above; 0 never; None after any level above."""


class Numbering:
    """Counts through a document: ask for each numbered paragraph once, in reading order."""

    def __init__(self, package: Package) -> None:
        """Read the definitions of a package; one without numbering.xml numbers nothing."""
        self._nums = {value(node, "numId"): node for node in _children(package.numbering, "num")}
        self._abstracts = {value(node, "abstractNumId"): node for node in _children(package.numbering, "abstractNum")}
        self._styles = {value(node, "styleId"): node for node in _children(package.styles, "style")}
        self._counts: dict[str, dict[int, int]] = {}
        self._overridden: set[tuple[str, int]] = set()

    def label(self, properties: Element | None) -> str:
        """Return the number that Word prints before a paragraph with these ``w:pPr``; empty for none or a bullet."""
        num_id, level = self._numbered(properties)
        num = self._nums.get(num_id)
        abstract = self._abstract(num, set())
        if num is None or abstract is None:
            return ""
        levels = {number: self._level(num, abstract, number) for number in range(_LEVELS)}
        counts = self._count(num, value(abstract, "abstractNumId"), level, levels)
        return _print(level, levels, counts)

    def _numbered(self, properties: Element | None) -> tuple[str, int]:
        """Return the num id and level of a paragraph; an empty id when it is not numbered."""
        own = child(properties, "numPr")
        num_id, level = value(child(own, "numId")), value(child(own, "ilvl"))
        if not num_id:
            num_id, style_level = self._of_style(value(child(properties, "pStyle")))
            level = level or style_level
        number = int(level) if level.isdigit() else 0
        return num_id, min(number, _LEVELS - 1)

    def _of_style(self, style_id: str) -> tuple[str, str]:
        for style in self._ancestry(style_id):
            numbering = child(style, "pPr", "numPr")
            num_id = value(child(numbering, "numId"))
            if num_id:
                linked = self._level_of_style(num_id, value(style, "styleId"))
                return num_id, value(child(numbering, "ilvl")) or linked
        return "", ""

    def _ancestry(self, style_id: str) -> Iterator[Element]:
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            yield self._styles[style_id]
            style_id = value(child(self._styles[style_id], "basedOn"))

    def _level_of_style(self, num_id: str, style_id: str) -> str:
        abstract = self._abstract(self._nums.get(num_id), set())
        levels = _children(abstract, "lvl")
        return next((value(node, "ilvl") for node in levels if value(child(node, "pStyle")) == style_id), "")

    def _abstract(self, num: Element | None, seen: set[str]) -> Element | None:
        """Return the abstractNum of a num, through a numbering style where it is only a link to one."""
        abstract = self._abstracts.get(value(child(num, "abstractNumId")))
        link = value(child(abstract, "numStyleLink"))
        if not link or link in seen:
            return abstract
        target = value(child(self._styles.get(link), "pPr", "numPr", "numId"))
        return self._abstract(self._nums.get(target), seen | {link})

    def _level(self, num: Element, abstract: Element, number: int) -> _Level:
        override = _numbered_child(num, "lvlOverride", number)
        node = child(override, "lvl")
        node = _numbered_child(abstract, "lvl", number) if node is None else node
        restart = value(child(node, "lvlRestart"))
        legal = child(node, "isLgl")
        return _Level(
            start=_int(value(child(override, "startOverride")), _int(value(child(node, "start")), 1)),
            form=value(child(node, "numFmt")) or "decimal",
            text=value(child(node, "lvlText")),
            legal=legal is not None and value(legal) not in {"0", "false"},
            restart=int(restart) if restart.isdigit() else None,
        )

    def _count(self, num: Element, abstract_id: str, level: int, levels: dict[int, _Level]) -> dict[int, int]:
        counts = self._counts.setdefault(abstract_id, {})
        self._restart(num, counts)
        counts[level] = counts[level] + 1 if level in counts else levels[level].start
        for deeper in range(level + 1, _LEVELS):
            after = levels[deeper].restart
            if after is None or level < after:
                counts.pop(deeper, None)
        for above in range(level):
            counts.setdefault(above, levels[above].start)
        return counts

    def _restart(self, num: Element, counts: dict[int, int]) -> None:
        """Start a level anew where a num that was not used before says so."""
        for override in _children(num, "lvlOverride"):
            key = (value(num, "numId"), _int(value(override, "ilvl"), 0))
            if child(override, "startOverride") is not None and key not in self._overridden:
                self._overridden.add(key)
                counts.pop(key[1], None)


def _print(level: int, levels: dict[int, _Level], counts: dict[int, int]) -> str:
    this = levels[level]
    if this.form == "bullet":
        return ""

    def number(found: re.Match[str]) -> str:
        which = int(found[1]) - 1
        form = "decimal" if this.legal else levels[which].form
        return "" if form == "none" else printed(counts.get(which, levels[which].start), form)

    return _PLACE.sub(number, this.text)


def _children(element: Element | None, name: str) -> list[Element]:
    return [node for node in element if local(node) == name] if element is not None else []


def _numbered_child(element: Element, name: str, level: int) -> Element | None:
    return next((node for node in _children(element, name) if value(node, "ilvl") == str(level)), None)


def _int(text: str, default: int) -> int:
    return int(text) if text.isdigit() else default
