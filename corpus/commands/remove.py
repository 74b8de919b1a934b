"""``remove``: take an added plan away, after asking."""

from __future__ import annotations

import typer

from corpus.commands.find import find_plan
from corpus.library.added import PlanStore, StoreError
from corpus.messages import say
from corpus.readers import ReadError


def run(plan_id: str, store: PlanStore, *, sure: bool) -> int:
    """Remove a plan; return 1, with a line that says why, when it stays."""
    try:
        plan = find_plan(plan_id, store)
        added = plan_id in {entry.meta.id for entry in store.entries()}
        if added and (sure or _agreed(plan.meta.title)) and store.remove(plan_id):
            typer.echo(say("remove.done", plan=plan_id))
            return 0
    except (ReadError, StoreError) as error:
        typer.echo(error, err=True)
        return 1
    typer.echo(say("remove.declined" if added else "remove.shipped", plan=plan_id), err=True)
    return 1


def _agreed(title: str) -> bool:
    try:
        return typer.confirm(say("remove.ask", title=title))
    except typer.Abort:
        typer.echo()
        return False
