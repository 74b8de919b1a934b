"""``lint``: each finding in one sentence, with the places and words that it stands on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import typer

from corpus.datafiles import load
from corpus.library.added import StoreError
from corpus.library.shipped import load_shipped_plans
from corpus.lint import findings
from corpus.messages import say
from corpus.model import Plan
from corpus.readers import ReadError

_QUOTE = 60
_FIRST = 5
"""Findings that are told unless all are asked for: so many a person reads."""


def run(plans: Callable[[], Sequence[Plan]], *, everything: bool) -> int:
    """Write what is found in the plans; return the exit code: 1 with one line on standard error for no plan."""
    try:
        for plan in plans():
            typer.echo("\n".join(lines(plan, everything=everything)))
    except (ReadError, StoreError) as error:
        typer.echo(error, err=True)
        return 1
    return 0


def lines(plan: Plan, *, everything: bool) -> list[str]:
    """Return the report about one plan, the gravest first, the first of them alone unless ``everything``.

    The shipped plans stand beside it for comparison.
    """
    beside = tuple(one for one in load_shipped_plans() if one.sha256 != plan.sha256)
    order = {rule: at for at, rule in enumerate(load("lint")["gravest_first"])}
    found = sorted(findings(plan, beside), key=lambda one: order.get(one.rule, len(order)))
    if not found:
        return [say("lint.none", title=plan.meta.title)]
    report = [say("lint.header", title=plan.meta.title, count=len(found))]
    for number, one in enumerate(found if everything else found[:_FIRST], start=1):
        report.append(f"{number}. {one.message}")
        spots = one.spots if everything else ()
        report += [say("lint.spot", clause=at.clause, line=at.line, quote=at.quote[:_QUOTE]) for at in spots]
    if len(found) > _FIRST and not everything:
        report.append(say("lint.more", count=len(found) - _FIRST))
    return report
