"""An ``Answer`` for WeCom: its text, what may come next, and how that is said where there are no buttons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answering.answer import Answer, Choice
from bot.channels.wecom.limits import BUTTONS
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.render.pages import Markup, Page, Room, cut, page_of

_HINT_BYTES = 300
"""Kept free on every page for the line that says what may be typed next."""
_HINTS = 3
_PRIVATE_LINES = 24
"""What a phone shows at once."""
_GROUP_LINES = 9
"""Ten with the hint."""
_PAGE_BYTES = 2_048
_ANY_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Reply:
    """One page of an answer, or the whole of an entry in full."""

    texts: tuple[str, ...]
    """One message; several for an entry in full that is longer than a message, since 下一页 turns the list's pages."""
    title: str
    """The answer's first line."""
    choices: tuple[Choice, ...]
    """What may be pressed or typed next, most useful first, as many as a card has buttons."""
    after: ChatState
    """The state that the choices are said in."""

    @property
    def with_hint(self) -> tuple[str, ...]:
        """The texts with a last line that says what to type, where there are no buttons."""
        words = ""
        for choice in self.choices[:_HINTS]:
            more = words + say("wecom.typed", words=choice.say)
            if len(say("wecom.hint", words=more).encode()) < _HINT_BYTES:
                words = more
        if not words:
            return self.texts
        return (*self.texts[:-1], f"{self.texts[-1]}\n\n{say('wecom.hint', words=words)}")


def lay_out(answer: Answer, after: ChatState, markup: Markup, most_bytes: int, *, group: bool) -> Reply:
    """Lay out the page that is asked for, no message longer than ``most_bytes`` with its hint.

    A page is about a phone's screen, in a group ten lines; only an entry in full takes all that the platform allows.
    """
    entries = [entry for section in answer.sections for entry in section.entries]
    if any(entry.expanded for entry in entries):
        pages = cut(answer, markup, Room(most_bytes - _HINT_BYTES, _ANY_LINES))
        return Reply(tuple(page.text for page in pages), answer.headline, _choices(answer, None), after)
    lines = _GROUP_LINES if group else _PRIVATE_LINES
    page = page_of(answer, markup, Room(min(most_bytes, _PAGE_BYTES) - _HINT_BYTES, lines, brief=group))
    return Reply((page.text,), answer.headline, _choices(answer, page), replace(after, page=page.number))


def _choices(answer: Answer, page: Page | None) -> tuple[Choice, ...]:
    """Return the next page, an entry in full, what the answer offers, the page before, and more entries in full.

    Pages and the first entry have their places even where the answer offers a lot.
    """
    entries = [entry for section in answer.sections for entry in section.entries]
    expand = {entry.number: say("say.expand", number=entry.number) for entry in entries}
    full = [
        Choice(expand[entry.number], expand[entry.number])
        for entry in entries
        if page and entry.number in page.entries and entry.quotes
    ]
    following = [Choice(say("say.next"), say("say.next"))] if page and page.number < page.total else []
    before = [Choice(say("say.previous"), say("say.previous"))] if page and page.number > 1 else []
    offered = [choice for choice in answer.choices if choice.say not in expand.values()]
    offered = offered[: BUTTONS - len(following) - len(full[:1]) - len(before)]
    return tuple([*following, *full[:1], *offered, *before, *full[1:]][:BUTTONS])
