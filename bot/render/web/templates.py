"""The templates and the two files that go with them: the style sheet and the icon."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.answering.answer import Answer, AnswerKind
from bot.answering.indicator_table import IndicatorTable
from bot.messages import say
from bot.render.parts import is_alone, named_units, source_text
from bot.render.web.sheets import Sheet, sheet_of

ASSETS = {"style.css": "text/css", "icon.svg": "image/svg+xml"}
"""The files beside the templates that a page refers to, with their media types."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where what can be tapped on a page leads."""

    say: Callable[[str], str]
    """A message, as if it were typed below this answer."""
    page: Callable[[int], str]
    picture: str
    """The picture of this answer."""
    clause: Callable[[str], str]
    """A clause by its id."""
    unit: Callable[[str, str], str]
    """A unit that a clause (its id) names."""
    indicator: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class District:
    """One of the districts to choose from; the first stands for all of them."""

    name: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    question: str
    """As it was asked; empty where a page was opened by its address."""
    state: str
    """The sealed state of the conversation, which a typed question carries along."""
    districts: tuple[District, ...] = ()
    answered: bool = False
    """Whether there is something on it to go on from."""


@cache
def asset(name: str) -> bytes:
    """Return one of the ``ASSETS``."""
    return resources.files(__package__).joinpath(name).read_bytes()


@cache
def asset_version(name: str) -> str:
    """Return a mark that changes with the file, so that a browser may keep it."""
    return hashlib.sha256(asset(name)).hexdigest()[:12]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.render.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(say=say, asset_version=asset_version, named_units=named_units, source_text=source_text)
    return environment


def _write(template: str, **values: object) -> str:
    return _environment().get_template(template).render(values)


def write_answer(frame: Frame, answer: Answer, tables: tuple[IndicatorTable, ...], links: Links) -> str:
    """Return the page that shows one page of an answer, with the indicators it cites as tables."""
    sheet = sheet_of(answer)
    listed = sheet.entries or sheet.total > 1
    return _write(
        "answer.html",
        frame=frame,
        answer=answer,
        # A list of indicators has nothing but the lines that the table holds already.
        sheet=Sheet((), 1, 1) if tables and not listed else sheet,
        tables=tables if sheet.number == 1 else (),
        # Of a clause alone, the first line holds its place and title already.
        alone=is_alone(answer),
        others=_others(answer) if answer.kind is AnswerKind.CLAUSE else (),
        links=links,
    )


def _others(answer: Answer) -> tuple[str, ...]:
    """Return the cited clauses whose words do not stand on the page: those that say the same in another place."""
    quoted = {quote.clause_id for section in answer.sections for entry in section.entries for quote in entry.quotes}
    return tuple(cited.id for cited in answer.citations if cited.id not in quoted)


def write_home(frame: Frame, help_answer: Answer, links: Links) -> str:
    """Return the first page: what can be asked."""
    return _write("home.html", frame=frame, answer=help_answer, common=_common(), links=links)


def _common() -> tuple[str, ...]:
    return tuple(say("web.common_questions").split())


def write_missing(frame: Frame, what: str, near: tuple[tuple[str, str], ...], links: Links) -> str:
    """Return the page for an address that leads nowhere; ``near`` are labels and messages that may be meant."""
    return _write("missing.html", frame=frame, what=what, near=near, common=_common(), links=links)


def write_notice(headline: str, lines: tuple[str, ...], *, again: int = 0, login: str = "") -> str:
    """Return a page that only says something; ``again`` reloads it after so many seconds, ``login`` is offered."""
    return _write("notice.html", headline=headline, lines=lines, again=again, login=login)
