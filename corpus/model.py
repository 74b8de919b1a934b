"""The values that travel from the corpus to every other room; all frozen, none with behaviour of its own.

A parse is a pure function of a plan's text and the data files, so two parses of one text are equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Place(StrEnum):
    """In which part of the published document a clause stands."""

    FRONT = "front"
    BODY = "body"
    ANNEX = "annex"


class ClauseKind(StrEnum):
    """Why a clause is in the data."""

    TASK = "task"
    """Carries responsible units of its own, printed in a label or a table cell."""
    DUTY = "duty"
    """Prose that gives a named unit something to do, without a label."""
    TEXT = "text"
    """A paragraph without units: aims, background, date of issue."""
    INDICATOR = "indicator"
    """A row of an indicator table."""
    STATUS = "status"
    """The state at the start that a task table prints beside a group of tasks."""


class Role(StrEnum):
    """How a unit takes part in a clause."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"
    GUIDING = "guiding"
    """Advises or watches over those who do it (指导, 督导)."""


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit as one clause names it."""

    name: str
    """Canonical name inside the plan (the form that the plan prints most often)."""
    printed: str
    """The name exactly as printed in this clause."""
    role: Role = Role.RESPONSIBLE
    label: str = ""
    """The label it stood under (责任单位, 牵头单位 …); empty where prose names it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An entry of a plan's unit directory."""

    name: str
    """Canonical name inside the plan."""
    key: str
    """Name shared by the same office in every district (区教委), from the alias data; else ``name``."""
    district: str
    printed: tuple[str, ...]
    """Every form the plan prints, most frequent first."""
    aliases: tuple[str, ...]
    """Spoken and formal forms from the alias data, without the printed ones."""
    collective: bool = False
    """Stands for a group (各街道)."""
    member_suffixes: tuple[str, ...] = ()
    """Endings of the names that a collective includes (街道, 街道办事处)."""


@dataclass(frozen=True, slots=True)
class Target:
    """A number that a clause or an indicator sets out to reach."""

    what: str
    """What is counted (精品中医馆达标率)."""
    value: float | None
    """None for a state without a number (2027年6月前投入使用)."""
    upper: float | None
    """Upper end of a range (1—2名), else None."""
    comparator: str
    """One of = >= <= > < ~ (about)."""
    counter: str
    """个, 名, %, 级 … as printed."""
    year: int | None
    """The year it is due; None where neither clause nor plan says."""
    deadline: date | None
    """A day, where the text gives one more exact than the year (2027年6月前 → 2027-05-31)."""
    recurrence: str
    """每年, or empty."""
    verb: str
    """The plan's own word: 力争, 新增, 建成 …, or empty."""
    baseline: str
    """The state before, as printed, where the plan gives one; else empty."""
    quote: str
    """The words of the plan that hold all this, verbatim."""
    figure: str
    """The number as printed with counter and comparator words (不低于20%, 6名以上); empty without a number."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest span that carries its own units, or another citable piece of a plan."""

    id: str
    """For people, stable while the text stands: ``巴南 一(一)2``, ``渝中 4.2.2``."""
    kind: ClauseKind
    plan: str
    district: str
    place: Place
    number: str
    """Its own number as printed, full path (一（一）2, 4.2.2); empty where there is none."""
    path: tuple[str, ...]
    """Headings from the part down to the clause, as printed."""
    title: str
    """Short title: its lead sentence or heading."""
    text: str
    """Verbatim, the unit label included; line breaks inside a clause are ``\\n``."""
    body: str
    """``text`` without number and unit label: what is to be done."""
    line: int
    """Line in the source file, from 1."""
    units: tuple[UnitRef, ...] = ()
    targets: tuple[Target, ...] = ()
    counterparts: tuple[str, ...] = ()
    """Ids of the clauses that say the same in the other place (body ↔ annex)."""
    status: str = ""
    """The annex's state at the start for the group this clause belongs to."""
    deadline: str = ""
    """The due time printed under a label (完成时限), verbatim."""
    recognised: bool = False
    """Whether its plan was read from pictures by OCR."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of an indicator table."""

    id: str
    plan: str
    district: str
    number: str
    name: str
    """Without the counter (中医馆)."""
    counter: str
    values: tuple[tuple[int, str], ...]
    """Year and value as printed, in the order of the columns."""
    nature: str
    """约束性, 预期性, or empty."""
    clauses: tuple[str, ...]
    """Ids of the clauses that pursue it, closest first."""
    text: str
    """The row verbatim, cells on lines of their own."""
    line: int

    def value(self, year: int) -> str:
        """Return the value printed for ``year``, or an empty string."""
        return dict(self.values).get(year, "")


@dataclass(frozen=True, slots=True)
class PlanMeta:
    """What a plan's metadata file (or its own text) says about it."""

    id: str
    district: str
    title: str
    issuer: str
    issued: date | None
    start: int | None
    end: int | None
    """First and last year of the period."""
    recognised: bool = False
    """Whether its text was read from pictures by OCR: a character may be wrong."""
    url: str = ""
    """Where it was published (http or https); empty where nobody has said."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line of the source that is not part of the plan, and the rule that says so."""

    line: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class ParseProblem:
    """A structure that the parser did not understand; its text is kept as a TEXT clause."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One published document, parsed."""

    meta: PlanMeta
    sha256: str
    """Of the source file's bytes."""
    clauses: tuple[Clause, ...]
    """Every citable piece in reading order, all kinds."""
    indicators: tuple[Indicator, ...]
    units: tuple[Unit, ...]
    dropped: tuple[Dropped, ...]
    problems: tuple[ParseProblem, ...]
