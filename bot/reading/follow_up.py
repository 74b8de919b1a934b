"""A message that goes on with the last question: the last query with some of its parts changed.

The words that change it may stand anywhere in the message, with any politeness around them (``data/language.toml``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from bot.query.query import Aspect, GroupBy, Match, Query, Select, Where
from bot.reading.datafiles import load
from bot.reading.reading import Reading
from corpus.notation.numerals import numeral

_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_SHORT_TOPIC = 2
_MOST_CONTEXT = 6
"""Words of earlier questions that are carried along, so that a long chat costs no more than a short one."""
_OF_CLAUSES = frozenset({Select.PASSAGES, Select.FIGURES, Select.UNITS, Select.CLAUSE})
_OPEN = frozenset({Select.PASSAGES, Select.FIGURES, Select.UNITS})


@cache
def _phrases(name: str) -> frozenset[str]:
    return frozenset(load("language")["follow_up"][name])


@cache
def _polite() -> re.Pattern[str]:
    words = sorted(load("language")["follow_up"]["polite"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@cache
def _expand() -> re.Pattern[str]:
    number = "(?P<n>[0-9]{1,3}|[一二三四五六七八九十]{1,3})"
    forms = [re.escape(form).replace(r"\{n\}", number.replace("?P<n>", f"?P<n{at}>")) for at, form in
             enumerate(load("language")["follow_up"]["expand"])]  # fmt: skip
    return re.compile("|".join(f"(?:{form})" for form in forms))


_ENTRY = re.compile("第?([0-9]{1,3}|[一二三四五六七八九十]{1,3})[条个项]")
"""An entry of the last answer by its number."""


@cache
def _around_verbatim() -> re.Pattern[str]:
    words = sorted((*_phrases("verbatim"), *_phrases("verbatim_around")), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def _verbatim(text: str) -> int:
    """Return the entry whose own words are asked for in any wording, -1 for all shown; 0 where more is said."""
    if not any(word in text for word in _phrases("verbatim")):
        return 0
    numbers = [value for found in _ENTRY.findall(text) if (value := numeral(found))]
    rest = _polite().sub("", _around_verbatim().sub("", _ENTRY.sub("", text)))
    return 0 if _EDGE.sub("", rest) else next(iter(numbers), -1)


@cache
def _about() -> re.Pattern[str]:
    return re.compile(load("language")["follow_up"]["about"])


def follow(reading: Reading, last: Reading | None, names: dict[str, str]) -> Reading | None:
    """Return what a message means after ``last``; None when it starts afresh. ``names`` are those of districts."""
    text = _EDGE.sub("", reading.text)
    bare = _EDGE.sub("", _polite().sub("", text)) or text
    nothing = replace(
        reading, query=Query(Select.PASSAGES, Where(districts=reading.query.where.districts)), left_over=()
    )
    before = last or nothing
    for said in dict.fromkeys((text, bare)):
        turned = _turned_page(said, before) or _beside(said, before) or _expanded(said, before)
        if turned or last is None:
            if turned:
                return turned
            continue
        changed = _only_district(said, last, names) or _narrowed(said, last) or _changed(said, reading, last)
        if changed:
            return changed
    return _goes_on((text, bare), reading, last) if last is not None else None


def _again(last: Reading, query: Query, page: int = 1) -> Reading:
    return replace(last, query=query, page=page, corrections=(), left_over=())


def _turned_page(text: str, last: Reading) -> Reading | None:
    if text in _phrases("next_page"):
        return _again(last, last.query, last.page + 1)
    return _again(last, last.query, max(1, last.page - 1)) if text in _phrases("previous_page") else None


def _beside(text: str, last: Reading) -> Reading | None:
    """Go on to the clause before or after the one that was shown."""
    clause = last.query.clause
    step = 1 if text in _phrases("next_clause") else -1 if text in _phrases("previous_clause") else 0
    if not step or clause is None or last.query.select is not Select.CLAUSE:
        return None
    return _again(last, replace(last.query, clause=replace(clause, step=clause.step + step), entry=0))


def _expanded(text: str, last: Reading) -> Reading | None:
    if text in _phrases("all_of_it"):
        return _again(last, replace(last.query, entry=-1))
    found = _expand().fullmatch(text)
    number = next((value for part in found.groups() if part and (value := numeral(part))), 0) if found else 0
    number = number or _verbatim(text)
    return _again(last, replace(last.query, entry=number)) if number else None


def _only_district(text: str, last: Reading, names: dict[str, str]) -> Reading | None:
    if text in _phrases("both"):
        return _in_districts(last, ())
    for name, district in names.items():
        if name in text and text.replace(name, "{d}") in _phrases("only"):
            return _in_districts(last, (district,))
    return None


def _in_districts(last: Reading, districts: tuple[str, ...]) -> Reading:
    query = replace(last.query, where=replace(last.query.where, districts=districts), entry=0)
    return replace(_again(last, query), named_districts=True)


def _narrowed(text: str, last: Reading) -> Reading | None:
    """只看跟药材有关的: the last list, kept to a topic."""
    found = _about().fullmatch(text)
    if not found or last.query.select is not Select.TASKS:
        return None
    return _again(last, replace(last.query, where=replace(last.query.where, topic=found["topic"]), entry=0))


def _changed(text: str, reading: Reading, last: Reading) -> Reading | None:
    """Change what is wanted of the last answer: its units, its figures, its number, its roles."""
    query = replace(last.query, entry=0, count=False)
    if last.query.where.units and not reading.query.where.units and any(word in text for word in _phrases("this_unit")):
        districts = reading.query.where.districts if reading.named_districts else query.where.districts
        return _again(last, replace(query, where=replace(query.where, districts=districts)))
    units, figures = text in _phrases("units"), text in _phrases("targets")
    listed = reading.query.select is Select.UNITS and not reading.query.where.topic and not _every(text)
    if query.select is Select.TASKS and (units or figures or listed):
        return _again(last, _of_list(query, figures=figures))
    if query.select in _OF_CLAUSES and (units or listed):
        return _again(last, query if query.clause else replace(query, select=Select.UNITS, aspect=Aspect.ANY, thing=""))
    if query.select in _OF_CLAUSES and figures:
        return _again(last, replace(query, select=Select.FIGURES))
    if text in _phrases("more"):
        wider = query.where.topic and not query.where.units
        return _again(last, replace(query, select=Select.PASSAGES) if wider else query)
    return _with_conditions(reading, last)


def _of_list(query: Query, *, figures: bool) -> Query:
    """Return the query for a list's figures, or else for its units: of what a name alone was asked for, who does it."""
    where = query.where
    if figures:
        return replace(query, where=replace(where, figures=True), all_units=False)
    if where.names and not where.units:
        return replace(query, select=Select.UNITS, where=replace(where, topic=" ".join(where.names), names=()))
    return replace(query, all_units=True)


def _every(text: str) -> bool:
    return any(word in text for word in load("language")["follow_up"]["every"])


def _with_conditions(reading: Reading, last: Reading) -> Reading | None:
    """Add conditions to the last list: a role, only one unit, a number, a time, figures."""
    new, old = reading.query, last.query
    where = new.where
    has_subject = where.units or where.names or where.topic or where.without or reading.named_districts
    changes = where.role or where.match is Match.ONLY or where.before or where.years or where.figures or new.count
    if old.select is not Select.TASKS or has_subject or not changes or new.order is not Query(Select.TASKS).order:
        return None
    only = where.match is Match.ONLY
    merged = replace(
        old.where,
        role=where.role or old.where.role,
        match=Match.ONLY if only else old.where.match,
        before=where.before or old.where.before,
        years=where.years or old.where.years,
        figures=where.figures or old.where.figures,
    )
    return _again(last, replace(old, where=merged, count=new.count, entry=0))


def _goes_on(said: tuple[str, str], reading: Reading, last: Reading) -> Reading | None:
    query, old = reading.query, last.query
    unknown = any(not term.keys for term in query.where.units)
    if said[0].startswith(tuple(_phrases("resets"))) or unknown or query.thing:
        return None
    opens, ends = tuple(_phrases("opens")), tuple(_phrases("ends"))
    marked = any(text.startswith(opens) or text.endswith(ends) for text in said)
    where = query.where
    districts = where.districts if reading.named_districts else old.where.districts
    if where.units and old.where.units and any(word in said[0] for word in _phrases("with_it")):
        both = replace(old.where, units=(*old.where.units, *where.units), match=Match.ALL, districts=districts)
        return _again(last, replace(old, where=both, entry=0))
    if where.units:
        return _other_unit(reading, last, districts) if marked and not where.topic else None
    if query.select not in _OPEN or not (marked or len(where.topic) <= _SHORT_TOPIC):
        return None
    merged = replace(
        query,
        select=old.select if query.select is Select.PASSAGES and old.select in _OPEN else query.select,
        aspect=old.aspect if query.select is Select.PASSAGES and not query.aspect else query.aspect,
        where=replace(
            where, topic=where.topic or old.where.topic, units=() if where.topic else old.where.units,
            names=() if where.topic else old.where.names, districts=districts,
        ),
        group=GroupBy.DISTRICT if GroupBy.DISTRICT in (query.group, old.group) else GroupBy.NONE,
        earlier=" ".join(f"{old.earlier} {old.where.topic or old.words}".split()[-_MOST_CONTEXT:]),
    )  # fmt: skip
    if merged.where.units or merged.where.names:
        merged = replace(merged, select=Select.TASKS)
    return replace(reading, query=merged)


def _other_unit(reading: Reading, last: Reading, districts: tuple[str, ...]) -> Reading:
    """Return the last question about another unit: 那教委呢, 换成教育局."""
    old = last.query
    keep = replace(old.where, units=reading.query.where.units, districts=districts)
    same = old.select is Select.TASKS
    where = keep if same else replace(Where(), units=keep.units, districts=districts, topic=old.where.topic)
    query = replace(
        old if same else reading.query, select=Select.TASKS, where=where, entry=0, words=reading.query.words
    )
    return replace(reading, query=replace(query, tentative=bool(where.topic)), left_over=())
