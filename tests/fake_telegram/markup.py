"""Telegram's HTML as Telegram reads it: tags to entities, lengths in UTF-16 units, refusal of everything else.

https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import html
import re
from typing import Any

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z-]+)(?P<attributes>(?:\s+[a-z-]+(?:=\"[^\"]*\")?)*)\s*>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


class MarkupError(Exception):
    """What Telegram answers with “can't parse entities”."""


def units(text: str) -> int:
    """Return the length of ``text`` as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the text that a reader sees, and its entities; MarkupError where Telegram would refuse."""
    text, at = "", 0
    open_tags: list[tuple[str, int, str]] = []
    entities: list[dict[str, Any]] = []
    while at < len(source):
        if source[at] == "<":
            tag = _TAG.match(source, at)
            if tag is None or tag["name"] not in _KINDS:
                raise MarkupError(f"unsupported start tag at byte offset {len(source[:at].encode())}")
            if tag["end"]:
                entities += _close(open_tags, tag["name"], text)
            else:
                open_tags.append((tag["name"], units(text), tag["attributes"]))
            at = tag.end()
        elif entity := _ENTITY.match(source, at):
            text += html.unescape(entity[0])
            at = entity.end()
        else:
            text += source[at]
            at += 1
    if open_tags:
        raise MarkupError(f'can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return text, sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def _close(open_tags: list[tuple[str, int, str]], name: str, text: str) -> list[dict[str, Any]]:
    if not open_tags or open_tags[-1][0] != name:
        raise MarkupError(
            f'unmatched end tag, expected "</{open_tags[-1][0] if open_tags else ""}>", found "</{name}>"'
        )
    _, offset, attributes = open_tags.pop()
    length = units(text) - offset
    if not length:
        return []
    entity: dict[str, Any] = {"type": _KINDS[name], "offset": offset, "length": length}
    if name == "blockquote" and attributes.strip() == "expandable":
        entity["type"] = "expandable_blockquote"
    if name == "a":
        entity["url"] = html.unescape(attributes.partition('"')[2].rstrip('" '))
    return [entity]


def find_entities(text: str) -> list[dict[str, Any]]:
    """Return the commands and mentions that Telegram marks in what a person types."""
    found: list[dict[str, Any]] = []
    for kind, pattern in (("bot_command", r"(?<![\w/])/\w+(?:@\w+)?"), ("mention", r"(?<!\w)@\w{4,}")):
        for match in re.finditer(pattern, text, re.ASCII):
            inside = any(e["offset"] <= units(text[: match.start()]) < e["offset"] + e["length"] for e in found)
            if not inside:
                found.append({"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])})
    return sorted(found, key=lambda e: int(e["offset"]))
