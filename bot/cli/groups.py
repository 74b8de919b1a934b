"""Commands that come in groups: aliases, the index, tokens of other programs, WeCom's set-up."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.messages import say
from bot.store.scope import Scope

alias = typer.Typer(no_args_is_help=True)
Alias = Annotated[str, typer.Argument(metavar="ALIAS", help=say("cli.alias_name"), show_default=False)]
Unit = Annotated[str, typer.Argument(metavar="UNIT", help=say("cli.alias_unit"), show_default=False)]


@alias.callback()
def alias_group() -> None:
    """单位的别名：人们这样叫、方案里没有的名称。"""


@alias.command("add")
def alias_add(name: Alias, unit: Unit) -> None:
    """添加或更改一个别名；正在运行的机器人几秒内生效。"""
    from bot.cli.alias import add_alias

    raise typer.Exit(add_alias(name, unit))


@alias.command("list")
def alias_list() -> None:
    """列出添加过的别名。"""
    from bot.cli.alias import list_aliases

    raise typer.Exit(list_aliases())


@alias.command("remove")
def alias_remove(name: Alias) -> None:
    """删除一个添加过的别名。"""
    from bot.cli.alias import remove_alias

    raise typer.Exit(remove_alias(name))


index = typer.Typer(no_args_is_help=True)


@index.callback()
def index_group() -> None:
    """方案的索引：条款、词语与向量。"""


@index.command("build")
def index_build() -> None:
    """重新建立全部方案的索引（换了版本或语义模型之后；PostgreSQL 索引由此建立）。"""
    from bot.cli.index import build_index

    raise typer.Exit(build_index())


@index.command("status")
def index_status() -> None:
    """显示现有的索引：方案数、条款数、何时更新、与本机方案的差别。"""
    from bot.cli.index import show_index

    raise typer.Exit(show_index())


token = typer.Typer(no_args_is_help=True)


@token.callback()
def token_group() -> None:
    """别的程序访问 HTTP 和 MCP 接口用的令牌。"""


@token.command("add")
def token_add(
    name: Annotated[str, typer.Argument(help=say("cli.token_name"), show_default=False)],
    scope: Annotated[list[Scope], typer.Option("--scope", help=say("cli.token_scope"), show_default=False)] = [],  # noqa: B006 - typer copies it
    per_minute: Annotated[int, typer.Option("--per-minute", min=0, help=say("cli.token_per_minute"))] = 60,
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help=say("cli.token_days"))] = 365,
) -> None:
    """发一个令牌；只显示这一次。"""
    from bot.cli.token import add_token

    raise typer.Exit(add_token(name, scope, per_minute, days))


@token.command("list")
def token_list() -> None:
    """列出发过的令牌。"""
    from bot.cli.token import list_tokens

    raise typer.Exit(list_tokens())


@token.command("remove")
def token_remove(
    number: Annotated[str, typer.Argument(help=say("cli.token_number"), show_default=False)],
) -> None:
    """收回一个令牌，立刻失效。"""
    from bot.cli.token import remove_token

    raise typer.Exit(remove_token(number))


wecom = typer.Typer(no_args_is_help=True)


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
