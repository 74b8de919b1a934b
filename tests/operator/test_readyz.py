"""``/readyz``: 200 when everything that a question needs is there, else 503 and what is not."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.channels.supervise import Supervisor
from bot.conversation.asking import Asker
from bot.serving.readiness import Readiness, make_route
from bot.store.database import Store
from bot.store.leases import Leases
from tests.bot_process import STATUS_HEADERS, BotProcess
from tests.echo_channel import EchoChannel
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Fault, Person
from tests.scripted import ScriptedAnswerer


async def ready(url: str) -> tuple[int, dict[str, Any]]:
    """Return what ``/readyz`` of a running bot says."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{url}/readyz", headers=STATUS_HEADERS)
    return answer.status_code, answer.json()


async def until_ready(url: str, missing: list[str]) -> dict[str, Any]:
    """Wait until exactly this is missing; returns what it says then."""
    async with asyncio.timeout(30):
        while (said := (await ready(url))[1])["missing"] != missing:
            await asyncio.sleep(0.05)
    return said


async def test_a_bot_is_ready_once_it_can_answer(tmp_path: Path) -> None:
    """With index, store and channel in place it is 200 and names each."""
    async with FakeTelegram() as fake:
        settings = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        async with BotProcess(tmp_path, settings) as bot:
            said = await until_ready(await bot.url(), [])
            assert await bot.end(signal.SIGTERM) == 0
    assert said == {
        "ready": True,
        "missing": [],
        "index": "open",
        "store": "reachable",
        "channels": {"telegram": "connected"},
    }


async def test_a_platform_that_goes_away_is_named_until_it_is_back(tmp_path: Path) -> None:
    """While Telegram is gone the bot lives on (/healthz) and is not ready; then it is again by itself."""
    async with FakeTelegram() as fake:
        settings = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        async with BotProcess(tmp_path, settings) as bot:
            url = await bot.url()
            await until_ready(url, [])
            fake.world.faults["getUpdates"] = [Fault(502)] * 2
            await Person(fake.world, 1, fake.world.chat(1)).say("列表1")
            await until_ready(url, ["channel:telegram"])
            assert (await ready(url))[0] == 503
            assert (await bot.health())["status"] == "ok"
            await until_ready(url, [])


async def test_a_missing_index_and_store_are_named(store: Store) -> None:
    """Before the index is open, and once the database is away, both are named."""
    asker = Asker(ScriptedAnswerer)
    app = Starlette(routes=[make_route(Readiness(asker, Store("postgresql+psycopg://me@127.0.0.1:1/none"), ()))])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        assert (await client.get("/readyz")).json()["missing"] == ["index", "store"]
    await asker.open()
    app = Starlette(routes=[make_route(Readiness(asker, store, ()))])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        assert (await client.get("/readyz")).status_code == 200
    asker.close()


async def test_a_store_that_cannot_be_written_is_missing(tmp_path: Path) -> None:
    """A database that answers but takes no write is away: here its file has become read-only to its connections."""
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'wence.db'}")
    await store.open()
    asker = Asker(ScriptedAnswerer)
    await asker.open()
    app = Starlette(routes=[make_route(Readiness(asker, store, ()))])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        assert (await client.get("/readyz")).status_code == 200
        async with store.read() as connection:
            await connection.exec_driver_sql("PRAGMA query_only=1")
        assert (await client.get("/readyz")).json()["missing"] == ["store"]
    asker.close()
    await store.close()


async def test_a_replica_on_standby_is_ready(store: Store) -> None:
    """What another replica answers is not missing here."""
    stop = asyncio.Event()
    supervisors = [Supervisor(EchoChannel(store), store, Leases(store, name)) for name in ("one", "two")]
    running = [asyncio.create_task(one.run(stop)) for one in supervisors]
    asker = Asker(ScriptedAnswerer)
    await asker.open()
    said = []
    for supervisor in supervisors:
        app = Starlette(routes=[make_route(Readiness(asker, store, (supervisor,)))])
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client,
            asyncio.timeout(20),
        ):
            while (answer := await client.get("/readyz")).status_code != 200:
                await asyncio.sleep(0.02)
            said.append(answer.json()["channels"]["echo"])
    stop.set()
    await asyncio.gather(*running)
    asker.close()
    assert sorted(said) == ["connected", "standby"]
