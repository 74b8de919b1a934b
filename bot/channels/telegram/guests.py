"""Guest mode: somebody names the bot in a chat that it is not in; it answers there once, and sees nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from telegram import Bot, Message
from telegram.error import BadRequest

from bot.answering.answer import Answer, AnswerKind
from bot.channels.telegram import limits
from bot.channels.telegram.address import read
from bot.channels.telegram.articles import article
from bot.channels.telegram.surface import CHANNEL
from bot.conversation.chat_access import AskingPace
from bot.conversation.session import ABOUT_CHARACTERS, ChatSession
from bot.conversation.suggest import Suggestion
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.turns import By

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Guests:
    """Answers guest messages."""

    bot: Bot
    session: ChatSession

    async def on_message(self, message: Message, key: str) -> None:
        """Answer a message that names the bot in somebody else's chat. Ends the inbox row ``key``."""
        person = message.guest_bot_caller_user or message.from_user
        asked = read(message, self.bot)
        if asked is not None and person is not None and message.guest_query_id:
            await self._answer(message.guest_query_id, asked.text, asked.about, str(person.id))
        await self.session.end(key)

    async def _answer(self, query: str, words: str, about: str, person: str) -> None:
        access = self.session.access
        if not await access.admits(person, person):
            if not access.may_be_refused(person, person):
                return
            answer = _line(say("chat.not_allowed"))
        elif (pace := access.pace(person)) is not AskingPace.FINE:
            if pace is AskingPace.QUIET:
                return
            answer = _line(say("chat.too_often"))
        else:
            state = ChatState()
            if about:
                _, state = await self.session.asker.ask(about[:ABOUT_CHARACTERS], state)
            answer, _ = await self.session.asker.ask(words, state, by=By(CHANNEL, person))
        shown = Suggestion(query, answer.headline[: limits.ARTICLE_TITLE_CHARACTERS] or words, "", words)
        try:
            await self.bot.answer_guest_query(query, article(self.bot.username, shown, answer, limits.GROUP))
        except BadRequest as refusal:
            # Telegram forgets whom it has asked for after a while.
            log.info("a guest's question could not be answered", reason=str(refusal))


def _line(text: str) -> Answer:
    return Answer(AnswerKind.HELP, answered=True, headline=text)
