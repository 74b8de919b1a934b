"""Which paragraphs of a Word document are headings, by the outline level that their style, or they themselves, have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.readers.docx_package import Element, Package, child, local, value

_NAME = re.compile(r"(?:heading|标题) ?(?P<level>[1-9])", re.IGNORECASE)
_LEVELS = 9


class Headings:
    """Tells the level of a paragraph."""

    def __init__(self, package: Package) -> None:
        """Read the styles of a package; without styles.xml only a paragraph's own level counts."""
        styles = package.styles if package.styles is not None else ()
        self._styles = {value(node, "styleId"): node for node in styles if local(node) == "style"}

    def level(self, properties: Element | None) -> int:
        """Return the level of a paragraph with these ``w:pPr``, from 1; 0 for one that is no heading."""
        own = value(child(properties, "outlineLvl"))
        style_id = value(child(properties, "pStyle"))
        found = [own, *(self._of_style(style) for style in self._ancestry(style_id))]
        level = next((one for one in found if one), "")
        return int(level) + 1 if level.isdigit() and int(level) < _LEVELS else 0

    def _of_style(self, style: Element) -> str:
        """Return a style's own outline level, from 0; empty where it has none."""
        named = _NAME.fullmatch(value(child(style, "name")))
        return value(child(style, "pPr", "outlineLvl")) or (str(int(named["level"]) - 1) if named else "")

    def _ancestry(self, style_id: str) -> Iterator[Element]:
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            yield self._styles[style_id]
            style_id = value(child(self._styles[style_id], "basedOn"))
