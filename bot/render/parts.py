"""An ``Answer`` as groups of styled lines, the same for every medium; a medium only marks the styles up.

A page is cut between groups: an entry is one group, a section's lines are one, and a heading stands in the group of
what follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from bot.answering.answer import Answer, AnswerKind, Choice, Entry, Figure, Party, Section, Source
from bot.messages import say

FEW_UNITS = 3
"""Units named before “等12家” when the question asks for none of them."""
SHORT_FIGURES = 2
"""Figures in an entry's one line of short form."""
_SHORT_TITLE = 24
"""Characters of a title that leaves the source two lines of a phone."""
_YEARS = re.compile("[（(][0-9]{4}[^（）()]*年?[）)]$")
"""The period that a plan's title ends with."""


class RunStyle(Enum):
    """How a run of text stands out."""

    PLAIN = "plain"
    BOLD = "bold"
    FAINT = "faint"
    QUOTE = "quote"
    """Verbatim words of a plan; may hold line breaks."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style."""

    text: str
    style: RunStyle = RunStyle.PLAIN
    address: str = ""
    """Of the web page that it leads to, in media that know links."""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines that stay together where they fit on one page."""

    lines: tuple[Line, ...]
    entry: int = 0
    """The entry's number, 0 when it is none."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole answer, not cut yet."""

    headline: Line
    notes: tuple[Line, ...]
    groups: tuple[LineGroup, ...]
    source: Line
    """Empty when the answer stands on no plan."""


def choices_in_words(answer: Answer) -> tuple[Choice, ...]:
    """Return what an answer offers next without its picture, for media that send none."""
    return tuple(choice for choice in answer.choices if choice.say != say("choice.say_picture"))


def make_parts(answer: Answer, *, short: bool) -> Parts:
    """Lay out an answer; ``short`` gives each entry one line (two where all units are asked for)."""
    alone = is_alone(answer)
    groups = [group for section in answer.sections for group in _section(section, short=short, alone=alone)]
    return Parts(
        headline=(Run(answer.headline, RunStyle.BOLD),),
        notes=tuple((Run(note, RunStyle.FAINT),) for note in answer.notes),
        groups=tuple(groups),
        source=short_source_line(answer.sources),
    )


def is_alone(answer: Answer) -> bool:
    """Whether one clause is all there is: the first line holds its place and title already."""
    entries = [entry for section in answer.sections for entry in section.entries]
    return answer.kind is AnswerKind.CLAUSE and len(entries) == 1


def _section(section: Section, *, short: bool, alone: bool) -> list[LineGroup]:
    lines: list[Line] = [(Run(section.heading, RunStyle.BOLD),)] if section.heading and not alone else []
    lines += [(Run(line),) for line in section.lines]
    laid = ((entry, _entry(entry, short=short)) for entry in section.entries)
    entries = [LineGroup(text[1:] if alone and text[1:] else text, entry.number) for entry, text in laid]
    if not entries or not lines:
        return [LineGroup(tuple(lines))] if lines else entries
    if lines[1:]:
        return [LineGroup(tuple(lines)), *entries]
    # A line alone before the entries leads in to them.
    entries[0] = LineGroup((lines[0], *entries[0].lines), entries[0].entry)
    return entries


def _entry(entry: Entry, *, short: bool) -> tuple[Line, ...]:
    number = say("render.number", number=entry.number)
    title: Line = (Run(number), Run(entry.place, RunStyle.BOLD), *_after(say("render.dot"), entry.title))
    figures = [_figure(one) for one in entry.figures]
    if short and not entry.expanded:
        brief = say("render.figure_comma").join(figures[:SHORT_FIGURES])
        lines = [title + _after(say("render.dash"), brief)]
        return tuple(lines + (_units(entry) if entry.units_in_full else []))
    lines = [title]
    if entry.summary and not entry.expanded:
        lines.append((Run(entry.summary),))
    if not entry.expanded:  # the whole text holds them
        told = [_figure(one) for one in entry.figures if not (one.in_line and entry.summary)]
        lines += [(Run(say("render.bullet") + figure),) for figure in told]
    lines += _units(entry)
    lines += [(Run(note, RunStyle.FAINT),) for note in entry.notes]
    if entry.expanded:
        for quote in entry.quotes:
            if len(entry.quotes) > 1:
                lines.append((Run(quote.place, RunStyle.FAINT),))
            lines.append((Run(quote.text, RunStyle.QUOTE),))
    return tuple(lines)


def _figure(figure: Figure) -> str:
    return say("render.figure", name=figure.name, text=figure.text) if figure.name else figure.text


def named_units(entry: Entry, party: Party) -> tuple[str, ...]:
    """Return the units of a place that are named: all where they are what is asked, else those asked for or a few."""
    if entry.units_in_full:
        return party.units
    return tuple(unit for unit in party.units if unit in entry.asked) or party.units[:FEW_UNITS]


def shown_parties(entry: Entry) -> tuple[Party, ...]:
    """Return the units by place, as one where the same is said of each, though those left unnamed may differ."""
    named = {(named_units(entry, party), len(party.units)): party for party in entry.by_place}
    if len(named) == 1 and not entry.units_in_full:
        return (Party("", next(iter(named.values())).units),)
    return entry.by_place


def _units(entry: Entry) -> list[Line]:
    """Return a line of units for each place that names others; none where the first line of the answer names them."""
    if entry.told:
        return []
    return [_party(entry, party) for party in shown_parties(entry)]


def _party(entry: Entry, party: Party) -> Line:
    named = named_units(entry, party)
    runs = [Run(say("render.units_at", place=party.place) if party.place else say("render.units"))]
    for position, unit in enumerate(named):
        comma = (Run(say("render.unit_comma")),) if position else ()
        runs += [*comma, Run(unit, RunStyle.BOLD if unit in entry.asked else RunStyle.PLAIN)]
    if len(named) < len(party.units):
        runs.append(Run(say("render.among", count=len(party.units))))
    return tuple(runs)


def source_line(sources: tuple[Source, ...]) -> Line:
    """Return the plans an answer stands on, each with its whole title; an empty line where it stands on none."""
    return _source_line(sources, map(source_text, sources))


def _source_line(sources: Iterable[Source], named: Iterable[str]) -> Line:
    """Return the line; a plan's name leads to where it was published, where that is known."""
    runs, before, comma = list[Run](), say("render.sources"), ""
    for source, name in zip(sources, named, strict=True):
        before, comma = before + comma, say("render.source_comma")
        if source.url:
            runs += [Run(before, RunStyle.FAINT), Run(name, RunStyle.FAINT, source.url)]
            before = ""
        else:
            before += name
    rest = (Run(before, RunStyle.FAINT),) if before else ()
    return (*runs, *rest) if comma else ()


def short_source_line(sources: tuple[Source, ...]) -> Line:
    """Return the same for a small screen: a short title without its years, else district and subject of each plan."""
    bare = [replace(one, title=_YEARS.sub("", one.title)) for one in sources]
    if len(bare) == 1 and len(bare[0].title) <= _SHORT_TITLE:
        return _source_line(bare, map(source_text, bare))
    return _source_line(bare, map(_short_text, bare))


def _short_text(source: Source) -> str:
    told = _told_of(source)
    return say("render.source_short", name=source.short, told=told) if source.short and told else source_text(source)


def source_text(source: Source) -> str:
    """Return how a plan is named as a source: title, day of issue, and that OCR read it."""
    told = _told_of(source)
    return say("render.source" if told else "render.source_bare", title=source.title, told=told)


def _told_of(source: Source) -> str:
    told = [source.issued.isoformat()] if source.issued else []
    return say("render.told_comma").join([*told, *([say("render.recognised")] if source.recognised else [])])


def _after(separator: str, text: str) -> Line:
    return (Run(separator + text),) if text else ()
