"""The one web port: what can't be read is 400 or 403, half a request does not stay, states are not for everybody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from bot.channels.telegram.webhook import SECRET_HEADER
from bot.channels.telegram.webhook import make_route as make_webhook
from bot.channels.web.access_control import address_of
from bot.serving import connection
from bot.serving.status_access import behind_token
from bot.serving.web import listen, make_app, make_server
from bot.settings import Settings
from bot.store.database import Store
from tests.bot_process import BotProcess
from tests.fake_telegram.server import FakeTelegram
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.caller import NO_TLS
from tests.wecom.office import app as wecom_app


async def who(request: Request) -> Response:
    """Say whom the request came from, after its whole body."""
    await request.body()
    return PlainTextResponse(address_of(request))


@asynccontextmanager
async def serving(app: Starlette, *trusted: str) -> AsyncIterator[tuple[str, int]]:
    """Serve on loopback; yields the address and the port."""
    listener = listen("127.0.0.1", 0)
    server = make_server(app, trusted)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}", port
    server.should_exit = True
    await task
    listener.close()


def plain() -> Starlette:
    """Return an app with one address."""
    return make_app([Route("/who", who, methods=["GET", "POST"])], dict)


@pytest.mark.parametrize("body", [b"<?xml version='1.0' encoding='x-none'?><xml/>", b"<a>" * 9_000, b"\xff\xfe<", b""])
async def test_a_callback_that_cannot_be_read_is_refused(store: Store, body: bytes) -> None:
    """Without the secret: a strange encoding, a deep document, a number of 400 digits give 400 or 403, no traceback."""
    async with wecom_app(FakeApi(), store) as caller, httpx.AsyncClient(verify=NO_TLS) as client:
        with capture_logs() as logs:
            for timestamp in ("9" * 400, "9" * 5_000, str(int(time.time()))):
                query = {"timestamp": timestamp, "nonce": "1", "msg_signature": "0" * 40, "echostr": "1"}
                for answer in (
                    await client.get(caller.url, params=query),
                    await client.post(caller.url, params=query, content=body),
                ):
                    assert answer.status_code in {400, 403}
        assert not [line for line in logs if line["log_level"] == "error" or line.get("exc_info")]


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"update_id": ' + b"9" * 5_000 + b"}", b"\xff", b"nul"])
async def test_an_update_that_cannot_be_read_is_no_fault(body: bytes) -> None:
    """Deep JSON, or a number of thousands of digits, is refused or set aside."""

    async def accept(_updates: object) -> None:
        """Keep it, as the inbox does with what has a number."""

    app = make_app([make_webhook("http://a.example/hook", "secret", accept)], dict)
    async with serving(app) as (url, _), httpx.AsyncClient() as client:
        with capture_logs() as logs:
            answer = await client.post(f"{url}/hook", content=body, headers={SECRET_HEADER: "secret"})
    assert answer.status_code in {200, 400}
    assert not [line for line in logs if line["log_level"] == "error" or line.get("exc_info")]


async def test_half_a_request_does_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without headers, with half of them, or with half a body is closed; others are served on."""
    monkeypatch.setattr(connection, "HEADER_SECONDS", 0.3)
    monkeypatch.setattr(connection, "BODY_SECONDS", 0.3)
    whole = b"GET /who HTTP/1.1\r\nHost: a\r\n\r\n"
    body = b"POST /who HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1"
    halves = (b"", b"GET / HTTP/1.1\r\nHost:", body, whole + b"GET")
    async with serving(plain()) as (url, port):
        for half in halves:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(half)
            async with asyncio.timeout(20):
                await asyncio.gather(reader.read(), return_exceptions=True)
            writer.close()
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{url}/who")).status_code == 200


async def test_so_many_connections_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the cap a connection is closed; it is served again once others have gone."""
    monkeypatch.setattr(connection, "CONNECTIONS", 3)
    async with serving(plain()) as (url, port):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for _, writer in held:
            writer.write(b"GET /who HTTP/1.1\r\nHost: a\r\n\r\n")
        for reader, _ in held:
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.TransportError):
                await client.get(f"{url}/who")
            for _, writer in held:
                writer.close()
                await writer.wait_closed()
            async with asyncio.timeout(20):
                while not await served(client, f"{url}/who"):
                    await asyncio.sleep(0.05)


async def served(client: httpx.AsyncClient, url: str) -> bool:
    """Whether a request is answered."""
    try:
        return (await client.get(url)).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize(
    ("trusted", "said"), [((), "127.0.0.1"), (("127.0.0.0/8",), "9.9.9.9"), (("10.0.0.1",), "127.0.0.1")]
)
async def test_only_a_trusted_proxy_says_who_asks(trusted: tuple[str, ...], said: str) -> None:
    """Anybody else's X-Forwarded-For is nothing; one person's IPv6 addresses count as one."""
    async with serving(plain(), *trusted) as (url, _), httpx.AsyncClient() as client:
        assert (await client.get(f"{url}/who", headers={"X-Forwarded-For": "9.9.9.9"})).text == said
        if said == "9.9.9.9":
            found = {
                (await client.get(f"{url}/who", headers={"X-Forwarded-For": f"2001:db8::{end}"})).text for end in (1, 2)
            }
            assert found == {"2001:db8::/64"}


async def test_states_are_for_who_has_the_token() -> None:
    """Without the token, or with another, /metrics and /readyz say nothing; /healthz does."""
    app = make_app(behind_token([Route("/readyz", who), Route("/metrics", who)], "t" * 32), dict)
    async with serving(app) as (url, _), httpx.AsyncClient() as client:
        for path in ("/readyz", "/metrics"):
            for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "t" * 32}, {"Authorization": "é"}):
                raw = {name.encode(): value.encode() for name, value in headers.items()}
                answer = await client.get(url + path, headers=raw)
                assert (answer.status_code, answer.text) == (401, "")
            assert (await client.get(url + path, headers={"Authorization": f"Bearer {'t' * 32}"})).status_code == 200
        assert (await client.get(f"{url}/healthz")).status_code in {200, 503}


async def test_the_running_bot_hides_them(tmp_path: Path) -> None:
    """``bot run`` puts them behind the token."""
    async with FakeTelegram() as fake:
        settings = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        async with BotProcess(tmp_path, settings) as bot, httpx.AsyncClient() as client:
            url = await bot.url()
            for path in ("/readyz", "/metrics"):
                assert (await client.get(url + path)).status_code == 401


@pytest.mark.parametrize("name", ["x", "127.0.0.1/33", "*"])
def test_a_proxy_is_an_address(name: str) -> None:
    """A word that is no address or network stops the start, “everybody” too."""
    with pytest.raises(ValueError, match="网段"):
        Settings.model_validate({"trusted_proxies": name})
