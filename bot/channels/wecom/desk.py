"""What both ways of asking in WeCom share: who may ask, in which state, and what is kept when it is answered."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import structlog

from bot.answering.answer import Answer
from bot.channels.context import ChannelContext
from bot.channels.wecom.app.departments import Departments
from bot.conversation.chat_access import AskingPace, ChatAccess
from bot.messages import say
from bot.notices.subscription_commands import CommandContext
from bot.query.chat_state import ChatState
from bot.store.chats import Chats
from bot.store.conversations import Conversation, Conversations
from bot.store.inbox import Inbox, InboxRow
from bot.store.shown import Screen, Shown
from bot.turns import By

QUOTED_CHARACTERS = 200
"""Of a quoted message that are read: what it is about stands in its beginning."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A member's words, and where they were said."""

    user: str
    chat: str
    """The group's id; in a private chat the member's own."""
    group: bool
    text: str
    at: float
    """Unix seconds; 0 when the platform does not say."""

    @property
    def talk(self) -> tuple[str, str]:
        """Whose conversation it is: a chat, and in a group the person."""
        return self.chat, self.user if self.group else ""


class Desk:
    """One channel's share of the store, and its rules."""

    def __init__(self, context: ChannelContext, channel: str, departments: Departments | None) -> None:
        settings = context.settings
        self.store = context.store
        self.asker = context.asker
        self._subscriptions = context.subscriptions
        self._operators = frozenset(settings.wecom_admins)
        self.inbox = Inbox(context.store, channel)
        self.screen = Screen(context.store, channel)
        self._channel = channel
        self._talks = Conversations(context.store)
        self._chats = Chats(context.store, channel)
        self._departments = departments
        self._keep_days = settings.button_days
        self._stale_after = settings.stale_after
        self._lists = bool(
            settings.wecom_allowed_users
            or settings.wecom_allowed_chats
            or settings.wecom_invitation_code.get_secret_value()
        )
        self._gate = ChatAccess(
            self._chats,
            users=settings.wecom_allowed_users,
            groups=settings.wecom_allowed_chats,
            code=settings.wecom_invitation_code.get_secret_value(),
            per_minute=settings.questions_per_minute,
        )

    async def refusal(self, asked: Asked) -> str | None:
        """Return the one line for who may not ask now, empty when even that would be too much; None for the others.

        Who brings the invitation code is let in, and gets one line too.
        """
        if self._gate.is_code(asked.text, asked.user):
            async with self.store.begin() as tx:
                await self._chats.invite(f"chat:{asked.chat}" if asked.group else f"user:{asked.user}", tx)
            return say("wecom.welcome")
        if not await self._admits(asked):
            return say("wecom.not_allowed") if self._gate.may_be_refused(asked.user, asked.chat) else ""
        if self._stale_after and asked.at and time.time() - asked.at > self._stale_after:
            return say("wecom.too_old")
        pace = self._gate.pace(asked.user)
        if pace is AskingPace.QUIET:
            _log.info("wecom.asked_too_often")
        return {AskingPace.FINE: None, AskingPace.TELL: say("wecom.too_often"), AskingPace.QUIET: ""}[pace]

    async def admits(self, user: str) -> bool:
        """Whether a member may ask in private."""
        return await self._admits(Asked(user, user, group=False, text="", at=0))

    async def _admits(self, asked: Asked) -> bool:
        if self._departments is None:
            return await self._gate.admits(asked.user, asked.chat)
        # The gate alone is open to all when nothing else is listed.
        listed = self._lists and await self._gate.admits(asked.user, asked.chat)
        return listed or await self._departments.admits(asked.user)

    async def state(self, asked: Asked) -> ChatState:
        """Return the state of the conversation."""
        chat, person = asked.talk
        return await self._talks.load(Conversation(self._channel, chat, person))

    async def ask(self, asked: Asked, chat: str, state: ChatState) -> tuple[Answer, ChatState]:
        """Answer a member's words: an order about notices, or a question. ``chat`` is as ``send_notice`` takes it."""
        operator = asked.user in self._operators

        async def may_change() -> bool:
            return operator or not asked.group

        where = CommandContext(self._channel, chat, asked.user, state.district, may_change, operator)
        ordered = await self._subscriptions.answer(asked.text, where)
        if ordered is not None:
            return ordered, state
        answer, after = await self.asker.ask(asked.text, state, by=By(self._channel, asked.user))
        return self._subscriptions.offer(answer, after), after

    async def about(self, asked: Asked, quoted: str, shown: Shown | None) -> ChatState:
        """Return the state in which the words beside a quotation are said: they are about what is quoted."""
        if shown is not None:
            return awake(shown.after)
        state = await self.state(asked)
        if quoted:
            _, after = await self.asker.ask(quoted[:QUOTED_CHARACTERS], ChatState(district=state.district))
            return awake(after)
        return state

    async def end(self, row: InboxRow) -> None:
        """Mark a row as done that left nothing behind."""
        async with self.store.begin() as tx:
            await self.inbox.done(row.key, tx)

    async def keep(self, row: InboxRow, asked: Asked, after: ChatState, shown: Shown | None = None) -> None:
        """Keep the conversation's new state, and what was ``shown``, together with the row's end."""
        chat, person = asked.talk
        async with self.store.begin() as tx:
            if shown is not None:
                await self.screen.keep(shown, tx)
            await self._talks.save(Conversation(self._channel, chat, person), after, tx)
            await self.inbox.done(row.key, tx)

    async def tidy(self) -> None:
        """Let old conversations expire."""
        await self._talks.forget(self._channel, self._keep_days)

    async def close(self) -> None:
        """End what was opened to ask who may ask."""
        if self._departments is not None:
            await self._departments.close()


def awake(state: ChatState) -> ChatState:
    """Return ``state`` as if asked now: who presses a button means the message above it, however old."""
    return replace(state, asked_at=time.time()) if state.query else state
