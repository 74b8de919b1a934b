"""Runs the real Telegram channel against the fake platform, in the test's own event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.channels.context import ChannelContext
from bot.channels.supervise import Condition, Supervisor
from bot.channels.telegram.channel import TelegramChannel
from bot.conversation.answerer import Answerer
from bot.conversation.asking import Asker
from bot.serving.web import listen, make_app, make_server
from bot.settings import Settings
from bot.store.database import Store
from bot.store.leases import Leases
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Person, World
from tests.scripted import ScriptedAnswerer


@dataclass(slots=True)
class Scene:
    """A platform, a bot on it, and people."""

    fake: FakeTelegram
    folder: Path
    answerer: ScriptedAnswerer
    store: Store

    @property
    def world(self) -> World:
        """What the platform knows."""
        return self.fake.world

    def person(self, number: int = 1) -> Person:
        """Return somebody in their private chat."""
        return Person(self.world, number, self.world.chat(number))

    def member(self, number: int, group: int = -100, *, admin: bool = False, **more: object) -> Person:
        """Return somebody in a group."""
        place = self.world.chat(group, "supergroup", **more)
        if admin:
            place.administrators.add(number)
        return Person(self.world, number, place)

    @asynccontextmanager
    async def webhook_bot(self) -> AsyncIterator[Supervisor]:
        """Run the bot with Telegram posting to it."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        async with self.bot(telegram_webhook_url=url) as supervisor:
            app = make_app(supervisor.routes(), dict)
            server = make_server(app)
            running = asyncio.create_task(server.serve(sockets=[listen("127.0.0.1", port)]))
            try:
                yield supervisor
            finally:
                server.should_exit = True
                await running

    @asynccontextmanager
    async def bot(self, answerer: Answerer | None = None, **settings: object) -> AsyncIterator[Supervisor]:
        """Run the bot meanwhile, with the scene's answerer unless another is given; again on the same store."""
        base = self.fake.base_url
        files = base.replace("/bot", "/file/bot")
        values: dict[str, object] = {"telegram_token": self.world.token, "telegram_base_url": base}
        values |= {"telegram_base_file_url": files, "data_dir": self.folder, **settings}
        asker = Asker(lambda: answerer or self.answerer)
        await asker.open()
        context = ChannelContext(Settings.model_validate(values), self.store, asker)
        supervisor = Supervisor(TelegramChannel(context), self.store, Leases(self.store, "test"))
        stop = asyncio.Event()
        running = asyncio.create_task(supervisor.run(stop))
        try:
            async with asyncio.timeout(20):
                while supervisor.condition in {Condition.STANDBY, Condition.CONNECTING}:
                    await asyncio.sleep(0.005)
            yield supervisor
        finally:
            stop.set()
            await running
            context.asker.close()
