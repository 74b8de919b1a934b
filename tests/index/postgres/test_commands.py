"""``python -m bot index`` and the doctor, with the index in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.doctor.here import check_index
from bot.settings import load_settings
from tests.index.postgres.test_replicas import add_plan


@pytest.fixture
def runner(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A command line whose settings name the database, and no model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENCE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("WENCE_DATABASE_URL", url)
    monkeypatch.setenv("WENCE_INDEX", "postgres")
    monkeypatch.setenv("WENCE_MODEL", "./none")
    return CliRunner()


def test_build_and_status(runner: CliRunner, tmp_path: Path) -> None:
    """Nothing is there, then it is built; a plan added since is told as missing until the next build."""
    assert "还没有索引" in runner.invoke(app, ["index", "status"]).output
    assert "首次运行时生成" in check_index(load_settings())[0].text
    built = runner.invoke(app, ["index", "build"])
    assert built.exit_code == 0
    assert "2 个方案，157 条" in built.output
    add_plan(tmp_path / "var")
    assert "本机的方案不在索引中：江东省河口县教育发展行动方案" in runner.invoke(app, ["index", "status"]).output
    assert "3 个方案" in runner.invoke(app, ["index", "build"]).output
    shown = runner.invoke(app, ["index", "status"]).output
    assert "第 2 版" in shown
    assert "不在索引中" not in shown
    assert "只按词" in shown


def test_a_database_out_of_reach_names_the_setting(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, the variable, no password."""
    monkeypatch.setenv("WENCE_DATABASE_URL", "postgresql://who:secret-word@127.0.0.1:1/x")
    for command in (["index", "build"], ["index", "status"]):
        result = runner.invoke(app, command)
        assert result.exit_code == 2
        assert "WENCE_DATABASE_URL" in result.output
        assert "secret-word" not in result.output
    assert "打不开" in check_index(load_settings())[0].text
