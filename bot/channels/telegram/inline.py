"""Inline mode: ``@bot 中医馆`` in any chat lists what matches, and the chosen one posts it with its source."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from telegram import (
    Bot,
    InlineQuery,
    InlineQueryResultArticle,
)
from telegram.error import BadRequest

from bot.channels.telegram import limits
from bot.channels.telegram.articles import article
from bot.channels.telegram.card import HTML
from bot.conversation.answerer import Suggestion
from bot.conversation.chat_access import AskingPace
from bot.conversation.session import ChatSession
from bot.query.chat_state import ChatState
from bot.render.html import plain
from bot.render.pages import page_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Inline:
    """Answers inline queries."""

    bot: Bot
    session: ChatSession

    async def on_query(self, query: InlineQuery, key: str) -> None:
        """List what matches what is typed so far, a page at a time. Ends the inbox row ``key``."""
        person = str(query.from_user.id)
        offset = int(query.offset) if query.offset.isdecimal() else 0
        found: tuple[Suggestion, ...] = ()
        access, typed = self.session.access, query.query.strip()
        served = await access.admits(person, person) and access.pace(f"inline:{person}") is AskingPace.FINE
        if served:
            found = await self.session.asker.suggest(typed, limits.INLINE_PAGE, offset)
        if served and not found and not offset:
            found = await self._question(typed)
        more = str(offset + len(found)) if len(found) == limits.INLINE_PAGE else ""
        try:
            await query.answer(
                [await self._result(suggestion) for suggestion in found],
                # What one may see, or is refused, must not be shown to another.
                cache_time=limits.INLINE_CACHE_SECONDS if served else 0,
                is_personal=not served or not access.is_open,
                next_offset=more,
            )
        except BadRequest as refusal:
            # Typed on meanwhile: the next query is on its way.
            log.info("an inline query could not be answered", reason=str(refusal))
        await self.session.end(key)

    async def _question(self, typed: str) -> tuple[Suggestion, ...]:
        """Return what is typed as a result of its own where it is a question that is answered."""
        if len(typed) < limits.INLINE_QUESTION_CHARACTERS:
            return ()
        answer, _ = await self.session.asker.ask(typed, ChatState())
        if not answer.answered or answer.declined:
            return ()
        _, _, detail = plain(page_of(answer, HTML, limits.INLINE_DETAIL).text).partition("\n")
        return (Suggestion(typed, answer.headline, " ".join(detail.split()), typed),)

    async def _result(self, suggestion: Suggestion) -> InlineQueryResultArticle:
        answer, _ = await self.session.asker.ask(suggestion.say, ChatState())
        return article(self.bot.username, suggestion, answer)
