"""WeCom's settings: what is not set starts nothing, what is half set or wrong names itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.channels.base import Channel
from bot.channels.context import ChannelContext, Unset
from bot.channels.wecom.commands import create_menu
from bot.channels.wecom.make import make_aibot, make_app, make_robot
from bot.conversation.asking import Asker
from bot.messages import table
from bot.settings import SettingError, Settings, load_settings
from bot.store.database import Store
from tests.wecom.office import AES_KEY
from tests.wecom.scripted import Scripted

Make = Callable[[ChannelContext], Channel | Unset]
BOT = {"WENCE_WECOM_BOT_ID": "bot", "WENCE_WECOM_BOT_SECRET": "hunter22"}
APP = {
    "WENCE_WECOM_CORP_ID": "corp",
    "WENCE_WECOM_APP_AGENT_ID": "1000002",
    "WENCE_WECOM_APP_SECRET": "hunter22",
    "WENCE_WECOM_APP_TOKEN": "hunter22",
    "WENCE_WECOM_APP_AES_KEY": AES_KEY,
}


def made(make: Make, store: Store, monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> Channel | Unset:
    """Make a channel from environment variables."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return make(ChannelContext(Settings(), store, Asker(Scripted)))


@pytest.mark.parametrize(
    ("make", "setting"),
    [
        (make_aibot, "WENCE_WECOM_BOT_ID"),
        (make_app, "WENCE_WECOM_APP_TOKEN"),
        (make_robot, "WENCE_WECOM_ROBOT_URL"),
    ],
)
def test_nothing_set_starts_nothing(make: Make, setting: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part without settings says which one would start it."""
    absent = made(make, store, monkeypatch, {})
    assert isinstance(absent, Unset)
    assert absent.setting == setting


@pytest.mark.parametrize(
    ("make", "given", "told"),
    [
        (make_aibot, BOT | {"WENCE_WECOM_BOT_SECRET": ""}, "WENCE_WECOM_BOT_SECRET"),
        (make_aibot, BOT | {"WENCE_WECOM_ALLOWED_DEPARTMENTS": "1"}, "WENCE_WECOM_CORP_ID"),
        (make_app, APP | {"WENCE_WECOM_CORP_ID": ""}, "WENCE_WECOM_CORP_ID"),
        (make_app, APP | {"WENCE_WECOM_APP_AGENT_ID": "0"}, "WENCE_WECOM_APP_AGENT_ID"),
        (make_app, APP | {"WENCE_WECOM_APP_AES_KEY": "hunter22"}, "WENCE_WECOM_APP_AES_KEY"),
        (make_robot, {"WENCE_WECOM_ROBOT_URL": "hunter 22"}, "WENCE_WECOM_ROBOT_URL"),
    ],
)
def test_half_set_or_wrong_names_itself(
    make: Make, given: dict[str, str], told: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing or can't be right is told with its name, never with its value."""
    with pytest.raises(SettingError, match=told) as error:
        made(make, store, monkeypatch, given)
    assert "hunter" not in str(error.value)


@pytest.mark.parametrize(
    ("make", "given"),
    [(make_aibot, BOT), (make_app, APP), (make_robot, {"WENCE_WECOM_ROBOT_URL": "693a91f6-7aoc-4bc4-97a0"})],
)
def test_set_is_made(make: Make, given: dict[str, str], store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its settings each part is a channel."""
    assert isinstance(made(make, store, monkeypatch, given), Channel)


def test_every_setting_of_wecom_is_explained() -> None:
    """``python -m bot settings`` has a meaning for each."""
    fields = {name for name in Settings.model_fields if name.startswith("wecom_")}
    assert fields
    assert fields <= set(table("setting_meanings"))


def test_menu_without_settings_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The menu's command names what it lacks, and an unreachable platform is told in one line."""
    monkeypatch.chdir(tmp_path)
    assert create_menu() == 2
    assert "WENCE_WECOM_CORP_ID" in capsys.readouterr().err
    for name, value in (APP | {"WENCE_WECOM_API_URL": "http://127.0.0.1:9"}).items():
        monkeypatch.setenv(name, value)
    assert create_menu() == 2
    assert capsys.readouterr().err == "未创建：ConnectError\n"


def test_address_of_the_connection_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The long connection's address must be a WebSocket's."""
    monkeypatch.setenv("WENCE_WECOM_BOT_URL", "https://example.org")
    with pytest.raises(SettingError, match="WENCE_WECOM_BOT_URL"):
        load_settings()
