"""The documents: what they name exists, every command, setting and chat command is told, what is generated is fresh."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli.main import app as bot_app
from bot.messages import table
from bot.notices.subscription_commands import read_command
from bot.settings import Settings, variable
from corpus.program import version
from scripts.generated_docs import generated

ROOT = Path(__file__).resolve().parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
DOCUMENTS = (*READMES, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
APP = typer.main.get_group(bot_app)
_BLOCK = re.compile(r"```(?:sh)?\n(.*?)```", re.DOTALL)
_COMMAND = re.compile(r"(?:^|`|bin/|\$\(|wence\$ )wence ([a-z][^`\n|#&；)]*)", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#:]+)(?:#([^)]+))?\)|src=\"([^\"]+)\"")
_FILE = re.compile(r"(?<![\w./-])((?:bot|corpus|docs|index|scripts|tests)/[\w./-]*\w)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ELSEWHERE = {"newbot", "setinline", "healthz", "readyz", "metrics", "mcp", "p", "d", "u", "i"}
"""Commands of @BotFather's, and addresses of the web app and the page."""
_CHAT_COMMAND = re.compile(r"`/([a-z]+)(?: [^`]*)?`")
_SETTING = re.compile(r"WENCE_[A-Z_]+[A-Z]")


def child(group: TyperGroup, name: str) -> TyperCommand | TyperGroup:
    """Return a group's command; KeyError names an unknown one."""
    found = group.commands[name]
    assert isinstance(found, TyperCommand | TyperGroup)
    return found


def walk(command: TyperCommand | TyperGroup, words: list[str]) -> TyperCommand | TyperGroup:
    """Follow subcommands as far as the words name them."""
    while isinstance(command, TyperGroup) and words:
        command = child(command, words.pop(0))
    return command


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of each command of ours that a document names."""
    for match in _COMMAND.finditer(text):
        yield shlex.split(match[1].strip(" 。，、,.)"), posix=True)


def leaves(name: str, command: TyperCommand | TyperGroup) -> Iterator[str]:
    """Yield every command that does something, with the groups it stands in."""
    if isinstance(command, TyperGroup):
        for word in command.commands:
            yield from leaves(f"{name} {word}", child(command, word))
    else:
        yield name


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_and_options_exist(path: Path) -> None:
    """Every command and option that a document names is one that the command line takes."""
    for words in commands(path.read_text(encoding="utf-8")):
        command = walk(APP, words)
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert not {word for word in words if word.startswith("-")} - known, words


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_settings_exist(path: Path) -> None:
    """Every WENCE_… variable that a document names is a setting."""
    known = {variable(field) for field in Settings.model_fields}
    assert set(_SETTING.findall(path.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures_exist(path: Path) -> None:
    """Every file that a document links to or shows is there, with the heading that the link names."""
    for link, anchor, picture in _LINK.findall(path.read_text(encoding="utf-8")):
        if (link or picture).startswith("https:"):
            continue
        target = path.parent / (link or picture)
        assert target.exists(), target
        headings = _HEADING.findall(target.read_text(encoding="utf-8")) if anchor else ()
        assert not anchor or anchor in {heading.lower().replace(" ", "-") for heading in headings}, (target, anchor)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_document_is_reached_from_both_readmes(path: Path) -> None:
    """Each document is linked in the English and in the Chinese README, which link each other."""
    for readme in READMES:
        linked = {link for link, _, _ in _LINK.findall(readme.read_text(encoding="utf-8"))}
        assert path == readme or str(path.relative_to(ROOT)) in linked


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_chat_commands_exist(path: Path) -> None:
    """Every /command that a document names is one that a chat obeys."""
    for name in _CHAT_COMMAND.findall(path.read_text(encoding="utf-8")):
        assert name in ELSEWHERE or name in table("commands") or read_command(f"/{name} 1 2"), name


@pytest.mark.parametrize(("path", "text"), list(generated()), ids=lambda value: getattr(value, "name", ""))
def test_what_is_generated_is_fresh(path: Path, text: str) -> None:
    """The reference page is what the code says, quoted files are as they stand; scripts/generate_docs mends it."""
    assert path.read_text(encoding="utf-8") == text, "run scripts/generate_docs"


def test_every_setting_and_chat_command_is_told() -> None:
    """The reference page names each setting with its meaning and default, and each command of a chat."""
    page = (ROOT / "docs" / "reference.zh-CN.md").read_text(encoding="utf-8")
    for field in Settings.model_fields:
        assert f"| `{variable(field)}` | {table('setting_meanings')[field]} |" in page
    assert "| `WENCE_NOTICE_TIME` | 每天发到期提醒和任务摘要的时刻（北京时间），例如 09:00 | `09:00` |" in page
    assert not [name for name in table("commands") if f"| `/{name}` |" not in page]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_exist(path: Path) -> None:
    """Every file, folder and script of the project that a document names is there; a name may lack its ending."""
    named = set(_FILE.findall(path.read_text(encoding="utf-8")))
    assert not {name for name in named if not list(ROOT.glob(f"{name}*"))}


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_scripts_and_rooms_exist(path: Path) -> None:
    """Every script and folder that a README names is there, and the two commands are among them."""
    text = path.read_text(encoding="utf-8")
    named = {*re.findall(r"\./(scripts/\w+)", text), *re.findall(r"\| `([\w/]+/)` \|", text)}
    assert {"scripts/demo", "scripts/test", "corpus/", "index/"} <= named
    assert all((ROOT / name).exists() for name in named)


def test_both_readmes_hold_the_same_commands() -> None:
    """The twin neither lacks a command nor adds one; only the comments differ."""
    english, chinese = (
        [
            line.partition("#")[0].strip()
            for block in _BLOCK.findall(path.read_text(encoding="utf-8"))
            for line in block.splitlines()
            if line.startswith(("./", ".venv/", "echo", "问>"))
        ]
        for path in READMES
    )
    assert english
    assert english == chinese


def test_every_command_is_told() -> None:
    """No command is missing from the documents."""
    told = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert not [leaf for leaf in leaves("wence", APP) if leaf not in told]


def test_every_command_and_option_has_help() -> None:
    """``--help`` says of each command and option what it is for."""
    for leaf in leaves("", APP):
        found = walk(APP, leaf.split())
        assert found.help, leaf
        assert all(getattr(parameter, "help", None) for parameter in found.params), leaf


def test_the_kinds_of_the_contract_are_told() -> None:
    """The page on JSON lists every kind of answer and every field that the JSON has."""
    from bot.answering.answer import Answer, AnswerKind
    from bot.render.json import answer_object

    fields = set(answer_object(Answer(AnswerKind.HELP, True, ""))) | {"id", "elapsed_ms"}
    text = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    assert not [name for name in (*fields, *AnswerKind) if f"`{name}`" not in text]


def test_the_changelog_tells_of_this_version() -> None:
    """The newest entry is of the version that would be built now."""
    newest = re.search(r"^## ([\w.]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == version()
