"""Which units a message asks about: its names, short forms that are meant, unknown names."""

from __future__ import annotations

from dataclasses import dataclass

from bot.query.plan_repository import PlanRepository
from bot.query.query import UnitTerm
from bot.reading.datafiles import load
from bot.reading.evidence import is_marked
from bot.reading.marks import Marks
from bot.reading.names import Mention, Names, is_office_form
from bot.reading.tags import TagLabel, Tags

_SHORTEST_NAME = 2
"""A shorter word with a unit's ending (全委) names nothing."""
_LISTING = ("duties", "count", "lead", "cooperating", "only", "apart")
"""Acts that ask for a unit's tasks: with them a short form (民政) is a unit."""


@dataclass(frozen=True, slots=True)
class UnitsAsked:
    """The units of a message, and what is left of its topic."""

    terms: tuple[UnitTerm, ...] = ()
    without: tuple[UnitTerm, ...] = ()
    topic: str = ""


class UnitWeigher:
    """Tells the units of messages about the plans of one shelf."""

    def __init__(self, shelf: PlanRepository, names: Names) -> None:
        self._shelf = shelf
        self._names = names

    def weigh(self, marks: Marks, tags: Tags | None, districts: tuple[str, ...]) -> UnitsAsked:
        """Return the units asked about and left out, with what else is said."""
        mentions = self._mentions(marks, tags)
        members = [UnitTerm(name, (name,)) for _, _, name in marks.members]
        if not mentions and not members:
            found = self._unlisted(marks, tags, districts)
            return found if found.terms or tags is None else self._tagged(marks, tags, districts)
        words = load("language")["units"]
        before, after = tuple(words["without"]), tuple(words["without_after"])
        out = [one for one in mentions if _stands_out(marks.text, one, before, after)]
        terms = [self._term(one, districts) for one in mentions if one not in out]
        topic = marks.weak_topic if any(one.weak for one in mentions) else marks.topic
        unique = {term.keys or (term.name,): term for term in (*terms, *members)}
        return UnitsAsked(tuple(unique.values()), tuple(self._term(one, districts) for one in out), topic)

    def _mentions(self, marks: Marks, tags: Tags | None) -> list[Mention]:
        """Return the units named; a weak one (教育) only beside another, as the model tags it, or where all is said."""
        strong = [one for one in marks.units if not one.weak]
        weak = [one for one in marks.units if one.weak]
        joins = tuple(load("language")["units"]["joins"])
        listed = [one for one in weak if any(_joined(marks.text, one, other, joins) for other in marks.units)]
        if any(map(marks.has, _LISTING)) or (tags is not None and tags.act == "duties"):
            known = (one for one in weak if any(map(self._names.in_plans, one.keys)))
            listed += [one for one in known if not self._goes_on(marks.text, one)]
        if tags is not None:
            tagged = [(tag.start, tag.end) for tag in tags.spans if tag.label is TagLabel.UNIT]
            listed += [one for one in weak if any(start <= one.start and one.end <= end for start, end in tagged)]
        if not strong and not listed and weak and not marks.weak_topic and not marks.members:
            asks_for_unit = marks.has("duties") or marks.has("count") or not marks.asking
            listed = weak if asks_for_unit else []
        chosen = {one.start: one for one in (*strong, *listed)}
        return [chosen[start] for start in sorted(chosen)]

    def _goes_on(self, text: str, one: Mention) -> bool:
        """Whether a weak name is a piece of what the plans print (文旅|融合), or a marked topic (科技方面)."""
        if is_marked(text, text[one.start : one.end]):
            return True
        wider = {text[max(0, one.start - 1) : one.end], text[one.start : one.end + 1]} - {text[one.start : one.end]}
        return any(self._names.in_text(run) for run in wider if min(run) >= "一" and max(run) <= "鿿")

    def _term(self, mention: Mention, districts: tuple[str, ...]) -> UnitTerm:
        known = tuple(key for key in mention.keys if self._names.in_plans(key))
        here = tuple(key for key in known if self._stands_in(key, districts))
        if not here and (like := self._names.like(mention.text, districts)):
            return UnitTerm(mention.text, like)
        return UnitTerm(mention.text, known)

    def _stands_in(self, key: str, districts: tuple[str, ...]) -> bool:
        return not districts or any(tally.district in districts for tally in self._shelf.tallies(key))

    def _unlisted(self, marks: Marks, tags: Tags | None, districts: tuple[str, ...]) -> UnitsAsked:
        """Take in names in the form of a unit that the directory does not have, or that several units share."""
        topic = marks.topic
        for _, _, name in self._names.find_unknown(marks.topic):
            rest = " ".join(topic.replace(name, " ").split())
            like = self._names.like(name, districts) or self._names.like(name)
            asked = marks.has("duties") or not marks.asking
            if like and (asked or len(like) == 1) and not self._names.in_text(name):
                return UnitsAsked((UnitTerm(name, like, ambiguous=len(like) > 1),), (), rest)
            if like and asked and not rest:
                return UnitsAsked((UnitTerm(name, like, ambiguous=len(like) > 1),), (), rest)
            said = tags is None or any(name in one or one in name for one in tags.texts(marks.text, TagLabel.UNIT))
            if said and len(name) > _SHORTEST_NAME and not self._names.in_text(name):
                return UnitsAsked((UnitTerm(name),), (), rest)
        return UnitsAsked(topic=topic)

    def _tagged(self, marks: Marks, tags: Tags, districts: tuple[str, ...]) -> UnitsAsked:
        """Take in what the model tags as a unit though no directory has it, where a list of tasks is asked for."""
        names = tags.texts(marks.text, TagLabel.UNIT) if tags.act == "duties" or marks.has("duties") else ()
        terms = []
        topic = marks.topic
        for name in names:
            like = self._names.like(name, districts) or self._names.like(name)
            if is_office_form(name) and name != marks.text.strip() and (like or not self._names.in_text(name)):
                terms.append(UnitTerm(name, like, ambiguous=len(like) > 1))
                topic = " ".join(topic.replace(name, " ").split())
        return UnitsAsked(tuple(terms), (), topic)


def _stands_out(text: str, one: Mention, before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    return text[: one.start].endswith(before) or text[one.end :].startswith(after)


def _joined(text: str, one: Mention, other: Mention, joins: tuple[str, ...]) -> bool:
    first, second = sorted((one, other), key=lambda mention: mention.start)
    return one is not other and text[first.end : second.start].strip() in joins
