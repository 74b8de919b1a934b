"""The command line: ``python -m bot COMMAND``; what each does stands in a module of its own, imported when used."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.messages import say

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """问策：政府方案问答机器人。"""


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
    from bot.ask_cli import ask_batch, ask_once
    from bot.settings import SettingError

    try:
        code = ask_batch(sys.stdin) if jsonl else ask_once(question, district, as_json=json, explain=explain)
    except SettingError as error:
        typer.echo(error, err=True)
        code = 2
    raise typer.Exit(code)


@app.command(help=say("cli.chat"))
def chat(district: District = "") -> None:
    """Talk in the terminal."""
    from bot.ask_cli import chat_here
    from bot.settings import SettingError

    try:
        code = chat_here(district)
    except SettingError as error:
        typer.echo(error, err=True)
        code = 2
    raise typer.Exit(code)


@app.command()
def run() -> None:
    """启动所有已设置的渠道（Telegram、企业微信……）。"""
    from bot.run import run as run_bot
    from bot.settings import SettingError

    try:
        code = run_bot()
    except SettingError as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(code)


@app.command()
def settings() -> None:
    """列出全部设置：含义、当前值、来自哪里（密码与令牌不显示）。"""
    from bot.settings_cli import show_settings

    raise typer.Exit(show_settings())


wecom = typer.Typer(no_args_is_help=True)
app.add_typer(wecom, name="wecom")


@wecom.callback()
def wecom_group() -> None:
    """企业微信的一次性设置。"""


@wecom.command()
def menu() -> None:
    """创建自建应用底部的菜单（内容见 messages.toml 的 wecom_menu）。"""
    from bot.channels.wecom.commands import create_menu

    raise typer.Exit(create_menu())


@wecom.command()
def group(
    name: Annotated[str, typer.Argument(help=say("cli.group_name"), show_default=False)],
    members: Annotated[list[str], typer.Argument(help=say("cli.group_members"), show_default=False)],
) -> None:
    """用自建应用建一个群，以便向它推送通知；成员写 userid，至少两人。"""
    from bot.channels.wecom.commands import create_group

    raise typer.Exit(create_group(name, tuple(members)))
