"""The synthetic corpus: the parser reads out of it what was put in, and a seed says all about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.library.added import PlanStore
from corpus.library.shipped import load_shipped_plans
from corpus.lint import findings
from corpus.model import ClauseKind, Plan
from scripts.synthetic.corpus import identities, make_plans, write_corpus
from scripts.synthetic.made import MadeClause, MadePlan
from scripts.synthetic.places import DISTRICTS, districts, project_name
from scripts.synthetic.plans import make_plan
from scripts.synthetic.questions import Kind, make_questions

CLAUSES, SEED = 1600, 7
Pair = tuple[MadePlan, Plan]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Pair]:
    """Plans as they were meant, and as the parser reads them from the store."""
    folder = tmp_path_factory.mktemp("plans")
    write_corpus(folder, CLAUSES, SEED)
    made = [plan for _, plan in make_plans(CLAUSES, SEED)]
    return list(zip(made, [entry.plan() for entry in PlanStore(folder).entries()], strict=True))


def bodies(clauses: Sequence[MadeClause], kind: ClauseKind) -> list[str]:
    """Return what the clauses of a kind say."""
    return sorted(clause.body for clause in clauses if clause.kind is kind)


def test_every_clause_is_read_as_what_it_was_meant_to_be(pairs: Sequence[Pair]) -> None:
    """Kinds are counted right in every plan, and tasks and states hold the words that were put in."""
    for made, plan in pairs:
        assert Counter(clause.kind for clause in plan.clauses) == Counter(clause.kind for clause in made.clauses)
        for kind in (ClauseKind.TASK, ClauseKind.STATUS):
            assert sorted(clause.body for clause in plan.clauses if clause.kind is kind) == bodies(made.clauses, kind)


def test_units_are_those_of_the_labels(pairs: Sequence[Pair]) -> None:
    """Each task and each duty in prose has the units that its label, its row or its sentence names."""
    for made, plan in pairs:
        for kind in (ClauseKind.TASK, ClauseKind.DUTY):
            read = Counter(frozenset(unit.printed for unit in one.units) for one in plan.clauses if one.kind is kind)
            assert read == Counter(frozenset(one.units) for one in made.clauses if one.kind is kind)


def test_targets_are_read_with_comparator_counter_and_year(pairs: Sequence[Pair]) -> None:
    """Numbers to be reached come out of the sentences as they went in."""
    for made, plan in pairs:
        meant = Counter(
            (one.what, one.value, one.comparator, one.counter, one.year)
            for clause in made.clauses
            for one in clause.targets
        )
        read = Counter(
            (one.what, one.value, one.comparator, one.counter, one.year)
            for clause in plan.clauses
            for one in clause.targets
        )
        assert read == meant


def test_indicators_have_their_values_and_are_pursued(pairs: Sequence[Pair]) -> None:
    """The table's rows are read in both layouts, and each is linked to the clause whose number it repeats."""
    for made, plan in pairs:
        read = [(one.name, one.counter, one.values) for one in plan.indicators]
        assert read == [(one.name, one.counter, one.values) for one in made.indicators]
        assert all(one.clauses for one in plan.indicators)


def test_most_annex_rows_find_the_clause_that_they_carry_out(pairs: Sequence[Pair]) -> None:
    """The annex repeats the body so that counterparts are found, as in real plans."""
    rows = [one for _, plan in pairs for one in plan.clauses if one.kind is ClauseKind.TASK and one.place == "annex"]
    assert sum(bool(row.counterparts) for row in rows) > 0.9 * len(rows)


def test_the_plans_are_sound(pairs: Sequence[Pair]) -> None:
    """Nothing is dropped or misunderstood, and a careful reader finds next to nothing to ask about."""
    for _, plan in pairs:
        assert not plan.dropped
        assert not plan.problems
    found = Counter(one.rule for _, plan in pairs for one in findings(plan))
    assert sum(found.values()) <= len(pairs), found


def test_clauses_are_as_long_as_real_ones(pairs: Sequence[Pair]) -> None:
    """A task has between 80 and 150 characters at the median, a plan about 100 clauses."""
    lengths = sorted(len(one.text) for _, plan in pairs for one in plan.clauses if one.kind is ClauseKind.TASK)
    assert 80 <= lengths[len(lengths) // 2] <= 150
    assert 80 <= sum(len(plan.clauses) for _, plan in pairs) / len(pairs) <= 130


def test_a_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    """Two corpora of one seed are equal byte for byte; another seed shares no plan."""
    for name, seed in (("one", 3), ("again", 3), ("other", 4)):
        write_corpus(tmp_path / name, 400, seed)
    one, again, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).glob("*.json")}
        for name in ("one", "again", "other")
    )
    assert one == again
    assert not set(one.values()) & set(other.values())


def test_a_small_corpus_opens_a_larger_one() -> None:
    """Measurements at two sizes are about the same plans."""
    small = [plan for _, plan in make_plans(300, SEED)]
    assert small == [plan for _, plan in make_plans(900, SEED)][: len(small)]


def test_there_is_room_for_a_million_clauses() -> None:
    """2,800 districts with distinct names hold some 10,000 plans, whose projects all have names of their own."""
    names = {one.name[:-1] for one in districts(SEED)}
    assert len(names) == DISTRICTS
    assert not names & {plan.meta.district[:-1] for plan in load_shipped_plans()}
    assert 9_500 < sum(1 for _ in identities(SEED)) < 10_500
    projects = [project_name(number) for number in range(40_000)]
    assert len(set(projects)) == len(projects)


def test_no_sentence_is_taken_from_a_shipped_plan(pairs: Sequence[Pair]) -> None:
    """The corpus is made of patterns of its own: no sentence of twelve characters or more is in a real plan."""
    real = "\n".join(clause.text for plan in load_shipped_plans() for clause in plan.clauses)
    sentences = {
        one for _, plan in pairs for clause in plan.clauses if clause.kind is ClauseKind.TASK
        for one in clause.body.split("。") if len(one) >= 12
    }  # fmt: skip
    assert not [one for one in sentences if one in real]


def test_questions_are_answered_by_the_clauses_they_name(pairs: Sequence[Pair]) -> None:
    """What is kept as a question's answer stands in the parsed plans, for a district's question in its plans."""
    identity = [one for one, _ in make_plans(CLAUSES, SEED)]
    asked = make_questions(identity, SEED, 20)
    assert Counter(one.kind for one in asked) == dict.fromkeys(Kind, 20)
    assert make_questions(identity, SEED, 20) == asked
    for question in asked:
        clauses = [
            clause for _, plan in pairs for clause in plan.clauses if question.district in ("", plan.meta.district)
        ]
        for gold in question.gold:
            assert [clause for clause in clauses if gold in clause.text]


def test_a_plan_depends_on_nothing_but_its_numbers() -> None:
    """A plan can be made again on its own: questions about a corpus need no second pass over all of it."""
    identity, plan = list(make_plans(600, SEED))[-1]
    assert make_plan(SEED, *identity) == plan
