"""The documents' examples: what they show is what comes out."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from bot.render.text import answer_text
from bot.serving.open_answerer import open_answerer
from tests.ask.chatting import NO_MODEL
from tests.test_docs import DOCUMENTS, ROOT

LEFT_OUT = "…"
"""A line that stands for lines that are not shown."""
_BLOCK = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_ASKED = re.compile(r"问> .")
_ASK = re.compile(r"wence ask ([^#\n]+)")
_NEEDS_MODEL = ("隔离病区怎么建",)
"""Asked in the documents, and answered by a search that wants the model."""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose index was made without the model: the examples are answered from the data."""
    return tmp_path_factory.mktemp("examples")


@pytest.fixture(scope="module")
def answerer(data_dir: Path) -> Answerer:
    """The answerer over both plans."""
    return open_answerer(data_dir, str(data_dir / NO_MODEL))


def blocks() -> Iterator[tuple[str, str]]:
    """Yield every code block with its document's name."""
    for path in DOCUMENTS:
        for block in _BLOCK.findall(path.read_text(encoding="utf-8")):
            yield path.name, block


def sessions() -> list[tuple[str, str]]:
    """Return the blocks that show a conversation."""
    return [(name, block) for name, block in blocks() if _ASKED.match(block)]


def shown(block: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what a conversation asks, each with the lines that it shows of the answer."""
    asked, lines = "", list[str]()
    for line in [*block.splitlines(), "问> "]:
        if line.startswith("问> "):
            if asked:
                yield asked, lines
            asked, lines = line.removeprefix("问> "), []
        elif line:
            lines.append(line)


def test_there_are_conversations_to_walk() -> None:
    """Both READMEs and the page on chatting show one."""
    assert {name for name, _ in sessions()} >= {"README.md", "README.zh-CN.md", "chat.zh-CN.md"}


@pytest.mark.parametrize(("name", "block"), sessions(), ids=[name for name, _ in sessions()])
def test_a_conversation_is_answered_as_it_is_shown(answerer: Answerer, name: str, block: str) -> None:
    """Each message gets the lines below it, in their order; only where … stands are lines left out."""
    state = ChatState()
    for asked, lines in shown(block):
        answer, state = answerer.ask(asked, state)
        told = [line for line in answer_text(answer).splitlines() if line]
        pattern = "\n".join(r"(?:.*\n)*?.*" if line == LEFT_OUT else re.escape(line) for line in lines)
        assert re.fullmatch(pattern + r"\n?", "\n".join(told)), (name, asked, told)


def test_questions_of_commands_are_answered(answerer: Answerer) -> None:
    """Each question that a document puts to ``ask`` gets an answer and no decline."""
    asked = {shlex.split(words)[0] for _, block in blocks() for words in _ASK.findall(block)}
    asked -= {"--jsonl", *_NEEDS_MODEL}
    assert len(asked) > 1
    assert not [question for question in asked if not answerer.ask(question)[0].answered]


def test_the_request_of_the_json_page_is_answered(data_dir: Path, answerer: Answerer) -> None:
    """The line that the page on JSON pipes into ``ask --jsonl`` comes back with its id and clauses."""
    del answerer  # the index is made
    (line,) = re.findall(r"^echo (.+) \| ", (ROOT / "docs" / "json.md").read_text(encoding="utf-8"), re.MULTILINE)
    run = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--jsonl"], cwd=ROOT, input=shlex.split(line)[0], text=True,
        env={"WENCE_DATA_DIR": str(data_dir), "WENCE_MODEL": str(data_dir / NO_MODEL)}, capture_output=True,
        check=False,
    )  # fmt: skip
    answer = json.loads(run.stdout)
    assert (answer["id"], answer["answered"], answer["kind"]) == (1, True, "duties")
    assert {clause["district"] for clause in answer["clauses"]} == {"渝中区"}
