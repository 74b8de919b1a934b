"""The interfaces for other programs, served over the shipped plans on a real port in a thread of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.api.channel import ApiChannel
from bot.api.guard import Guard
from bot.conversation.asking import Asker
from bot.serving import web
from bot.serving.open_answerer import open_answerer
from bot.store.api_tokens import ApiTokens
from bot.store.database import Store
from bot.store.scope import Scope
from tests.ask.chatting import NO_MODEL

EVERYTHING = frozenset(Scope)


@dataclass
class Served:
    """A server with its store, driven from other threads."""

    folder: Path
    url: str = ""
    token: str = ""
    """Good for everything, as often as wanted."""
    store: Store = field(init=False)
    tokens: ApiTokens = field(init=False)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _ready: threading.Event = field(default_factory=threading.Event)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    def make(self, name: str, scopes: frozenset[Scope] = EVERYTHING, per_minute: int = 0, days: int = 1) -> str:
        """Return a new token."""
        made = self.tokens.make(name, scopes, per_minute, days)
        return asyncio.run_coroutine_threadsafe(made, self._loop).result(60)

    def take_back(self, number: str) -> bool:
        """Take a token back."""
        return asyncio.run_coroutine_threadsafe(self.tokens.take_back(number), self._loop).result(60)

    @property
    def headers(self) -> dict[str, str]:
        """What a good request sends."""
        return {"Authorization": f"Bearer {self.token}"}

    def run(self) -> None:
        """Serve until stopped."""
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self.store = Store(f"sqlite+aiosqlite:///{self.folder / 'wence.db'}")
        await self.store.open()
        self.tokens = ApiTokens(self.store)
        asker = Asker(lambda: open_answerer(self.folder, str(self.folder / NO_MODEL)))
        await asker.open()
        channel = ApiChannel(asker, Guard(self.tokens))
        port = web.listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{port.getsockname()[1]}"
        self.token = await self.tokens.make("测试", EVERYTHING, 0, 1)
        server = web.make_server(web.make_app(channel.routes(), dict))
        serving = asyncio.create_task(server.serve(sockets=[port]))
        self._ready.set()
        await self._stop.wait()
        server.should_exit = True
        await serving
        await channel.close()
        asker.close()
        await self.store.close()

    def wait(self) -> None:
        """Return once requests are taken."""
        assert self._ready.wait(120)

    def end(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._stop.set)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve both plans, without the model."""
    served = Served(tmp_path_factory.mktemp("api"))
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    served.wait()
    yield served
    served.end()
    thread.join(30)
