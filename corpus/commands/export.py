"""``export``: a JSON line a clause on standard output, counts and what was left out on standard error."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from corpus.datafiles import load
from corpus.library.source import plans_of
from corpus.messages import say
from corpus.model import Clause, ClauseKind, Plan, Role
from corpus.readers import ReadError

_SHOWN = 40


def run(file: Path | None, district: str) -> int:
    """Write the plans' clauses; return the exit code: 1 with one line on standard error where a file is no plan."""
    try:
        plans = plans_of(file, district)
    except ReadError as error:
        typer.echo(error, err=True)
        return 1
    for plan in plans:
        for clause in plan.clauses:
            typer.echo(json.dumps(record(clause), ensure_ascii=False))
        typer.echo("\n".join(summary(plan)), err=True)
    return 0


def record(clause: Clause) -> dict[str, Any]:
    """Return a clause as the export's JSON object; dates are ISO strings."""
    return {
        "id": clause.id,
        "kind": str(clause.kind),
        "plan": clause.plan,
        "district": clause.district,
        "place": str(clause.place),
        "number": clause.number,
        "path": list(clause.path),
        "title": clause.title,
        "text": clause.text,
        "units": list(dict.fromkeys(ref.name for ref in clause.units)),
        "units_printed": [ref.printed for ref in clause.units],
        "roles": [
            {"unit": ref.name, "printed": ref.printed, "role": str(ref.role), "label": ref.label}
            for ref in clause.units
        ],
        "lead": [ref.printed for ref in clause.units if ref.role is Role.LEAD],
        "targets": [
            asdict(target) | {"deadline": target.deadline and target.deadline.isoformat()} for target in clause.targets
        ],
        "counterparts": list(clause.counterparts),
        "status": clause.status,
        "deadline": clause.deadline,
        "line": clause.line,
    }


def summary(plan: Plan) -> list[str]:
    """Return the lines about a plan: its counts, what was dropped, what was not understood."""
    names = load("rules")["names"]
    dropped = (
        say("export.dropped", line=one.line, rule=names.get(one.rule, one.rule), text=one.text[:_SHOWN])
        for one in plan.dropped
    )
    return [counts(plan), *dropped, *problems(plan)]


def counts(plan: Plan) -> str:
    """Return the line that counts what was found in a plan."""
    kinds = Counter(clause.kind for clause in plan.clauses)
    numbers = {kind.value: kinds[kind] for kind in ClauseKind}
    numbers |= {"units": len(plan.units), "targets": sum(len(clause.targets) for clause in plan.clauses)}
    # Tasks are told even where there are none; of anything else, none is no news.
    parts = [say(f"export.{name}", count=count) for name, count in numbers.items() if count or name == ClauseKind.TASK]
    return say("export.counts", title=plan.meta.title, parts="，".join(parts))


def problems(plan: Plan) -> list[str]:
    """Return a line for everything in a plan that was not understood."""
    reasons = load("rules")["reasons"]
    return [
        say("export.problem", line=one.line, reason=reasons[one.reason], text=one.text[:_SHOWN])
        for one in plan.problems
    ]
