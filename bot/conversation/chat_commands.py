"""Commands: most are a short way to type a question (``messages.toml``, table ``command_questions``)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.answering.answer import Answer, AnswerKind, Choice
from bot.conversation.asking import Asker
from bot.conversation.surface import Utterance
from bot.messages import say, table
from bot.notices.subscription_commands import read_command
from bot.query.chat_state import ChatState
from bot.store.chats import Chats, ChatSettings
from bot.store.database import Store

EXAMPLES = 3
_OFFERED = 12
"""Districts offered as buttons; of more, one is typed."""
_COMMAND = re.compile(r"/([A-Za-z][A-Za-z0-9_]{0,31})(?:\s+(.*)|)", re.DOTALL)

MayChange = Callable[[], Awaitable[bool]]
"""Whether who speaks may change the settings of the whole chat: in a group its administrators."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message as a command's name and what it is said of; a plain question has no name."""

    name: str
    argument: str


def read_words(words: str) -> Words:
    """Return the words as a command when they begin with a slash, else as a plain question."""
    command = _COMMAND.fullmatch(words)
    return Words(command[1].lower(), (command[2] or "").strip()) if command else Words("", words)


class ChatCommands:
    """The commands about the chat itself; those about notices are ``bot.notices.subscription_commands``."""

    def __init__(self, asker: Asker, store: Store, chats: Chats) -> None:
        """Keep a chat's settings in ``chats``, which are in ``store``."""
        self._asker = asker
        self._store = store
        self._chats = chats

    def knows(self, words: str) -> bool:
        """Whether this is a plain question or a command of this bot."""
        name = read_words(words).name
        return not name or name in self._own() or name in table("command_questions") or read_command(words) is not None

    async def answer(
        self, command: Words, said: Utterance, state: ChatState, may_change: MayChange
    ) -> tuple[Answer, ChatState] | None:
        """Carry out a command and return the conversation's next state; None for what is asked or followed."""
        own = self._own().get(command.name)
        if own is not None:
            return await own(command.argument, said, state, may_change)
        if read_command(said.words) is not None or not command.name:
            return None
        if command.name not in table("command_questions"):
            return await self._greeting(say("chat.unknown_command", name=command.name), state)
        if not self.question(command):
            example = say(f"command_examples.{command.name}")
            return _line(say("chat.needs_argument", example=example)), state
        return None

    def question(self, command: Words) -> str:
        """Return the plain question that a command stands for; empty when it lacks its argument."""
        template = table("command_questions").get(command.name, "{x}")
        if "{x}" not in template:
            return template
        return template.format(x=command.argument) if command.argument else ""

    def _own(self) -> dict[str, Callable[..., Awaitable[tuple[Answer, ChatState]]]]:
        return {"start": self._start, "help": self._help, "about": self._about, "district": self._district}

    async def _help(
        self, _argument: str, said: Utterance, state: ChatState, _may_change: MayChange
    ) -> tuple[Answer, ChatState]:
        """Explain each command in private; in a group, where ten lines are the most, only name them."""
        commands = table("commands")
        named = " ".join(f"/{command}" for command in commands)
        lines = "\n".join(f"/{command} {meaning}" for command, meaning in commands.items()) if said.private else named
        return await self._greeting(say("chat.help"), state, notes=(lines,))

    async def _about(
        self, _argument: str, said: Utterance, state: ChatState, _may_change: MayChange
    ) -> tuple[Answer, ChatState]:
        """Say what this is, and the two numbers that an operator needs to let somebody in."""
        ids = say("chat.ids", chat=said.chat, user=said.person)
        return await self._greeting(say("chat.about"), state, notes=(ids,))

    async def _greeting(
        self, headline: str, state: ChatState, notes: tuple[str, ...] = (), more: tuple[Choice, ...] = ()
    ) -> tuple[Answer, ChatState]:
        """Return a headline with the questions that the answerer offers to newcomers."""
        help_answer, _ = await self._asker.ask(say("say.help"), ChatState(district=state.district))
        return replace(
            help_answer,
            kind=AnswerKind.HELP,
            headline=headline,
            notes=notes,
            choices=help_answer.choices[:EXAMPLES] + more,
            sources=(),
        ), state

    async def _start(
        self, _argument: str, said: Utterance, state: ChatState, _may_change: MayChange
    ) -> tuple[Answer, ChatState]:
        settings = await self._chats.load(said.chat)
        if settings.asked_district or settings.district:
            return await self._greeting(say("chat.start"), state)
        districts = await self._district_choices()
        async with self._store.begin() as tx:
            await self._chats.save(said.chat, replace(settings, asked_district=True), tx)
        notes = (say("chat.ask_district"),) if districts else ()
        return await self._greeting(say("chat.start"), state, notes, districts)

    async def _district_choices(self) -> tuple[Choice, ...]:
        districts = await self._asker.districts()
        if not districts or len(districts) > _OFFERED:
            return ()
        named = [Choice(district, f"/district {district}") for district in districts]
        return (*named, Choice(say("chat.every_district"), f"/district {say('chat.every_district')}"))

    async def _district(
        self, wanted: str, said: Utterance, state: ChatState, may_change: MayChange
    ) -> tuple[Answer, ChatState]:
        everywhere = say("chat.every_district")
        districts = await self._asker.districts()
        found = [name for name in (*districts, everywhere) if name == wanted]
        found = found or [name for name in districts if wanted in name]
        if not wanted or len(found) != 1:
            line = say("chat.no_such_district", wanted=wanted, there=_some(districts))
            if not wanted:
                line = say("chat.district_now", district=state.district or everywhere)
            return replace(_line(line), choices=await self._district_choices()), state
        if not await may_change():
            return _line(say("chat.admins_only")), state
        district = "" if found[0] == everywhere else found[0]
        async with self._store.begin() as tx:
            await self._chats.save(said.chat, ChatSettings(district, asked_district=True), tx)
        state = replace(state, district=district)
        return await self._greeting(say("chat.district_set", district=found[0]), state)


def _some(districts: Sequence[str]) -> str:
    """Return the districts for a sentence, cut short where there are many."""
    shown = say("chat.comma").join(districts[:_OFFERED])
    return shown if len(districts) <= _OFFERED else say("chat.and_more", shown=shown, count=len(districts))


def _line(text: str) -> Answer:
    return Answer(AnswerKind.HELP, answered=True, headline=text)
