"""The terminal: a chat with pages, what is said about long steps, and names offered while one types."""

from __future__ import annotations

import io
import sys

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.cli.terminal import chat
from bot.cli.terminal_input import _Names
from bot.messages import say
from bot.progress import ProgressLines
from index.progress import Stage
from tests.scripted import ScriptedAnswerer


def talk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *messages: str) -> str:
    """Hold a chat over standard input; return what it printed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(messages) + "\n"))
    assert chat(ScriptedAnswerer(), "") == 0
    return capsys.readouterr().out


def test_a_long_answer_comes_in_pages(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A long list shows its first page and says how to go on; 下一页, or just Enter, shows the second."""
    for word in ("下一页", ""):
        first, second = talk(monkeypatch, capsys, "列表20", word).split(say("ask.prompt"))[1:3]
        assert "第1/" in first
        assert "可接着输入：下一页" in first
        assert "第2/" in second


def test_an_empty_line_is_led_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty line gets examples, and the chat goes on to its end."""
    seen = talk(monkeypatch, capsys, "", "   ")
    assert seen.count("可以先试：列表3") == 3
    assert seen.rstrip().endswith(say("ask.bye"))


def test_something_silly_is_led_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """After an answer that leads nowhere stand questions that can be asked."""
    assert "可以先试：列表3" in talk(monkeypatch, capsys, "没有的事").split(say("ask.prompt"))[1]


def test_a_word_of_leaving_ends_the_chat(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands after 退出 is not asked."""
    assert "第1/" not in talk(monkeypatch, capsys, "退出", "列表20")


def test_names_are_offered_in_place_of_the_line() -> None:
    """What is typed is replaced by the whole question of the name that is chosen."""
    typed = "中医"
    offered = list(_Names(ScriptedAnswerer().suggest).get_completions(Document(typed), CompleteEvent()))
    assert offered
    assert all(one.start_position == -len(typed) for one in offered)


def test_nothing_typed_offers_nothing() -> None:
    """An empty line is not covered by a list of every unit."""
    assert not list(_Names(ScriptedAnswerer().suggest).get_completions(Document(" "), CompleteEvent()))


def test_a_long_step_is_told_a_line_for_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    """Steps reported in odd chunks still give a line a tenth, no more."""
    tell = ProgressLines()
    for done in (*range(0, 565, 16), 565):
        tell(Stage.VECTORS, done, 565)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("0/565")
    assert lines[-1].endswith("565/565")
    assert len(lines) == 11


def test_a_step_of_one_piece_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    """A step that cannot tell how far it is says that it began, without 0/1."""
    tell = ProgressLines()
    tell(Stage.PARSE, 0, 1)
    tell(Stage.PARSE, 1, 1)
    assert capsys.readouterr().err == say("progress.parse") + "\n"
