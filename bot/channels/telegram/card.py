"""An ``Answer`` as one Telegram message: its text, and the buttons under it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.answering.answer import Answer, Choice
from bot.channels.telegram import limits
from bot.channels.telegram.address import Spot
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.render.html import TelegramHtml
from bot.render.pages import Page, Room, page_of
from bot.store.shown import Button, new_button

HTML = TelegramHtml()


@dataclass(frozen=True, slots=True)
class Back:
    """How to get back to what a message showed before."""

    say: str
    state: ChatState


@dataclass(frozen=True, slots=True)
class TelegramCard:
    """What is to be shown."""

    text: str
    """HTML."""
    buttons: tuple[tuple[tuple[str, Button], ...], ...]
    """Rows of (label, button)."""
    copied: str
    """What a button of its own copies; empty for none."""
    after: ChatState
    digest: str
    """Equal for two cards that look and do the same."""

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        """The buttons as Telegram wants them: a token each, and no word of anybody's."""
        rows = [[InlineKeyboardButton(label, callback_data=b.token) for label, b in row] for row in self.buttons]
        if self.copied:
            rows.insert(0, [InlineKeyboardButton(say("telegram.copy"), copy_text=CopyTextButton(self.copied))])
        return InlineKeyboardMarkup(rows) if rows else None

    def all_buttons(self) -> list[Button]:
        """Return the buttons of every row."""
        return [button for row in self.buttons for _, button in row]


def make_card(
    answer: Answer, after: ChatState, spot: Spot, back: Back | None = None, room: Room | None = None
) -> TelegramCard:
    """Lay out an answer for where it will stand; ``after`` is the state its buttons are bound to."""
    page = page_of(answer, HTML, room or (limits.PRIVATE if spot.private else limits.GROUP))
    after = replace(after, page=page.number)
    rows = [[(choice.label, new_button(spot.chat, choice.say, after)) for choice in row] for row in _rows(answer, page)]
    if back is not None:
        rows.append([(say("telegram.back"), new_button(spot.chat, back.say, back.state))])
    seen = [page.text, *(f"{label}\0{button.say}" for row in rows for label, button in row)]
    digest = hashlib.sha256("\0".join(seen).encode()).hexdigest()
    return TelegramCard(page.text, tuple(tuple(row) for row in rows), _copied(answer), after, digest)


def _copied(answer: Answer) -> str:
    """Return the text of the one entry that stands there in full; empty where it is more than a button takes."""
    opened = [entry for section in answer.sections for entry in section.entries if entry.expanded]
    text = "\n".join(quote.text for quote in opened[0].quotes) if len(opened) == 1 else ""
    return text if len(text) <= limits.COPIED_CHARACTERS else ""


def make_caption(answer: Answer) -> str:
    """Return the HTML below an answer's picture: its first line and its source; the rest stands in a message."""
    return page_of(replace(answer, sections=(), notes=(), page=1), HTML, limits.CAPTION).text


def opens_entry(answer: Answer, words: str) -> bool:
    """Whether ``words`` opened one entry of a longer answer in full."""
    entries = [entry for section in answer.sections for entry in section.entries]
    return any(entry.expanded and words == say("say.expand", number=entry.number) for entry in entries)


def _rows(answer: Answer, page: Page) -> list[Sequence[Choice]]:
    entries = [entry for section in answer.sections for entry in section.entries]
    openings = {say("say.expand", number=entry.number) for entry in entries}
    numbers = [
        Choice(say("telegram.expand", number=entry.number), say("say.expand", number=entry.number))
        for entry in entries
        if entry.number in page.entries and entry.quotes and not entry.expanded
    ]
    turning = []
    if page.number > 1:
        turning.append(Choice(say("telegram.previous"), say("say.previous")))
    if page.number < page.total:
        turning.append(Choice(say("telegram.next"), say("say.next")))
    others = [choice for choice in answer.choices if choice.say not in openings]
    rows = [*_spread(numbers, limits.NUMBERS_IN_A_ROW), turning, *_pairs(others)]
    return [row for row in rows if row]


def _spread(choices: list[Choice], most: int) -> list[Sequence[Choice]]:
    """Put choices in as few rows as hold them, all about as long."""
    rows = math.ceil(len(choices) / most)
    width = math.ceil(len(choices) / rows) if rows else 1
    return [choices[at : at + width] for at in range(0, len(choices), width)]


def _pairs(choices: list[Choice]) -> list[Sequence[Choice]]:
    """Put two short labels in a row, and a long one in a row of its own."""
    rows: list[list[Choice]] = []
    for choice in choices:
        short = len(choice.label) <= limits.LABEL_IN_HALF_A_ROW
        room = rows and len(rows[-1]) < limits.BUTTONS_IN_A_ROW
        if short and room and len(rows[-1][-1].label) <= limits.LABEL_IN_HALF_A_ROW:
            rows[-1].append(choice)
        else:
            rows.append([choice])
    return [*rows]
