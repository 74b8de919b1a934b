"""``show``: one plan with its clauses, units and targets."""

from __future__ import annotations

import typer

from corpus.commands.export import counts
from corpus.commands.find import find_plan
from corpus.commands.report import about
from corpus.library.added import PlanStore, StoreError
from corpus.messages import say
from corpus.model import Clause
from corpus.readers import ReadError

_SHOWN = 30


def run(plan_id: str, store: PlanStore) -> int:
    """Print a plan; return 1, with a line that says why, when there is none with this id."""
    try:
        plan = find_plan(plan_id, store)
    except (ReadError, StoreError) as error:
        typer.echo(error, err=True)
        return 1
    for line in (*about(plan.meta), counts(plan), *map(_line, plan.clauses)):
        typer.echo(line)
    return 0


def _line(clause: Clause) -> str:
    units = "、".join(ref.name for ref in clause.units) or say("show.no_units")
    targets = "；".join(target.figure for target in clause.targets) or say("show.no_targets")
    title = "".join(clause.title.split())[:_SHOWN]
    return say("show.clause", id=clause.id, title=title, units=units, targets=targets)
