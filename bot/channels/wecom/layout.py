"""An ``Answer`` as one WeCom message: its text, what may come next, and how that is said where there are no buttons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.ask.answer import Answer, Choice
from bot.ask.conversation import ChatState
from bot.channels.wecom.limits import BUTTONS
from bot.messages import say
from bot.render.pages import Markup, Page, Room, page_of

_HINT_BYTES = 300
"""Kept free on every page for the line that says what may be typed next."""
_HINTS = 3
_PRIVATE_LINES = 24
"""What a phone shows at once."""
_GROUP_LINES = 9
"""Ten with the hint."""
_PAGE_BYTES = 2_048


@dataclass(frozen=True, slots=True)
class Reply:
    """One page of an answer."""

    text: str
    title: str
    """The answer's first line."""
    choices: tuple[Choice, ...]
    """What may be pressed or typed next, most useful first, as many as a card has buttons."""
    after: ChatState
    """The state that the choices are said in."""

    @property
    def with_hint(self) -> str:
        """The text with a last line that says what to type, where there are no buttons."""
        words = ""
        for choice in self.choices[:_HINTS]:
            more = words + say("wecom.typed", words=choice.say)
            if len(say("wecom.hint", words=more).encode()) < _HINT_BYTES:
                words = more
        return f"{self.text}\n\n{say('wecom.hint', words=words)}" if words else self.text


def lay_out(answer: Answer, after: ChatState, markup: Markup, most_bytes: int, *, group: bool) -> Reply:
    """Lay out the page that is asked for, at most ``most_bytes`` with its hint.

    A page is about a phone's screen, in a group ten lines; only an entry in full takes all that the platform allows.
    """
    full = any(entry.expanded for section in answer.sections for entry in section.entries)
    most = most_bytes if full else min(most_bytes, _PAGE_BYTES)
    room = Room(most - _HINT_BYTES, _GROUP_LINES if group else _PRIVATE_LINES, brief=group)
    page = page_of(answer, markup, room)
    return Reply(page.text, answer.headline, _choices(answer, page), replace(after, page=page.number))


def _choices(answer: Answer, page: Page) -> tuple[Choice, ...]:
    """Return the next page, what the answer offers, an entry in full, the page before, and more entries in full.

    Pages and the first entry have their places even where the answer offers a lot.
    """
    entries = [entry for section in answer.sections for entry in section.entries]
    expand = {entry.number: say("say.expand", number=entry.number) for entry in entries}
    full = [
        Choice(expand[entry.number], expand[entry.number])
        for entry in entries
        if entry.number in page.entries and entry.quotes and not entry.expanded
    ]
    following = [Choice(say("say.next"), say("say.next"))] if page.number < page.total else []
    before = [Choice(say("say.previous"), say("say.previous"))] if page.number > 1 else []
    offered = [choice for choice in answer.choices if choice.say not in expand.values()]
    offered = offered[: BUTTONS - len(following) - len(full[:1]) - len(before)]
    return tuple([*following, *offered, *full[:1], *before, *full[1:]][:BUTTONS])
