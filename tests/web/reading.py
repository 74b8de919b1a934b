"""The page as a reader without scripts has it: served over HTTP, its links followed, its form filled in."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.channels.base import Channel
from bot.channels.context import ChannelContext, Unset
from bot.channels.web.make import make_page
from bot.conversation.answerer import Answerer
from bot.serving.web import make_app
from bot.store.database import Store
from tests.fake_wecom.serving import serving
from tests.wecom.office import context


@dataclass
class Reader:
    """One browser: it keeps its cookies and the page that it shows."""

    client: httpx.AsyncClient
    response: httpx.Response | None = None

    async def open(self, url: str, **headers: str) -> LexborHTMLParser:
        """Open an address, and follow where it leads on this server."""
        self.response = await self.client.get(url, headers=headers)
        return self.page

    async def ask(self, words: str) -> LexborHTMLParser:
        """Fill in the form of the page and send it."""
        form = one(self.page, "form.ask")
        hidden = {str(field.attributes["name"]): field.attributes["value"] for field in form.css("input[type=hidden]")}
        self.response = await self.client.get(str(form.attributes["action"]), params=hidden | {"q": words})
        return self.page

    async def tap(self, label: str) -> LexborHTMLParser:
        """Follow the first link with these words."""
        return await self.open(self.links()[label])

    def links(self) -> dict[str, str]:
        """Return the page's links by their words, the first of several with the same."""
        found: dict[str, str] = {}
        for link in self.page.css("a"):
            found.setdefault(link.text(strip=True), str(link.attributes["href"]))
        return found

    @property
    def page(self) -> LexborHTMLParser:
        """The page it shows."""
        assert self.response is not None
        return LexborHTMLParser(self.response.text)

    @property
    def status(self) -> int:
        """The status that came with it."""
        assert self.response is not None
        return self.response.status_code

    @property
    def heading(self) -> str:
        """The page's first line."""
        return one(self.page, "h1").text(strip=True)

    @property
    def text(self) -> str:
        """Everything on it that can be read."""
        return one(self.page, "main").text()


def one(page: LexborHTMLParser, selector: str) -> LexborNode:
    """Return the first element that fits; there must be one."""
    found = page.css_first(selector)
    assert found is not None, selector
    return found


Make = Callable[[ChannelContext], Channel | Unset]


@contextlib.asynccontextmanager
async def reading(
    store: Store, answerer: Answerer, make: Make = make_page, /, **settings: object
) -> AsyncIterator[Reader]:
    """Serve the page and open a browser on it, nothing opened yet."""
    channel = make(await context(store, answerer, **settings))
    assert isinstance(channel, Channel)
    async with serving_channel(channel) as url, browsing(url) as reader:
        yield reader


@contextlib.asynccontextmanager
async def serving_channel(channel: Channel, port: int = 0) -> AsyncIterator[str]:
    """Serve a channel's pages; yields their address."""
    try:
        async with serving(make_app(channel.routes(), dict), port) as url:
            yield url
    finally:
        await channel.close()


@contextlib.asynccontextmanager
async def browsing(url: str) -> AsyncIterator[Reader]:
    """Open another browser."""
    async with httpx.AsyncClient(base_url=url, follow_redirects=True, timeout=30) as client:
        yield Reader(client)
