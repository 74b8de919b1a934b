"""What can be asked of the plans that are there: questions made of their own units, indicators and tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.answering.answer import Answer, Choice
from bot.messages import say
from bot.query.grouping import group
from bot.query.plan_repository import PlanRepository
from corpus.model import ClauseKind
from index.catalogue import OpenPlan

_LOOKED_AT = 3
"""Plans that the examples are taken from, however many there are."""
_LEAST, _MOST = 2, 8
"""Tasks of a unit whose list is short enough for a first look."""
_SHORTEST, _LONGEST = 4, 14
"""Characters of a task's title that makes a question."""


def examples(shelf: PlanRepository) -> tuple[Choice, ...]:
    """Return three questions: a unit's tasks, a figure, who is responsible; fewer where there is no such thing."""
    plans = [shelf.plan(one) for one in shelf.catalogue.plan_ids()[:_LOOKED_AT]]
    kinds = (_duties, _target, _who)
    found = (next((one for plan in plans for one in kind(plan)), "") for kind in kinds)
    return tuple(Choice(question, question) for question in found if question)


def example(shelf: PlanRepository) -> str:
    """Return one question; empty where there are no plans."""
    return next((one.say for one in examples(shelf)), "")


def lead_on(shelf: PlanRepository, answer: Answer) -> Answer:
    """Return a decline that offers nothing to go on with, with what can be asked; any other answer as it is."""
    if answer.answered or answer.choices or not shelf.districts:
        return answer
    return replace(answer, choices=examples(shelf))


def _duties(plan: OpenPlan) -> Iterator[str]:
    counts = {unit.name: len(group(plan.naming(unit.key))) for unit in plan.units if not unit.collective}
    few = [name for name, count in counts.items() if _LEAST <= count <= _MOST]
    for name in sorted(few, key=lambda name: -counts[name]) or list(counts):
        yield say("choice.duties_of", unit=name)


def _target(plan: OpenPlan) -> Iterator[str]:
    for row in plan.indicators:
        if row.values and any(letter.isdigit() for letter in row.values[-1][1]):
            yield say("help.target", year=row.values[-1][0], name=row.name)
    for task in plan.tasks:
        for target in task.targets:
            if target.value is not None and 2 < len(target.what) <= _LONGEST:
                yield say("help.target_undated", name=target.what)


def _who(plan: OpenPlan) -> Iterator[str]:
    for task in plan.tasks:
        if task.kind is ClauseKind.TASK and _SHORTEST <= len(task.title) <= _LONGEST:
            yield say("help.who", title=task.title)
