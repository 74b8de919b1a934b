"""The reference page, from the code: every command with its options, every setting, everything that a chat obeys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time
from enum import Enum

import typer
from pydantic import SecretStr
from typer.core import TyperArgument, TyperCommand, TyperGroup

from bot.cli.main import app as bot_app
from bot.messages import say, table
from bot.reading.act import acts
from bot.settings import Settings, variable

HEAD = """# 参考

<!-- scripts/generate_docs 由代码生成，请勿手改。 -->

所有的命令、设置和聊天里的命令。怎么用见[在聊天里用](chat.zh-CN.md)，怎么部署见[运行手册](running.zh-CN.md)。
"""
SAID = (
    (say("say.help"), "这是什么、怎么用、几个例子"),
    (say("say.next"), "列表的下一页；终端里按回车也行"),
    (say("say.previous"), "上一页"),
    (say("say.expand", number=3), "第3条的全文，一字不改"),
    (say("choice.say_only", district="渝中区"), "同一个问题，只看这个区"),
    (say("choice.say_figures"), "同一个问题，只看数量指标"),
    (say("choice.say_picture"), "把上一个回答画成图（终端里不能显示）"),
    (say("choice.say_export"), "把上一个回答的清单做成 Excel 发来；说“发我 Word”就是 Word"),
    ("关注区教委", "到期提醒、摘要和变化发到这里；`取消关注区教委`、`我的关注`同理"),
)
"""What is no command and no question, as ``bot/messages.toml`` has the words, and what comes of it."""
_SHOWN = 3
Row = tuple[str, ...]


def reference() -> str:
    """Return the page."""
    return "\n".join([HEAD, *_acts(), *_commands(), *_settings(), *_chat_commands()]).rstrip() + "\n"


def leaves(name: str, command: object) -> Iterator[tuple[str, TyperCommand]]:
    """Yield every command that does something, with the words that call it."""
    if isinstance(command, TyperGroup):
        for word, inner in command.commands.items():
            yield from leaves(f"{name} {word}", inner)
    elif isinstance(command, TyperCommand):
        yield name, command


def _acts() -> Iterator[str]:
    yield "## 能问什么\n\n每种问法在 `bot/reading/acts` 有一个文件；下面是其中的例子，别的说法也行。\n"
    rows = [(act.title, "、".join(f"`{one.message}`" for one in act.examples[:_SHOWN])) for act in acts().values()]
    yield _table(("问什么", "例如"), rows)


def _commands() -> Iterator[str]:
    yield (
        "## 命令\n\n`./scripts/demo` 装在 `.venv/bin/wence`；"
        "`python -m bot` 是同一个程序，`python -m corpus` 是其中的 `wence corpus`。每个命令都有 `--help`。\n"
    )
    for name, command in leaves("wence", typer.main.get_group(bot_app)):
        arguments = [one for one in command.params if isinstance(one, TyperArgument)]
        options = [one for one in command.params if not isinstance(one, TyperArgument)]
        usage = " ".join([name, *(_placeholder(one) for one in arguments)])
        yield f"### `{usage}`\n\n{(command.help or '').strip()}\n"
        rows = [(f"`{_name(one)}`", _help(one), "") for one in arguments]
        rows += [(f"`{' '.join(one.opts)}`", _help(one), _default(one.default)) for one in options]
        if rows:
            yield _table(("参数", "含义", "默认"), rows)


def _placeholder(argument: TyperArgument) -> str:
    name = _name(argument)
    return name if argument.required else f"[{name}]"


def _name(argument: TyperArgument) -> str:
    return (argument.metavar or argument.name or "").upper()


def _help(parameter: object) -> str:
    return str(getattr(parameter, "help", None) or "")


def _settings() -> Iterator[str]:
    yield "## 设置\n\n写成环境变量，或写进当前文件夹的 `.env`；`wence settings` 显示当前值。\n"
    meanings = table("setting_meanings")
    rows = [
        (f"`{variable(name)}`", meanings[name], _default(field.default))
        for name, field in Settings.model_fields.items()
    ]
    yield _table(("名称", "含义", "默认"), rows)


def _default(value: object) -> str:
    words = default_words(value)
    return f"`{words}`" if words else ""


def default_words(value: object) -> str:
    """Return a default as an operator writes it; empty where there is none."""
    if isinstance(value, bool | SecretStr) or value is None or value in ("", (), []) or callable(value):
        return ""
    if isinstance(value, tuple):
        return "-".join(f"{one:%H:%M}" for one in value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value.value if isinstance(value, Enum) else value)


def _chat_commands() -> Iterator[str]:
    yield "## 聊天里的命令\n\nTelegram 的命令菜单里都有。能写成问法的，在任何渠道直接打字，意思一样。\n"
    questions = table("command_questions")
    rows = [
        (f"`/{name}`", meaning, questions.get(name, "").format(x="…")) for name, meaning in table("commands").items()
    ]
    yield _table(("命令", "含义", "等于说"), rows)
    yield "不是命令、直接说的话：\n"
    yield _table(("说", "得到"), [(f"`{words}`", meaning) for words, meaning in SAID])


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
