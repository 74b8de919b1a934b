"""How many tasks a list holds, in words that a reader can check."""

from __future__ import annotations

from bot.messages import say
from corpus.model import Clause, ClauseKind, Place


def tally(clauses: tuple[Clause, ...]) -> str:
    """7项, or 正文3项、附件2项 where tasks stand in both places; duties in prose are counted apart."""
    body = sum(clause.kind is ClauseKind.TASK and clause.place is Place.BODY for clause in clauses)
    annex = sum(clause.kind is ClauseKind.TASK and clause.place is Place.ANNEX for clause in clauses)
    prose = sum(clause.kind is ClauseKind.DUTY for clause in clauses)
    others = len(clauses) - body - annex - prose
    parts = []
    if body and annex:
        parts.append(say("duties.body_and_annex", body=body, annex=annex))
    elif body or annex:
        parts.append(say("duties.tasks", count=body or annex))
    if prose:
        parts.append(say("duties.prose" if parts else "duties.prose_only", count=prose))
    if others:
        parts.append(say("duties.others" if parts else "duties.others_only", count=others))
    return "".join(parts)
