"""Settings: every one listed with its meaning and origin, wrong ones named, secrets hidden."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.cli.settings import show_settings
from bot.messages import table
from bot.settings import SettingError, Settings, load_settings, variable


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start from an environment and a folder without settings."""
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.chdir(tmp_path)


def test_every_setting_has_a_meaning() -> None:
    """Nothing can be set that the operator isn't told about."""
    assert set(table("setting_meanings")) == set(Settings.model_fields)


def test_settings_shows_values_and_where_they_come_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The environment wins over .env, .env over the default; a secret is only said to be set."""
    (tmp_path / ".env").write_text("WENCE_HTTP_PORT=1234\nWENCE_LOG_LEVEL=debug\nWENCE_HTPP_HOST=x\n", encoding="utf-8")
    monkeypatch.setenv("WENCE_HTTP_PORT", "4321")
    monkeypatch.setenv("WENCE_TELEGRAM_TOKEN", "12:secret-token")
    assert show_settings() == 0
    shown = capsys.readouterr().out
    lines = {line.split("│")[1].strip(): line for line in shown.splitlines() if line.startswith("│ W")}
    assert set(lines) == {variable(field) for field in Settings.model_fields}
    assert "4321" in lines["WENCE_HTTP_PORT"]
    assert "环境变量" in lines["WENCE_HTTP_PORT"]
    assert "debug" in lines["WENCE_LOG_LEVEL"]
    assert ".env" in lines["WENCE_LOG_LEVEL"]
    assert "默认" in lines["WENCE_HTTP_HOST"]
    assert "secret-token" not in shown
    assert "已设置" in lines["WENCE_TELEGRAM_TOKEN"]
    assert "不认识的设置：WENCE_HTPP_HOST" in shown


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("http_port", "eighty", "应为整数"),
        ("http_port", "70000", "不能大于 65535"),
        ("stale_after", "-1", "不能小于 0"),
        ("log_level", "loud", "应为其中之一"),
        ("telegram_base_url", "127.0.0.1:8081/bot", "网址"),
        ("telegram_webhook_secret", "中文", "英文字母"),
        ("telegram_allowed_users", "1,zhang", "应为整数"),
    ],
)
def test_a_wrong_setting_names_itself_in_chinese(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str, reason: str
) -> None:
    """The variable and the reason, never the value."""
    monkeypatch.setenv(variable(field), value)
    with pytest.raises(SettingError) as caught:
        load_settings()
    assert variable(field) in str(caught.value)
    assert reason in str(caught.value)


def test_an_index_in_postgres_needs_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    """With SQLite, or no database at all, the setting names itself; with PostgreSQL the index has its URL."""
    monkeypatch.setenv("WENCE_INDEX", "postgres")
    for url in ("", "sqlite:///x.db"):
        monkeypatch.setenv("WENCE_DATABASE_URL", url)
        with pytest.raises(SettingError, match=r"WENCE_INDEX .*PostgreSQL"):
            load_settings()
    monkeypatch.setenv("WENCE_DATABASE_URL", "postgresql+asyncpg://a:b@c/d")
    assert load_settings().index_url() == "postgresql://a:b@c/d"
    monkeypatch.setenv("WENCE_INDEX", "embedded")
    assert not load_settings().index_url()


@pytest.mark.parametrize(
    ("library", "field", "value", "command"),
    [
        ("sentence_transformers", "model", "BAAI/bge-small-zh-v1.5", "scripts/setup models"),
        ("psycopg", "database_url", "postgresql://a:b@c/d", "scripts/setup postgres"),
    ],
)
def test_what_is_not_installed_is_named_with_the_command_that_adds_it(
    monkeypatch: pytest.MonkeyPatch, library: str, field: str, value: str, command: str
) -> None:
    """A lean installation runs the default model on its own files; what needs more says how to get it."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setenv(variable(field), value)
    with pytest.raises(SettingError, match=f"^[^\n]*{variable(field)}[^\n]*{command}$"):
        load_settings()


def test_a_folder_with_a_graph_needs_no_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A model that ONNX Runtime can run is as good as the default one."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "card.json").touch()
    monkeypatch.setenv("WENCE_MODEL", str(tmp_path))
    assert load_settings().model == str(tmp_path)


def test_lists_are_separated_by_commas_or_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of writing several ids are understood; an empty value is as if unset."""
    monkeypatch.setenv("WENCE_TELEGRAM_ALLOWED_CHATS", "-100, -200 -300")
    monkeypatch.setenv("WENCE_HTTP_PORT", "")
    settings = load_settings()
    assert settings.telegram_allowed_chats == (-100, -200, -300)
    assert settings.http_port == 8080


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgresql://a:b@c/d", "postgresql+psycopg://a:b@c/d"),
        ("postgres://c/d", "postgresql+psycopg://c/d"),
        ("postgresql+asyncpg://c/d", "postgresql+psycopg://c/d"),
        ("sqlite:////tmp/x.db", "sqlite+aiosqlite:////tmp/x.db"),
    ],
)
def test_a_plain_database_url_is_enough(monkeypatch: pytest.MonkeyPatch, url: str, driver: str) -> None:
    """Nobody has to know the name of a driver; a password in it stays hidden."""
    monkeypatch.setenv("WENCE_DATABASE_URL", url)
    settings = load_settings()
    assert settings.sql_url() == driver
    assert url not in repr(settings)
    assert url in settings.secrets()
