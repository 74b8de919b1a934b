"""An answer that is posted in a chat which the bot is not in: from inline mode, or as a guest who was named there."""

from __future__ import annotations

import hashlib

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import ParseMode

from bot.answering.answer import Answer
from bot.channels.telegram import limits
from bot.channels.telegram.card import HTML
from bot.channels.telegram.links import write_link
from bot.channels.telegram.outgoing import NO_PREVIEW
from bot.conversation.suggest import Suggestion
from bot.messages import say
from bot.render.pages import Room, page_of


def article(
    username: str, suggestion: Suggestion, answer: Answer, room: Room = limits.PRIVATE
) -> InlineQueryResultArticle:
    """Return what is posted, with a button that asks the same in a chat with the bot itself."""
    link = write_link(username, suggestion.say)
    button = InlineKeyboardButton(say("telegram.open_in_bot"), url=link)
    return InlineQueryResultArticle(
        id=hashlib.blake2b(suggestion.id.encode(), digest_size=16).hexdigest(),
        title=suggestion.label,
        description=suggestion.detail,
        input_message_content=InputTextMessageContent(
            page_of(answer, HTML, room).text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        ),
        reply_markup=InlineKeyboardMarkup([[button]]) if link else None,
    )
