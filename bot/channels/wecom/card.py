"""The template card below an answer: up to six buttons, of the kind button_interaction (pages 101032, 90236).

A button's key holds its token, which the store knows, and the labels of all: so the card can be written again from
the event of a press alone, within the five seconds there are for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.wecom.limits import (
    BUTTON_CHARACTERS,
    BUTTON_KEY_BYTES,
    CARD_DESCRIPTION_CHARACTERS,
    CARD_TEXT_CHARACTERS,
    CARD_TITLE_CHARACTERS,
)
from bot.messages import say
from bot.store.shown import Button

_FIGURE = re.compile(r"[\d.,，:：%％～~→—-]+[\d.,，:：%％～~→—个所家项人万亿元张条年月日-]")
"""Two characters of which the second goes on with the figure that the first is of."""
_LAST_FIGURE = re.compile(r"[\d.,，:：%％～~→—-]+$")
Card = dict[str, Any]
"""A template card as the platform takes it."""
_BETWEEN = "|"
_PLAIN, _CHOSEN = 2, 1
"""101032: a button's ``style``."""


def new_card(
    task_id: str, title: str, labels: Sequence[str], buttons: Sequence[Button], text: str = ""
) -> Card:  # fmt: skip
    """Return a card with one labelled button each, and some words above them."""
    short = [_shortened(label.replace(_BETWEEN, "")) for label in labels]
    tokens = [button.token for button in buttons]
    card = _card(task_id, title, say("wecom.card_note"), short, tokens, chosen="")
    return card | {"sub_title_text": shorten(text, CARD_TEXT_CHARACTERS)} if text else card


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button's key says."""

    token: str
    task_id: str
    tokens: tuple[str, ...]
    labels: tuple[str, ...]

    def card(self) -> Card:
        """Return the same card, with what was pressed said on it; its buttons stay usable."""
        label = self.labels[self.tokens.index(self.token)]
        return _card(
            self.task_id,
            say("wecom.card_chosen", label=label),
            say("wecom.card_note"),
            self.labels,
            self.tokens,
            chosen=self.token,
        )


def read_key(task_id: str, key: str) -> Pressed | None:
    """Return what a pressed key says; None for a key that is not ours."""
    token, *rest = key.split(_BETWEEN)
    half = len(rest) // 2
    tokens, labels = tuple(rest[:half]), tuple(rest[half:])
    if not tokens or len(tokens) != len(labels) or token not in tokens:
        return None
    return Pressed(token, task_id, tokens, labels)


def shorten(text: str, most: int) -> str:
    """Return the beginning of ``text`` in ``most`` characters, never ending inside a figure: 120个 is not 12."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    if _FIGURE.match(text[most - 2 : most]):
        head = _LAST_FIGURE.sub("", head)
    return f"{head}…"


def _shortened(label: str) -> str:
    return label if len(label) <= BUTTON_CHARACTERS else label[: BUTTON_CHARACTERS - 1] + "…"


def _card(task_id: str, title: str, note: str, labels: Sequence[str], tokens: Sequence[str], *, chosen: str) -> Card:
    rest = _BETWEEN.join([*tokens, *labels])
    keys = [f"{token}{_BETWEEN}{rest}" for token in tokens]
    if max(len(key.encode()) for key in keys) > BUTTON_KEY_BYTES:
        raise ValueError("a button's key is too long")
    return {
        "card_type": "button_interaction",
        "main_title": {"title": shorten(title, CARD_TITLE_CHARACTERS), "desc": note[:CARD_DESCRIPTION_CHARACTERS]},
        "button_list": [
            {"text": label, "style": _CHOSEN if token == chosen else _PLAIN, "key": key}
            for label, token, key in zip(labels, tokens, keys, strict=True)
        ],
        "task_id": task_id,
    }
