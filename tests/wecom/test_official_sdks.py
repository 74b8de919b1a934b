"""Proves the fake server: WeCom's own SDKs, unchanged, take it for the real one.

The Python SDK insists on TLS, so the server shows a certificate that the test has made and the SDK is told to trust.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.fake_wecom.robot import FakeRobot

NODE_SDK = Path(__file__).parents[2] / "var" / "node-sdk"
pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated.*:DeprecationWarning")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Make a certificate authority for this test run."""
    return trustme.CA()


@pytest.fixture
async def robot(authority: trustme.CA) -> AsyncIterator[FakeRobot]:
    """Serve the AI bot's side of WeCom over TLS."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)
    async with FakeRobot(tls=tls) as robot:
        yield robot


class Quiet:
    """A logger that says nothing."""

    def debug(self, message: str, *_: object) -> None:
        """Say nothing."""

    info = warn = error = debug


@contextlib.asynccontextmanager
async def python_sdk(
    robot: FakeRobot, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, secret: str = ""
) -> AsyncIterator[Any]:
    """Connect WeCom's Python SDK."""
    import aibot
    import aibot.ws

    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    monkeypatch.setattr(aibot.ws, "_SSL_CONTEXT", trust)
    options = aibot.WSClientOptions(
        bot_id=robot.bot_id,
        secret=secret or robot.secret,
        ws_url=robot.url,
        heartbeat_interval=100,
        reconnect_interval=20,
        logger=Quiet(),
    )
    client = aibot.WSClient(options)
    yield client
    client.disconnect()
    await asyncio.sleep(0.05)


async def test_python_sdk_holds_a_conversation(
    robot: FakeRobot, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Login, heartbeat, a streamed answer, a card, its update, a welcome and a push pass with the Python SDK."""
    async with python_sdk(robot, authority, monkeypatch) as client:
        card = {
            "card_type": "button_interaction",
            "main_title": {"title": "第1页"},
            "button_list": [{"text": "下一页", "key": "next"}],
            "task_id": "task-1",
        }

        async def on_text(frame: dict[str, Any]) -> None:
            await client.reply_stream(frame, "stream-1", "正在查询…", False)
            await client.reply_stream(frame, "stream-1", "**12项**", True)
            await client.send_message("li", {"msgtype": "template_card", "template_card": card})

        async def on_press(frame: dict[str, Any]) -> None:
            await client.update_template_card(frame, card | {"main_title": {"title": "第2页"}})

        async def on_enter(frame: dict[str, Any]) -> None:
            await client.reply_welcome(frame, {"msgtype": "text", "text": {"content": "您好"}})

        client.on("message.text", on_text)
        client.on("event.template_card_event", on_press)
        client.on("event.enter_chat", on_enter)
        await client.connect()
        await robot.connected()
        asked = await robot.say("li", "教委负责什么")
        await robot.until(lambda: robot.cards)
        assert asked.contents == ["正在查询…", "**12项**"]
        await robot.press("li", "task-1", "下一页")
        entered = await robot.enter("wang")
        await robot.until(lambda: robot.updates and entered.contents and robot.pings >= 2)
        assert robot.cards["task-1"]["main_title"] == {"title": "第2页"}
        assert entered.answer == "您好"
        assert not robot.refused


async def test_python_sdk_understands_refusals(
    robot: FakeRobot, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong secret and a reply to an unknown req_id reach the Python SDK as errors with their codes."""
    async with python_sdk(robot, authority, monkeypatch, secret="wrong") as client:
        errors: list[str] = []
        client.on("error", lambda error: errors.append(str(error)))
        await client.connect()
        await robot.until(lambda: errors)
        assert "40001" in errors[0]
    async with python_sdk(robot, authority, monkeypatch) as client:
        await client.connect()
        await robot.connected()
        with pytest.raises(RuntimeError, match="846605"):
            await client.reply_stream({"headers": {"req_id": "never-seen"}}, "s", "12项", True)


@pytest.mark.skipif(
    shutil.which("node") is None or not (NODE_SDK / "node_modules").is_dir(),
    reason="needs node, and scripts/install_node_sdk run once",
)
async def test_node_sdk_holds_a_conversation(robot: FakeRobot, authority: trustme.CA, tmp_path: Path) -> None:
    """The same with the Node SDK, which also comes back when the server ends the connection."""
    certificate = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(certificate)
    told: list[dict[str, Any]] = []
    process = await asyncio.create_subprocess_exec(
        "node",
        "proof.mjs",
        robot.url,
        robot.bot_id,
        robot.secret,
        certificate,
        cwd=NODE_SDK,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    reading = asyncio.create_task(_read(process.stdout, told))
    try:
        await robot.connected()
        asked = await robot.say("li", "教委负责什么", chat="group-1")
        await robot.until(lambda: robot.cards)
        assert asked.contents == ["正在查询…", "**12项**"]
        assert {"what": "text", "text": "@问策 教委负责什么", "chat": "group"} in told
        await robot.until(lambda: robot.pushed and robot.pushed[-1]["msgtype"] == "image")
        assert len(robot.media) == 1
        await robot.press("li", "task-node", "下一页", chat="group-1")
        entered = await robot.enter("wang")
        await robot.until(lambda: robot.updates and entered.contents and robot.pings >= 2)
        assert robot.cards["task-node"]["main_title"] == {"title": "第2页"}
        await robot.end(1011)
        await robot.until(lambda: robot.logins == 2 and robot.online)
        assert not robot.refused
    finally:
        process.stdin.close()
        await process.wait()
        await reading


async def _read(stream: asyncio.StreamReader, told: list[dict[str, Any]]) -> None:
    while line := await stream.readline():
        told.append(json.loads(line))
