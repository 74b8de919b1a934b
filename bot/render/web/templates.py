"""Writes the pages with templates that escape everything; the words are those of the values that they are given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.answering.addressed import AddressKind, Named, Ref
from bot.answering.answer import Answer, AnswerKind, Entry
from bot.answering.contents import Contents
from bot.answering.indicator_table import IndicatorTable
from bot.answering.listings import LISTED, Listing
from bot.answering.neighbours import Neighbours
from bot.messages import say
from bot.render.parts import is_alone, named_units, shown_parties, source_text
from bot.render.web.assets import asset_url
from bot.render.web.sheets import WebSheet, everything, sheet_of

_DESCRIBED = 120
"""Characters of the lines that a chat shows below a link."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where what can be tapped on a page leads."""

    say: Callable[[str], str]
    """A message, as if it were typed below this answer."""
    page: Callable[[int], str]
    picture: str
    """The picture of this answer."""
    to: Callable[[Ref], str]
    """What has an address."""
    unit: Callable[[str, str], str]
    """A unit that a clause (its id) names."""
    whole: str
    """This answer with all its entries on one page."""

    def clause(self, name: str) -> str:
        """Return where a clause is, by its id."""
        return self.to(Ref(AddressKind.CLAUSE, name))

    def indicator(self, name: str) -> str:
        """Return where an indicator is, by its id."""
        return self.to(Ref(AddressKind.INDICATOR, name))

    def plan(self, name: str) -> str:
        """Return where a plan is, by its id."""
        return self.to(Ref(AddressKind.PLAN, name))


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
    home: str = ""
    """Where the page is found from outside: chats that show a link want whole addresses."""
    path: str = "/"
    """Of this very page."""
    names: tuple[str, ...] = ()
    """Districts to choose from by typing, where they are too many to show."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.render.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        say=say,
        asset_url=asset_url,
        named_units=named_units,
        shown_parties=shown_parties,
        linked=linked,
        listed=LISTED,
        source_text=source_text,
    )
    return environment


def linked(line: str, names: Iterable[Named], links: Links) -> Markup:
    """Return a line in which each of the names leads to what it names; the longest one where one holds another."""
    by_text = {one.text: one.ref for one in names if one.text}
    if not by_text:
        return Markup("{}").format(line)
    wanted = re.compile("|".join(map(re.escape, sorted(by_text, key=len, reverse=True))))
    found, last = Markup(), 0
    for match in wanted.finditer(line):
        href = links.to(by_text[match[0]])
        found += line[last : match.start()] + Markup('<a href="{}">{}</a>').format(href, match[0])
        last = match.end()
    return found + line[last:]


def _write(template: str, **values: object) -> str:
    return _environment().get_template(template).render(values)


def write_answer(
    frame: Frame,
    answer: Answer,
    tables: tuple[IndicatorTable, ...],
    links: Links,
    *,
    beside: Neighbours | None = None,
    whole: bool = False,
) -> str:
    """Return the page that shows one page of an answer, or the whole, with the indicators it cites as tables."""
    sheet = everything(answer) if whole else sheet_of(answer)
    shows_entries = sheet.entries or sheet.total > 1
    return _write(
        "answer.html",
        frame=frame,
        answer=answer,
        # A list of indicators has nothing but the lines that the table holds already.
        sheet=WebSheet((), 1, 1) if tables and not shows_entries else sheet,
        tables=tables if sheet.number == 1 else (),
        # Of a clause alone, the first line holds its place and title already.
        alone=is_alone(answer),
        others=_others(answer) if answer.kind is AnswerKind.CLAUSE else (),
        links=links,
        beside=beside,
        description=_description(answer),
    )


def _others(answer: Answer) -> tuple[str, ...]:
    """Return the cited clauses whose words do not stand on the page: those that say the same in another place."""
    quoted = {quote.clause_id for section in answer.sections for entry in section.entries for quote in entry.quotes}
    return tuple(cited.id for cited in answer.citations if cited.id not in quoted)


def _description(answer: Answer) -> str:
    """Return the first words below an answer's first line."""
    entries = [entry for section in answer.sections for entry in section.entries]
    lines = [line for section in answer.sections for line in section.lines]
    told = [_opening(entry) for entry in entries] or lines or [one.title for one in answer.sources]
    return say("render.figure_comma").join(told)[:_DESCRIBED].replace("\n", " ")


def _opening(entry: Entry) -> str:
    return entry.quotes[0].text if entry.expanded and entry.quotes else entry.summary or entry.title


def write_home(frame: Frame, help_answer: Answer, links: Links) -> str:
    """Return the first page: what can be asked."""
    return _write("home.html", frame=frame, answer=help_answer, common=_common(), links=links)


def write_contents(frame: Frame, contents: Contents, links: Links) -> str:
    """Return the page of a plan."""
    return _write("plan.html", frame=frame, contents=contents, links=links)


def write_listing(frame: Frame, listing: Listing, kind: AddressKind, links: Links, district: str = "") -> str:
    """Return one page of a list; of one district's plans where one is named."""
    return _write("list.html", frame=frame, listing=listing, kind=kind, links=links, district=district)


def _common() -> tuple[str, ...]:
    return tuple(say("web.common_questions").split())


def write_missing(frame: Frame, what: str, near: tuple[tuple[str, str], ...], links: Links) -> str:
    """Return the page for an address that leads nowhere; ``near`` are labels and messages that may be meant."""
    return _write("missing.html", frame=frame, what=what, near=near, common=_common(), links=links)


def write_notice(headline: str, lines: tuple[str, ...], *, again: int = 0, login: str = "") -> str:
    """Return a page that only says something; ``again`` reloads it after so many seconds, ``login`` is offered."""
    frame = Frame("", "")
    return _write("notice.html", frame=frame, headline=headline, lines=lines, again=again, login=login)
