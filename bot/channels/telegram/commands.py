"""Commands: most are a short way to type a question (``messages.toml``, table ``command_questions``)."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from telegram import BotCommand

from bot.answering.answer import Answer, AnswerKind, Choice
from bot.channels.telegram.address import Asked, Spot
from bot.channels.telegram.desk import CHANNEL, Desk
from bot.channels.telegram.limits import START_PAYLOAD_CHARACTERS
from bot.conversation.asking import Busy
from bot.messages import say, table
from bot.notices.subscription_commands import read_command
from bot.query.chat_state import ChatState
from bot.store.chats import ChatSettings
from bot.turns import By

EXAMPLES = 3
_OFFERED = 12
"""Districts offered as buttons; of more, one is typed."""
_QUESTION = "q_"


@dataclass(frozen=True, slots=True)
class Commands:
    """Answers commands and plain questions alike with an ``Answer``."""

    desk: Desk

    async def answer(self, asked: Asked, spot: Spot, state: ChatState, busy: Busy) -> tuple[Answer, ChatState]:
        """Answer what was asked; the state is the conversation's next one."""
        linked = read_link(asked.text) if asked.command == "start" else ""
        if linked:
            return await self.desk.asker.ask(linked, state, busy, by=By(CHANNEL, spot.person))
        own = self._own().get(asked.command)
        if own is not None:
            return await own(asked.text, spot, state)
        ordered = await self.desk.order(asked.said, spot, state)
        if ordered is not None:
            return ordered, state
        question = _question(asked.command, asked.text)
        if question is None:
            return await self._greeting(say("telegram.unknown_command", name=asked.command), state)
        if not question and asked.command:
            return _line(say("telegram.needs_argument", example=say(f"command_examples.{asked.command}"))), state
        answer, after = await self.desk.asker.ask(question, state, busy, by=By(CHANNEL, spot.person))
        return self.desk.subscriptions.offer(answer, after), after

    def knows(self, asked: Asked) -> bool:
        """Whether this is a plain question or a command of this bot."""
        own = asked.command in self._own() or asked.command in table("command_questions")
        return not asked.command or own or read_command(asked.said) is not None

    @staticmethod
    def changes_chat(asked: Asked) -> bool:
        """Whether this changes the settings of the whole chat, which in a group takes an administrator."""
        return asked.command == "district" and bool(asked.text)

    def _own(self) -> dict[str, Callable[[str, Spot, ChatState], Awaitable[tuple[Answer, ChatState]]]]:
        return {"start": self._start, "help": self._help, "about": self._about, "district": self._district}

    async def _help(self, _argument: str, spot: Spot, state: ChatState) -> tuple[Answer, ChatState]:
        """Explain each command in private; in a group, where ten lines are the most, only name them."""
        commands = table("commands")
        named = " ".join(f"/{command}" for command in commands)
        lines = "\n".join(f"/{command} {meaning}" for command, meaning in commands.items()) if spot.private else named
        return await self._greeting(say("telegram.help"), state, notes=(lines,))

    async def _about(self, _argument: str, spot: Spot, state: ChatState) -> tuple[Answer, ChatState]:
        """Say what this is, and the two numbers that an operator needs to let somebody in."""
        ids = say("telegram.ids", chat=spot.chat, user=spot.person)
        return await self._greeting(say("telegram.about"), state, notes=(ids,))

    async def _greeting(
        self, headline: str, state: ChatState, notes: tuple[str, ...] = (), more: tuple[Choice, ...] = ()
    ) -> tuple[Answer, ChatState]:
        """Return a headline with the questions that the answerer offers to newcomers."""
        help_answer, _ = await self.desk.asker.ask(say("say.help"), ChatState(district=state.district))
        return replace(
            help_answer,
            kind=AnswerKind.HELP,
            headline=headline,
            notes=notes,
            choices=help_answer.choices[:EXAMPLES] + more,
            sources=(),
        ), state

    async def _start(self, _argument: str, spot: Spot, state: ChatState) -> tuple[Answer, ChatState]:
        settings = await self.desk.chats.load(spot.chat)
        if settings.asked_district or settings.district:
            return await self._greeting(say("telegram.start"), state)
        districts = await self._district_choices()
        async with self.desk.store.begin() as tx:
            await self.desk.chats.save(spot.chat, replace(settings, asked_district=True), tx)
        notes = (say("telegram.ask_district"),) if districts else ()
        return await self._greeting(say("telegram.start"), state, notes, districts)

    async def _district_choices(self) -> tuple[Choice, ...]:
        districts = await self.desk.asker.districts()
        if not districts or len(districts) > _OFFERED:
            return ()
        named = [Choice(district, f"/district {district}") for district in districts]
        return (*named, Choice(say("telegram.every_district"), f"/district {say('telegram.every_district')}"))

    async def _district(self, wanted: str, spot: Spot, state: ChatState) -> tuple[Answer, ChatState]:
        everywhere = say("telegram.every_district")
        districts = await self.desk.asker.districts()
        found = [name for name in (*districts, everywhere) if name == wanted]
        found = found or [name for name in districts if wanted in name]
        if not wanted or len(found) != 1:
            line = say("telegram.no_such_district", wanted=wanted, there=_some(districts))
            if not wanted:
                line = say("telegram.district_now", district=state.district or everywhere)
            return replace(_line(line), choices=await self._district_choices()), state
        if not await self.desk.outgoing.is_admin(spot):
            return _line(say("telegram.admins_only")), state
        district = "" if found[0] == everywhere else found[0]
        async with self.desk.store.begin() as tx:
            await self.desk.chats.save(spot.chat, ChatSettings(district, asked_district=True), tx)
        state = replace(state, district=district)
        return await self._greeting(say("telegram.district_set", district=found[0]), state)


def _some(districts: Sequence[str]) -> str:
    """Return the districts for a sentence, cut short where there are many."""
    shown = say("telegram.comma").join(districts[:_OFFERED])
    return shown if len(districts) <= _OFFERED else say("telegram.and_more", shown=shown, count=len(districts))


def menu() -> list[BotCommand]:
    """Return the command menu that Telegram shows beside the text field."""
    return [BotCommand(name, meaning) for name, meaning in table("commands").items()]


def read_words(words: str) -> Asked:
    """Return what a button's words ask: a command when they begin with a slash."""
    if not words.startswith("/"):
        return Asked(words)
    name, _, argument = words[1:].partition(" ")
    return Asked(argument, name)


def write_link(username: str, question: str) -> str | None:
    """Return a link that opens the bot with ``question`` asked; None when it is too long for one."""
    payload = _QUESTION + base64.urlsafe_b64encode(question.encode()).decode().rstrip("=")
    if len(payload) > START_PAYLOAD_CHARACTERS:
        return None
    return f"https://t.me/{username}?start={payload}"


def read_link(payload: str) -> str:
    """Return the question of a deep link's payload, empty when it holds none."""
    if not payload.startswith(_QUESTION):
        return ""
    body = payload.removeprefix(_QUESTION)
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    except ValueError:
        # No base64, not even ASCII, or no UTF-8.
        return ""


def _question(name: str, argument: str) -> str | None:
    """Return the plain question that a command stands for; empty when it lacks its argument, None when unknown."""
    if not name:
        return argument
    template = table("command_questions").get(name)
    if template is None:
        return None
    if "{x}" not in template:
        return template
    return template.format(x=argument) if argument else ""


def _line(text: str) -> Answer:
    return Answer(AnswerKind.HELP, answered=True, headline=text)
