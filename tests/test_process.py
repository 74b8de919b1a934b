"""The bot as a process: start, signals, crashes, replicas, webhooks."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest

from bot.turns import request_id
from tests.bot_process import ROOT, BotProcess
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Person, World


def telegram(fake: FakeTelegram, **more: str) -> dict[str, str]:
    """Return the settings of a bot on a fake platform."""
    return {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url, **more}


def people(world: World, count: int) -> list[Person]:
    """Return so many people in their private chats."""
    return [Person(world, number, world.chat(number)) for number in range(1, count + 1)]


async def test_it_says_what_starts_and_stops_cleanly_on_sigterm(tmp_path: Path) -> None:
    """The start names the channels; SIGTERM ends the process with code 0; no secret is in the log."""
    async with FakeTelegram() as fake, BotProcess(tmp_path, telegram(fake, WENCE_LOG_LEVEL="debug")) as bot:
        await bot.logged("telegram：启动")
        assert await bot.health() == {"status": "ok", "channels": {"telegram": "running"}}
        (person,) = people(fake.world, 1)
        await person.say("你好")
        await person.answer()
        assert await bot.end(signal.SIGTERM) == 0
        assert fake.world.token not in str(bot.log) + bot.words
        assert fake.world.token.partition(":")[2] not in str(bot.log) + bot.words


async def test_a_bad_token_names_itself(tmp_path: Path) -> None:
    """A refused token is told by its setting's name, without the token; with no other channel the process ends."""
    async with FakeTelegram() as fake:
        settings = telegram(fake) | {"WENCE_TELEGRAM_TOKEN": "12345:AAwrong-token-of-nobody-0000000000000"}
        async with BotProcess(tmp_path, settings) as bot:
            line = await bot.logged("WENCE_TELEGRAM_TOKEN 有误")
            assert line["level"] == "error"
            assert await bot.wait() == 1
            assert "AAwrong" not in str(bot.log) + bot.words


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "没有任何渠道可启动"),
        ({"WENCE_TELEGRAM_TOKEN": "1:a", "WENCE_HTTP_PORT": "99999"}, "WENCE_HTTP_PORT"),
        ({"WENCE_TELEGRAM_TOKEN": "1:a", "WENCE_DATA_DIR": "/dev/null/x"}, "WENCE_DATA_DIR"),
        ({"WENCE_TELEGRAM_TOKEN": "1:a", "WENCE_DATABASE_URL": "mysql://a:hunter22@b/c"}, "WENCE_DATABASE_URL"),
        ({"WENCE_TELEGRAM_TOKEN": "1:a", "WENCE_TELEGRAM_PROXY": "hunter22"}, "WENCE_TELEGRAM_PROXY"),
    ],
)
async def test_a_setting_that_cannot_be_used_stops_the_start(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    """The process ends with code 2 and one line that names the setting, no traceback and no secret."""
    async with BotProcess(tmp_path, settings, module="bot", arguments=("run",)) as bot:
        assert await bot.wait() == 2
        assert told in bot.words
        assert "Traceback" not in bot.words
        assert "hunter22" not in bot.words


async def test_an_index_that_cannot_be_written_stops_the_process(tmp_path: Path) -> None:
    """When the index can't be made in the data folder, the process ends and names the folder's setting."""
    (tmp_path / "index").write_text("in the way", encoding="utf-8")
    async with FakeTelegram() as fake, BotProcess(tmp_path, telegram(fake), module="bot", arguments=("run",)) as bot:
        assert await bot.wait() == 2
        assert "WENCE_DATA_DIR" in bot.words
        assert "Traceback" not in bot.words


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    """A port that was asked for and can't be had stops the start."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        async with BotProcess(tmp_path, {"WENCE_TELEGRAM_TOKEN": "1:a", "WENCE_HTTP_PORT": port}) as bot:
            assert await bot.wait() == 2
            assert "WENCE_HTTP_PORT" in bot.words


async def test_the_webhook_takes_updates_and_checks_its_secret(tmp_path: Path) -> None:
    """With a public URL Telegram posts to the shared app; without the secret nothing is taken."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    async with FakeTelegram() as fake:
        settings = telegram(fake, WENCE_HTTP_PORT=str(port), WENCE_TELEGRAM_WEBHOOK_URL=url)
        async with BotProcess(tmp_path, settings) as bot:
            await bot.logged("telegram：启动")
            (person,) = people(fake.world, 1)
            await person.say("你好")
            assert (await person.answer())["text"].startswith("你好")
            assert fake.world.webhook["secret"]
            async with httpx.AsyncClient() as client:
                hook, forged = fake.world.webhook["url"], {"update_id": 1, "message": person.place.messages[1]}
                secret = {"X-Telegram-Bot-Api-Secret-Token": fake.world.webhook["secret"]}
                assert (await client.post(hook, json=forged)).status_code == 403
                wrong = {"X-Telegram-Bot-Api-Secret-Token": "wrong"}
                assert (await client.post(hook, json=forged, headers=wrong)).status_code == 403
                assert (await client.post(hook, content=b"{", headers=secret)).status_code == 400
                assert (await client.post(hook, content=b"[1]", headers=secret)).status_code == 400
                assert (await client.post(hook, content=b" " * (2 << 20), headers=secret)).status_code == 413
                assert (await client.get(f"{url}/healthz")).status_code == 200
            await person.say("再见")
            await person.answer(2)
    assert len(person.answers()) == 2
    assert not any(call.method == "getUpdates" for call in fake.world.calls)


async def test_kill_9_loses_nothing_and_doubles_only_what_was_under_way(tmp_path: Path) -> None:
    """Killed again and again in a burst, the bot answers every message in order.

    An answer can come twice only where it was being sent when the process died; the log of the next start names it.
    """
    async with FakeTelegram() as fake:
        crowd = people(fake.world, 10)
        updates = {(p.number, n): await p.say(f"第{n}问") for n in range(9) for p in crowd}
        named: set[str] = set()
        bots = [BotProcess(tmp_path, telegram(fake)) for _ in range(4)]
        for kill_at, bot in zip((15, 35, 60), bots, strict=False):
            async with bot:
                await fake.world.until(lambda at=kill_at: sum(len(p.answers()) for p in crowd) >= at)  # type: ignore[misc]
                await bot.end(signal.SIGKILL)
        async with bots[-1] as last:
            for person in crowd:
                await fake.world.until(lambda p=person: p.answers() and p.answers()[-1]["text"].startswith("第8问"))  # type: ignore[misc]
            assert await last.end(signal.SIGTERM) == 0
        for bot in bots:
            named |= {line["request"] for line in bot.log if "answered again" in line["event"]}
    update_ids = {key: str(1000 + position) for position, key in enumerate(updates)}
    for person in crowd:
        numbers = [int(answer["text"][1]) for answer in person.answers()]
        assert sorted(set(numbers)) == list(range(9))
        assert numbers == sorted(numbers)
        for number in range(9):
            if numbers.count(number) > 1:
                assert request_id("telegram", update_ids[person.number, number]) in named


async def test_sigterm_in_a_burst_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Stopped politely in the middle, the bot finishes what it has begun; the next start answers the rest."""
    async with FakeTelegram() as fake:
        crowd = people(fake.world, 10)
        for number in range(5):
            for person in crowd:
                await person.say(f"第{number}问")
        async with BotProcess(tmp_path, telegram(fake)) as bot:
            await fake.world.until(lambda: sum(len(p.answers()) for p in crowd) >= 10)
            assert await bot.end(signal.SIGTERM) == 0
        async with BotProcess(tmp_path, telegram(fake)) as bot:
            for person in crowd:
                await person.answer(5)
            assert await bot.end(signal.SIGTERM) == 0
    for person in crowd:
        assert [answer["text"][:3] for answer in person.answers()] == [f"第{number}问" for number in range(5)]


async def test_a_second_replica_stands_by_and_takes_over(tmp_path: Path) -> None:
    """Two replicas on one database: one polls; when it is killed the other answers within 30 seconds."""
    database = {"WENCE_DATABASE_URL": f"sqlite:///{tmp_path}/shared.db"}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    async with FakeTelegram() as fake:
        settings = telegram(fake) | database
        async with BotProcess(tmp_path / "one", settings) as one:
            await one.logged("telegram：启动")
            async with BotProcess(tmp_path / "two", settings) as two:
                await two.logged("待命")
                assert (await two.health())["channels"] == {"telegram": "standby"}
                await one.end(signal.SIGKILL)
                loop = asyncio.get_running_loop()
                killed_at = loop.time()
                (person,) = people(fake.world, 1)
                await person.say("你好")
                await fake.world.until(lambda: bool(person.answers()), seconds=60)
                assert loop.time() - killed_at < 30
    assert len(person.answers()) == 1


async def test_one_can_chat_with_the_bot_in_a_terminal(tmp_path: Path) -> None:
    """The fake platform started by hand tells how to start the bot, and carries a conversation."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    terminal = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", "-m", "tests.fake_telegram", "--port", port),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if terminal.stdin is None or terminal.stdout is None:
        raise AssertionError

    async def read_until(words: str) -> str:
        seen = ""
        async with asyncio.timeout(40):
            while words not in seen:
                seen += (await terminal.stdout.readline()).decode()  # type: ignore[union-attr]
        return seen

    told = await read_until("空行结束")
    settings = dict(re.findall(r"(WENCE_\w+)=(\S+)", told))
    async with BotProcess(tmp_path, settings):
        terminal.stdin.write("列表20\n".encode())
        assert "下一页" in await read_until("相关指标")
        terminal.stdin.write(b"#6\n")
        await read_until("第2/")
        await read_until("相关指标")
        terminal.stdin.write("@中医\n".encode())
        await read_until("中医第24条")
        terminal.stdin.write(b"\n")
        assert await terminal.wait() == 0
