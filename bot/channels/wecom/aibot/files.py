"""Files that members send to the AI bot: fetched from where the platform says, and decrypted (page 100719)."""

from __future__ import annotations

import base64
import binascii
from email.message import Message
from urllib.parse import unquote

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.wecom.aibot.frames import Attachment

_TIMEOUT = httpx.Timeout(30.0)
_BLOCK = 32
"""PKCS#7 to so many bytes, as with callbacks."""
_IV = 16


async def fetch_file(sent: Attachment, most: int, proxy: str = "") -> tuple[str, bytes]:
    """Return a file's name and bytes; of one larger than ``most`` no more than is needed to tell.

    ConnectionError where it does not come or is not encrypted as said.
    """
    try:
        async with (
            httpx.AsyncClient(timeout=_TIMEOUT, proxy=proxy or None, follow_redirects=True) as client,
            client.stream("GET", sent.url) as answer,
        ):
            answer.raise_for_status()
            content = b""
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > most + _BLOCK:
                    return _name(answer), content
            return _name(answer), decrypted(content, sent.aeskey)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, binascii.Error) as error:
        raise ConnectionError(type(error).__name__) from None


def decrypted(content: bytes, key: str) -> bytes:
    """Return what was encrypted with a file's own key: AES-256-CBC, the vector its first bytes; ValueError for none."""
    secret = base64.b64decode(key + "=" * (-len(key) % 4))
    cipher = Cipher(algorithms.AES(secret), modes.CBC(secret[:_IV])).decryptor()
    padded = cipher.update(content) + cipher.finalize()
    length = padded[-1] if padded else 0
    if not 0 < length <= _BLOCK or padded[-length:] != bytes([length]) * length:
        raise ValueError("not padded")
    return padded[:-length]


def _name(answer: httpx.Response) -> str:
    """Return the name that the answer gives the file."""
    message = Message()
    message["content-disposition"] = answer.headers.get("content-disposition", "")
    return unquote(message.get_filename() or "")
