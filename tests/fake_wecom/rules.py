"""What the platform checks in a message to it; written from its documentation, apart from the bot's own limits."""

from __future__ import annotations

import re
import time
from collections import defaultdict, deque
from typing import Any

BAD_REQ_ID = 846605
STREAM_EXPIRED = 846608
TOO_OFTEN = 45009
BAD_PARAMETER = 40058
LOGIN_WRONG = 40001
"""Made up: which code a wrong secret of a bot gets is not published."""

STREAM_BYTES = 20480
PNG = b"\x89PNG\r\n\x1a\n"
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_MARKDOWN_TABLE = re.compile(r"^\s*\|?[\s:-]*-{3,}[\s:|-]*\|", re.MULTILINE)


class PlatformError(Exception):
    """An errcode with its errmsg."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


class Rates:
    """Counts per key over sliding windows."""

    def __init__(self, *limits: tuple[int, float]) -> None:
        self.limits = limits
        self._at: dict[str, deque[float]] = defaultdict(deque)

    def count(self, key: str) -> bool:
        """Count one message; False when a window is full already."""
        now, at = time.monotonic(), self._at[key]
        if any(sum(then > now - seconds for then in at) >= most for most, seconds in self.limits):
            return False
        at.append(now)
        return True


def content_bytes(text: object, most: int) -> str:
    """Return the text; PlatformError when it is empty, too long in bytes, or has a table that isn't rendered."""
    if not isinstance(text, str) or not text:
        raise PlatformError(BAD_PARAMETER, "content missing")
    if len(text.encode()) > most:
        raise PlatformError(BAD_PARAMETER, f"content longer than {most} bytes")
    if _MARKDOWN_TABLE.search(text):
        raise PlatformError(BAD_PARAMETER, "a table would show as text")
    return text


def check_image(data: bytes) -> bytes:
    """Return a picture as it is; PlatformError when it is no PNG, or larger than 2 MB."""
    if not data.startswith(PNG) or not 5 < len(data) <= 2 * 1024 * 1024:
        raise PlatformError(BAD_PARAMETER, "invalid image")
    return data


def check_card(card: object) -> dict[str, Any]:
    """Return a template card as it is; PlatformError when the client could not show it."""
    if not isinstance(card, dict) or card.get("card_type") not in ("text_notice", "button_interaction"):
        raise PlatformError(BAD_PARAMETER, "card_type")
    if not card.get("main_title", {}).get("title"):
        raise PlatformError(BAD_PARAMETER, "main_title")
    buttons = card.get("button_list", [])
    keys = [button["key"] for button in buttons]
    if card["card_type"] == "button_interaction":
        if not 1 <= len(buttons) <= 6 or len(set(keys)) != len(keys):
            raise PlatformError(BAD_PARAMETER, "button_list")
        if not _TASK_ID.fullmatch(card.get("task_id", "")):
            raise PlatformError(BAD_PARAMETER, "task_id")
    elif card.get("card_action", {}).get("type") not in (1, 2):
        raise PlatformError(BAD_PARAMETER, "card_action")
    if any(not button["text"] or not 0 < len(key.encode()) <= 1024 for button, key in zip(buttons, keys, strict=True)):
        raise PlatformError(BAD_PARAMETER, "button")
    return card
