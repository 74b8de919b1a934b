"""The AI bot's side of WeCom: a WebSocket server that members' words come from and answers go to.

Where the documentation is silent it is strict: a stream that is finished, or older than six minutes, is expired;
a reply to an unknown ``req_id`` is refused; a message without a finished reply is sent again to a new connection.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.fake_wecom.rules import (
    BAD_PARAMETER,
    BAD_REQ_ID,
    LOGIN_WRONG,
    STREAM_BYTES,
    STREAM_EXPIRED,
    TOO_OFTEN,
    PlatformError,
    Rates,
    check_card,
    check_image,
    content_bytes,
)

Json = dict[str, Any]
SECRET = "a-robots-own"


@dataclass
class Asked:
    """Something a member did, and what came back for it."""

    req_id: str
    msgid: str
    kind: str
    """message, press or enter."""
    user: str
    chat: str
    frame: Json
    at: float
    stream_id: str = ""
    feedback: str = ""
    """The id that the first frame of the answer gave for what its reader thinks of it."""
    card: Json | None = None
    """The card in the same bubble as the answer."""
    contents: list[str] = field(default_factory=list)
    """Every state of the answer's text, oldest first."""
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    finished_at: float = 0.0
    """Monotonic seconds."""

    @property
    def answer(self) -> str:
        """The text as the member sees it last."""
        return self.contents[-1]


class FakeRobot:
    """One bot on a server of its own; use as an async context manager."""

    def __init__(
        self, bot_id: str = "bot", secret: str = SECRET, name: str = "问策", tls: ssl.SSLContext | None = None
    ) -> None:
        self.bot_id, self.secret, self.name, self._tls = bot_id, secret, name, tls
        self.port = 0
        self.asked: dict[str, Asked] = {}
        self.pushed: list[Json] = []
        """Bodies of aibot_send_msg, oldest first."""
        self.cards: dict[str, Json] = {}
        """Template cards as they look now, by task_id."""
        self.updates: list[Json] = []
        self.logins = 0
        self.pings = 0
        self.refused: list[PlatformError] = []
        self.refuse_logins = 0
        """How many of the next subscriptions are refused."""
        self.refuse_uploads = False
        self.media: dict[str, bytes] = {}
        """What was uploaded, by its id."""
        self.names: dict[str, str] = {}
        """What the uploaded files are called."""
        self._uploads: dict[str, tuple[Json, dict[int, bytes]]] = {}
        self.mute = False
        """Takes every frame and acks none."""
        self.silent: set[str] = set()
        """Commands that are carried out and never acked."""
        self.refusals: dict[str, list[int]] = {}
        """Codes that the next frames of a command are refused with."""
        self.ack_delay = 0.0
        self.forget_req_ids = False
        """What was asked over an earlier connection can't be answered by its req_id."""
        self.resend = True
        self.rates = Rates((30, 60.0), (1000, 3600.0))
        self._numbers = itertools.count(1)
        self._spoken: dict[str, bool] = {}
        self._live: ServerConnection | None = None
        self._server: Server | None = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """Where the bot connects."""
        return f"{'wss' if self._tls else 'ws'}://localhost:{self.port}"

    @property
    def online(self) -> bool:
        """Whether a bot is subscribed."""
        return self._live is not None

    async def start(self, port: int = 0) -> Self:
        """Listen on loopback; the same port again after ``stop`` when ``port`` is left out."""
        self._server = await serve(self._connection, "localhost", port or self.port, ssl=self._tls)
        self.port = next(iter(self._server.sockets)).getsockname()[1]
        return self

    async def stop(self) -> None:
        """Stop listening and end every connection with 1001."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def until(self, what: Callable[[], object], seconds: float = 20.0) -> None:
        """Wait until ``what()`` is true."""
        async with asyncio.timeout(seconds):
            while not what():
                await asyncio.sleep(0.002)

    async def connected(self) -> None:
        """Wait until a bot is subscribed."""
        await self.until(lambda: self.online)

    def know(self, chat: str, *, group: bool) -> None:
        """Let a conversation be one in which somebody has spoken to the bot before."""
        self._spoken[chat] = group

    # What members do.

    async def say(self, user: str, text: str, chat: str = "", msgid: str = "") -> Asked:
        """Send a text of ``user``, in a group when ``chat`` is given; does not wait for the answer."""
        content = f"@{self.name} {text}" if chat else text
        return await self.ask(user, chat, {"msgtype": "text", "text": {"content": content}}, msgid)

    async def ask(self, user: str, chat: str, fields: Json, msgid: str = "", kind: str = "message") -> Asked:
        """Send a callback with these fields."""
        number = next(self._numbers)
        body = {
            "msgid": msgid or f"msg-{number}",
            "create_time": int(time.time()),
            "aibotid": self.bot_id,
            "chattype": "group" if chat else "single",
            "from": {"userid": user},
            **({"chatid": chat} if chat else {}),
            **fields,
        }
        command = "aibot_msg_callback" if kind == "message" else "aibot_event_callback"
        frame = {"cmd": command, "headers": {"req_id": f"req-{number}"}, "body": body}
        asked = Asked(f"req-{number}", body["msgid"], kind, user, chat or user, frame, time.monotonic())
        self.asked[asked.req_id] = asked
        self._spoken[asked.chat] = bool(chat)
        await self._deliver(asked)
        return asked

    async def press(self, user: str, task_id: str, label: str, chat: str = "") -> Asked:
        """Press the button of a card that bears ``label``."""
        buttons = self.cards[task_id]["button_list"]
        key = next(button["key"] for button in buttons if button["text"] == label)
        card = {"card_type": "button_interaction", "event_key": key, "task_id": task_id}
        event = {"eventtype": "template_card_event", "template_card_event": card}
        return await self.ask(user, chat, {"msgtype": "event", "event": event}, kind="press")

    async def rate(self, asked: Asked, kind: int) -> Asked:
        """Say of an answer that it was right (1) or not (2), or take that back (3)."""
        event = {"eventtype": "feedback_event", "feedback_event": {"id": asked.feedback, "type": kind}}
        chat = "" if asked.chat == asked.user else asked.chat
        return await self.ask(asked.user, chat, {"msgtype": "event", "event": event}, kind="feedback")

    async def enter(self, user: str) -> Asked:
        """Open the chat for the first time today."""
        fields = {"msgtype": "event", "event": {"eventtype": "enter_chat"}}
        return await self.ask(user, "", fields, kind="enter")

    # What goes wrong.

    async def raw(self, data: str | bytes) -> None:
        """Send anything at all."""
        if self._live is not None:
            await self._live.send(data)

    async def end(self, code: int | None) -> None:
        """End the live connection with a close code, or abort it with None."""
        live, self._live = self._live, None
        if live is not None and code is None:
            live.transport.abort()
        elif live is not None:
            await live.close(code or 1000)

    # The protocol.

    async def _connection(self, socket: ServerConnection) -> None:
        try:
            async for data in socket:
                await self._frame(socket, json.loads(data))
        except ConnectionClosed:
            pass
        finally:
            if self._live is socket:
                self._live = None

    async def _frame(self, socket: ServerConnection, frame: Json) -> None:
        ack: Json = {"headers": {"req_id": frame["headers"]["req_id"]}, "errcode": 0, "errmsg": "ok"}
        subscribed = False
        try:
            if frame["cmd"] == "aibot_subscribe":
                await self._subscribe(socket, frame["body"])
                subscribed = True
            else:
                given = self._take(socket, frame["cmd"], ack["headers"]["req_id"], frame.get("body") or {})
                ack |= {"body": given} if given else {}
        except PlatformError as error:
            self.refused.append(error)
            ack |= {"errcode": error.code, "errmsg": error.message}
        if not self.mute and frame["cmd"] not in self.silent:
            if self.ack_delay:
                await asyncio.sleep(self.ack_delay)
            await socket.send(json.dumps(ack))
        if subscribed and self.resend:
            await self._resend()

    async def _subscribe(self, socket: ServerConnection, body: Json) -> None:
        self.logins += 1
        if self.refuse_logins or body != {"bot_id": self.bot_id, "secret": self.secret}:
            self.refuse_logins = max(0, self.refuse_logins - 1)
            raise PlatformError(LOGIN_WRONG, "invalid bot_id or secret")
        before, self._live = self._live, socket
        if self.forget_req_ids:
            self.asked = {f"{key} (gone)": asked for key, asked in self.asked.items()}
        if before is not None:
            event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
            frame = {"cmd": "aibot_event_callback", "headers": {"req_id": "kick"}, "body": event}
            await before.send(json.dumps(frame))
            await before.close()

    async def _resend(self) -> None:
        for asked in [asked for asked in self.asked.values() if asked.kind == "message"]:
            if not asked.finished.is_set():
                await self._deliver(asked)

    async def _deliver(self, asked: Asked) -> None:
        if self._live is not None:
            try:
                await self._live.send(json.dumps(asked.frame))
            except ConnectionClosed:
                self._live = None

    def _take(self, socket: ServerConnection, command: str, req_id: str, body: Json) -> Json | None:
        if self._live is not socket:
            raise PlatformError(LOGIN_WRONG, "not subscribed")
        if codes := self.refusals.get(command):
            raise PlatformError(codes.pop(0), "made to fail")
        match command:
            case "ping":
                self.pings += 1
            case "aibot_respond_msg":
                self._respond(self._find(req_id, "message"), body)
            case "aibot_respond_welcome_msg":
                asked = self._find(req_id, "enter", within=5.0)
                if body.get("msgtype") == "template_card":
                    card = self._new_card(body["template_card"])
                    asked.contents.append(card["main_title"]["title"])
                else:
                    asked.contents.append(content_bytes(body["text"]["content"], STREAM_BYTES))
                asked.finished.set()
            case "aibot_respond_update_msg":
                self._update(self._find(req_id, "press", within=5.0), body)
            case "aibot_send_msg":
                self._push(body)
            case "aibot_upload_media_init" | "aibot_upload_media_chunk" | "aibot_upload_media_finish":
                return self._upload(command.rpartition("_")[2], body)
            case _:
                raise PlatformError(BAD_PARAMETER, f"unknown cmd {command}")
        return None

    def _upload(self, step: str, body: Json) -> Json | None:
        """Take one step of an upload: how much is to come, a piece, the end."""
        if self.refuse_uploads:
            raise PlatformError(BAD_PARAMETER, "made to fail")
        if step == "init":
            if body.get("type") not in ("image", "file") or not body.get("filename") or body["total_chunks"] > 100:
                raise PlatformError(BAD_PARAMETER, "upload")
            upload = f"upload-{next(self._numbers)}"
            self._uploads[upload] = (body, {})
            return {"upload_id": upload}
        begun, pieces = self._uploads[body["upload_id"]]
        if step == "chunk":
            piece = base64.b64decode(body["base64_data"], validate=True)
            if not 0 <= body["chunk_index"] < begun["total_chunks"] or len(piece) > 512 * 1024:
                raise PlatformError(BAD_PARAMETER, "chunk")
            pieces[body["chunk_index"]] = piece
            return None
        data = b"".join(pieces[number] for number in sorted(pieces))
        if begun["type"] == "image":
            check_image(data)
        if (len(data), hashlib.md5(data, usedforsecurity=False).hexdigest()) != (begun["total_size"], begun["md5"]):
            raise PlatformError(BAD_PARAMETER, "size or md5")
        media = f"media-{next(self._numbers)}"
        self.media[media] = data
        self.names[media] = begun["filename"]
        return {"type": begun["type"], "media_id": media, "created_at": 1380000000}

    def _find(self, req_id: str, kind: str, within: float = 86400.0) -> Asked:
        asked = self.asked.get(req_id)
        if asked is None or asked.kind != kind or time.monotonic() - asked.at > within:
            raise PlatformError(BAD_REQ_ID, "invalid req_id")
        return asked

    def _respond(self, asked: Asked, body: Json) -> None:
        if body.get("msgtype") not in ("stream", "stream_with_template_card"):
            raise PlatformError(BAD_PARAMETER, "msgtype")
        stream = body["stream"]
        content = content_bytes(stream.get("content"), STREAM_BYTES)
        if asked.finished.is_set() or asked.stream_id not in ("", stream["id"]):
            raise PlatformError(STREAM_EXPIRED, "stream expired")
        self._count(asked.chat)
        if body["msgtype"] == "stream_with_template_card":
            if asked.card:
                raise PlatformError(BAD_PARAMETER, "one card a message")
            asked.card = self._new_card(body["template_card"])
        if not asked.contents:
            asked.feedback = stream.get("feedback", {}).get("id", "")
        asked.stream_id = stream["id"]
        asked.contents.append(content)
        if stream.get("finish"):
            asked.finished_at = time.monotonic()
            asked.finished.set()

    def _update(self, asked: Asked, body: Json) -> None:
        card = check_card(body.get("template_card"))
        pressed = asked.frame["body"]["event"]["template_card_event"]["task_id"]
        if body.get("response_type") != "update_template_card" or card["task_id"] != pressed:
            raise PlatformError(BAD_PARAMETER, "task_id")
        self.cards[card["task_id"]] = card
        self.updates.append(body)
        asked.finished.set()

    def _push(self, body: Json) -> None:
        group = self._spoken.get(body.get("chatid", ""))
        if group is None or body.get("chat_type") not in (0, 2 if group else 1, None):
            raise PlatformError(BAD_PARAMETER, "nobody has spoken to the bot there")
        self._count(body["chatid"])
        if body.get("msgtype") == "markdown":
            content_bytes(body["markdown"]["content"], STREAM_BYTES)
        elif body.get("msgtype") == "template_card":
            self._new_card(body["template_card"])
        elif body.get("msgtype") in ("image", "file"):
            if body[body["msgtype"]]["media_id"] not in self.media:
                raise PlatformError(BAD_PARAMETER, "media_id")
        else:
            raise PlatformError(BAD_PARAMETER, "msgtype")
        self.pushed.append(body)

    def _new_card(self, fields: object) -> Json:
        card = check_card(fields)
        if card.get("task_id") in self.cards:
            raise PlatformError(BAD_PARAMETER, "task_id taken")
        self.cards[card["task_id"]] = card
        return card

    def _count(self, chat: str) -> None:
        if not self.rates.count(chat):
            raise PlatformError(TOO_OFTEN, "api freq out of limit")
