"""The calls of a self-built app: sending, group chats of its own, its menu, its members."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog

from bot.channels.wecom.app.token import AccessToken
from bot.channels.wecom.card import Card
from bot.channels.wecom.errors import AwayError, UnreachableError, WeComRefusedError
from bot.channels.wecom.http import Http, Upload
from bot.channels.wecom.limits import (
    MEMBER_A_MINUTE,
    MEMBER_AN_HOUR,
    MEMBER_LEFT,
    NO_MEMBER,
    NOBODY_VALID,
    TOKEN_DEAD,
    TOO_OFTEN,
    TRY_LATER,
    UNTRUSTED_IP,
)
from bot.channels.wecom.quota import PATIENCE, Quota
from bot.render.file.make import AnswerFile

_log = structlog.get_logger(__name__)
PAUSES = (1.0, 5.0, 20.0)
"""Seconds before a call is tried again that failed for a passing reason."""
_RETRIES_WITHIN = 120
"""Seconds that all tries of one call take at most: the span of the duplicate check."""


class AppMarkup(StrEnum):
    """What kind of message the text of an answer becomes; personal WeChat's plug-in shows ``TEXT`` only."""

    TEXT = "text"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class AppDelivery:
    """What became of a message."""

    invalid: tuple[str, ...]
    """Members that did not get it: not in the app's visible range, or unknown."""
    message: str = ""
    """The platform's id of it."""


class AppApi:
    """Speaks for one app (agent) of one corporation."""

    def __init__(self, http: Http, token: AccessToken, agent_id: int, pauses: tuple[float, ...] = PAUSES) -> None:
        self._http = http
        self._token = token
        self._agent_id = agent_id
        self._pauses = pauses
        self._last: dict[str, int] = {}
        self._quota = Quota((MEMBER_A_MINUTE, 60), (MEMBER_AN_HOUR, 3_600))

    async def send(self, user: str, content: str, markup: AppMarkup, doubles: int = 0) -> AppDelivery:
        """Send ``content`` to one member; names in the result those that did not get it.

        WeCom's own duplicate check drops the second of two equal messages, so a retry after a lost answer does no
        harm. A question asked again has an equal answer that must not be dropped: then the check is off. With
        ``doubles`` it is on for so many seconds, whatever was sent before.
        """
        await self._quota.slot(user, PATIENCE)
        again = self._last.get(user) == hash(content)
        body = {
            "touser": user,
            "agentid": self._agent_id,
            "msgtype": markup.value,
            markup.value: {"content": content},
            "enable_duplicate_check": 0 if again and not doubles else 1,
            "duplicate_check_interval": doubles or _RETRIES_WITHIN,
        }
        try:
            answer = await self._post("/cgi-bin/message/send", body)
        except WeComRefusedError as refusal:
            if refusal.code != NOBODY_VALID:
                raise
            return AppDelivery(invalid=(user,))
        self._last[user] = hash(content)
        invalid = tuple(filter(None, str(answer.get("invaliduser", "")).split("|")))
        return AppDelivery(invalid, str(answer.get("msgid", "")))

    async def send_image(self, user: str, png: bytes) -> None:
        """Send a picture to one member."""
        await self._send_media(user, "image", Upload("card.png", png, "image/png"))

    async def send_file(self, user: str, file: AnswerFile) -> None:
        """Send a file to one member."""
        await self._send_media(user, "file", Upload(file.name, file.content, file.media_type))

    async def _send_media(self, user: str, kind: str, upload: Upload) -> None:
        await self._quota.slot(user, PATIENCE)
        media = (await self._call("POST", "/cgi-bin/media/upload", {"type": kind}, upload=upload))["media_id"]
        body = {
            "touser": user,
            "agentid": self._agent_id,
            "msgtype": kind,
            kind: {"media_id": media},
            # Each upload has an id of its own, so only a retry is a double.
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _RETRIES_WITHIN,
        }
        await self._post("/cgi-bin/message/send", body)

    async def send_card(self, user: str, card: Card) -> None:
        """Send a template card to one member; its ``task_id`` keeps a retry from making a second one."""
        await self._quota.slot(user, PATIENCE)
        body = {
            "touser": user,
            "agentid": self._agent_id,
            "msgtype": "template_card",
            "template_card": card,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _RETRIES_WITHIN,
        }
        await self._post("/cgi-bin/message/send", body)

    def left(self, user: str) -> int:
        """Return how many messages may go to a member right now."""
        return self._quota.left(user)

    def wait(self, user: str) -> float:
        """Return the seconds until more may go to a member for whom none is left."""
        return self._quota.wait(user)

    async def create_chat(self, name: str, members: tuple[str, ...]) -> str:
        """Create a group chat that the app may push to; return its chatid."""
        answer = await self._post("/cgi-bin/appchat/create", {"name": name, "userlist": list(members)})
        return str(answer["chatid"])

    async def send_to_chat(self, chat: str, content: str, markup: AppMarkup) -> None:
        """Push to a group chat that the app itself created; tried once, since there no double is removed."""
        await self._quota.slot(chat, PATIENCE)
        body = {"chatid": chat, "msgtype": markup.value, markup.value: {"content": content}}
        await self._once("POST", "/cgi-bin/appchat/send", {}, body)

    async def create_menu(self, buttons: list[dict[str, Any]]) -> None:
        """Replace the app's menu."""
        await self._post("/cgi-bin/menu/create", {"button": buttons}, {"agentid": str(self._agent_id)})

    async def departments_of(self, user: str) -> frozenset[int]:
        """Return the ids of the departments a member stands in directly."""
        answer = await self._call("GET", "/cgi-bin/user/get", {"userid": user})
        return frozenset(answer.get("department", ()))

    async def is_member(self, user: str) -> bool:
        """Whether somebody is a member whom the app may see, not disabled and not gone."""
        try:
            answer = await self._call("GET", "/cgi-bin/user/get", {"userid": user})
        except WeComRefusedError as refusal:
            if refusal.code in NO_MEMBER:
                return False
            raise
        return answer.get("status") not in MEMBER_LEFT

    async def departments_below(self, department: int) -> frozenset[int]:
        """Return the ids of a department and of all below it."""
        answer = await self._call("GET", "/cgi-bin/department/simplelist", {"id": str(department)})
        return frozenset(row["id"] for row in answer.get("department_id", ())) | {department}

    async def user_of(self, code: str) -> str:
        """Return the userid of the member whom a login's code stands for; empty when it is no member."""
        answer = await self._call("GET", "/cgi-bin/auth/getuserinfo", {"code": code})
        return str(answer.get("userid", ""))

    async def close(self) -> None:
        """End the connections; the next call opens new ones."""
        await self._http.close()

    async def _post(self, path: str, body: dict[str, Any], params: dict[str, str] | None = None) -> dict[str, Any]:
        return await self._call("POST", path, params or {}, body)

    async def _call(
        self,
        method: str,
        path: str,
        params: dict[str, str],
        body: dict[str, Any] | None = None,
        upload: Upload | None = None,
    ) -> dict[str, Any]:
        """Call with a live token; try again where waiting helps, then let the last error through."""
        for pause in self._pauses:
            try:
                return await self._once(method, path, params, body, upload)
            except WeComRefusedError as refusal:
                if refusal.code not in (TOO_OFTEN, TRY_LATER):
                    raise
                _log.warning("wecom.wait", path=path, errcode=refusal.code, seconds=pause)
            except UnreachableError as error:
                _log.warning("wecom.unreachable", path=path, reason=str(error), seconds=pause)
            await asyncio.sleep(pause)
        return await self._once(method, path, params, body, upload)

    async def _once(
        self, method: str, path: str, params: dict[str, str], body: dict[str, Any] | None, upload: Upload | None = None
    ) -> dict[str, Any]:
        try:
            return await self._call_with_token(method, path, params, body, upload)
        except WeComRefusedError as refusal:
            if refusal.code == UNTRUSTED_IP:
                # Worth another try, but only after somebody has put it right.
                raise AwayError(str(refusal)) from None
            raise

    async def _call_with_token(
        self, method: str, path: str, params: dict[str, str], body: dict[str, Any] | None, upload: Upload | None = None
    ) -> dict[str, Any]:
        token = await self._token.get()
        try:
            return await self._http.call(method, path, {**params, "access_token": token}, body, upload)
        except WeComRefusedError as refusal:
            if refusal.code not in TOKEN_DEAD:
                raise
        token = await self._token.get(dead=token)
        return await self._http.call(method, path, {**params, "access_token": token}, body, upload)
