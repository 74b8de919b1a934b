"""``python -m bot doctor``: every matter gets its line, what is broken says what to do, and no secret is shown."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.doctor import here, platforms, stored
from bot.doctor.calendar import unknown_years
from bot.doctor.finding import DoctorFinding, Level
from bot.doctor.report import examine
from bot.serving.open_answerer import open_answerer
from bot.settings import Settings
from bot.store.database import Store
from bot.store.inbox import Inbox, Update
from bot.store.leases import Leases
from tests.bot_process import BotProcess
from tests.fake_telegram.server import FakeTelegram
from tests.fake_wecom.robot import SECRET, FakeRobot
from tests.operator.commands import run


def settings(folder: Path, **given: Any) -> Settings:  # noqa: ANN401 - values of any setting
    """Return settings with nothing of this machine's own in them."""
    return Settings.model_validate({"data_dir": folder, **given})


def levels(found: list[DoctorFinding]) -> dict[str, Level]:
    """Return the worst level of each subject."""
    worst = tuple(Level)
    return {one.subject: one.level for one in sorted(found, key=lambda one: worst.index(one.level))}


async def doctor(folder: Path, **given: str) -> tuple[int, dict[str, Level], str]:
    """Run the command; returns its exit code, the levels, and all that it printed."""
    code, words = await asyncio.to_thread(run, folder, "doctor", "--json", **given)
    lines = [json.loads(line) for line in words.splitlines()]
    found = [DoctorFinding(line["subject"], Level(line["level"]), line["text"]) for line in lines]
    return code, levels(found), words


async def test_a_running_bot_is_well_and_no_secret_is_shown(tmp_path: Path) -> None:
    """With token, store and clock in order the exit code is 0; the token stands nowhere."""
    async with FakeTelegram() as fake:
        given = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        async with BotProcess(tmp_path, given) as bot:
            await bot.logged("telegram：启动")
            code, found, words = await doctor(tmp_path, **given)
    assert (code, fake.world.token in words) == (0, False), words
    fine = {"settings", "disk", "keys", "store", "type", "clock", "telegram"}
    assert {subject for subject, level in found.items() if level is Level.FINE} == fine


async def test_what_is_wrong_hides_nothing_else(tmp_path: Path) -> None:
    """A refused token and a wrong port are both told by their settings' names, next to all the rest; exit code 1."""
    async with FakeTelegram() as fake:
        token = "123456:AAthis-token-is-not-the-one-0123456789"
        given = {"WENCE_TELEGRAM_TOKEN": token, "WENCE_TELEGRAM_BASE_URL": fake.base_url, "WENCE_HTTP_PORT": "eighty"}
        code, found, words = await doctor(tmp_path, WENCE_TELEGRAM_TOKN="x", **given)
    assert code == 1
    assert (found["telegram"], found["settings"]) == (Level.BROKEN, Level.BROKEN)
    assert {"disk", "store", "model", "index", "type", "clock"} <= set(found)
    assert all(name in words for name in ("WENCE_TELEGRAM_TOKEN", "WENCE_HTTP_PORT", "WENCE_TELEGRAM_TOKN"))
    assert token not in words


def test_for_people_each_line_bears_its_mark(tmp_path: Path) -> None:
    """Without ``--json`` a line is mark, matter and what to do, and the last line sums up; not set is no fault."""
    code, words = run(tmp_path, "doctor")
    assert code == 0
    assert "✓ 设置：" in words
    assert "○ 渠道：还没有设置。" in words
    assert "! 数据库：" in words
    assert words.splitlines()[-1] == "没有不正常的；渠道还没有设置。"


def test_what_is_not_set_is_told_from_what_is_broken(tmp_path: Path) -> None:
    """With one channel set, the others are named with what sets them; the one that is set is not among them."""
    (found,) = here.check_channels(settings(tmp_path, telegram_token="1:x", api="on"))
    assert found.level is Level.UNSET
    assert "企业微信智能机器人（WENCE_WECOM_BOT_ID）" in found.text
    assert not [name for name in ("WENCE_TELEGRAM_TOKEN", "WENCE_API") if name in found.text]


async def test_a_check_that_hangs_is_told_and_the_others_are_done(tmp_path: Path) -> None:
    """A platform that takes the connection and says nothing costs its own line and no other."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        found = await examine(settings(tmp_path, telegram_token="1:x", telegram_base_url=f"{url}/bot"), seconds=3)
    hung = [one for one in found if one.subject == "telegram"]
    assert [(one.level, "3 秒内没有查完" in one.text) for one in hung] == [(Level.BROKEN, True)]
    assert levels(found)["type"] is Level.FINE


@pytest.mark.parametrize(("ahead", "level"), [(0, Level.FINE), (-120, Level.LOOK), (3600, Level.BROKEN)])
async def test_the_clock_is_compared_with_the_platforms(tmp_path: Path, ahead: int, level: Level) -> None:
    """Two minutes are worth a look, an hour breaks things."""
    async with FakeTelegram() as fake:
        given = settings(tmp_path, telegram_token=fake.world.token, telegram_base_url=fake.base_url)
        (found,) = await platforms.check_clock(given, lambda: time.time() + ahead)
    assert found.level is level


async def test_a_webhook_is_tried_from_outside(tmp_path: Path) -> None:
    """Registered and answered by the bot it is fine; an address that leads elsewhere, or another one, is broken."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with FakeTelegram() as fake:
        given = {
            "WENCE_TELEGRAM_TOKEN": fake.world.token,
            "WENCE_TELEGRAM_BASE_URL": fake.base_url,
            "WENCE_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
            "WENCE_HTTP_PORT": str(port),
        }
        assert (await doctor(tmp_path, **given))[1]["webhook"] is Level.LOOK
        async with BotProcess(tmp_path, given) as bot:
            await bot.logged("telegram：启动")
            assert (await doctor(tmp_path, **given))[1]["webhook"] is Level.FINE
            other = given | {"WENCE_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/other"}
            assert (await doctor(tmp_path, **other))[1]["webhook"] is Level.BROKEN
            fake.world.webhook["url"] = f"http://127.0.0.1:{port}/other"
            assert (await doctor(tmp_path, **other))[1]["webhook"] is Level.BROKEN


async def test_the_ai_bot_is_tried_only_while_none_runs(tmp_path: Path) -> None:
    """A wrong secret is told; with a bot running no second login ends its connection."""
    async with FakeRobot() as robot:
        given = {"wecom_bot_id": robot.bot_id, "wecom_bot_url": robot.url}
        store = Store(settings(tmp_path).sql_url())
        await store.open()
        wrong = settings(tmp_path, wecom_bot_secret="not this one", **given)
        right = settings(tmp_path, wecom_bot_secret=SECRET, **given)
        assert levels(await platforms.check_aibot(wrong)) == {"wecom-aibot": Level.BROKEN}
        assert levels(await platforms.check_aibot(right)) == {"wecom-aibot": Level.FINE}
        logins = robot.logins
        await Leases(store, "one").acquire("wecom-aibot")
        assert levels(await platforms.check_aibot(wrong)) == {"wecom-aibot": Level.FINE}
        await store.close()
    assert robot.logins == logins


async def test_the_database_is_looked_at_and_left_as_it_is(tmp_path: Path) -> None:
    """Absent, sound, from a newer program, damaged, not to be reached: each is told apart, and nothing is made."""
    given, file = settings(tmp_path), tmp_path / "wence.db"
    assert levels(await stored.check_store(given)) == {"store": Level.LOOK}
    assert not await asyncio.to_thread(file.exists)
    store = Store(given.sql_url())
    await store.open()
    await store.close()
    assert levels(await stored.check_store(given)) == {"store": Level.FINE}
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM marks").fetchone() == (0,)
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    (found,) = await stored.check_store(given)
    assert (found.level, "比程序还新" in found.text) == (Level.BROKEN, True)
    await asyncio.to_thread(file.write_bytes, b"no database at all, but something else" * 200)
    assert levels(await stored.check_store(given)) == {"store": Level.BROKEN}
    away = settings(tmp_path, database_url="postgresql://me:hunter22@127.0.0.1:1/none")
    (found,) = await stored.check_store(away)
    assert (found.level, "WENCE_DATABASE_URL" in found.text, "hunter22" in found.text) == (Level.BROKEN, True, False)


async def test_a_database_in_use_is_sound(database_url: str, tmp_path: Path) -> None:
    """On either kind of database, migrated to the newest tables, it is fine."""
    store = Store(database_url)
    await store.open()
    assert levels(await stored.check_store(settings(tmp_path, database_url=database_url))) == {"store": Level.FINE}
    await store.close()


def test_the_index_is_looked_at(tmp_path: Path) -> None:
    """Missing or damaged it is worth a look, since a start makes it; a broken plan is broken."""
    model = str(tmp_path / "no-model")
    given = settings(tmp_path, model=model)
    assert levels(here.check_index(given)) == {"index": Level.LOOK}
    open_answerer(tmp_path, model)
    (found,) = here.check_index(given)
    assert (found.level, "只按词查找" in found.text) == (Level.LOOK, True)
    assert levels(here.check_model(given)) == {"model": Level.BROKEN}
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "坏的.json").write_text("{", encoding="utf-8")
    (found,) = here.check_index(given)
    assert (found.level, "坏的.json" in found.text) == (Level.BROKEN, True)


async def test_what_was_set_aside_is_told(tmp_path: Path) -> None:
    """Messages that could not be read are counted by channel, and none is no line."""
    given = settings(tmp_path)
    store = Store(given.sql_url())
    await store.open()
    await Inbox(store, "telegram").accept([Update("1", "5", "{}", "KeyError"), Update("2", "5", "{}")])
    await store.close()
    found = await stored.check_store(given)
    assert [one.level for one in found] == [Level.FINE, Level.LOOK]
    assert found[1].text.startswith("telegram 最近七天有 1 条")


def test_holidays_that_are_not_known_are_told() -> None:
    """Of this year, and late in it of the next, whose days off have been published by then."""
    assert unknown_years(date(2026, 3, 1)) == []
    assert [one.text[:11] for one in unknown_years(date(2098, 12, 1))] == ["程序还不知道 2098", "程序还不知道 2099"]
