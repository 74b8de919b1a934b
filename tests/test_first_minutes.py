"""The first minutes in a terminal: led on, helped in typing, and let go cleanly at any time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from bot.messages import say
from bot.serving.open_answerer import open_answerer
from corpus.messages import say as say_of_corpus
from tests.ask.chatting import NO_MODEL
from tests.bot_process import BotProcess
from tests.fake_telegram.server import FakeTelegram
from tests.pseudo_terminal import CTRL_C, CTRL_D, ENTER, ROOT, TAB, UP, Terminal

INTERRUPTED = say_of_corpus("cli.interrupted")


def settings(folder: Path, model: str = NO_MODEL) -> dict[str, str]:
    """Return the settings of a command with its data in ``folder``; an empty model is the default one."""
    return {"WENCE_DATA_DIR": str(folder), "WENCE_MODEL": model and str(folder / model)}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an index, made without the model."""
    folder = tmp_path_factory.mktemp("ready")
    open_answerer(folder, str(folder / NO_MODEL))
    return folder


def test_a_chat_offers_names_and_remembers_what_was_typed(ready: Path) -> None:
    """Tab completes a unit's name within a line, ↑ brings an earlier chat's message back, answers are in colour."""
    with Terminal(["bot", "chat"], settings(ready)) as chat:
        chat.until("可以先试：")
        chat.until(say("ask.prompt"))
        chat.type("渝中区教")
        chat.until("渝中区责任单位")
        chat.type(TAB)
        chat.until("区教委")
        chat.type("负责什么" + ENTER)
        chat.until("渝中区：区教委 2项")
        assert "\x1b[1m渝中区：区教委" in chat.raw
    with Terminal(["bot", "chat"], settings(ready)) as again:
        again.until(say("ask.prompt"))
        again.type(UP)
        again.until("渝中区教委负责什么")
    assert (ready / "chat-history").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (40, 20)])
def test_the_first_line_of_an_answer_stays_on_the_screen(ready: Path, columns: int, lines: int) -> None:
    """On a low or a narrow screen each page of a long answer, and a whole clause, is read without scrolling back."""
    asked = {
        "区卫健委负责什么": "巴南区：区卫生健康委 ",
        "": "巴南区：区卫生健康委 ",
        "展开1": "巴南区：区卫生健康委 ",
        "主要指标": "巴南区主要指标10项；",
        "都有哪些责任单位": "巴南区责任单位28个；",
        "渝中4.2.2": "渝中 附件 4.2.2　",
    }
    with Terminal(["bot", "chat"], settings(ready), columns, lines) as chat:
        chat.until(say("ask.prompt"))
        for message, first in asked.items():
            chat.type(message + ENTER)
            chat.until(first, say("ask.prompt"))
            chat.settle()
            assert first in chat.screen, chat.screen


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_at_the_prompt_is_said_goodbye(ready: Path, key: str) -> None:
    """Either key at the prompt ends the chat with code 0 and no traceback."""
    with Terminal(["bot", "chat"], settings(ready)) as chat:
        chat.until(say("ask.prompt"))
        chat.type(key)
        assert chat.end() == 0
    assert chat.seen.rstrip().endswith(say("ask.bye"))
    assert "Traceback" not in chat.seen


@pytest.mark.parametrize("module", ["typer", "bot.conversation.answerer", "prompt_toolkit"])
def test_ctrl_c_while_modules_are_imported_is_clean(ready: Path, module: str) -> None:
    """Ctrl-C in the first moments of a chat, whatever is just being imported, ends it without a traceback."""
    with Terminal(["bot", "chat"], settings(ready) | {"PYTHONPROFILEIMPORTTIME": "1"}) as chat:
        chat.until(f" {module}\n")
        chat.type(CTRL_C)
        assert chat.end() in {-signal.SIGINT, 130, 0}
    assert "Traceback" not in chat.seen


@pytest.mark.parametrize("stage", ["parse", "model"])
def test_ctrl_c_during_the_first_start_is_clean(tmp_path: Path, stage: str) -> None:
    """While the index is built or the model is made, Ctrl-C ends with one line and code 130; the next start is well."""
    with Terminal(["bot", "ask", "区教委负责什么"], settings(tmp_path, model="")) as ask:
        ask.until(say(f"progress.{stage}"))
        ask.type(CTRL_C)
        assert ask.end() == 130
    assert INTERRUPTED in ask.seen
    assert "Traceback" not in ask.seen
    answer, _ = open_answerer(tmp_path, str(tmp_path / NO_MODEL)).ask("区教委负责什么")
    assert answer.answered


def test_waiting_for_another_process_is_said_and_can_be_left(tmp_path: Path) -> None:
    """While another process makes the index, this one says that it waits; Ctrl-C ends the waiting."""
    (tmp_path / "index").mkdir()
    with FileLock(tmp_path / "index" / ".lock"), Terminal(["bot", "ask", "你好"], settings(tmp_path)) as ask:
        ask.until(say("progress.wait"))
        ask.type(CTRL_C)
        assert ask.end() == 130
    assert INTERRUPTED in ask.seen
    assert "Traceback" not in ask.seen


async def test_sigterm_ends_a_bot_that_is_still_making_its_index(tmp_path: Path) -> None:
    """A bot that is told to stop does not first wait for an index that is not ready; it says what it was doing."""
    (tmp_path / "index").mkdir()
    async with FakeTelegram() as fake:
        channel = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        with FileLock(tmp_path / "index" / ".lock"):
            async with BotProcess(tmp_path, settings(tmp_path) | channel, "bot", ("run",)) as bot:
                await bot.logged(say("progress.wait"))
                assert await bot.end(signal.SIGTERM) == 0
    assert "Traceback" not in bot.words


def test_one_question_imports_nothing_of_the_chat(ready: Path) -> None:
    """``ask`` starts without what only the chat needs; ``ask --json`` without what lays out a terminal's text too."""
    code = """
import sys
from typer.testing import CliRunner
from bot.cli.main import app
assert CliRunner().invoke(app, ["ask", "区教委负责什么", *sys.argv[1:]]).exit_code == 0
print([name for name in ("prompt_toolkit", "bot.cli.terminal") if name in sys.modules])
"""
    for options, imported in (([], "['bot.cli.terminal']\n"), (["--json"], "[]\n")):
        run = subprocess.run(
            [sys.executable, "-c", code, *options], cwd=ROOT, env=os.environ | settings(ready), capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert run.stdout == imported, run.stderr


def test_without_a_terminal_nothing_is_coloured(ready: Path) -> None:
    """A chat through a pipe reads plain lines and prints no control characters."""
    run = subprocess.run(
        [sys.executable, "-m", "bot", "chat"], cwd=ROOT, env=os.environ | settings(ready), input="渝中区教委负责什么\n",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "渝中区：区教委 2项" in run.stdout
    assert "\x1b" not in run.stdout
