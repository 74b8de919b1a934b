"""``list``: every plan the bot answers from, shipped and added."""

from __future__ import annotations

import typer

from corpus.library.added import PlanStore, StoreError
from corpus.library.shipped import load_plans
from corpus.messages import say


def run(store: PlanStore) -> int:
    """Print a line a plan; return 1 when a plan's file is broken."""
    try:
        sources = {entry.meta.id: entry.source for entry in store.entries()}
        plans = load_plans(store.folder)
    except StoreError as error:
        typer.echo(error, err=True)
        return 1
    for plan in plans:
        meta = plan.meta
        source = sources.get(meta.id, say("list.shipped"))
        issued = say("list.issued", day=meta.issued.isoformat()) if meta.issued else say("list.undated")
        values = {"plan": meta.id, "district": meta.district, "title": meta.title, "issued": issued, "source": source}
        typer.echo(say("list.line", clauses=len(plan.clauses), units=len(plan.units), **values))
    return 0
