"""Marks and tags → the query: which units, which act, which conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import msgspec

from bot.query.plan_repository import PlanRepository
from bot.query.query import Aspect, GroupBy, Match, Order, Query, Select, Where
from bot.reading.act import Act, acts, acts_of_model
from bot.reading.chatter import is_only_subject
from bot.reading.counted_noun import counted_noun
from bot.reading.datafiles import load
from bot.reading.evidence import Topic, Words, grown, is_common, topic_of_list
from bot.reading.marks import Marks
from bot.reading.names import Names, distinct
from bot.reading.reading import Reading
from bot.reading.tags import TagLabel, Tags
from bot.reading.thing import thing_asked_for
from bot.reading.weigh_units import UnitsAsked, UnitWeigher

_SHORT = 4
"""Characters up to which a piece of common words says nothing: longer ones may name something by them (数据目录)."""
_SHORTEST_TERM = 3
"""Characters of a piece that is cut to what the plans print."""
_ABOVE = ("rank", "count", "compare")
"""Acts of the model that stand above what single words of a message ask for."""
_SEARCHED = (Select.PASSAGES, Select.FIGURES)
_LISTS = (*_ABOVE, "overview", "document")
"""Acts of the model that take no topic unless one is told."""
_GUESSED = frozenset({"overview"})
"""Acts that the model takes for lists of a kind that it does not know: a time that words ask for stands above them."""
_WHERE = frozenset(Where.__dataclass_fields__)


class Weigher:
    """Makes queries from what was recognised in messages."""

    def __init__(self, shelf: PlanRepository, names: Names, words: Words, holds: Callable[[str], bool]) -> None:
        self._shelf = shelf
        self._names = names
        self._units = UnitWeigher(shelf, names)
        self._words = words
        self._holds = holds

    def settle(self, reading: Reading) -> Reading:
        """Return what a message without a topic means when it does not go on with the last question."""
        query = reading.query
        where = query.where
        if where.units or where.topic or where.names:
            return reading
        timed = bool(where.before or where.years)
        bare = where == Where(districts=where.districts) and not query.count
        listed = bare and query.order is Order.PLAN and reading.act != "all_tasks"
        if query.select is Select.FIGURES:
            query = _bare_figures(reading, timed=timed)
        elif query.select in (Select.PASSAGES, Select.TASKS) and (timed or query.aspect is Aspect.TIME):
            query = replace(query, select=Select.TASKS, where=replace(where, dated=None if timed else True))
        elif query.select is Select.TASKS and listed and not reading.named_districts:
            query = replace(query, select=Select.PASSAGES)
        return replace(reading, query=query)

    def weigh(self, marks: Marks, default_district: str, tags: Tags | None = None) -> Reading:
        """Return the reading of a message with the chat's default district where it names none."""
        districts, named = self._districts(marks, default_district)
        units = self._units.weigh(marks, tags, districts)
        thing = self._thing(marks, units)
        topic = Topic(self._telling(units.topic, thing))
        if units.terms or units.without:
            topic = topic_of_list(marks.text, units.topic, tags, self._words, self._holds)
            if marks.has("whether") and not topic.text:
                topic = Topic(units.topic)  # yes or no is asked of something, whatever it is called
        core = "" if units.terms or tags is None else self._core(marks, units.topic, tags, districts)
        where = Where(
            districts=districts,
            units=units.terms,
            without=units.without,
            topic=topic.text,
            years=_years(marks),
            before=marks.before[2] if marks.before else None,
            match=self._match(marks),
        )
        base = Query(Select.PASSAGES, where, words=marks.text, thing=thing, core=core)
        asks_figure = marks.has("figure") or marks.has("state")
        if tags is not None and not (units.terms or asks_figure or _is_tagged(marks.text, topic.text, tags)):
            base = _without_topic(base, tags)
        act, query = self._asked(marks, base, tags)
        if tags is not None:
            query = self._about_name(marks, query, tags)
        guessed = topic.text and not topic.marked if topic.text else tags is not None and _is_guess(marks, tags)
        query = self._finished(marks, query, tentative=bool(units.terms and guessed))
        left = (*self._left_over(units, topic, query), *marks.loose)
        return Reading(marks.text, query, act, named_districts=named, left_over=left)

    def _core(self, marks: Marks, left: str, tags: Tags, districts: tuple[str, ...]) -> str:
        """Return the tagged pieces that stand in what is left over; nothing where they say nothing."""
        pieces = left.split()
        tagged = tags.texts(marks.text, TagLabel.TOPIC, TagLabel.NAME)
        kept = (grown(one, piece, self._names.in_text) for one in tagged for piece in pieces if one in piece)
        inside = (one for one in tagged if any(piece in one for piece in pieces))
        core = " ".join(dict.fromkeys(map(self._printed, (*kept, *inside))))
        if (noun := counted_noun(marks.text)) and not any(noun in one or one in noun for one in core.split()):
            return ""
        return "" if len(core) < 2 or is_only_subject(core, self._shelf.subjects(districts)) else core

    def _printed(self, piece: str) -> str:
        """Return a piece, without a character at its end where only so the plans print it (中医馆|全)."""
        shorter = (one for one in (piece, piece[:-1], piece[1:]) if len(one) >= _SHORTEST_TERM)
        return next(filter(self._names.in_text, shorter), piece)

    def _telling(self, topic: str, thing: str) -> str:
        """Return a topic without those of its pieces that officials use whatever they speak of (打算)."""
        pieces = topic.split()
        kept = " ".join(one for one in pieces if len(one) > _SHORT or not is_common(one, self._words))
        return kept or ("" if thing else topic)

    def _districts(self, marks: Marks, default: str) -> tuple[tuple[str, ...], bool]:
        districts = distinct(name for _, _, name in marks.districts)
        if not districts and marks.foreign and not marks.every_district:
            return distinct(name for _, _, name in marks.foreign), True
        if not districts and default and not marks.every_district:
            return (default,), False
        return districts, bool(districts) or marks.every_district

    def _match(self, marks: Marks) -> Match:
        words = load("language")["units"]
        strong = [one for one in marks.units if not one.weak]
        if any(marks.text[: marks.place_before(one.start)].endswith(tuple(words["only"])) for one in marks.units):
            return Match.ONLY
        between = [marks.text[first.end : second.start] for first, second in pairwise(strong)]
        return Match.ANY if any(gap in words["either"] for gap in between) else Match.ALL

    def _thing(self, marks: Marks, units: UnitsAsked) -> str:
        listing = marks.has("unit_list") or marks.has("indicators")
        listed = bool(units.terms) and marks.has("duties")
        return "" if listing else thing_asked_for(marks.text, self._names.in_text, listed=listed)

    def _asked(self, marks: Marks, base: Query, tags: Tags | None) -> tuple[str, Query]:
        """Return the act and its query; without words of asking, what the model takes it for."""
        where = base.where
        if marks.clause:
            return "clause", replace(base, select=Select.CLAUSE, clause=marks.clause[2])
        has_topic = not is_only_subject(where.topic, self._subjects(where))
        found = [act for act in acts().values() if marks.has(act.name)]
        chosen = next((a for a in found if not a.part and a.fits(unit=bool(where.units), topic=has_topic)), None)
        if where.units and (chosen is None or chosen.sets.get("select") not in ("tasks", "units")):
            chosen = acts()["duties"]
        if chosen is not None and chosen.name == "who" and marks.has("figure"):
            chosen = acts()["figure"]  # its answer names the units, too
        parts = [part for part in found if part.part]
        if tags is not None:
            chosen = self._read_by_model(chosen, parts, where, tags, has_topic=has_topic)
            parts = _told_parts(parts, tags, where)
        query = with_parts(base, chosen.sets) if chosen else base
        for part in parts:
            if part.fits(unit=bool(where.units), topic=has_topic):
                query = self._with_part(query, part, has_topic=has_topic)
        return (chosen.name if chosen else "passage"), query

    def _read_by_model(
        self, chosen: Act | None, parts: Sequence[Act], where: Where, tags: Tags, *, has_topic: bool
    ) -> Act | None:
        """Return the act that the model is sure of where the grammar has none or one that the model's stands above."""
        act = acts_of_model().get(tags.act)
        if tags.act == "rank" and "fewest" in tags.parts:
            act = acts()["fewest"]
        if act is None or not act.fits(unit=bool(where.units), topic=has_topic):
            return chosen
        if chosen is None:
            return None if not act.part and any(one.name != "whether" for one in parts) else act
        if chosen.name == "duties" and not where.units:
            return None if tags.act in _GUESSED and any(one.name == "due" for one in parts) else act
        above = tags.act in _ABOVE and not act.part and not has_topic and "order" not in chosen.sets
        return act if above else chosen

    def _with_part(self, query: Query, part: Act, *, has_topic: bool) -> Query:
        """Add a part to a query where it can mean something there."""
        if part.name == "due" and query.where.units:
            timed = has_topic and query.select is Select.TASKS and query.where.before is None
            return with_parts(query, part.sets) if timed else query
        if part.name == "compare" and query.group is not GroupBy.NONE:
            return query
        if part.name == "whether" and query.select is Select.UNITS:
            return query
        if part.name == "apart" and len(query.where.units) < 2:
            return replace(query, group=GroupBy.DISTRICT)
        if part.name == "count" and not query.where.units and query.select is Select.PASSAGES:
            return query if has_topic else with_parts(replace(query, select=Select.TASKS), part.sets)
        if part.name in ("lead", "cooperating") and not query.where.units and query.select is Select.PASSAGES:
            query = replace(query, select=Select.UNITS if has_topic else Select.TASKS)
        return with_parts(query, part.sets)

    def _finished(self, marks: Marks, query: Query, *, tentative: bool) -> Query:
        """Settle what depends on several parts: bare subjects, names, comparisons, the base year."""
        if query.where.topic and is_only_subject(query.where.topic, self._subjects(query.where)):
            query = replace(query, where=replace(query.where, topic=""))
        if query.select is Select.TASKS and query.where.topic and not query.where.units:
            query = self._of_names(query)
        query = self._of_state(marks, query)
        if query.select is Select.TASKS and query.order is Order.MOST and marks.every_district:
            query = replace(query, select=Select.UNITS, order=Order.PLAN)  # of the districts the one with most units
        where, topical = query.where, query.select in (Select.PASSAGES, Select.FIGURES)
        if query.group is GroupBy.NONE and topical and (len(where.districts) > 1 or marks.every_district):
            query = replace(query, group=GroupBy.DISTRICT)
        if query.select is Select.PLANS and not marks.districts:
            query = replace(query, where=replace(where, districts=()))
        return replace(query, tentative=tentative and bool(where.topic or where.role or where.match is Match.ONLY))

    def _of_state(self, marks: Marks, query: Query) -> Query:
        """Ask for the state at the start where the year of a topic is the one that the plans start from."""
        where = query.where
        based = set(where.years) & self._shelf.base_years(where.districts) if where.years and where.topic else set()
        if not based or where.units or any(word in marks.text for word in load("language")["reached"]["words"]):
            return query
        return replace(query, select=Select.FIGURES, aspect=Aspect.STATE)

    def _of_names(self, query: Query) -> Query:
        """Turn a list of tasks of something into one of what holds its name, or into a search where nothing does."""
        topic = query.where.topic
        names = tuple(name for name in self._names.find_names(topic) if not is_common(name, self._words))
        rest = topic
        for name in names:
            rest = rest.replace(name, " ")
        if names and is_only_subject(rest):
            return replace(query, where=replace(query.where, names=names, topic=""))
        return replace(query, select=Select.PASSAGES)

    def _about_name(self, marks: Marks, query: Query, tags: Tags) -> Query:
        """Turn a search into a list of what holds a name, where the plans print nothing of what is said beside it."""
        where = query.where
        if query.select is not Select.PASSAGES or query.aspect is not Aspect.ANY or query.thing or marks.units:
            return query
        printed = self._names.find_names(where.topic)
        names = tuple(one for one in tags.texts(marks.text, TagLabel.NAME) if one in printed)
        beside = where.topic
        for name in names:
            beside = beside.replace(name, " ")
        told = any(self._names.in_text(word) for word in self._words(beside) if not is_common(word, self._words))
        if not names or told or marks.every_district or len(where.districts) > 1:
            return query
        return replace(query, select=Select.TASKS, where=replace(where, names=names, topic=""), core="")

    def _subjects(self, where: Where) -> frozenset[str]:
        return self._shelf.subjects(where.districts)

    def _left_over(self, units: UnitsAsked, topic: Topic, query: Query) -> tuple[str, ...]:
        """Return the pieces that nothing explains: beside units what is no marked topic, else what no plan prints."""
        pieces = units.topic.split()
        if query.thing:
            return ()
        if units.terms:
            unlisted = tuple(term.name for term in units.terms if not term.keys)
            return (*unlisted, *(piece for piece in pieces if not (topic.marked and piece in topic.text)))
        if query.where == Where(districts=query.where.districts) and query.select in _SEARCHED:
            return (query.words,)
        if query.where.names or query.select not in (Select.PASSAGES, Select.FIGURES, Select.UNITS):
            return ()
        return tuple(one for one in pieces if not self._names.in_text(one) or is_common(one, self._words))


def _is_tagged(text: str, topic: str, tags: Tags) -> bool:
    """Whether the model takes some of what is left over for a topic."""
    tagged = tags.texts(text, TagLabel.TOPIC, TagLabel.NAME)
    return any(one in piece or piece in one for one in tagged for piece in topic.split())


def _without_topic(query: Query, tags: Tags) -> Query:
    """Leave out what is left over where nothing says that it is a topic and the model takes the message for a list."""
    return replace(query, where=replace(query.where, topic=""), core="") if tags.act in _LISTS else query


def _is_guess(marks: Marks, tags: Tags) -> bool:
    """Whether a role or 只有 was read by the model and by no word."""
    return any(part in tags.parts and not marks.has(part) for part in ("lead", "cooperating", "only"))


def _told_parts(parts: Sequence[Act], tags: Tags, where: Where) -> list[Act]:
    """Return the parts that words ask for, unless the model says otherwise, and those that the model reads."""
    sure = acts_of_model().keys() - _GUESSED
    told = [one for one in parts if not (one.model and tags.act in sure and tags.act not in one.model)]
    named = {*tags.parts, *((tags.act,) if tags.act in _ABOVE else ())}
    if len(where.units) > 1 and tags.act == "compare":
        named = {*named, "apart", "count"}
    if where.units:
        named -= {"whether"}  # of a unit a “no” is a claim: it needs the words for it
    read = [act for act in acts().values() if act.part and act.name in named and act not in told]
    return told + read


def _years(marks: Marks) -> tuple[int, ...]:
    """Return the years named, without those of a time limit or a clause number."""
    taken = [(one[0], one[1]) for one in (marks.before, marks.clause) if one]
    inside = (
        year for start, end, year in marks.years if not any(start < last and end > first for first, last in taken)
    )
    return tuple(dict.fromkeys(inside))


def with_parts(query: Query, sets: Mapping[str, Any]) -> Query:
    """Return a query with some parts set, by the names of its fields and of its conditions."""
    data = msgspec.to_builtins(query)
    for name, value in sets.items():
        (data["where"] if name in _WHERE else data)[name] = value
    return msgspec.convert(data, Query)


def _bare_figures(reading: Reading, *, timed: bool) -> Query:
    """Return what figures are meant where nothing is said of what: those of a year, or the table of a district."""
    query = reading.query
    if query.aspect is Aspect.STATE:
        return replace(query, select=Select.INDICATORS)
    if timed:
        return replace(query, select=Select.TASKS, where=replace(query.where, figures=True))
    bare = any(word in reading.text for word in load("language")["bare"]["indicators"])
    return replace(query, select=Select.INDICATORS) if bare and query.where.districts else query
