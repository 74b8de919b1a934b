"""An item's paragraphs → the smallest spans that carry their own responsible units.

One label at the end of a paragraph covers all of it (一是…二是…（责任单位：甲）); a label behind each part makes each
part a span of its own; labels on lines of their own (牵头单位：…) belong to the paragraphs above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.blocks import Paragraph
from corpus.model import UnitRef
from corpus.notation.numbering import parse_mark
from corpus.offices.responsibility import (
    ResponsibilityLabel,
    find,
    goes_on,
    only_units,
    open_label,
    unit_opening,
    whole_line,
)
from corpus.structure.outline import is_title

_STOPS = re.compile("[。．.；;]*")
_PUNCTUATION = "。．.；;，, 　\n"


@dataclass(slots=True)
class TextSegment:
    """A span of text with the units printed for it (none for plain text)."""

    lines: list[int]
    """Source line of each line in ``text``."""
    text: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Where labels stand in ``text``."""
    units: list[UnitRef] = field(default_factory=list)
    deadline: str = ""
    labelled: bool = False
    whole: bool = False
    """Whether its last paragraph opens with its units: the next one is another's."""
    strange: list[str] = field(default_factory=list)
    """What its labels hold in a unit's place without being one."""

    def add(self, text: str, line: int) -> None:
        """Go on with ``text`` from a source line; a cell's text may have several lines itself."""
        self.text += text
        self.lines += [line] * text.count("\n")

    @property
    def body(self) -> str:
        """The text without its labels."""
        starts, ends = [0, *(end for _, end in self.spans)], [*(start for start, _ in self.spans), len(self.text)]
        return "".join(map(self.text.__getitem__, map(slice, starts, ends))).strip(" 　\n")


def read_segments(paragraphs: tuple[Paragraph, ...]) -> tuple[TextSegment, ...]:
    """Return the segments of one item's paragraphs, in order; together they hold every character."""
    done: list[TextSegment] = []
    for paragraph in _with_values(paragraphs):
        _add(done, paragraph)
    return tuple(done)


def _add(done: list[TextSegment], paragraph: Paragraph) -> None:
    line_label = whole_line(paragraph.text)
    if line_label is not None and done:
        segment = done[-1]
        start = len(segment.text) + 1
        segment.add("\n" + paragraph.text, paragraph.line)
        _take(segment, line_label, (start, len(segment.text)))
        return
    start = 0
    for label in find(paragraph.text):
        start = _skip_stop(done, paragraph.text, start)
        segment = _open(done, paragraph, start)
        base = len(segment.text)
        segment.add(paragraph.text[start : label.end], paragraph.line)
        _take(segment, label, (base + label.start - start, base + label.end - start))
        start = label.end
    start = _skip_stop(done, paragraph.text, start)
    tail = paragraph.text[start:]
    if start and not parse_mark(tail.lstrip(_PUNCTUATION)):
        done[-1].add(tail, paragraph.line)
    elif tail:
        segment = _open(done, paragraph, start)
        segment.add(tail, paragraph.line)
        opening = None if start else _opening(paragraph.text)
        if opening:
            _take(segment, opening, None)
            segment.whole = parse_mark(paragraph.text) is None


def _open(done: list[TextSegment], paragraph: Paragraph, start: int) -> TextSegment:
    """Return the segment that the paragraph's text from ``start`` goes on with, a new one after a label.

    A heading that carries the label goes on with what stands below it.
    """
    if done and start == 0 and not done[-1].whole and (not done[-1].labelled or _only_heading(done[-1])):
        done[-1].add("\n", paragraph.line)
        return done[-1]
    done.append(TextSegment([paragraph.line]))
    return done[-1]


def _take(segment: TextSegment, label: ResponsibilityLabel, span: tuple[int, int] | None) -> None:
    known = {unit.printed for unit in segment.units}
    for unit in label.units:
        if unit.printed not in known:
            known.add(unit.printed)
            segment.units.append(unit)
    segment.deadline = label.deadline or segment.deadline
    segment.strange += label.strange
    segment.spans += [span] if span else []
    segment.labelled = True


def _with_values(paragraphs: tuple[Paragraph, ...]) -> Iterator[Paragraph]:
    """Yield the paragraphs, a label whose line ends before its names do (责任单位：) with the lines they are on."""
    waiting: Paragraph | None = None
    for paragraph in paragraphs:
        if waiting is not None and goes_on(paragraph.text):
            waiting = Paragraph(f"{waiting.text}\n{paragraph.text}", waiting.line)
        else:
            if waiting is not None:
                yield waiting
            waiting = paragraph
        if not open_label(waiting.text):
            yield waiting
            waiting = None
    if waiting is not None:
        yield waiting


def _skip_stop(done: list[TextSegment], text: str, start: int) -> int:
    """Give the full stop behind a label to the segment of the label; return where the text goes on."""
    stops = _STOPS.match(text, start) if start else None
    end = stops.end() if stops else start
    if end > start:
        done[-1].text += text[start:end]
    return end


def _opening(text: str) -> ResponsibilityLabel | None:
    """Return the units that a paragraph opens with, or that are all of a heading."""
    mark = parse_mark(text)
    rest = mark.rest if mark else text
    units = only_units(rest) if mark else ()
    return ResponsibilityLabel(0, 0, units) if units else unit_opening(rest)


def _only_heading(segment: TextSegment) -> bool:
    mark = parse_mark(segment.body)
    return bool(mark) and is_title((mark.rest if mark else "").strip("。 　"), shortest=2)
