"""What a unit answers for: every clause that names it, exhaustively, from the parsed plans alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.ask.answer import Answer, AnswerKind, Choice, Section, Source
from bot.ask.entries import EntryMaker, Style, citations
from bot.ask.figures import has_figure
from bot.ask.question import Question
from bot.ask.shelf import Shelf
from bot.messages import say
from corpus.model import Clause, ClauseKind, Place, Role
from corpus.units import collectives
from index.catalogue import OpenPlan

_PLACE_ENDINGS = ("街道办事处", "街道办", "街道", "镇人民政府", "镇政府", "镇", "乡")
Keep = Callable[[Clause], bool]


@dataclass(frozen=True, slots=True)
class PlanDuties:
    """The clauses of one plan that name all the units asked for."""

    plan: OpenPlan
    names: tuple[str, ...]
    """The units as this plan prints them."""
    clauses: tuple[Clause, ...]
    through: tuple[tuple[str, tuple[Clause, ...]], ...] = ()
    """Collectives that include the unit, each with the clauses that name it."""
    mentions: tuple[str, tuple[Clause, ...]] = ("", ())
    """The place's short name and the clauses that speak of it, no unit of theirs."""

    @property
    def all_clauses(self) -> tuple[Clause, ...]:
        """Clauses by name, then those through collectives, then those that only speak of it."""
        return (*self.clauses, *(clause for _, clauses in self.through for clause in clauses), *self.mentions[1])


def find_duties(shelf: Shelf, question: Question, keep: Keep) -> tuple[PlanDuties, ...]:
    """Return, by plan, the clauses that name every unit of the question and pass ``keep``."""
    found = []
    for plan in shelf.plans_of(question.districts):
        groups = [tuple(key for key in group if plan.unit(key)) for group in question.unit_groups]
        through = _through(shelf, plan, question, keep) if len(question.unit_names) == 1 else ()
        mentions = _mentions(shelf, plan, question) if len(question.unit_names) == 1 else ("", ())
        if groups and all(groups):
            sets = [[clause for key in group for clause in plan.naming(key)] for group in groups]
            ids = set.intersection(*({clause.id for clause in clauses} for clauses in sets))
            clauses = tuple(clause for clause in sets[0] if clause.id in ids and keep(clause))
            names = tuple(_name_in(plan, key) for group in groups for key in group)
            found.append(PlanDuties(plan, names, clauses, through, mentions))
        elif through or mentions[1]:
            found.append(PlanDuties(plan, question.unit_names, (), through, mentions))
    named = [one for one in found if one.clauses]
    return tuple(one for one in (named or found) if one.all_clauses)


def _name_in(plan: OpenPlan, key: str) -> str:
    unit = plan.unit(key)
    return unit.name if unit else ""


def _through(
    shelf: Shelf, plan: OpenPlan, question: Question, keep: Keep
) -> tuple[tuple[str, tuple[Clause, ...]], ...]:
    own = {one.id for one in plan.naming(question.units[0])}
    found = []
    for name in question.unit_names:
        if name in collectives():
            continue
        for unit in shelf.collectives_with(plan, name):
            clauses = tuple(one for one in plan.naming(unit.key) if one.id not in own and keep(one))
            if clauses:
                found.append((unit.name, clauses))
    return tuple(found)


def _mentions(shelf: Shelf, plan: OpenPlan, question: Question) -> tuple[str, tuple[Clause, ...]]:
    """Return the tasks that speak of a street or town without naming it as a unit.

    接龙镇 stands in its plan as 接龙等镇街. Such tasks belong to a topic that is asked about there; what the town
    answers for is what names it.
    """
    for name in question.unit_names if question.topic else ():
        stem = name.removesuffix(next((end for end in _PLACE_ENDINGS if name.endswith(end)), ""))
        if stem != name and shelf.collectives_with(plan, name):
            named = {clause.id for clause in plan.naming(name)}
            return stem, tuple(one for one in plan.tasks if stem in one.body and one.id not in named)
    return "", ()


def tally(clauses: tuple[Clause, ...]) -> str:
    """7项, or 正文3项、附件2项 where tasks stand in both places; duties in prose are counted apart."""
    body = sum(clause.kind is ClauseKind.TASK and clause.place is Place.BODY for clause in clauses)
    annex = sum(clause.kind is ClauseKind.TASK and clause.place is Place.ANNEX for clause in clauses)
    prose = sum(clause.kind is ClauseKind.DUTY for clause in clauses)
    parts = []
    if body and annex:
        parts.append(say("duties.body_and_annex", body=body, annex=annex))
    elif body or annex:
        parts.append(say("duties.tasks", count=body or annex))
    if prose:
        parts.append(say("duties.prose" if parts else "duties.prose_only", count=prose))
    return "".join(parts)


def duties_answer(
    shelf: Shelf, question: Question, found: tuple[PlanDuties, ...], words: Mapping[str, float]
) -> Answer:
    """Return the answer: the counts first, then by plan and in the plan's order every clause."""
    maker = EntryMaker(
        shelf,
        Style(
            words=words,
            sentences=1 if words else 0,
            asked=frozenset(question.units) | _collective_keys(found),
            units_in_full=question.all_units,
        ),
    )
    sections = tuple(section for duties in found for section in _sections(maker, duties))
    if len(sections) == 1:
        sections = (replace(sections[0], heading=""),)  # the headline says it already
    counts = "；".join(_count(duties) for duties in found)
    headline = say("duties.headline_topic", topic=question.topic, counts=counts) if question.topic else counts
    return Answer(
        kind=AnswerKind.COUNT if question.count else AnswerKind.DUTIES,
        answered=True,
        headline=headline,
        sections=sections,
        sources=tuple(Source(duties.plan.meta.title, duties.plan.meta.issued) for duties in found),
        notes=(say("duties.with_figures"),) if question.with_figures else (),
        choices=_choices(question, found),
        citations=citations(_spread(duties.all_clauses for duties in found)),
    )


def _count(duties: PlanDuties) -> str:
    """Return how many clauses of a plan name the units, and how many name them only through a collective."""
    district, units = duties.plan.meta.district, "、".join(duties.names)
    through = [(name, tally(clauses)) for name, clauses in duties.through]
    if not duties.clauses and not through:
        stem, mentions = duties.mentions
        return say("duties.mentions", district=district, name=stem, count=len(mentions))
    if not duties.clauses:
        name, count = through[0]
        return say("duties.of_plan_through", district=district, units=units, name=name, tally=count)
    key = "duties.of_plan_joint" if len(duties.names) > 1 else "duties.of_plan"
    counted = say(key, district=district, units=units, tally=tally(duties.clauses))
    return counted + "".join(say("duties.and_through", name=name, tally=count) for name, count in through)


def _collective_keys(found: tuple[PlanDuties, ...]) -> frozenset[str]:
    names = {name for duties in found for name, _ in duties.through}
    return frozenset(unit.key for duties in found for unit in duties.plan.units if unit.name in names)


def _sections(maker: EntryMaker, duties: PlanDuties) -> list[Section]:
    district = duties.plan.meta.district
    sections = []
    if duties.clauses:
        heading = say("duties.section", district=district, tally=tally(duties.clauses))
        sections.append(Section(heading, (), maker.entries(duties.clauses)))
    for name, clauses in duties.through:
        heading = say("duties.through", district=district, name=name, tally=tally(clauses))
        sections.append(Section(heading, (), maker.entries(clauses)))
    stem, mentions = duties.mentions
    if mentions:
        heading = say("duties.mentions", district=district, name=stem, count=len(mentions))
        sections.append(Section(heading, (), maker.entries(mentions)))
    return sections


def _choices(question: Question, found: tuple[PlanDuties, ...]) -> tuple[Choice, ...]:
    choices = []
    if not question.with_figures and any(has_figure(clause) for duties in found for clause in duties.all_clauses):
        choices.append(Choice(say("choice.figures"), say("choice.say_figures")))
    choices.append(Choice(say("choice.picture"), say("choice.say_picture")))
    districts = [duties.plan.meta.district for duties in found] if len(found) > 1 else []
    only = (Choice(say("choice.only", district=one), say("choice.say_only", district=one)) for one in districts)
    return (*choices, *only)


def _spread(lists: Iterable[tuple[Clause, ...]]) -> list[Clause]:
    """Return all clauses, one of each part of each plan first, and last those that repeat another in the annex.

    Whoever reads only some of them sees the breadth.
    """
    lanes: dict[tuple[str, str], list[Clause]] = {}
    repeats: list[Clause] = []
    seen: set[str] = set()
    for clauses in lists:
        for clause in clauses:
            if seen.intersection(clause.counterparts):
                repeats.append(clause)
            else:
                lanes.setdefault((clause.plan, clause.path[0] if clause.path else ""), []).append(clause)
            seen.add(clause.id)
    longest = max(map(len, lanes.values()), default=0)
    return [lane[turn] for turn in range(longest) for lane in lanes.values() if turn < len(lane)] + repeats


def lead_only(clause: Clause, keys: frozenset[str], names: dict[str, str]) -> bool:
    """Whether the clause has one of the units as its lead."""
    return any(ref.role is Role.LEAD and names.get(ref.name) in keys for ref in clause.units)
