"""What is to be said: the one value that every channel renders.

An ``Answer`` holds the plan's own words and figures, already chosen and ordered. It has no markup, no page
breaks and no user ids, so the same value becomes Telegram HTML, WeCom markdown, a terminal's text or JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.answering.addressed import Named
from bot.query.titles import short_title
from corpus.model import PlanMeta


class FileFormat(StrEnum):
    """What an answer can be sent as beside its text; the value is the ending of the file's name."""

    NONE = ""
    XLSX = "xlsx"
    DOCX = "docx"


class AnswerKind(StrEnum):
    """What the answer is about; the names are part of the JSON contract."""

    DUTIES = "duties"
    WHO = "who"
    TARGET = "target"
    TOPIC = "topic"
    CLAUSE = "clause"
    COMPARE = "compare"
    COUNT = "count"
    DEADLINE = "deadline"
    OVERVIEW = "overview"
    FACT = "fact"
    CHOOSE = "choose"
    """The message is ambiguous: ``choices`` holds what it may mean."""
    HELP = "help"
    DECLINE = "decline"
    MULTI = "multi"
    """Several questions in one message: one section each."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A target or a baseline in the plan's own words."""

    name: str
    """精品中医馆达标率"""
    text: str
    """不低于20%, or 23 → 24 个"""
    in_line: bool = False
    """The entry's line holds these very words: told again only where the line is left out."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A target of an entry, or an indicator that it pursues, in parts; each as the plan prints it."""

    name: str
    """What is counted; empty for a state that is told without a number."""
    baseline: str
    """23个, 2023年 23个; empty where the plan gives none."""
    figure: str
    """不低于20%, 2027年 24个; the plan's words for a state without a number."""
    due: str
    """By when, in the clause's own words; empty where only its plan's period says so."""
    places: tuple[str, ...]
    """附件 4.2.2, 主要指标 5."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of a plan with its place."""

    clause_id: str
    place: str
    """For people: 渝中区 · 附件 4.2.2"""
    path: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Party:
    """The units that one place of an entry names, or several places that name the same."""

    place: str
    """附件 5.1.1; empty where all places shown name the same."""
    units: tuple[str, ...]
    """As the plan prints them, lead units first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered item of an answer: a clause, often with its counterpart in the other place."""

    number: int
    """From 1, counted through the whole answer: what 展开3 refers to."""
    place: str
    """渝中 五（二） · 附件 4.2.2"""
    title: str
    summary: str
    """One line of what is to be done, verbatim; may be empty."""
    figures: tuple[Figure, ...]
    units: tuple[str, ...]
    """All units of all its places, as the plan prints them, lead units first."""
    asked: frozenset[str]
    """Those of ``units`` that the question names: shown in bold."""
    units_in_full: bool
    """Show every unit (who is responsible?), not only the asked ones and a count."""
    notes: tuple[str, ...]
    """Differences between body and annex, contradictions; one line each."""
    quotes: tuple[Quote, ...]
    """The whole text, for 展开."""
    expanded: bool = False
    """Show the quotes in full."""
    parties: tuple[Party, ...] = ()
    """The units by place; none where ``units`` are those of every place."""
    told: bool = False
    """The first line of the answer names the units already."""
    goals: tuple[Goal, ...] = ()
    """All that it sets out to reach, as data; only where the answer is to be a file."""

    @property
    def by_place(self) -> tuple[Party, ...]:
        """The units as each place names them."""
        return self.parties or ((Party("", self.units),) if self.units else ())


@dataclass(frozen=True, slots=True)
class Point:
    """What an indicator's table prints for one year."""

    year: int
    text: str
    """As printed, the counter behind it: 23个, ≥90%."""
    value: float | None
    """The number in it; None where there is none."""


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator as data, for media that can show more than a line of text."""

    number: str
    """Its own in the table."""
    name: str
    points: tuple[Point, ...]
    """In the order of the table's columns."""
    nature: str
    """约束性, 预期性, or empty."""


@dataclass(frozen=True, slots=True)
class Countdown:
    """How long is left for something, as data."""

    name: str
    """巴南区, or what is followed: 渝中区教委."""
    start: date
    today: date
    due: date
    count: int
    """How many tasks or targets are due then."""


@dataclass(frozen=True, slots=True)
class Section:
    """A run of entries under one heading line (a district, or one of several questions)."""

    heading: str
    """May be empty."""
    lines: tuple[str, ...]
    """Lines before the entries: figures, lists of units."""
    entries: tuple[Entry, ...]
    series: tuple[Series, ...] = ()
    """The indicators that the lines print, as data."""
    names: tuple[Named, ...] = ()
    """What of the lines' words has an address, for media that can lead there."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap or type next."""

    label: str
    """只看巴南区"""
    say: str
    """The message that does the same when typed in this conversation."""


@dataclass(frozen=True, slots=True)
class Source:
    """The plan an answer stands on: its last line."""

    title: str
    issued: date | None
    recognised: bool = False
    """Whether its text was read from pictures by OCR."""
    plan: str = ""
    """Its id, where it can be opened."""
    short: str = ""
    """District and subject, by which it is known beside others: 巴南区·中医药振兴发展重大工程."""
    url: str = ""
    """Where it was published; empty where nobody has said."""


def source_of(meta: PlanMeta) -> Source:
    """Return a plan as a source."""
    short = f"{meta.district}·{short_title(meta)}"
    return Source(meta.title, meta.issued, meta.recognised, meta.id, short, meta.url)


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited clause on its own, for the JSON contract."""

    id: str
    plan: str
    district: str
    place: str
    path: tuple[str, ...]
    text: str
    units: tuple[str, ...]
    targets: tuple[str, ...]
    recognised: bool = False
    """Whether its text was read from pictures by OCR."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, all pages of it."""

    kind: AnswerKind
    answered: bool
    headline: str
    """The first line: a figure, a count, a unit list, or the one line of a decline."""
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    """Corrections shown (按“中医馆”查询), degraded search, how to go on."""
    sources: tuple[Source, ...] = ()
    choices: tuple[Choice, ...] = ()
    citations: tuple[Citation, ...] = ()
    """Best first."""
    why: tuple[str, ...] = ()
    """What was recognised, corrected, filtered, retrieved: one line a step."""
    page: int = 1
    """The page asked for (下一页 adds one); a renderer clamps it to the pages it has."""
    declined: str = ""
    """Why there is no answer: the key of the message that says so (``decline.unit``); empty for an answer."""
    confidence: float | None = None
    """How sure the search was (0…1); None where the plans' data answered or declined without one."""
    countdowns: tuple[Countdown, ...] = ()
    """The times that the text counts down, as data."""
    picture: bool = False
    """A picture of it is to follow, where there is one of its kind; the text says all of it."""
    file: FileFormat = FileFormat.NONE
    """A file of it is to follow, where it is a list."""
