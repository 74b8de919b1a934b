"""A forward proxy on loopback that sends every request to 127.0.0.1, whatever host it names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True)
class Proxy:
    """A running proxy."""

    url: str
    seen: list[str] = field(default_factory=list)
    """The URLs that were asked for."""


@asynccontextmanager
async def http_proxy() -> AsyncIterator[Proxy]:
    """Run a proxy meanwhile."""
    proxy = Proxy("")
    forwarding: set[asyncio.Task[None]] = set()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, url, rest = head.split(b" ", 2)
        target = urlsplit(url.decode())
        proxy.seen.append(target.path)
        upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", target.port)
        # One request a connection, so that nothing has to be parsed after its head.
        lines = [line for line in rest.split(b"\r\n") if not line.lower().startswith((b"connection", b"proxy-"))]
        body = b"\r\n".join([lines[0], b"Connection: close", *lines[1:]])
        upstream.write(b" ".join([method, target.path.encode(), body]))

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while piece := await source.read(65536):
                sink.write(piece)
                await sink.drain()

        sending = asyncio.create_task(pump(reader, upstream))
        try:
            await pump(upstream_reader, writer)
        finally:
            sending.cancel()
            for end in (upstream, writer):
                end.close()
            await asyncio.gather(sending, upstream.wait_closed(), writer.wait_closed(), return_exceptions=True)

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        forwarding.add(asyncio.create_task(forward(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield proxy
    for task in forwarding:
        task.cancel()
    await asyncio.gather(*forwarding, return_exceptions=True)
