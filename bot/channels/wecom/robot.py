"""The group robot (群机器人): pushes into one group through a webhook with a key (pages 91770, 99110)."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

from bot.channels.wecom.http import Http
from bot.channels.wecom.limits import ROBOT_A_MINUTE, ROBOT_MARKDOWN_BYTES, ROBOT_TEXT_BYTES
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

    async def push(self, content: str) -> None:
        """Push markdown now or never, 45009 (too often) among the errors; ``<@userid>`` in it calls a member.

        ValueError when it is longer than the platform takes; WeComRefusedError (with the errcode) and UnreachableError
        pass through.
        """
        if len(content.encode()) > ROBOT_MARKDOWN_BYTES:
            raise ValueError(f"longer than {ROBOT_MARKDOWN_BYTES} bytes")
        await self._post({"msgtype": "markdown", "markdown": {"content": content}})

    async def push_to_all(self, content: str) -> None:
        """Push plain text and call everybody in the group, which markdown can't. Errors as in ``push``."""
        if len(content.encode()) > ROBOT_TEXT_BYTES:
            raise ValueError(f"longer than {ROBOT_TEXT_BYTES} bytes")
        await self._post({"msgtype": "text", "text": {"content": content, "mentioned_list": ["@all"]}})

    async def push_image(self, png: bytes) -> None:
        """Push a picture. Errors as in ``push``."""
        digest = hashlib.md5(png, usedforsecurity=False).hexdigest()
        await self._post({"msgtype": "image", "image": {"base64": base64.b64encode(png).decode(), "md5": digest}})

    def left(self) -> int:
        """Return how many messages may go into the group right now."""
        return self._quota.left(self._key)

    async def close(self) -> None:
        """End the connection; the next push opens a new one."""
        await self._http.close()

    async def _post(self, body: dict[str, object]) -> None:
        await self._http.call("POST", "/cgi-bin/webhook/send", {"key": self._key}, body)
        self._quota.count(self._key)
