"""How many tasks a list holds: as many as it has numbered entries, so that a reader can check it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import say
from bot.query.grouping import group
from corpus.model import Clause, ClauseKind, Place


def tally(clauses: Sequence[Clause]) -> str:
    """Return 7项; duties in prose and clauses without units, entries of the same list, are counted apart."""
    groups = [{clause.kind for clause in joined} for joined in group(clauses)]
    tasks = sum(ClauseKind.TASK in kinds for kinds in groups)
    prose = sum(ClauseKind.TASK not in kinds and ClauseKind.DUTY in kinds for kinds in groups)
    others = len(groups) - tasks - prose
    parts = [say("duties.tasks", count=tasks)] if tasks else []
    if prose:
        parts.append(say("duties.prose" if parts else "duties.prose_only", count=prose))
    if others:
        parts.append(say("duties.others" if parts else "duties.others_only", count=others))
    return "".join(parts)


def joined_note(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Say how many clauses a count was made of, where tasks stand in both places; else nothing."""
    tasks = [clause for clause in clauses if clause.kind is ClauseKind.TASK]
    body = sum(clause.place is Place.BODY for clause in tasks)
    annex = sum(clause.place is Place.ANNEX for clause in tasks)
    return (say("duties.joined", body=body, annex=annex),) if body and annex else ()
