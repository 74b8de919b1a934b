"""The corpus's command line; each command in a module of its own, imported when it is called."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.messages import say

if TYPE_CHECKING:
    from corpus.library.added import PlanStore

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
PlanFile = Annotated[Path | None, typer.Argument(help=say("cli.file"), show_default=False)]
PlanId = Annotated[str, typer.Argument(help=say("cli.plan_id"), show_default=False)]
Sure = Annotated[bool, typer.Option("--yes", "-y", help=say("cli.sure"))]
District = Annotated[str, typer.Option("--district", help=say("cli.district"), show_default=False)]


@app.callback(help=say("cli.corpus"))
def corpus() -> None:
    """Open the corpus's commands."""


@app.command(help=say("cli.export"))
def export(file: PlanFile = None, district: District = "") -> None:
    """Print a JSON line a clause."""
    from corpus.commands.export import run

    raise typer.Exit(run(file, district))


@app.command(help=say("cli.lint"))
def lint(
    plan: Annotated[str, typer.Argument(help=say("cli.plan"), show_default=False)] = "",
    *,
    district: District = "",
    everything: Annotated[bool, typer.Option("--all", help=say("cli.all"))] = False,
) -> None:
    """Print a plan's own contradictions and gaps."""
    from functools import partial

    from corpus.commands.find import meant_plans
    from corpus.lint.report import run

    raise typer.Exit(run(partial(meant_plans, plan, district, _store()), everything=everything))


def _address(url: str) -> str:
    from corpus.assembly.metadata import web_address

    if url and not web_address(url):
        raise typer.BadParameter(say("cli.bad_url"))
    return url.strip()


@app.command(help=say("cli.add"))
def add(
    file: Annotated[Path, typer.Argument(help=say("cli.new_file"), show_default=False)],
    *,
    district: Annotated[str, typer.Option(help=say("cli.own_district"), show_default=False)] = "",
    title: Annotated[str, typer.Option(help=say("cli.own_title"), show_default=False)] = "",
    issuer: Annotated[str, typer.Option(help=say("cli.own_issuer"), show_default=False)] = "",
    issued: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("cli.own_issued"), show_default=False)
    ] = None,
    url: Annotated[str, typer.Option(help=say("cli.own_url"), show_default=False, callback=_address)] = "",
    plan_id: Annotated[str, typer.Option("--id", help=say("cli.own_id"), show_default=False)] = "",
    yes: Sure = False,
) -> None:
    """Add a plan."""
    from corpus.commands.add import run
    from corpus.commands.candidate import Given

    given = Given(plan_id, district, title, issuer, issued.date() if issued else None, url)
    raise typer.Exit(run(file, _store(), given, sure=yes))


@app.command(help=say("cli.remove"))
def remove(plan_id: PlanId, *, yes: Sure = False) -> None:
    """Take an added plan away."""
    from corpus.commands.remove import run

    raise typer.Exit(run(plan_id, _store(), sure=yes))


@app.command("list", help=say("cli.list"))
def list_plans() -> None:
    """Print every plan."""
    from corpus.commands.list_plans import run

    raise typer.Exit(run(_store()))


@app.command(help=say("cli.show"))
def show(plan_id: PlanId) -> None:
    """Print a plan's clauses."""
    from corpus.commands.show import run

    raise typer.Exit(run(plan_id, _store()))


@app.command(help=say("cli.diff"))
def diff(
    old: Annotated[str, typer.Argument(help=say("cli.old"), show_default=False)],
    new: Annotated[str, typer.Argument(help=say("cli.new"), show_default=False)],
) -> None:
    """Print what changed between two plans."""
    from corpus.commands.diff import run

    raise typer.Exit(run(old, new, _store()))


def _store() -> PlanStore:
    from corpus.commands.settings import CorpusSettings
    from corpus.library.added import PlanStore

    return PlanStore(CorpusSettings().plans_dir)
