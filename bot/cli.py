"""The command line: ``python -m bot COMMAND``; what each does stands in a module of its own, imported when used."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """问策：政府方案问答机器人。"""


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
