"""The wordings and what fills their slots are sound, and the bot keeps the level it has reached on the seen half."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from corpus.library.shipped import load_plans
from corpus.model import Clause, Plan
from scripts.measures.judging import folded
from scripts.measures.phrasings import exact_share, measure
from scripts.measures.wordings.cases import cases
from scripts.measures.wordings.data_folder import data_folder
from scripts.measures.wordings.files import FOLDER, GROUPS, HALVES, PLANS, things, units, wordings
from scripts.measures.wordings.gold import figure, holds, units_of
from scripts.measures.wordings.verdicts import Cited, Reply, Verdict, judged

ROOT = Path(__file__).resolve().parent.parent
SLOTS = {"who": {"thing"}, "target": {"figure"}, "joint": {"unit", "unit2"}, "topic_filter": {"unit", "topic"}}
OPERATIONS = ("only", "joint", "lead", "count", "rank")
FEWEST = {"duties": 160, "who": 64, "target": 44, "operations": 40, "topic_filter": 16, "absent": 16}
MOST_MESSAGES = 3100
SAMPLE = 40
"""Messages a group for the floor."""


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    """The shipped plans and the made-up ones, by id."""
    return {plan.meta.id: plan for plan in load_plans(data_folder() / "plans")}


def test_halves_share_no_wording() -> None:
    """No wording stands in both halves, or twice in one; spaces and signs make no difference."""
    said = Counter(
        re.sub(r"[^\w{}]", "", wording)
        for half in HALVES
        for of_group in wordings(half).values()
        for wording in of_group
    )
    assert [times for times in said.values() if times > 1] == []


def test_there_are_enough_wordings_and_the_halves_are_even() -> None:
    """Each group is as large as was set out, and cut in the middle."""
    sizes = Counter[str]()
    for group in GROUPS:
        seen, unseen = (len(wordings(half)[group]) for half in HALVES)
        assert abs(seen - unseen) <= 1
        sizes["operations" if group in OPERATIONS else group] += seen + unseen
    assert {name: size for name, size in sizes.items() if size < FEWEST[name]} == {}
    assert all(set(wordings(half)) == set(GROUPS) for half in HALVES)


@pytest.mark.parametrize("half", HALVES)
def test_each_wording_has_its_groups_slots(half: str) -> None:
    """A wording has the slots that are filled, each once; rank may do without."""
    for group, of_group in wordings(half).items():
        for number, wording in enumerate(of_group):
            slots = re.findall(r"{(\w+)}", wording)
            allowed = [set(), {"unit"}] if group == "rank" else [SLOTS.get(group, {"unit"})]
            assert set(slots) in allowed, (group, number)
            assert len(slots) == len(set(slots)), (group, number)


def test_made_up_plans_are_read_as_printed(plans: dict[str, Plan]) -> None:
    """The units that a naive reader finds in a made-up plan are those of its clauses."""
    for path in PLANS.glob("*.toml"):
        plan = plans[path.stem]
        tasks = [one for one in plan.clauses if one.units]
        assert 25 <= len(tasks) <= 35
        assert plan.problems == ()
        for clause in tasks:
            assert units_of(clause) == printed_units(clause), clause.id


def printed_units(clause: Clause) -> set[str]:
    """Return the names in a clause's last bracket or, in a table, its last line."""
    bracket = re.search(r"（((?:责任|牵头)单位：[^）]+)）$", clause.text)
    names = bracket[1] if bracket else clause.text.rsplit("\n", 1)[-1]
    return set(re.split("[、；]", re.sub("(?:责任|牵头|配合)单位：", "", names)))


def test_units_are_named_by_their_plans(plans: dict[str, Plan]) -> None:
    """A unit that is asked about has tasks under its name; at least twenty do."""
    named = {plan_id: {name for one in plan.clauses for name in units_of(one)} for plan_id, plan in plans.items()}
    asked = [(plan, name) for office in units().unit for plan, name in office.plans.items()]
    assert [one for one in asked if one[1] not in named[one[0]]] == []
    assert len(units().unit) >= 20


def test_absent_units_are_named_nowhere(plans: dict[str, Plan]) -> None:
    """A unit that is to be declined does not stand among its plans' units, by any name, nor in their text."""
    for absent in units().absent:
        for plan_id in absent.plans:
            plan = plans[plan_id]
            known = {form for unit in plan.units for form in (unit.name, *unit.printed, *unit.aliases)}
            assert not known & set(absent.typed), (absent.typed, plan_id)
            assert not any(form in clause.text for form in absent.typed for clause in plan.clauses)


def test_things_figures_and_topics_stand_in_their_plans(plans: dict[str, Plan]) -> None:
    """Names are verbatim, and the words beside them stand in clauses that have units."""
    for plan_id, of_plan in things().things.items():
        assert len(of_plan) >= 12
        for name, quotes in of_plan.items():
            holding = [one for one in plans[plan_id].clauses if one.units and holds(one, quotes)]
            assert any(folded(name) in folded(one.text) for one in holding), name
    for plan_id, figures in things().figures.items():
        missing = [name for name, value in figures.items() if not figure(plans[plan_id], name, value).first]
        assert missing == []
    for topic in things().topic:
        office = next(one for one in units().unit if topic.unit in one.typed)
        of_unit = [one for one in plans[topic.plan].clauses if office.plans[topic.plan] in units_of(one)]
        missing = [
            words for words in [*topic.clauses, *topic.optional] if not any(holds(one, [words]) for one in of_unit)
        ]
        assert missing == []


@pytest.mark.parametrize("half", HALVES)
def test_every_wording_is_asked_and_a_run_is_short(plans: dict[str, Plan], half: str) -> None:
    """Each wording meets several fillings, the same each time; a half stays below some three thousand messages."""
    asked = cases(plans, half)
    assert asked == cases(plans, half)
    assert {one.wording for one in asked} == {one for of_group in wordings(half).values() for one in of_group}
    assert not any("{" in one.message for one in asked)
    assert len(asked) <= MOST_MESSAGES


def test_verdicts(plans: dict[str, Plan]) -> None:
    """The exact set is exact; one clause less, one more, and a decline are told apart."""
    case = next(one for one in cases(plans, "seen") if one.group == "duties" and len(one.gold.needed) > 1)
    ids = [min(group) for group in case.gold.needed]
    exact = Reply(0, answered=True, kind="duties", text="", clauses=[Cited(one) for one in ids])
    assert judged(case, exact).verdict is Verdict.EXACT
    fewer = Reply(0, answered=True, kind="duties", text="", clauses=exact.clauses[1:])
    assert judged(case, fewer).verdict is Verdict.INCOMPLETE
    more = Reply(0, answered=True, kind="duties", text="", clauses=[*exact.clauses, Cited("?")])
    assert judged(case, more).verdict is Verdict.TOO_MUCH
    assert judged(case, Reply(0, answered=False, kind="decline", text="", clauses=[])).verdict is Verdict.DECLINED


@pytest.mark.parametrize("half", [["--half", "unseen"], []])
def test_failures_of_the_unseen_half_are_not_shown(half: list[str]) -> None:
    """Whoever asks for them is refused, and told no wording."""
    command = [sys.executable, "-m", "scripts.measures.phrasings", "--show-failures", *half]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stdout == ""


def test_the_level_reached_is_kept() -> None:
    """As large a share of the seen half's answers is exact as was when the floor was set."""
    floor = tomllib.loads((FOLDER / "floor.toml").read_text(encoding="utf-8"))
    outcomes = measure("seen", SAMPLE, data_folder())
    failed = [f"{one.case.message}: {one.verdict}" for one in outcomes if one.verdict is not Verdict.EXACT]
    assert exact_share(outcomes) >= floor["seen"], "\n".join(failed)
    absent = [one for one in outcomes if one.case.group == "absent"]
    assert exact_share(absent) >= floor["absent"], "\n".join(failed)
