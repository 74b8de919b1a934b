"""The MCP server over standard input and output, as a program starts it on its own machine: it needs no token."""

from __future__ import annotations

import asyncio

from mcp.server.stdio import stdio_server

from bot.api.tools import make_server
from bot.conversation.asking import Asker


async def serve(asker: Asker) -> None:
    """Serve until the other side closes; the plans are opened meanwhile."""
    opening = asyncio.create_task(asker.open())
    server = make_server(asker)
    try:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())
        # What went wrong with the plans, if anything did, is told by whoever has started this.
        await opening
    finally:
        opening.cancel()
        asker.close()
