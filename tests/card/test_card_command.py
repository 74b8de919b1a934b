"""``python -m bot card``: a question in, a PNG out, or one line that says why not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from bot.cli.main import app
from tests.ask.chatting import NO_MODEL


@pytest.fixture(autouse=True)
def _own_folder(answerer: object, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the session's index."""
    folder = tmp_path_factory.getbasetemp() / "cards0"
    monkeypatch.setenv("WENCE_DATA_DIR", str(folder))
    monkeypatch.setenv("WENCE_MODEL", str(folder / NO_MODEL))


@pytest.mark.parametrize("words", [("渝中", "指标"), ("区教委",), ("还剩几天",)])
def test_a_card_is_written_where_it_is_wanted(words: tuple[str, ...], tmp_path: Path) -> None:
    """The words are a question; the path of the PNG is printed."""
    file = tmp_path / "card.png"
    run = CliRunner().invoke(app, ["card", *words, "-o", str(file)])
    assert run.exit_code == 0, run.output
    assert run.stdout.strip() == str(file)
    assert Image.open(io.BytesIO(file.read_bytes())).format == "PNG"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("古籍保护谁负责",), "没有图"),
        (("渝北区教委负责什么",), "没有收录渝北区"),
        (("区教委", "--district", "渝北区"), "没有收录渝北区"),
    ],
)
def test_no_card_is_one_clear_line(words: tuple[str, ...], line: str, tmp_path: Path) -> None:
    """A question without a card writes no file and says why."""
    file = tmp_path / "card.png"
    run = CliRunner().invoke(app, ["card", *words, "-o", str(file)])
    assert run.exit_code == 2
    assert line in run.stderr
    assert not file.exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A path that can't be written is told, without a traceback."""
    file = tmp_path / "nowhere" / "card.png"
    run = CliRunner().invoke(app, ["card", "区教委", "-o", str(file)])
    assert run.exit_code == 2
    assert str(file) in run.stderr
