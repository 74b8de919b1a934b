"""``add``: read a file, report what was understood, ask, and keep the plan."""

from __future__ import annotations

from pathlib import Path

import typer

from corpus.commands.candidate import AddError, Candidate, Given, candidate_of, read_source
from corpus.library.added import PlanStore, StoreError
from corpus.messages import say
from corpus.readers import ReadError


def run(file: Path, store: PlanStore, given: Given, *, sure: bool) -> int:
    """Add the plan in ``file``, asking first unless ``sure``; return 1, with a line that says why, when it is not."""
    try:
        candidate = candidate_of(read_source(file), store, given)
        for line in candidate.lines():
            typer.echo(line)
        agreed = sure or _agreed(candidate)
        if agreed:
            store.add(candidate.stored())
    except (ReadError, StoreError, AddError) as error:
        typer.echo(error, err=True)
        return 1
    typer.echo(say("add.done", plan=candidate.plan.meta.id) if agreed else say("add.declined"), err=not agreed)
    return 0 if agreed else 1


def _agreed(candidate: Candidate) -> bool:
    try:
        return typer.confirm(say("add.ask_replace" if candidate.replaced else "add.ask"))
    except typer.Abort:
        typer.echo()
        return False
