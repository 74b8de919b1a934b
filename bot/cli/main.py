"""The command line: ``wence COMMAND``; what each does stands in a module of its own, imported when used."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.errors import prints_errors
from bot.cli.groups import alias, index, token, wecom
from bot.messages import say
from corpus.commands.cli import app as corpus
from corpus.program import version

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


app.add_typer(corpus, name="corpus")


def _version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        typer.echo(version())
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", help=say("cli.version"), callback=_version, is_eager=True)]


@app.callback()
def main(*, show_version: Version = False) -> None:
    """问策：政府方案问答机器人。"""
    _ = show_version


class Shell(StrEnum):
    """Shells that can complete a command line."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@app.command(help=say("cli.completion"))
def completion(shell: Annotated[Shell, typer.Argument(help=say("cli.shell"), show_default=False)]) -> None:
    """Print what a shell needs to complete command lines."""
    from bot.cli.completion import completion_script

    typer.echo(completion_script(shell))


Question = Annotated[str, typer.Argument(help=say("cli.question"), show_default=False)]
District = Annotated[str, typer.Option("--district", help=say("cli.district"), show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli.json"))]
AsLines = Annotated[bool, typer.Option("--jsonl", help=say("cli.jsonl"))]
Explain = Annotated[bool, typer.Option("--explain", help=say("cli.explain"))]


@app.command(help=say("cli.ask"))
def ask(
    question: Question = "",
    district: District = "",
    json: AsJson = False,
    jsonl: AsLines = False,
    explain: Explain = False,
) -> None:
    """Answer one question, or a request a line from standard input."""
    from bot.cli.ask import ask_batch, ask_once

    raise typer.Exit(ask_batch(sys.stdin) if jsonl else ask_once(question, district, as_json=json, explain=explain))


QueryJson = Annotated[str, typer.Argument(help=say("cli.query_json"), show_default=False)]
Schema = Annotated[bool, typer.Option("--schema", help=say("cli.schema"))]


@app.command(help=say("cli.query"))
def query(query: QueryJson = "", schema: Schema = False, json: AsJson = False) -> None:
    """Answer a query given as JSON, or print the schema of one."""
    from bot.cli.ask import answer_query, print_schema

    raise typer.Exit(print_schema() if schema else answer_query(query, as_json=json))


@app.command(help=say("cli.chat"))
def chat(district: District = "") -> None:
    """Talk in the terminal."""
    from bot.cli.ask import chat_here

    raise typer.Exit(chat_here(district))


CardWords = Annotated[list[str], typer.Argument(help=say("cli.card_question"), show_default=False)]
Output = Annotated[Path, typer.Option("--output", "-o", help=say("cli.card_output"))]


@app.command(help=say("cli.card"))
def card(words: CardWords, output: Output = Path("card.png"), district: District = "") -> None:
    """Write the picture of an answer."""
    from bot.cli.card import write_card

    raise typer.Exit(write_card(" ".join(words), district, output))


FileOutput = Annotated[Path, typer.Option("--output", "-o", help=say("cli.export_output"))]


@app.command(help=say("cli.export"))
def export(words: CardWords, output: FileOutput = Path("answer.xlsx"), district: District = "") -> None:
    """Write an answer that is a list as a file."""
    from bot.cli.export import write_file

    raise typer.Exit(write_file(" ".join(words), district, output))


@app.command()
def run() -> None:
    """启动所有已设置的渠道（Telegram、企业微信……）。"""
    from bot.serving.run import run as run_bot

    raise typer.Exit(prints_errors()(run_bot)())


@app.command(help=say("cli.web"))
def web() -> None:
    """Serve the page alone."""
    from bot.cli.web import serve_page

    raise typer.Exit(serve_page())


@app.command(help=say("cli.link"))
def link(days: Annotated[int, typer.Option("--days", min=1, max=3660, help=say("cli.link_days"))] = 30) -> None:
    """Print a signed link."""
    from bot.cli.web import print_link

    raise typer.Exit(print_link(days))


@app.command(help=say("cli.revoke"))
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help=say("cli.revoke_name"), show_default=False)],
) -> None:
    """Take back links and sessions."""
    from bot.cli.web import take_back

    raise typer.Exit(take_back(name))


@app.command(help=say("cli.erase"))
def erase(
    name: Annotated[str, typer.Argument(metavar="ID", help=say("cli.erase_name"), show_default=False)],
) -> None:
    """Delete what is kept about one person or chat."""
    from bot.cli.erase import erase_person

    raise typer.Exit(erase_person(name))


@app.command(help=say("cli.rekey"))
def rekey(days: Annotated[int, typer.Option("--days", min=0, max=3660, help=say("cli.rekey_days"))] = 30) -> None:
    """Change the key that signs links and sessions."""
    from bot.cli.web import change_key

    raise typer.Exit(change_key(days))


@app.command()
def settings() -> None:
    """列出全部设置：含义、当前值、来自哪里（密码与令牌不显示）。"""
    from bot.cli.settings import show_settings

    raise typer.Exit(show_settings())


Words = Annotated[list[str], typer.Argument(help=say("notices_cli.subjects"), show_default=False)]
Channel = Annotated[str, typer.Option("--channel", help=say("notices_cli.channel"), show_default=False)]
End = Annotated[bool, typer.Option("--end", help=say("notices_cli.end"))]
States = Annotated[list[str], typer.Option("--state", help=say("notices_cli.states"), show_default=False)]
Resend = Annotated[list[int], typer.Option("--resend", help=say("notices_cli.resend"), show_default=False)]
Cancel = Annotated[list[int], typer.Option("--cancel", help=say("notices_cli.cancel"), show_default=False)]
Followed = Annotated[str, typer.Argument(help=say("notices_cli.subject"))]
Text = Annotated[str, typer.Argument(help=say("notices_cli.text"))]
Yes = Annotated[bool, typer.Option("--yes", help=say("notices_cli.yes"))]
File = Annotated[Path, typer.Argument(help=say("notices_cli.file"))]


@app.command(help=say("notices_cli.follow"))
def follow(channel: Channel, words: Words = [], end: End = False) -> None:  # noqa: B006 - typer copies it
    """Let a chat follow something."""
    from bot.cli.notices import follow as run_follow

    raise typer.Exit(run_follow(channel, words, end=end))


@app.command(help=say("notices_cli.outbox"))
def outbox(state: States = [], resend: Resend = [], cancel: Cancel = []) -> None:  # noqa: B006 - typer copies them
    """Show the outbox, and decide."""
    from bot.cli.notices import show_outbox

    raise typer.Exit(show_outbox(state, resend, cancel))


@app.command(help=say("notices_cli.announce"))
def announce(subject: Followed, text: Text, yes: Yes = False) -> None:
    """Tell something to all who follow a subject."""
    from bot.cli.notices import announce as run_announce

    raise typer.Exit(run_announce(subject, text, yes=yes))


Number = Annotated[
    int | None, typer.Argument(metavar="NUMBER", help=say("notices_cli.receipts_number"), show_default=False)
]


@app.command(help=say("notices_cli.receipts"))
def receipts(number: Number = None) -> None:
    """Show who has confirmed an announcement."""
    from bot.cli.notices import show_receipts

    raise typer.Exit(show_receipts(number))


@app.command(help=say("notices_cli.backup"))
def backup(file: File) -> None:
    """Back up the store."""
    from bot.cli.notices import make_backup

    raise typer.Exit(make_backup(file))


@app.command(help=say("notices_cli.restore"))
def restore(file: File) -> None:
    """Restore the store."""
    from bot.cli.notices import restore_backup

    raise typer.Exit(restore_backup(file))


Days = Annotated[int, typer.Option("--days", min=0, help=say("cli.gaps_days"))]
Most = Annotated[int, typer.Option("--most", min=1, help=say("cli.gaps_most"))]
GapsJson = Annotated[bool, typer.Option("--json", help=say("cli.gaps_json"))]


@app.command(help=say("cli.gaps"))
def gaps(days: Days = 0, most: Most = 50, json: GapsJson = False) -> None:
    """List what was asked in vain."""
    from bot.cli.gaps import show_gaps

    raise typer.Exit(show_gaps(days, most, as_json=json))


DoctorJson = Annotated[bool, typer.Option("--json", help=say("cli.doctor_json"))]


@app.command(help=say("cli.doctor"))
def doctor(json: DoctorJson = False) -> None:
    """Look at everything that a running bot needs."""
    from bot.doctor.report import report

    raise typer.Exit(report(as_json=json))


@app.command(help=say("cli.mcp"))
def mcp() -> None:
    """Serve the plans as tools over standard input and output."""
    from bot.cli.mcp import serve_tools

    raise typer.Exit(serve_tools())


for name, commands in (("alias", alias), ("index", index), ("token", token), ("wecom", wecom)):
    app.add_typer(commands, name=name)
