"""An item's paragraphs → the smallest spans that carry their own responsible units.

One label at the end of a paragraph covers all of it (一是…二是…（责任单位：甲）); a label behind each part makes each
part a span of its own; labels on lines of their own (牵头单位：…) belong to the paragraphs above them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from corpus.blocks import Paragraph
from corpus.model import Role, UnitRef
from corpus.responsibility import find, whole_line

_PUNCTUATION = "。．.；;，, 　\n"


@dataclass(slots=True)
class Segment:
    """A span of text with the units printed for it (none for plain text)."""

    lines: list[int]
    """Source line of each paragraph in ``text``."""
    text: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Where labels stand in ``text``."""
    units: list[UnitRef] = field(default_factory=list)
    deadline: str = ""
    labelled: bool = False

    @property
    def body(self) -> str:
        """The text without its labels."""
        text = self.text
        for start, end in reversed(self.spans):
            text = text[:start] + text[end:]
        return text.strip(" 　\n")


class Reader:
    """Cuts paragraphs into segments; remembers a remark that the first unit of each list leads."""

    def __init__(self) -> None:
        self._first_leads = False

    def segments(self, paragraphs: tuple[Paragraph, ...]) -> tuple[Segment, ...]:
        """Return the segments of one item's paragraphs, in order; together they hold every character."""
        done: list[Segment] = []
        for paragraph in paragraphs:
            self._add(done, paragraph)
        return tuple(done)

    def _add(self, done: list[Segment], paragraph: Paragraph) -> None:
        line_label = whole_line(paragraph.text)
        if line_label is not None and done:
            segment = done[-1]
            start = len(segment.text) + 1
            segment.text += "\n" + paragraph.text
            segment.lines.append(paragraph.line)
            self._take(segment, line_label.units, line_label.deadline, (start, len(segment.text)))
            return
        start = 0
        for label in find(paragraph.text):
            self._first_leads = self._first_leads or label.first_leads
            segment = self._open(done, paragraph, start)
            base = len(segment.text)
            segment.text += paragraph.text[start : label.end]
            span = (base + label.start - start, base + label.end - start)
            self._take(segment, label.units, label.deadline, span)
            start = label.end
        tail = paragraph.text[start:]
        if start and not tail.strip(_PUNCTUATION):
            done[-1].text += tail
        elif tail:
            self._open(done, paragraph, start).text += tail

    @staticmethod
    def _open(done: list[Segment], paragraph: Paragraph, start: int) -> Segment:
        """Return the segment that the paragraph's text from ``start`` goes on with, a new one after a label."""
        if done and not done[-1].labelled and start == 0:
            done[-1].text += "\n"
            done[-1].lines.append(paragraph.line)
            return done[-1]
        done.append(Segment([paragraph.line]))
        return done[-1]

    def _take(self, segment: Segment, units: tuple[UnitRef, ...], deadline: str, span: tuple[int, int]) -> None:
        if self._first_leads and units and not segment.units and all(unit.role is Role.RESPONSIBLE for unit in units):
            units = (replace(units[0], role=Role.LEAD), *units[1:])
        known = {unit.printed for unit in segment.units}
        segment.units += [unit for unit in units if unit.printed not in known]
        segment.deadline = deadline or segment.deadline
        segment.spans.append(span)
        segment.labelled = True
