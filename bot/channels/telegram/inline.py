"""Inline mode: ``@bot 中医馆`` in any chat lists what matches, and the chosen one posts it with its source."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import structlog
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.channels.telegram import limits
from bot.channels.telegram.card import HTML
from bot.channels.telegram.commands import write_link
from bot.channels.telegram.desk import Desk
from bot.channels.telegram.outgoing import NO_PREVIEW
from bot.conversation.answerer import Suggestion
from bot.conversation.chat_access import AskingPace
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.render.html import plain
from bot.render.pages import page_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Inline:
    """Answers inline queries."""

    desk: Desk

    async def on_query(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """List what matches what is typed so far, a page at a time."""
        query = update.inline_query
        if query is None:
            return
        person = str(query.from_user.id)
        offset = int(query.offset) if query.offset.isdecimal() else 0
        found: tuple[Suggestion, ...] = ()
        gate, typed = self.desk.gate, query.query.strip()
        served = await gate.admits(person, person) and gate.pace(f"inline:{person}") is AskingPace.FINE
        if served:
            found = await self.desk.asker.suggest(typed, limits.INLINE_PAGE, offset)
        if served and not found and not offset:
            found = await self._question(typed)
        more = str(offset + len(found)) if len(found) == limits.INLINE_PAGE else ""
        try:
            await query.answer(
                [await self._result(suggestion) for suggestion in found],
                # What one may see, or is refused, must not be shown to another.
                cache_time=limits.INLINE_CACHE_SECONDS if served else 0,
                is_personal=not served or not gate.is_open,
                next_offset=more,
            )
        except BadRequest as refusal:
            # Typed on meanwhile: the next query is on its way.
            log.info("an inline query could not be answered", reason=str(refusal))

    async def _question(self, typed: str) -> tuple[Suggestion, ...]:
        """Return what is typed as a result of its own where it is a question that is answered."""
        if len(typed) < limits.INLINE_QUESTION_CHARACTERS:
            return ()
        answer, _ = await self.desk.asker.ask(typed, ChatState())
        if not answer.answered or answer.declined:
            return ()
        _, _, detail = plain(page_of(answer, HTML, limits.INLINE_DETAIL).text).partition("\n")
        return (Suggestion(typed, answer.headline, " ".join(detail.split()), typed),)

    async def _result(self, suggestion: Suggestion) -> InlineQueryResultArticle:
        answer, _ = await self.desk.asker.ask(suggestion.say, ChatState())
        link = write_link(self.desk.bot.username, suggestion.say)
        button = InlineKeyboardButton(say("telegram.open_in_bot"), url=link)
        return InlineQueryResultArticle(
            id=hashlib.blake2b(suggestion.id.encode(), digest_size=16).hexdigest(),
            title=suggestion.label,
            description=suggestion.detail,
            input_message_content=InputTextMessageContent(
                page_of(answer, HTML, limits.PRIVATE).text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
            ),
            reply_markup=InlineKeyboardMarkup([[button]]) if link else None,
        )
