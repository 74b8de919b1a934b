"""Sends callbacks to the bot as WeCom does: encrypted, signed, and three times more when no 200 comes within 5 s.

The encryption is wechatpy's, so that the bot's own is never its own judge.
"""

from __future__ import annotations

import itertools
import secrets
import ssl
import time
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import httpx
import xmltodict
from wechatpy.enterprise.crypto import WeChatCrypto

TRIES = 4
"""Once, and three times more."""
PATIENCE = 5.0
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Loopback has none, and loading the world's certificates for each client takes longer than a message."""


@dataclass(frozen=True)
class Answered:
    """What a member sees of an answer to a callback."""

    tries: int
    status: int
    content: str
    """The passive answer's text; empty when the body was."""


class FakeCaller:
    """Sends the messages of one app's members to one callback address."""

    def __init__(self, url: str, token: str, key: str, corp_id: str, agent_id: int = 1000002) -> None:
        self.url, self.corp_id, self.agent_id = url, corp_id, agent_id
        self.patience = PATIENCE
        self._presses = 0
        """No two events of a member are of the same second here: that is all that tells them apart."""
        self._crypto = WeChatCrypto(token, key, corp_id)
        self._numbers = itertools.count(int(time.time() * 1000))

    async def say(self, user: str, text: str, msgid: str = "") -> Answered:
        """Send a member's text."""
        number = msgid or str(next(self._numbers))
        return await self.send(user, f"<MsgType>text</MsgType><Content>{escape(text)}</Content><MsgId>{number}</MsgId>")

    async def event(self, user: str, event: str, key: str = "", created: int | None = None) -> Answered:
        """Send an event: enter_agent, click with the menu's key …"""
        fields = f"<MsgType>event</MsgType><Event>{event}</Event><EventKey>{escape(key)}</EventKey>"
        return await self.send(user, fields, created)

    async def press(self, user: str, card: dict[str, Any], label: str) -> Answered:
        """Press the button ``label`` of a card."""
        key = next(button["key"] for button in card["button_list"] if button["text"] == label)
        self._presses += 1
        return await self.event(user, "template_card_event", key, int(time.time()) + self._presses)

    def document(self, user: str, fields: str, created: int | None = None) -> str:
        """Return a message's XML in the clear."""
        return (
            f"<xml><ToUserName>{self.corp_id}</ToUserName><FromUserName>{user}</FromUserName>"
            f"<CreateTime>{created or int(time.time())}</CreateTime>{fields}<AgentID>{self.agent_id}</AgentID></xml>"
        )

    def sealed(self, document: str, timestamp: int | None = None, nonce: str = "") -> tuple[dict[str, str], str]:
        """Return the query and the body of a POST."""
        nonce = nonce or str(secrets.randbelow(10**10))
        stamp = str(timestamp or int(time.time()))
        fields = xmltodict.parse(self._crypto.encrypt_message(document, nonce, stamp))["xml"]
        query = {"msg_signature": fields["MsgSignature"], "timestamp": stamp, "nonce": nonce}
        body = f"<xml><ToUserName>{self.corp_id}</ToUserName><Encrypt>{fields['Encrypt']}</Encrypt></xml>"
        return query, body

    async def send(self, user: str, fields: str, created: int | None = None) -> Answered:
        """Send a message until it gets a 200, as often as the platform would."""
        document = self.document(user, fields, created)
        status, text, tries = 0, "", 0
        async with httpx.AsyncClient(timeout=self.patience, verify=NO_TLS) as client:
            while tries < TRIES and status != httpx.codes.OK:
                tries += 1
                query, body = self.sealed(document)
                try:
                    answer = await client.post(self.url, params=query, content=body)
                except httpx.HTTPError:
                    continue
                status, text = answer.status_code, answer.text
        return Answered(tries, status, self.opened(text) if text and status == httpx.codes.OK else "")

    def opened(self, body: str) -> str:
        """Decrypt a passive answer and return its text."""
        fields = xmltodict.parse(body)["xml"]
        plain = self._crypto.decrypt_message(body, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
        return str(xmltodict.parse(plain)["xml"]["Content"])

    def verification(self, echo: str = "1616140317555161061") -> dict[str, str]:
        """Return the query with which the platform checks a callback's address."""
        query, body = self.sealed(echo)
        return query | {"echostr": xmltodict.parse(body)["xml"]["Encrypt"]}
