"""A command line that can't be read: one line in Chinese that says why, and where the usage stands."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.cli.main import app
from corpus.commands.ending import _call
from corpus.program import adding, called


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ask --nope", "没有选项 --nope"),
        ("ask --distric 渝中区", "没有选项 --distric。是不是 --district？"),
        ("aks", "没有命令 aks。是不是 ask？"),
        ("corpus lst", "没有命令 lst。是不是 list？"),
        ("ask 甲 乙 丙", "多出了：乙、丙"),
        ("gaps --most", "选项 --most 后面要写值"),
        ("ask --json=1", "选项 --json 后面不写值"),
        ("gaps --most 0", "--most 的值用不了（最多列出几种问法）"),
        ("gaps --most x", "--most 的值用不了（最多列出几种问法）"),
        ("revoke", "缺少 NAME（"),
        ("corpus add", "缺少 FILE（方案文件："),
        ("completion tcsh", "SHELL 的值用不了（哪种命令行）"),
    ],
)
def test_what_is_wrong_is_said_in_chinese(
    line: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reason first, then the command whose help tells more; the code is 2."""
    monkeypatch.setattr(sys, "argv", ["wence", *line.split()])
    assert _call(app, "wence") == 2
    reason, usage = capsys.readouterr().err.splitlines()
    assert reason.startswith(said)
    assert usage.startswith("用法：wence")
    assert usage.endswith("--help")


def test_an_empty_command_line_is_answered_with_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is called wrong: the commands are listed."""
    monkeypatch.setattr(sys, "argv", ["wence"])
    assert _call(app, "wence") == 2
    out, err = capsys.readouterr()
    assert "corpus" in out
    assert not err


def test_hints_are_typed_from_where_one_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the project's folder a hint is short; from elsewhere it has the whole path."""
    root = Path(__file__).resolve().parent.parent
    monkeypatch.chdir(root)
    assert adding("models") == "scripts/setup models"
    monkeypatch.chdir(tmp_path)
    assert adding("models") == f"{root}/scripts/setup models"
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    assert called() == "bin/python -m bot"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "wence").touch(0o755)
    assert called() == "bin/wence"
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert called() == "wence"
