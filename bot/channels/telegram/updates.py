"""Updates as the Bot API sends them: told apart and kept as they came, before anything tries to understand them.

What the library can't read then costs nobody else a thing: a row of the inbox holds one update's own JSON.
"""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.channels.base import UnreadableUpdateError
from bot.store.inbox import Update as Stored
from bot.store.text import clean, clean_all

_NUMBER = re.compile(rb'"update_id"\s*:\s*(\d{1,18})')
"""Inside a text the quotation marks would be escaped."""
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]+|[\]}]+', re.DOTALL)
"""A text, or a run of brackets: a hundred thousand of them are one step."""
_OUTSIDE = 2
"""Brackets around an update: those of the response and of its list."""
_WITH_A_CHAT = ("message", "edited_message", "my_chat_member")
_NOT_READ = (ValueError, TypeError, KeyError, AttributeError, RecursionError, TelegramError, OverflowError, OSError)
"""What json and the library raise at an update that is not as they know it; the last two at a date of no calendar."""


class _Response(msgspec.Struct):
    result: tuple[msgspec.Raw, ...] = ()


def split(response: bytes) -> list[bytes]:
    """Return each update of a ``getUpdates`` response as it stands there; empty for what holds none."""
    try:
        return [bytes(raw) for raw in msgspec.json.decode(response, type=_Response).result]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _split_by_brackets(response)


def _split_by_brackets(response: bytes) -> list[bytes]:
    """Do the same without understanding what is between the brackets."""
    found, depth, began = [], 0, 0
    for token in _TOKEN.finditer(response):
        run = token.group()
        if run[:1] in b"{[":
            at = _OUTSIDE - depth
            if at >= 0 and run[at : at + 1] == b"{":
                began = token.start() + at
            depth += len(run)
        elif run[:1] in b"}]":
            at = depth - _OUTSIDE
            if at > 0 and run[at - 1 : at] == b"}":
                found.append(response[began : token.start() + at])
            depth -= len(run)
    return found


def number_of(raw: bytes) -> int | None:
    """Return an update's number, also of one that can't be read otherwise."""
    match = _NUMBER.search(raw)
    return int(match.group(1)) if match else None


def pack(raw: bytes, *, late: bool) -> Stored | None:
    """Return an update as the inbox keeps it, None for what has no number.

    ``late`` says that it may have come while the bot was down.
    """
    number = number_of(raw)
    if number is None:
        return None
    text = clean(raw.decode("utf-8", "replace"))
    payload = f'{{"late": {json.dumps(late)}, "update": {text}}}'
    try:
        conversation = _conversation(json.loads(text))
    except _NOT_READ as error:
        return Stored(str(number), "unreadable", payload, type(error).__name__)
    return Stored(str(number), conversation, payload)


def _conversation(update: dict[str, Any]) -> str:
    """Return whose turn it is: updates of one chat are answered in their order."""
    press = update.get("callback_query") or {}
    for part in (*(update.get(kind) for kind in _WITH_A_CHAT), press.get("message")):
        if part:
            return str(part["chat"]["id"])
    query = update.get("inline_query") or update.get("guest_message") or press
    return f"inline:{query['from']['id'] if query else 0}"


def _cleaned(update: dict[str, Any]) -> dict[str, Any]:
    return {key: clean_all(value) for key, value in update.items()}


def unpack(payload: str, bot: Bot) -> tuple[Update, bool]:
    """Return a kept update and whether it may have come while the bot was down; UnreadableUpdateError."""
    try:
        stored = json.loads(payload)
        update = Update.de_json(_cleaned(stored["update"]), bot)
        return update, bool(stored["late"])
    except _NOT_READ as error:
        raise UnreadableUpdateError(type(error).__name__) from error
