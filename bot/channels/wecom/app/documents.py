"""The XML of a callback: reading what came, writing a passive answer (pages 90238, 90239, 90240, 90241).

What comes from outside is read with defusedxml: a document with a DTD or an entity is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.channels.wecom.app.crypto import Sealed
from bot.channels.wecom.errors import UnreadableError

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""XML 1.0 has no way to write these."""
_TIME_DIGITS = 12
"""Unix seconds have ten."""


@dataclass(frozen=True, slots=True)
class AppMessage:
    """A decrypted message or event."""

    corp: str
    user: str
    """The member's userid."""
    created: int
    """Unix seconds."""
    kind: str
    """MsgType: text, image, event …"""
    text: str
    """Content of a text message, else empty."""
    event: str
    """click, enter_agent, subscribe …; empty for a message."""
    event_key: str
    """The key of the menu button that was pressed."""
    id: str
    """The same for all tries of one message: MsgId, or for an event who and when."""


def read_envelope(body: bytes) -> str:
    """Return the ciphertext of a POST body; UnreadableError when it has none."""
    return _required(_parse(body), "Encrypt")


def read_message(document: str) -> AppMessage:
    """Read a decrypted document; UnreadableError when a field is missing."""
    root = _parse(_CONTROLS.sub("", document).encode())
    user = _required(root, "FromUserName")
    created = _required(root, "CreateTime")
    kind = _required(root, "MsgType").lower()
    event = _optional(root, "Event").lower()
    if not created.isdecimal() or len(created) > _TIME_DIGITS:
        raise UnreadableError("CreateTime is not a number")
    number = _optional(root, "MsgId") if kind != "event" else f"{user}:{created}:{event}"
    if not number:
        raise UnreadableError("MsgId is missing")
    return AppMessage(
        corp=_optional(root, "ToUserName"),
        user=user,
        created=int(created),
        kind=kind,
        text=_optional(root, "Content"),
        event=event,
        event_key=_optional(root, "EventKey"),
        id=number,
    )


def write_text_answer(message: AppMessage, content: str, now: int) -> str:
    """Return the document of a passive text answer, still to be sealed."""
    return _document(
        ToUserName=message.user,
        FromUserName=message.corp,
        CreateTime=str(now),
        MsgType="text",
        Content=content,
    )


def write_envelope(sealed: Sealed) -> str:
    """Return the body that answers a POST."""
    return _document(
        Encrypt=sealed.ciphertext,
        MsgSignature=sealed.signature,
        TimeStamp=sealed.timestamp,
        Nonce=sealed.nonce,
    )


def _parse(body: bytes) -> Element:
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnreadableError(type(error).__name__) from error
    return root


def _required(root: Element, name: str) -> str:
    value = _optional(root, name)
    if not value:
        raise UnreadableError(f"{name} is missing")
    return value


def _optional(root: Element, name: str) -> str:
    return (root.findtext(name) or "").strip()


def _document(**fields: str) -> str:
    """Write a flat document as the platform's own samples do: every value in CDATA."""
    parts = [f"<{name}><![CDATA[{_characters(value)}]]></{name}>" for name, value in fields.items()]
    return f"<xml>{''.join(parts)}</xml>"


def _characters(value: str) -> str:
    """Return a value as CDATA can hold it: without control characters, its own end mark split in two."""
    return _CONTROLS.sub("", value).replace("]]>", "]]]]><![CDATA[>")
