"""What people say about notices in a chat: follow, unfollow, what is followed, a digest now, an announcement.

The words stand in ``messages.toml``, table ``orders``, as regular expressions.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from sqlalchemy import select

from bot.answering.answer import Answer, AnswerKind, Choice, Section
from bot.messages import say, table
from bot.notices.announcements import Announcements, announced
from bot.notices.digest import digest_notice
from bot.notices.due_targets import DueTargets
from bot.notices.following import Followings, Subject
from bot.notices.outbox import Outbox
from bot.notices.planner import changes_told
from bot.notices.subjects import Subjects, name_in
from bot.notices.workdays import NEVER, Quiet
from bot.query.chat_state import ChatState
from bot.query.query import Query
from bot.store.database import Store
from bot.zone import ZONE

_MOST_OPTIONS = 6


@dataclass(frozen=True, slots=True)
class CommandContext:
    """Where an order is given, and what who gives it may do."""

    channel: str
    chat: str
    """As the channel's ``send_notice`` takes it."""
    person: str
    district: str
    """The chat's own; empty for all."""
    may_change: Callable[[], Awaitable[bool]]
    """Whether they may say what the chat follows: in a group its administrators."""
    operator: bool
    """Whether they may announce."""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern, re.DOTALL)) for name, pattern in table("orders").items())


def read_command(words: str) -> tuple[str, tuple[str, ...]] | None:
    """Return an order's name and its arguments; None for words that are none."""
    for name, pattern in _patterns():
        match = pattern.fullmatch(words.strip())
        if match:
            return name, tuple(group.strip() for group in match.groups(""))
    return None


class SubscriptionCommands:
    """Carries out orders; the same in every channel."""

    def __init__(self, store: Store, subjects: Callable[[], Awaitable[Subjects]], quiet: Quiet = NEVER) -> None:
        """Keep followings in ``store``; ``subjects`` reads what words mean over the plans of now.

        What is announced goes out when the ``quiet`` hours are over.
        """
        self._store = store
        self._outbox = Outbox(store)
        self._followings = Followings(store)
        self._announcements = Announcements(self._outbox, quiet)
        self._subjects = subjects

    async def answer(self, words: str, where: CommandContext) -> Answer | None:
        """Carry out an order and say so; None when the words are no order after all."""
        order = read_command(words)
        if order is None:
            return None
        name, arguments = order
        if name == "follow":
            return await self._follow(arguments[0], where, typed=words.startswith("/"))
        if name == "usage":
            return _line(say("following.usage"))
        carry_out: dict[str, Callable[..., Awaitable[Answer]]] = {
            "unfollow": self._unfollow,
            "announce": self._announce,
            "confirm": self._confirm,
            "digest": self._digest,
            "following": self._list,
        }
        return await carry_out[name](where, *arguments)

    def offer(self, answer: Answer, after: ChatState) -> Answer:
        """Add a button to follow the one unit that an answer's duties are of."""
        query = Query.from_json(after.query) if answer.kind is AnswerKind.DUTIES and answer.answered else None
        if query is None or len(query.where.units) != 1:
            return answer
        districts, unit = query.where.districts, query.where.units[0]
        district = districts[0] if len(districts) == 1 else ""
        printed = {unit for section in answer.sections for entry in section.entries for unit in entry.asked}
        key = unit.keys[0] if len(unit.keys) == 1 else unit.name
        name = name_in(district, printed.pop() if len(printed) == 1 else key)
        choice = Choice(say("following.button", name=name), say("following.say", name=name))
        return replace(answer, choices=(*answer.choices, choice))

    async def _follow(self, wanted: str, where: CommandContext, *, typed: bool) -> Answer | None:
        found = (await self._subjects()).read(wanted, where.district)
        if not found:
            return _line(say("following.unknown", wanted=wanted)) if typed else None
        if len(found) > 1:
            options = tuple(Choice(one.name, say("following.say", name=one.name)) for one in found[:_MOST_OPTIONS])
            return replace(_line(say("following.which", wanted=wanted)), kind=AnswerKind.CHOOSE, choices=options)
        if not await where.may_change():
            return _line(say("following.admins_only"))
        async with self._store.begin() as tx:
            new = await self._followings.follow(where.channel, where.chat, found[0], tx)
        return _line(say("following.done" if new else "following.already", name=found[0].name))

    async def _unfollow(self, where: CommandContext, wanted: str) -> Answer:
        mine = await self._followings.of(where.channel, where.chat)
        named = [one for one in mine if wanted in (one.name, one.key)] or [one for one in mine if wanted in one.name]
        if len(named) != 1:
            return await self._list(where)
        if not await where.may_change():
            return _line(say("following.admins_only"))
        async with self._store.begin() as tx:
            await self._followings.unfollow(where.channel, where.chat, named[0], tx)
        return _line(say("following.ended", name=named[0].name))

    async def _list(self, where: CommandContext) -> Answer:
        mine = await self._followings.of(where.channel, where.chat)
        if not mine:
            return _line(say("following.none"))
        lines = tuple(say("following.line", name=one.name) for one in mine)
        choices = tuple(
            Choice(say("following.end_button", name=one.name), say("following.say_end", name=one.name))
            for one in mine[:_MOST_OPTIONS]
        )
        headline = _line(say("following.count", count=len(mine)))
        return replace(headline, sections=(Section("", lines, ()),), choices=choices)

    async def _digest(self, where: CommandContext) -> Answer:
        mine = await self._followings.of(where.channel, where.chat)
        if not mine:
            return _line(say("following.none"))
        chat = (where.channel, where.chat)
        shelf = (await self._subjects()).shelf
        async with self._store.read() as tx:
            now = datetime.fromtimestamp((await tx.execute(select(self._outbox.clock()))).scalar_one(), ZONE)
            changes = (await changes_told(now, tx, chat)).get(chat, ())
        parts = digest_notice(shelf, mine, changes, DueTargets(shelf, now.date()))
        return replace(parts[-1], sections=tuple(section for part in parts for section in part.sections))

    async def _announce(self, where: CommandContext, wanted: str, text: str) -> Answer:
        if not where.operator:
            return _line(say("announcements.operators_only"))
        subject = one_of((await self._subjects()).read(wanted, where.district))
        if subject is None:
            return _line(say("following.unknown", wanted=wanted))
        preview = await self._announcements.prepare(subject, text, f"{where.channel}:{where.person}")
        lines = tuple(line for part in preview.parts for section in part.sections for line in section.lines)
        confirm = Choice(say("announcements.confirm"), say("announcements.say_confirm", number=preview.id))
        return replace(_line(announced(preview, subject.name)), sections=(Section("", lines, ()),), choices=(confirm,))

    async def _confirm(self, where: CommandContext, number: str) -> Answer:
        if not where.operator:
            return _line(say("announcements.operators_only"))
        told = await self._announcements.send(int(number))
        return _line(say("announcements.gone") if told is None else say("announcements.sent", count=told))


def one_of(found: tuple[Subject, ...]) -> Subject | None:
    """Return the subject where there is exactly one."""
    return found[0] if len(found) == 1 else None


def _line(text: str) -> Answer:
    return Answer(AnswerKind.HELP, answered=True, headline=text)
