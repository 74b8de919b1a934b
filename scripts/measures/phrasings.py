"""Put every wording to the bot about many units and things, and tell how many answers are exact."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from corpus.library.shipped import load_plans
from scripts.measures.wordings.cases import Case, cases
from scripts.measures.wordings.data_folder import BatchError, ask_here, data_folder
from scripts.measures.wordings.files import GROUPS, HALVES
from scripts.measures.wordings.verdicts import Outcome, Reply, Verdict, judged


def measure(half: str, sample: int, folder: Path) -> list[Outcome]:
    """Ask the messages of a half, at most ``sample`` a group unless it is 0, and judge the answers."""
    asked = cases({plan.meta.id: plan for plan in load_plans(folder / "plans")}, half, sample)
    lines = ask_here([_request(number, case) for number, case in enumerate(asked)], folder)
    try:
        replies = msgspec.json.Decoder(Reply).decode_lines("\n".join(lines))
    except msgspec.DecodeError as error:
        raise BatchError(f"the batch command printed what is no answer: {error}") from error
    return [judged(case, reply) for case, reply in zip(asked, replies, strict=True)]


def _request(number: int, case: Case) -> str:
    request = {"id": number, "question": case.message, "district": case.district}
    return msgspec.json.encode(request).decode()


def exact_share(outcomes: Sequence[Outcome]) -> float:
    """Return which share of the answers is exact, 0 to 1."""
    return sum(one.verdict is Verdict.EXACT for one in outcomes) / len(outcomes) if outcomes else 0.0


def verdicts_table(half: str, outcomes: Sequence[Outcome]) -> Table:
    """Return how the answers to each group of a half stand beside the gold."""
    counts = Counter((one.case.group, one.verdict) for one in outcomes)
    table = Table(half, "n", *Verdict, show_footer=True)
    for column in table.columns[1:]:
        column.justify = "right"
    for group in GROUPS:
        asked = sum(counts[group, verdict] for verdict in Verdict)
        table.add_row(group, str(asked), *(_share(counts[group, verdict], asked) for verdict in Verdict))
    table.columns[0].footer, table.columns[1].footer = "all", str(len(outcomes))
    for column, verdict in zip(table.columns[2:], Verdict, strict=True):
        column.footer = _share(sum(one.verdict is verdict for one in outcomes), len(outcomes))
    return table


def _share(count: int, asked: int) -> str:
    return f"{count} = {count / asked:.3f}" if asked else "0"


def main(
    half: Annotated[str, typer.Option(help="seen 或 unseen；不写则两半都问。")] = "",
    sample: Annotated[int, typer.Option(min=0, help="每组最多问几句；0 为全部。")] = 0,
    *,
    show_failures: Annotated[bool, typer.Option(help="逐句列出不准确的；只用于 seen。")] = False,
) -> None:
    """把各种问法套上不同的单位和事项来问，按类别列出答得准不准。"""
    if half not in {"", *HALVES}:
        raise typer.BadParameter(f"{half} 不是 {' 或 '.join(HALVES)}")
    if show_failures and half != "seen":
        print("--show-failures 只用于 --half seen：unseen 的问法不给写规则的人看。", file=sys.stderr)
        raise typer.Exit(2)
    console = Console(highlight=False, soft_wrap=True)
    try:
        folder = data_folder()
        for one in [half] if half else HALVES:
            outcomes = measure(one, sample, folder)
            if show_failures:
                _print_failures(outcomes)
            console.print(verdicts_table(one, outcomes))
    except (BatchError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error


def _print_failures(outcomes: Sequence[Outcome]) -> None:
    for one in outcomes:
        if one.verdict is not Verdict.EXACT:
            case = one.case
            print(f"{case.group} [{case.district or '-'}] {case.message} → {one.verdict}: {one.why}")


if __name__ == "__main__":
    typer.run(main)
