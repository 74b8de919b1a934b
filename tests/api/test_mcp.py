"""MCP: the official client lists the tools, and what they give stands in the plans."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import TextContent

from bot.api.operations import OPERATIONS
from bot.store.scope import Scope
from tests.api.conftest import Served
from tests.api.test_http import DUTIES, UNIT, named
from tests.ask.chatting import NO_MODEL

ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def over_http(served: Served, token: str) -> AsyncIterator[Client]:
    """Connect with a token."""
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60) as http,
        Client(streamable_http_client(f"{served.url}/mcp", http_client=http)) as client,
    ):
        yield client


@asynccontextmanager
async def over_stdio(folder: Path) -> AsyncIterator[Client]:
    """Start the server as a program on the same machine does."""
    environment = {**os.environ, "WENCE_DATA_DIR": str(folder), "WENCE_MODEL": str(folder / NO_MODEL)}
    command = StdioServerParameters(command=sys.executable, args=["-m", "bot", "mcp"], cwd=ROOT, env=environment)
    async with Client(stdio_client(command)) as client:
        yield client


@pytest.mark.parametrize("way", ["http", "stdio"])
async def test_a_model_gets_exactly_the_duties(way: str, served: Served) -> None:
    """Over both ways: each operation is a tool with a Chinese meaning, and a list is whole, cited and verbatim."""
    connected = over_http(served, served.token) if way == "http" else over_stdio(served.folder)
    async with connected as client:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == [one.name for one in OPERATIONS]
        assert all((tool.description or "").endswith("。") for tool in tools)
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
        found = await client.call_tool("query", DUTIES)
        assert not found.is_error
        ids = named(UNIT, "渝中区")
        assert {one["id"] for one in found.structured_content["clauses"]} == ids
        (text,) = found.content
        assert isinstance(text, TextContent)
        for clause in found.structured_content["clauses"]:
            assert f"【{clause['id']}】" in text.text
            assert clause["text"] in text.text


async def test_what_a_model_did_wrong_is_told_to_it(served: Served) -> None:
    """Arguments that can't be read and things that are not there come back as words, so that it can try again."""
    async with over_http(served, served.token) as client:
        wrong = await client.call_tool("query", {"select": "任务"})
        assert wrong.is_error
        missing = await client.call_tool("clause", {"id": "渝中 99.9"})
        assert missing.is_error
        assert isinstance(missing.content[0], TextContent)
        assert "渝中 99.9" in missing.content[0].text
        with pytest.raises(MCPError):
            await client.call_tool("nothing", {})


async def test_a_token_shows_only_the_tools_that_it_is_good_for(served: Served) -> None:
    """Who may only read sees no tool that asks, and can't call one; who has no token sees none."""
    async with over_http(served, served.make("读", frozenset({Scope.READ}))) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert names == {one.name for one in OPERATIONS if one.scope is Scope.READ}
        with pytest.raises(MCPError):
            await client.call_tool("ask", {"question": "你好"})
    async with httpx2.AsyncClient() as http:
        assert (await http.post(f"{served.url}/mcp", json={})).status_code == 401
        assert (await http.get(f"{served.url}/mcp")).status_code == 405
