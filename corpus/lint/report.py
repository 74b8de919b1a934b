"""``lint``: each finding in one sentence, with the places and words that it stands on."""

from __future__ import annotations

from pathlib import Path

import typer

from corpus.library.shipped import load_shipped_plans
from corpus.library.source import plans_of
from corpus.lint import findings
from corpus.messages import say
from corpus.model import Plan
from corpus.readers import ReadError

_QUOTE = 60


def run(file: Path | None, district: str) -> int:
    """Write the findings in the plans; return the exit code: 1 with one line on standard error for no plan."""
    try:
        plans = plans_of(file, district)
    except ReadError as error:
        typer.echo(error, err=True)
        return 1
    for plan in plans:
        typer.echo("\n".join(lines(plan)))
    return 0


def lines(plan: Plan) -> list[str]:
    """Return the report about one plan; the shipped plans stand beside it for comparison."""
    beside = tuple(one for one in load_shipped_plans() if one.sha256 != plan.sha256)
    found = findings(plan, beside)
    if not found:
        return [say("lint.none", title=plan.meta.title)]
    report = [say("lint.header", title=plan.meta.title, count=len(found))]
    for number, one in enumerate(found, start=1):
        report.append(f"{number}. {one.message}")
        report += [say("lint.spot", clause=at.clause, line=at.line, quote=at.quote[:_QUOTE]) for at in one.spots]
    return report
