"""Cross each wording with a seeded sample of what can stand in its slots, over all plans."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from corpus.model import Plan
from scripts.measures.wordings import gold
from scripts.measures.wordings.files import GROUPS, Absent, Office, things, units, wordings
from scripts.measures.wordings.gold import Gold

TIMES = {"duties": 20, "who": 12, "target": 12, "absent": 14, "topic_filter": 12}
"""How often each wording of a group is asked, if there are as many fillings; of the other groups 8 times."""
OTHER_TIMES = 8
AS_DISTRICT, NAMED, NOWHERE = "the chat's district", "named before the unit", "no district"
WEIGHTS = {AS_DISTRICT: 3, NAMED: 1, NOWHERE: 1}

Plans = Mapping[str, Plan]


@dataclass(frozen=True, slots=True)
class Case:
    """A message, and what an exact answer to it is."""

    half: str
    group: str
    wording: str
    message: str
    district: str | None
    gold: Gold


@dataclass(frozen=True, slots=True)
class Filling:
    """What is put into the slots, where it is asked, and what is then to be answered."""

    slots: Mapping[str, str]
    district: str | None
    gold: Gold


Fill = Callable[[random.Random], Filling]
"""Draws how a name is typed and where the district stands."""


def cases(plans: Plans, half: str, sample: int = 0) -> list[Case]:
    """Return the messages of a half, in the order of its wordings; at most ``sample`` a group unless it is 0."""
    fills = {
        group: [(fill, set(fill(random.Random(0)).slots)) for fill in make(plans)] for group, make in MAKERS.items()
    }
    found = []
    for group in GROUPS:
        of_group = [case for wording in wordings(half)[group] for case in _crossed(half, group, wording, fills[group])]
        if 0 < sample < len(of_group):
            of_group = random.Random(f"{half} {group}").sample(of_group, sample)
        found += of_group
    return found


def _crossed(half: str, group: str, wording: str, fills: list[tuple[Fill, set[str]]]) -> Iterator[Case]:
    slots = set(re.findall(r"{(\w+)}", wording))
    usable = [fill for fill, its_slots in fills if its_slots == slots]
    rng = random.Random(f"{group} {wording}")
    for fill in rng.sample(usable, min(TIMES.get(group, OTHER_TIMES), len(usable))):
        filling = fill(rng)
        message = wording
        for slot, text in filling.slots.items():
            message = message.replace(f"{{{slot}}}", text)
        yield Case(half, group, wording, message, filling.district, filling.gold)


def _asked(
    rng: random.Random, plans: Plans, office: Office, plan: Plan, *, nowhere: bool
) -> tuple[str, str | None, bool]:
    """Return how a unit is typed, the chat's district, and whether none is known."""
    modes = [mode for mode in WEIGHTS if mode != NOWHERE or (nowhere and office.everywhere)]
    mode = rng.choices(modes, [WEIGHTS[one] for one in modes])[0]
    name, district = office.plans[plan.meta.id], plan.meta.district
    typed = rng.choice(office.typed)
    if mode == NOWHERE:
        return typed, None, True
    if mode == AS_DISTRICT:
        return rng.choice([typed, name]), district, False
    other = rng.choice([None, *(one.meta.district for one in plans.values())])
    short, full = district[:-1], district
    return rng.choice([short + typed, full + typed, short + name]), other, False


def _offices(plans: Plans) -> Iterator[tuple[Office, Plan, str]]:
    for office in units().unit:
        for plan_id, name in office.plans.items():
            yield office, plans[plan_id], name


def _duties(plans: Plans) -> list[Fill]:
    def fill(office: Office, plan: Plan, local: Gold, all_of: Gold, rng: random.Random) -> Filling:
        typed, district, everywhere = _asked(rng, plans, office, plan, nowhere=True)
        return Filling({"unit": typed}, district, all_of if everywhere else local)

    found: list[Fill] = []
    for office in units().unit:
        lists = {plan_id: gold.listed(plans[plan_id], name) for plan_id, name in office.plans.items()}
        all_of = gold.together(lists.values())
        found += [partial(fill, office, plans[plan_id], local, all_of) for plan_id, local in lists.items()]
    return found


def _of_unit(plans: Plans, make: Callable[[Plan, str], Gold]) -> list[Fill]:
    """Return fillings of {unit} in one plan, where there is something to answer."""

    def fill(office: Office, plan: Plan, answer: Gold, rng: random.Random) -> Filling:
        typed, district, _ = _asked(rng, plans, office, plan, nowhere=False)
        return Filling({"unit": typed}, district, answer)

    golds = [(office, plan, make(plan, name)) for office, plan, name in _offices(plans)]
    return [partial(fill, *one) for one in golds if one[2].needed or one[2].told]


def _joint(plans: Plans) -> list[Fill]:
    def fill(office: Office, other: Office, plan: Plan, answer: Gold, rng: random.Random) -> Filling:
        typed, district, _ = _asked(rng, plans, office, plan, nowhere=False)
        return Filling({"unit": typed, "unit2": rng.choice(other.typed)}, district, answer)

    pairs = [
        (office, other, plan, gold.joint(plan, name, second))
        for (office, plan, name), (other, in_plan, second) in combinations(_offices(plans), 2)
        if plan is in_plan
    ]
    return [partial(fill, *one) for one in pairs if one[3].needed]


def _rank(plans: Plans) -> list[Fill]:
    """Return fillings without a unit, and those that set aside the unit with most tasks."""

    def fill(plan: Plan, name: str, typed: list[str]) -> Fill:
        answer = gold.ranked(plan, name)
        return lambda rng: Filling({"unit": rng.choice(typed)} if name else {}, plan.meta.district, answer)

    tops = [one for one in _offices(plans) if any(words[0] == one[2] for words in gold.ranked(one[1]).told)]
    return [
        *(fill(plan, name, [name, *office.typed]) for office, plan, name in tops),
        *(fill(plan, "", []) for plan in plans.values()),
    ]


def _once(plans: Plans, text: str) -> bool:
    """Whether one plan alone speaks of something, so that it may be asked about without a district."""
    return sum(any(gold.holds(one, [text]) for one in plan.clauses) for plan in plans.values()) == 1


def _placed(plans: Plans, plan: Plan, slot: str, name: str, answer: Gold) -> Fill:
    districts = [plan.meta.district, plan.meta.district, None if _once(plans, name) else plan.meta.district]
    return lambda rng: Filling({slot: name}, rng.choice(districts), answer)


def _who(plans: Plans) -> list[Fill]:
    return [
        _placed(plans, plans[plan], "thing", name, gold.answering(plans[plan], quotes))
        for plan, of_plan in things().things.items()
        for name, quotes in of_plan.items()
    ]


def _target(plans: Plans) -> list[Fill]:
    return [
        _placed(plans, plans[plan], "figure", name, gold.figure(plans[plan], name, value))
        for plan, of_plan in things().figures.items()
        for name, value in of_plan.items()
    ]


def _topic(plans: Plans) -> list[Fill]:
    def fill(office: Office, plan: Plan, topic: str, answer: Gold, rng: random.Random) -> Filling:
        typed, district, _ = _asked(rng, plans, office, plan, nowhere=False)
        return Filling({"unit": typed, "topic": topic}, district, answer)

    found = []
    for one in things().topic:
        office, plan = next(office for office in units().unit if one.unit in office.typed), plans[one.plan]
        answer = gold.narrowed(plan, office.plans[one.plan], one.clauses, one.optional)
        found.append((office, plan, one.topic, answer))
    return [partial(fill, *one) for one in found]


def _absent(plans: Plans) -> list[Fill]:
    def fill(one: Absent, plan: Plan, rng: random.Random) -> Filling:
        district, name = plan.meta.district, rng.choice(one.typed)
        places = [(name, district), (name, district), (district[:-1] + name, None)]
        place = rng.choice([*places, (name, None)] if len(one.plans) == len(plans) else places)
        return Filling({"unit": place[0]}, place[1], Gold(declined=True))

    return [partial(fill, one, plans[plan]) for one in units().absent for plan in one.plans]


MAKERS: Mapping[str, Callable[[Plans], list[Fill]]] = {
    "duties": _duties,
    "who": _who,
    "target": _target,
    "only": lambda plans: _of_unit(plans, gold.only),
    "joint": _joint,
    "lead": lambda plans: _of_unit(plans, gold.lead),
    "count": lambda plans: _of_unit(plans, gold.counted),
    "rank": _rank,
    "topic_filter": _topic,
    "absent": _absent,
}
