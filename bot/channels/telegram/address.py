"""Whether a message is for the bot, and what it asks, from its entities and not from look-alike text."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot, Message, MessageEntity
from telegram.constants import ChatType

from bot.channels.telegram.limits import ANONYMOUS_ADMIN, CHANNEL_BOT


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message asks."""

    text: str
    """The question, or a command's argument; empty for a sticker, a photo or a bare mention."""
    command: str = ""
    """Without slash and in lower case; empty for a plain question."""
    about: str = ""
    """The words of somebody else's message that it replies to."""
    by_name: bool = False
    """Whether a command names this bot: nobody else will answer it."""

    @property
    def said(self) -> str:
        """The whole of it, as typed."""
        return f"/{self.command} {self.text}".strip() if self.command else self.text


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a message stands and who wrote it, in the form the store keeps."""

    chat: str
    thread: int | None
    person: str
    message: str
    private: bool

    @property
    def address(self) -> str:
        """Where notices of what is followed here are sent: CHAT, or CHAT/TOPIC in a topic of a forum."""
        return self.chat if self.thread is None else f"{self.chat}/{self.thread}"

    @property
    def conversation(self) -> str:
        """Whose conversation it is: the chat's own in private, each person's in a group; a topic has its own ones."""
        whose = "" if self.private else self.person
        return whose if self.thread is None else f"{whose}/{self.thread}"


def read_address(address: str) -> Spot:
    """Return where a notice is to stand."""
    chat, _, thread = address.partition("/")
    return Spot(chat, int(thread) if thread else None, "", "", private=not chat.startswith("-"))


def spot_of(message: Message, person: int | None = None) -> Spot:
    """Return where ``message`` stands; ``person`` is who acts when that is not who wrote it."""
    sender = message.sender_chat.id if message.sender_chat else message.from_user.id if message.from_user else 0
    return Spot(
        chat=str(message.chat.id),
        # A reply outside of topics has a thread too, which is none that a message can be sent to.
        thread=message.message_thread_id if message.is_topic_message else None,
        person=str(person if person is not None else sender),
        message=str(message.message_id),
        private=message.chat.type == ChatType.PRIVATE,
    )


def read(message: Message, bot: Bot) -> Asked | None:
    """Return what ``message`` asks the bot, None when it is not for the bot."""
    if not _from_a_person(message) or _is_service(message) or (message.via_bot and message.via_bot.id == bot.id):
        return None
    command = _command(message)
    return _read_question(message, bot) if command is None else _read_command(message, command, bot)


def _read_command(message: Message, command: str, bot: Bot) -> Asked | None:
    name, _, whom = command.partition("@")
    if whom and whom.lower() != bot.username.lower():
        return None
    text = _without(message, [e for e in _entities(message) if e.offset == 0], bot)
    return Asked(text, name.lower(), by_name=bool(whom))


def _read_question(message: Message, bot: Bot) -> Asked | None:
    private = message.chat.type == ChatType.PRIVATE
    mentions = [entity for entity in _entities(message) if _names(message, entity, bot)]
    replies = _replies_to(message, bot)
    text = _without(message, mentions, bot)
    about = "" if replies else _quoted(message, bot)
    if not (private or mentions or (replies and text)):
        return None
    # Without words of its own it hands on the message that it replies to.
    return Asked(text, about=about) if text else Asked(about)


def _quoted(message: Message, bot: Bot) -> str:
    """Return the words that a message replies to: the part that was picked, or all of them."""
    if message.quote is not None:
        return message.quote.text.strip()
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return ""
    return _without(replied, [entity for entity in _entities(replied) if _names(replied, entity, bot)], bot)


def _is_service(message: Message) -> bool:
    """Whether nobody has written this: somebody was added, a message pinned, a background chosen."""
    return not _text(message) and message.effective_attachment is None


def _from_a_person(message: Message) -> bool:
    if message.is_automatic_forward:
        return False
    sender = message.from_user
    return sender is None or not sender.is_bot or sender.id in {ANONYMOUS_ADMIN, CHANNEL_BOT}


def _text(message: Message) -> str:
    return message.text or message.caption or ""


def _entities(message: Message) -> tuple[MessageEntity, ...]:
    return tuple(message.entities or message.caption_entities or ())


def _words(message: Message, entity: MessageEntity) -> str:
    units = _text(message).encode("utf-16-le")
    return units[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")


def _command(message: Message) -> str | None:
    for entity in _entities(message):
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            return _words(message, entity)[1:]
    return None


def _names(message: Message, entity: MessageEntity, bot: Bot) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    return entity.type == MessageEntity.MENTION and _words(message, entity).lower() == f"@{bot.username}".lower()


def _replies_to(message: Message, bot: Bot) -> bool:
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.id != bot.id:
        return False
    # In a topic that the bot has opened every message “replies” to the message that opened it.
    return replied.forum_topic_created is None


def _without(message: Message, entities: list[MessageEntity], bot: Bot) -> str:
    """Return the text without the words of some entities."""
    units = _text(message).encode("utf-16-le")
    kept, at = b"", 0
    for entity in sorted(entities, key=lambda e: e.offset):
        if entity.type == MessageEntity.BOT_COMMAND or _names(message, entity, bot):
            kept += units[at * 2 : entity.offset * 2]
            at = entity.offset + entity.length
    return (kept + units[at * 2 :]).decode("utf-16-le").strip()
