"""Put questions with known answers to the bot and tell, kind by kind, how it did."""

from __future__ import annotations

import shlex
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from scripts.measures.judging import Question, Reply, faults, load, printed_names

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = tuple(ROOT / "tests" / "questions" / name for name in ("tune.jsonl", "held_out.jsonl", "fresh.jsonl"))
COMMAND = f"{shlex.quote(str(ROOT / '.venv' / 'bin' / 'python'))} -m bot ask --jsonl"

Ask = Callable[[str], str]
"""From the batch's input to its output, a line of JSON a question."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question of a file, what came back (None: nothing did), and what is wrong with it."""

    file: str
    question: Question
    reply: Reply | None
    faults: Sequence[str]


class BatchError(Exception):
    """The batch command failed; the message is what it said."""


def ask_with(command: str) -> Ask:
    """Return what runs the command in the project's root; BatchError when that fails."""

    def ask(requests: str) -> str:
        run = subprocess.run(
            shlex.split(command),
            cwd=ROOT,
            input=requests,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if run.returncode:
            raise BatchError(f"{command} ended with {run.returncode}: {run.stderr[-2000:]}")
        return run.stdout

    return ask


def evaluate(files: Sequence[Path], ask: Ask) -> list[Outcome]:
    """Ask the questions of every file in one batch and judge the answers, in the same order."""
    asked = [(path.stem, question) for path in files for question in load(path)]
    requests = "".join(
        msgspec.json.encode(
            {
                "id": question.id,
                "question": question.question,
                "district": question.district,
                "context": question.context,
            }
        ).decode()
        + "\n"
        for _, question in asked
    )
    replies = {reply.id: reply for reply in _replies(ask(requests))}
    names = printed_names()
    outcomes = []
    for file, question in asked:
        reply = replies.get(question.id)
        wrong = faults(question, reply, names) if reply else ["no answer"]
        outcomes.append(Outcome(file, question, reply, wrong))
    return outcomes


def _replies(lines: str) -> list[Reply]:
    try:
        return msgspec.json.Decoder(Reply).decode_lines(lines)
    except msgspec.DecodeError as error:
        raise BatchError(f"the batch command printed what is no answer: {error}") from error


def pass_rate(outcomes: Sequence[Outcome]) -> float:
    """Return which share of the questions passed, 0 to 1."""
    return sum(not one.faults for one in outcomes) / len(outcomes) if outcomes else 0.0


def kinds_table(outcomes: Sequence[Outcome]) -> Table:
    """Return passed/asked by kind, a column a file."""
    files = list(dict.fromkeys(one.file for one in outcomes))
    kinds = sorted({one.question.kind for one in outcomes})
    asked = Counter((one.question.kind, one.file) for one in outcomes)
    passed = Counter((one.question.kind, one.file) for one in outcomes if not one.faults)
    table = Table("kind", show_footer=True)
    table.columns[0].footer = "all"
    for file in files:
        of_file = [one for one in outcomes if one.file == file]
        good = sum(not one.faults for one in of_file)
        table.add_column(file, f"{good}/{len(of_file)} = {pass_rate(of_file):.3f}", justify="right")
    for kind in kinds:
        table.add_row(kind, *(f"{passed[kind, file]}/{asked[kind, file]}" for file in files))
    return table


def declines_line(outcomes: Sequence[Outcome]) -> str:
    """Return how often the bot answered what the plans don't say, and the reverse."""
    answered = {answerable: [0, 0] for answerable in (True, False)}
    for one in outcomes:
        answered[one.question.answerable][0] += one.reply is not None and one.reply.answered
        answered[one.question.answerable][1] += 1
    good, answerable = answered[True]
    bad, unanswerable = answered[False]
    declined = answerable - good
    return f"answered though not in the plans: {bad}/{unanswerable}; declined though there: {declined}/{answerable}"


def times_line(outcomes: Sequence[Outcome]) -> str:
    """Return the median and the 99th percentile of the time an answer took, in milliseconds."""
    times = [one.reply.elapsed_ms for one in outcomes if one.reply]
    if len(times) < 2:
        return "too few answers for times"
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return f"an answer took: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms"


def main(
    files: Annotated[list[Path] | None, typer.Argument(help="问题文件；不写则用项目自己的三份。")] = None,
    command: Annotated[str, typer.Option(help="批量回答的命令。")] = COMMAND,
    min: Annotated[float | None, typer.Option(help="任一文件的通过率低于它，退出码为 1。")] = None,  # noqa: A002 - the option's name
    *,
    show_failures: Annotated[bool, typer.Option(help="逐题列出没通过的。")] = False,
) -> None:
    """用有标准答案的问题考机器人，按类别列出成绩。"""
    console = Console(highlight=False, soft_wrap=True)
    try:
        outcomes = evaluate(files or FILES, ask_with(command))
    except (BatchError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    for one in outcomes:
        if show_failures and one.faults:
            said = " / ".join([*one.question.context, one.question.question])
            district = one.question.district or "-"
            print(f"{one.question.id} {one.question.kind} [{district}] {said} → {'; '.join(one.faults)}")
    console.print(kinds_table(outcomes))
    print(declines_line(outcomes))
    print(times_line(outcomes))
    rates = [pass_rate([one for one in outcomes if one.file == file]) for file in {one.file for one in outcomes}]
    if min is not None and any(rate < min for rate in rates):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
