"""The way from a message to its answer, the same in every channel: access, state, commands, question, what is kept.

A channel makes an ``Utterance`` of what its platform delivers, and a ``Surface`` that shows the answer there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.answering.answer import Answer
from bot.backoff import Backoff
from bot.conversation.asking import Asker
from bot.conversation.carrying import renewed
from bot.conversation.chat_access import AskingPace, ChatAccess
from bot.conversation.chat_commands import ChatCommands, read_words
from bot.conversation.files import offer_file
from bot.conversation.manners import is_acknowledgement
from bot.conversation.plan_intake import PlanIntake, read_decision
from bot.conversation.surface import Exchange, Presented, Surface, Utterance
from bot.conversation.unanswered import UnansweredRecorder
from bot.messages import say
from bot.notices.receipts import NoticeReader, Receipts, confirmed, read_receipt
from bot.notices.subscription_commands import CommandContext, SubscriptionCommands
from bot.query.chat_state import ChatState
from bot.store.chats import Chats
from bot.store.conversations import Conversation, Conversations
from bot.store.database import Store
from bot.store.inbox import Inbox
from bot.store.shown import Screen
from bot.store.text import is_about_the_value
from bot.turns import By

_DATABASE = (0.2, 5.0)
"""Seconds before something is written again that the database did not take: the first pause and the longest."""
ABOUT_CHARACTERS = 200
"""Of a quoted message that are read: what it is about stands in its beginning."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SessionRules:
    """What the settings say about a channel's conversations."""

    operators: Collection[str] = ()
    """Who may announce, and change any chat's settings."""
    stale_after: float = 0.0
    """Seconds after which a message that waited is not answered any more; 0 answers all."""
    keep_days: int = 30
    """Days after which buttons and conversations are forgotten."""


class ChatSession:
    """The conversations of one channel."""

    def __init__(
        self,
        channel: str,
        store: Store,
        asker: Asker,
        subscriptions: SubscriptionCommands,
        access: ChatAccess,
        intake: PlanIntake,
        rules: SessionRules,
        unanswered: UnansweredRecorder | None = None,
    ) -> None:
        """Let in whom ``access`` admits; keep what is said in ``store`` under the channel's name.

        Questions whose answers are found wrong go to ``unanswered``.
        """
        self.store = store
        self.asker = asker
        self.access = access
        self.inbox = Inbox(store, channel)
        self.chats = Chats(store, channel)
        self.screen = Screen(store, channel)
        self.commands = ChatCommands(asker, store, self.chats)
        self._channel = channel
        self._conversations = Conversations(store)
        self._subscriptions = subscriptions
        self._receipts = Receipts(store)
        self._intake = intake
        self._rules = rules
        self._unanswered = unanswered

    async def take(self, said: Utterance, surface: Surface) -> None:
        """Answer ``said`` on ``surface``; its row ends in the transaction that keeps what the answer changed."""
        line = await self._refusal(said)
        if line is not None:
            if line:
                await self._before_sending(said)
                await surface.tell(line)
            await _until_kept(partial(self.end, said.key))
            return
        if await self._took_receipt(said, surface):
            return
        async with surface.working(preparing=not self.asker.is_open):
            exchange = await self._answer(said, surface)
        await self._before_sending(said)
        answer = exchange.answer
        # A button that asks for the picture or the file stands under the words of the same answer.
        only_beside = said.pressed and (answer.picture or answer.file)
        await self._keep(said, Presented(exchange.after) if only_beside else await surface.show(exchange))
        if answer.picture:
            await surface.show_picture(answer)
        if answer.file:
            await surface.show_file(answer)

    async def subscription(
        self, words: str, said: Utterance, state: ChatState, surface: Surface
    ) -> Answer | None:  # fmt: skip
        """Carry out a command about notices; None when ``words`` are none."""

        async def may_change() -> bool:
            return await self._may_change(said, surface)

        operator = self._is_operator(said)
        context = CommandContext(self._channel, said.address, said.person, state.district, may_change, operator)
        return await self._subscriptions.answer(words, context)

    async def acknowledge(self, said: Utterance) -> None:
        """Note 收到 that needs no answer, as in a group: it confirms the announcement that the chat got last."""
        if await self.access.admits(said.person, said.chat):
            await self._receipts.confirm_last(self._reader(said))
        await self.end(said.key)

    def note_disliked(self, person: str, question: str) -> None:
        """Note that somebody found the answer to a question wrong, where such questions are kept."""
        if self._unanswered is not None:
            self._unanswered.dislike(By(self._channel, person), question)

    async def end(self, key: str) -> None:
        """Mark a row as done that has left nothing behind."""
        async with self.store.begin() as tx:
            await self.inbox.done(key, tx)

    async def tidy(self) -> None:
        """Let old buttons and conversations expire."""
        await asyncio.to_thread(self._intake.tidy)
        await self.screen.forget(self._rules.keep_days)
        await self._conversations.forget(self._channel, self._rules.keep_days)

    async def _refusal(self, said: Utterance) -> str | None:
        """Return the line for who may not ask now, empty when even that would be too much; None for the others.

        Who brings the invitation code is let in, and gets a line too.
        """
        if not said.pressed and self.access.is_code(read_words(said.words).argument, said.person):
            async with self.store.begin() as tx:
                await self.chats.invite(f"user:{said.person}" if said.private else f"chat:{said.chat}", tx)
            return say("chat.welcome")
        if not await self.access.admits(said.person, said.chat):
            told = said.pressed or self.access.may_be_refused(said.person, said.chat)
            return say("chat.not_allowed") if told else ""
        if self._rules.stale_after and said.sent_at and time.time() - said.sent_at > self._rules.stale_after:
            return say("chat.too_old")
        pace = self.access.pace(said.person)
        if pace is AskingPace.FINE:
            return None
        log.info("asked too often")
        return say("chat.too_often") if said.pressed or pace is AskingPace.TELL else ""

    async def _took_receipt(self, said: Utterance, surface: Surface) -> bool:
        """Note that an announcement was read, where that is what is said; returns whether it is."""
        number = read_receipt(said.words)
        if number is not None:
            count = await self._receipts.confirm(number, self._reader(said))
        elif is_acknowledgement(said.words):
            count = await self._receipts.confirm_last(self._reader(said))
        else:
            return False
        if count is None and number is None:
            return False  # no announcement: it is answered as any other words are
        line = say("announcements.unknown") if count is None else confirmed(count)
        await surface.show_receipt(line, count or 0, private=said.private)
        await _until_kept(partial(self.end, said.key))
        return True

    def _reader(self, said: Utterance) -> NoticeReader:
        return NoticeReader(self._channel, said.address, said.person, said.name)

    def _is_operator(self, said: Utterance) -> bool:
        return said.person in self._rules.operators

    async def _intake_answer(self, said: Utterance) -> Answer | None:
        """Answer a plan that is sent, or what is decided about one; None for anything else."""
        if said.file is not None:
            return await self._intake.offer(said.file, said.words, operator=self._is_operator(said))
        decision = read_decision(said.words)
        return None if decision is None else await self._intake.decide(decision, operator=self._is_operator(said))

    async def _answer(self, said: Utterance, surface: Surface) -> Exchange:
        before = await self._before(said)
        taken_in = await self._intake_answer(said)
        if taken_in is not None:
            return Exchange(said.words, before, taken_in, before, by_command=True)
        command = read_words(said.words)
        own = await self.commands.answer(command, said, before, lambda: self._may_change(said, surface))
        if own is not None:
            return Exchange(said.words, before, *own, by_command=True)
        ordered = await self.subscription(said.words, said, before, surface)
        if ordered is not None:
            return Exchange(said.words, before, ordered, before, by_command=True)
        question = self.commands.question(command)
        answer, after = await self.asker.ask(question, before, by=By(self._channel, said.person))
        offered = self._subscriptions.offer(offer_file(answer), after)
        return Exchange(said.words, before, offered, after, by_command=False)

    async def _before(self, said: Utterance) -> ChatState:
        """Return the state in which something is said."""
        if said.state is not None:
            return renewed(said.state if said.pressed else await self._with_district(said.state, said.chat))
        if said.about:
            empty = await self._with_district(ChatState(), said.chat)
            _, after = await self.asker.ask(said.about[:ABOUT_CHARACTERS], empty)
            return renewed(after)
        state = await self._conversations.load(Conversation(self._channel, said.chat, said.conversation))
        return await self._with_district(state, said.chat)

    async def _with_district(self, state: ChatState, chat: str) -> ChatState:
        """Return ``state`` with the district that is set for ``chat``."""
        return replace(state, district=(await self.chats.load(chat)).district)

    async def _may_change(self, said: Utterance, surface: Surface) -> bool:
        return said.private or said.person in self._rules.operators or await surface.is_admin()

    async def _before_sending(self, said: Utterance) -> None:
        if said.again:
            await self.inbox.sending(said.key)

    async def _keep(self, said: Utterance, presented: Presented) -> None:
        """Keep what an answer changed."""
        await _until_kept(partial(self._try_to_keep, said, presented))

    async def _try_to_keep(self, said: Utterance, presented: Presented) -> None:
        async with self.store.begin() as tx:
            if presented.shown is not None:
                await self.screen.keep(presented.shown, tx)
            if presented.after is not None:
                where = Conversation(self._channel, said.chat, said.conversation)
                await self._conversations.save(where, presented.after, tx)
            await self.inbox.done(said.key, tx)


async def _until_kept(write: Callable[[], Awaitable[None]]) -> None:
    """Write what follows on words that stand in the chat already, however long the database is away."""
    pauses = Backoff(*_DATABASE)
    while True:
        try:
            return await write()
        except (SQLAlchemyError, OSError) as error:
            if is_about_the_value(error):
                raise
            log.warning("what was answered can't be kept yet", error=type(error).__name__)
        await asyncio.sleep(pauses.pause())
