"""The interfaces for other programs as a channel: requests are answered as they come, nothing is sent unasked."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from bot.api.guard import Guard
from bot.api.http import make_routes
from bot.api.mcp_http import PATH, McpDoor
from bot.api.operations import CHANNEL
from bot.channels.base import Channel
from bot.channels.context import ChannelContext, Unset
from bot.conversation.asking import Asker
from bot.settings import variable
from bot.store.api_tokens import ApiTokens


class ApiChannel(Channel):
    """HTTP JSON and MCP."""

    name = CHANNEL

    def __init__(self, asker: Asker, guard: Guard) -> None:
        self._mcp = McpDoor(asker, guard)
        self._routes = (*make_routes(asker, guard), Route(PATH, self._mcp))

    async def open(self) -> None:
        """Connect to nothing."""

    async def close(self) -> None:
        """End what is still being answered."""
        await self._mcp.close()

    def routes(self) -> Sequence[BaseRoute]:
        """Return the addresses."""
        return self._routes


def make_api(context: ChannelContext) -> Channel | Unset:
    """Make the interfaces where they are switched on; without a token nobody gets in."""
    if context.settings.api == "off":
        return Unset(CHANNEL, variable("api"))
    return ApiChannel(context.asker, Guard(ApiTokens(context.store)))
