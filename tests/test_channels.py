"""The ground under every channel, driven through the echo channel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy import text

from bot.channels import supervise
from bot.channels.base import Accept, ChannelRefusedError
from bot.channels.supervise import Condition, Supervisor
from bot.conversation.asking import Asker
from bot.query.chat_state import ChatState
from bot.serving import web
from bot.store.database import Store
from bot.store.inbox import Inbox, InboxRow, Update
from bot.store.leases import Leases
from tests.echo_channel import EchoChannel
from tests.scripted import ScriptedAnswerer


def message(number: int, text: str = "", chat: str = "1") -> Update:
    """Make an update of the echo channel."""
    return Update(str(number), chat, json.dumps({"text": text or str(number)}))


@asynccontextmanager
async def serving(store: Store, channel: EchoChannel, holder: str = "one") -> AsyncIterator[Supervisor]:
    """Run a channel meanwhile."""
    supervisor = Supervisor(channel, store, Leases(store, holder))
    stop = asyncio.Event()
    running = asyncio.create_task(supervisor.run(stop))
    try:
        yield supervisor
    finally:
        stop.set()
        await running


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something that must happen; fails after a generous time."""
    async with asyncio.timeout(20):
        while not happened():
            await asyncio.sleep(0.01)


class Stubborn(EchoChannel):
    """Fails in the ways that its messages name."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.away = 1
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()

    async def handle(self, row: InboxRow) -> None:
        text = json.loads(row.payload)["text"]
        if text == "bug":
            raise ZeroDivisionError
        if text == "away" and self.away:
            self.away -= 1
            raise ConnectionError
        if text == "slow":
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            await self.gate.wait()
            self.at_once -= 1
        await super().handle(row)


async def test_messages_of_a_chat_are_answered_in_order_and_once(store: Store) -> None:
    """Many chats at once, each in its own order, duplicates answered once."""
    channel = EchoChannel(store)
    async with serving(store, channel) as supervisor:
        sent = [message(number, chat=str(number % 7)) for number in range(70)]
        await supervisor.accept(sent[:40])
        await supervisor.accept(sent[30:])
        await until(lambda: len(channel.said) >= 70)
    for chat in range(7):
        assert [text for where, text in channel.said if where == str(chat)] == [str(n) for n in range(chat, 70, 7)]
    assert len(channel.said) == 70


async def test_chats_do_not_wait_for_each_other(store: Store) -> None:
    """While one chat's answer takes long, another's goes out; within a chat one follows the other."""
    channel = Stubborn(store)
    async with serving(store, channel) as supervisor:
        await supervisor.accept([message(1, "slow"), message(2, "slow"), message(3, "quick", chat="2")])
        await until(lambda: ("2", "quick") in channel.said)
        assert channel.said == [("2", "quick")]
        channel.gate.set()
        await until(lambda: len(channel.said) == 3)
    assert channel.most_at_once == 1


async def test_an_update_that_crashes_its_handler_gets_one_line(store: Store) -> None:
    """A mistake in the code ends one update, with an apology and its id in the log, and nothing else."""
    channel = Stubborn(store)
    async with serving(store, channel) as supervisor:
        await supervisor.accept([message(1, "bug"), message(2, "fine")])
        await until(lambda: len(channel.said) == 2)
    assert channel.said == [("1", "sorry"), ("1", "fine")]
    assert await Inbox(store, "echo").waiting(9) == []


async def test_an_update_waits_for_a_platform_that_is_away(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """When sending fails for want of a network the update is tried again, before its successors."""
    monkeypatch.setattr("bot.channels.dispatch.FIRST_PAUSE", 0.01)
    channel = Stubborn(store)
    channel.away = 3
    async with serving(store, channel) as supervisor:
        await supervisor.accept([message(1, "away"), message(2, "next")])
        await until(lambda: len(channel.said) == 2)
    assert channel.said == [("1", "away"), ("1", "next")]


@pytest.mark.parametrize("step", ["take", "give_back"])
async def test_a_row_whose_state_could_not_be_kept_is_answered(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A database that breaks off just then leaves no row that says it is being answered until the next start."""
    monkeypatch.setattr("bot.channels.dispatch.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("bot.channels.dispatch.LOOK_EVERY", 0.01)
    work, broken = getattr(Inbox, step), [True]

    async def breaks_off(inbox: Inbox, row: InboxRow) -> bool:
        if step == "give_back" and broken:
            broken.clear()
            raise ConnectionError
        done: bool = await work(inbox, row)
        if broken:
            broken.clear()
            raise ConnectionError  # it was committed, and the connection broke before that was said
        return done

    monkeypatch.setattr(Inbox, step, breaks_off)
    channel = Stubborn(store)
    async with serving(store, channel) as supervisor:
        await supervisor.accept([message(1, "away"), message(2, "next")])
        await until(lambda: len(channel.said) == 2)
    assert channel.said == [("1", "away"), ("1", "next")]


async def test_stopping_finishes_what_is_begun_and_keeps_the_rest(store: Store) -> None:
    """On a stop the answer under way goes out; the next message stays in the inbox for the next start."""
    channel = Stubborn(store)
    async with serving(store, channel) as supervisor:
        await supervisor.accept([message(1, "slow"), message(2, "later")])
        await until(lambda: channel.at_once == 1)
        asyncio.get_running_loop().call_later(0.2, channel.gate.set)
    assert channel.said == [("1", "slow")]
    assert [row.key for row in await Inbox(store, "echo").waiting(9)] == ["2"]
    async with serving(store, channel):
        await until(lambda: len(channel.said) == 2)


async def test_what_takes_too_long_to_stop_is_answered_by_the_next_start(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that is not ready in time when the process must stop is begun again later."""
    monkeypatch.setattr(supervise, "DRAIN_SECONDS", 0.05)
    channel = Stubborn(store)
    async with serving(store, channel) as supervisor:
        await supervisor.accept([message(1, "slow")])
        await until(lambda: channel.at_once == 1)
    assert channel.said == []
    channel.gate.set()
    async with serving(store, channel):
        await until(lambda: channel.said == [("1", "slow")])


async def test_one_replica_answers_and_another_takes_over(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two replicas share one inbox: only the holder answers, and when it stops the other goes on."""
    monkeypatch.setattr(supervise, "EVERY", 0.05)
    monkeypatch.setattr(supervise, "SECONDS", 3.0)
    one, two = EchoChannel(store), EchoChannel(store)
    async with serving(store, one, "one") as first:
        await until(lambda: first.condition is Condition.RUNNING)
        async with serving(store, two, "two") as second:
            # Any replica may receive by HTTP; the holder answers.
            await second.accept([message(1)])
            await until(lambda: len(one.said) == 1)
            assert second.condition is Condition.STANDBY
            acquire = Leases.acquire
            monkeypatch.setattr(Leases, "acquire", _refuse_to("one", acquire))
            await acquire(Leases(store, "one"), "echo", seconds=-1)
            await until(lambda: second.condition is Condition.RUNNING)
            await second.accept([message(2)])
            await until(lambda: len(two.said) == 1)
    assert one.said == [("1", "1")]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_that_hangs_takes_the_channel_from_its_holder(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lease that can't be renewed ends in time, before another replica may have it; then the channel comes back."""
    monkeypatch.setattr(supervise, "EVERY", 0.05)
    monkeypatch.setattr(supervise, "SECONDS", 2.0)
    monkeypatch.setattr("bot.store.leases.ASKED_FOR", 0.1)
    channel = EchoChannel(store)
    other = Store(store.engine.url.render_as_string(hide_password=False))
    async with serving(store, channel) as supervisor:
        await until(lambda: supervisor.condition is Condition.RUNNING)
        async with other.begin() as tx:
            await tx.execute(text("LOCK TABLE leases IN ACCESS EXCLUSIVE MODE"))
            await until(lambda: supervisor.condition is Condition.STANDBY)
        await until(lambda: supervisor.condition is Condition.RUNNING)
        await supervisor.accept([message(1)])
        await until(lambda: channel.said == [("1", "1")])
    await other.close()


def _refuse_to(
    holder: str, acquire: Callable[[Leases, str], Awaitable[bool]]
) -> Callable[[Leases, str], Awaitable[bool]]:
    async def refuse(self: Leases, name: str) -> bool:
        return self.holder != holder and await acquire(self, name)

    return refuse


async def test_a_question_asked_before_the_index_is_ready_waits_for_it() -> None:
    """While the first start still makes its index, questions wait instead of failing."""
    answerer = ScriptedAnswerer()
    asker = Asker(lambda: answerer)
    asking = asyncio.create_task(asker.ask("你好", ChatState()))
    await asyncio.sleep(0)
    assert not asking.done()
    await asker.open()
    answer, _ = await asking
    assert answer.headline == "你好"
    asker.close()


class Refused(EchoChannel):
    """Is refused by its platform."""

    async def open(self) -> None:
        raise ChannelRefusedError("令牌有误")


class Revoked(EchoChannel):
    """Has its token revoked while it is answering or receiving, and taken again later."""

    def __init__(self, store: Store, *, receiving: bool) -> None:
        super().__init__(store)
        self.refuses = False
        self.tried = 0
        self._receiving = receiving

    def check(self) -> None:
        """Refuse as a platform does after the token was changed."""
        if self.refuses:
            self.tried += 1
            raise ChannelRefusedError("令牌已更换")

    async def open(self) -> None:
        self.check()

    async def receive(self, accept: Accept) -> None:
        while True:
            if self._receiving:
                self.check()
            await asyncio.sleep(0.01)

    async def handle(self, row: InboxRow) -> None:
        self.check()
        await super().handle(row)


@pytest.mark.parametrize("receiving", [False, True])
async def test_a_token_fault_pauses_the_channel_and_keeps_its_rows(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    receiving: bool,  # noqa: FBT001
) -> None:
    """It is told as refused, tried again with pauses, and what came meanwhile is answered once it is well again."""
    monkeypatch.setattr(supervise, "REFUSED_PAUSE", 0.05)
    channel = Revoked(store, receiving=receiving)
    async with serving(store, channel) as supervisor:
        await until(lambda: supervisor.is_connected)
        channel.refuses = True
        await supervisor.accept([message(number, chat=str(number)) for number in range(5)])
        await until(lambda: supervisor.condition is Condition.REFUSED)
        assert not supervisor.is_connected
        await until(lambda: channel.tried > 3)
        assert await _states(store) == {"new"}
        channel.refuses = False
        await until(lambda: len(channel.said) == 5)
        assert supervisor.is_connected
    assert "sorry" not in {words for _, words in channel.said}


async def _states(store: Store) -> set[str]:
    async with store.read() as tx:
        return set((await tx.execute(text("SELECT state FROM inbox"))).scalars())


class Unlucky(EchoChannel):
    """Has its connection fail, then its code."""

    failures: tuple[type[Exception], ...] = (ConnectionError, ZeroDivisionError)

    async def receive(self, accept: Accept) -> None:
        if self.failures:
            error, self.failures = self.failures[0], self.failures[1:]
            raise error
        await super().receive(accept)


async def test_a_refused_channel_stops_alone(store: Store) -> None:
    """Wrong settings end one channel; another goes on."""
    channel = EchoChannel(store)
    refused = Refused(store)
    refused.name = "refused"
    async with serving(store, channel) as well, serving(store, refused) as unwell:
        await until(lambda: unwell.condition is Condition.REFUSED)
        await well.accept([message(1)])
        await until(lambda: len(channel.said) == 1)


async def test_a_lost_connection_is_made_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a lost network nor a mistake in receiving ends a channel."""
    monkeypatch.setattr(supervise, "FIRST_PAUSE", 0.01)
    channel = Unlucky(store)
    async with serving(store, channel) as supervisor:
        await until(lambda: not channel.failures)
        await supervisor.accept([message(1)])
        await until(lambda: len(channel.said) == 1)


async def test_the_shared_web_app_serves_a_channels_routes_and_its_health(store: Store) -> None:
    """One app holds every channel's routes, and /healthz names each channel's condition."""
    channel = EchoChannel(store)
    async with serving(store, channel) as supervisor:
        app = web.make_app(supervisor.routes(), lambda: {"echo": supervisor.condition})
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
            response = await client.post("/echo", json={"id": 1, "chat": "7", "text": "hello"})
            assert response.status_code == 204
            await until(lambda: channel.said == [("7", "hello")])
            health = await client.get("/healthz")
    assert health.json() == {"status": "ok", "channels": {"echo": "running"}}
    app = web.make_app([], lambda: {"echo": Condition.REFUSED})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        assert (await client.get("/healthz")).status_code == 503
