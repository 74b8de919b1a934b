"""The group robot (群机器人): pushes into one group through a webhook with a key (pages 91770, 99110)."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

from bot.channels.wecom.errors import WeComRefusedError
from bot.channels.wecom.http import Http
from bot.channels.wecom.limits import ROBOT_A_MINUTE, ROBOT_MARKDOWN_BYTES, ROBOT_TEXT_BYTES, TOO_OFTEN
from bot.channels.wecom.quota import Quota

_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")


def read_key(url_or_key: str) -> str:
    """Return the key of a webhook given as WeCom shows it (an address) or alone; ValueError when it is neither."""
    key = parse_qs(urlsplit(url_or_key).query).get("key", [url_or_key])[0]
    if not _KEY.fullmatch(key):
        raise ValueError("not the address of a group robot's webhook")
    return key


class GroupRobot:
    """Pushes messages into the group of one key, at most twenty a minute."""

    def __init__(self, http: Http, key: str) -> None:
        self._http = http
        self._key = key
        self._quota = Quota((ROBOT_A_MINUTE, 60))

    async def push(self, content: str, mention: tuple[str, ...] = ()) -> None:
        """Push markdown and @ the given userids; waits for its turn.

        ValueError when the content is longer than the platform takes; RefusedError (with the errcode) and
        UnreachableError pass through, except that 45009 is waited for once.
        """
        text = content + "".join(f"<@{user}>" for user in mention)
        if len(text.encode()) > ROBOT_MARKDOWN_BYTES:
            raise ValueError(f"longer than {ROBOT_MARKDOWN_BYTES} bytes")
        await self._send({"msgtype": "markdown", "markdown": {"content": text}})

    async def push_text(self, content: str, mention: tuple[str, ...] = ()) -> None:
        """Push plain text; ``@all`` is a possible mention here. Errors as in ``push``."""
        if len(content.encode()) > ROBOT_TEXT_BYTES:
            raise ValueError(f"longer than {ROBOT_TEXT_BYTES} bytes")
        await self._send({"msgtype": "text", "text": {"content": content, "mentioned_list": list(mention)}})

    async def push_once(self, content: str) -> None:
        """Push markdown now or never; errors as in ``push``, 45009 among them."""
        await self._post({"msgtype": "markdown", "markdown": {"content": content}})
        self._quota.count(self._key)

    async def push_image(self, png: bytes) -> None:
        """Push a picture now or never; errors as in ``push``."""
        digest = hashlib.md5(png, usedforsecurity=False).hexdigest()
        await self._post({"msgtype": "image", "image": {"base64": base64.b64encode(png).decode(), "md5": digest}})
        self._quota.count(self._key)

    def left(self) -> int:
        """Return how many messages may go into the group right now."""
        return self._quota.left(self._key)

    async def close(self) -> None:
        """End the connection; the next push opens a new one."""
        await self._http.close()

    async def _send(self, body: dict[str, object]) -> None:
        await self._quota.slot(self._key)
        try:
            await self._post(body)
        except WeComRefusedError as refusal:
            if refusal.code != TOO_OFTEN:
                raise
            self._quota.fill(self._key)
            await self._quota.slot(self._key)
            await self._post(body)

    async def _post(self, body: dict[str, object]) -> None:
        await self._http.call("POST", "/cgi-bin/webhook/send", {"key": self._key}, body)
