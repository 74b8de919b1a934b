"""The frames of the AI bot's long connection: what comes in, as values (pages 101463, 100719, 101027)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from bot.channels.wecom.aibot.mentions import Mentions
from bot.channels.wecom.errors import UnreadableError
from bot.store.text import clean, clean_all

_KEPT = 100_000
"""Characters of a frame that can't be read; one that can has a few hundred."""


class Command(StrEnum):
    """The ``cmd`` of a frame; an ack has none."""

    SUBSCRIBE = "aibot_subscribe"
    PING = "ping"
    RESPOND = "aibot_respond_msg"
    WELCOME = "aibot_respond_welcome_msg"
    UPDATE = "aibot_respond_update_msg"
    PUSH = "aibot_send_msg"
    UPLOAD_BEGIN = "aibot_upload_media_init"
    UPLOAD_PIECE = "aibot_upload_media_chunk"
    UPLOAD_END = "aibot_upload_media_finish"
    MESSAGE = "aibot_msg_callback"
    EVENT = "aibot_event_callback"


@dataclass(frozen=True, slots=True)
class Ack:
    """The platform's answer to a frame of ours."""

    req_id: str
    code: int
    reason: str
    upload: str = ""
    """Of an upload that has begun: its id."""
    media: str = ""
    """Of an upload that has ended: the file's id."""


class Chat(msgspec.Struct, frozen=True):
    """A conversation: one member, or a group."""

    id: str
    """The userid, or the group's chatid."""
    group: bool


class Attachment(msgspec.Struct, frozen=True):
    """A file that a member has sent: where it lies, and the key that it is encrypted with (100719)."""

    url: str = ""
    aeskey: str = ""


class AibotMessage(msgspec.Struct, frozen=True, tag="message"):
    """A member's message to the bot."""

    id: str
    req_id: str
    user: str
    chat: Chat
    text: str
    """Empty where there is nothing to read (a photo, a file)."""
    created: int = 0
    """Unix seconds; 0 when the platform does not say."""
    quoted: str = ""
    """The words of the message that this one quotes."""
    file: Attachment | None = None


class Press(msgspec.Struct, frozen=True, tag="press"):
    """A press on a button of a template card."""

    id: str
    req_id: str
    user: str
    chat: Chat
    task_id: str
    key: str


class Entered(msgspec.Struct, frozen=True, tag="entered"):
    """A member opened the chat with the bot for the first time today."""

    id: str
    req_id: str
    user: str
    chat: Chat


class Feedback(msgspec.Struct, frozen=True, tag="feedback"):
    """A member says whether an answer was right."""

    id: str
    user: str
    chat: Chat
    about: str
    """The id that the answer's stream was given."""
    kind: int
    """101027: 1 right, 2 not right, 3 taken back."""


class Kicked(msgspec.Struct, frozen=True, tag="kicked"):
    """Another connection of the same bot has taken over."""


class UnreadableFrame(msgspec.Struct, frozen=True, tag="unreadable"):
    """A frame that is none as we know them: kept, so that somebody can see why."""

    id: str
    """The same whenever the same frame comes."""
    data: str
    reason: str


Callback = AibotMessage | Press | Entered | Feedback | Kicked | UnreadableFrame


class _Headers(msgspec.Struct):
    req_id: str = ""


class _Frame(msgspec.Struct):
    cmd: str = ""
    headers: _Headers = msgspec.field(default_factory=_Headers)
    body: dict[str, Any] = msgspec.field(default_factory=dict)
    errcode: int | None = None
    errmsg: str = ""


class _Uploaded(msgspec.Struct):
    upload_id: str = ""
    media_id: str = ""


class _Content(msgspec.Struct):
    content: str = ""


class _Item(msgspec.Struct):
    text: _Content = msgspec.field(default_factory=_Content)


class _Mixed(msgspec.Struct):
    msg_item: tuple[_Item, ...] = ()


class _From(msgspec.Struct):
    userid: str = ""


class _Card(msgspec.Struct):
    event_key: str = ""
    task_id: str = ""


class _Feedback(msgspec.Struct):
    id: str = ""
    type: int = 0


class _Event(_Card):
    """101027 puts the card's fields into a struct named like the event; WeCom's own SDK reads them one level up."""

    eventtype: str = ""
    template_card_event: _Card | None = None
    feedback_event: _Feedback | None = None


class _Quote(msgspec.Struct):
    """101463: the message that a message quotes has the fields of one."""

    msgtype: str = ""
    text: _Content = msgspec.field(default_factory=_Content)
    voice: _Content = msgspec.field(default_factory=_Content)
    mixed: _Mixed = msgspec.field(default_factory=_Mixed)


class _Body(_Quote, rename={"sender": "from"}):
    file: Attachment = msgspec.field(default_factory=Attachment)
    msgid: str = ""
    chatid: str | None = None
    chattype: str | None = None
    create_time: Annotated[int, msgspec.Meta(ge=0, lt=10**12)] = 0
    sender: _From = msgspec.field(default_factory=_From)
    quote: _Quote = msgspec.field(default_factory=_Quote)
    event: _Event = msgspec.field(default_factory=_Event)


def unreadable(data: str | bytes, reason: str) -> UnreadableFrame:
    """Return what is kept of a frame that can't be read."""
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else clean(data)
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return UnreadableFrame(f"frame:{digest}", text[:_KEPT], reason)


def read_frame(data: str | bytes, mentions: Mentions) -> Ack | Callback | None:
    """Read one frame; None for a kind that we have no use for; UnreadableError for what is no frame at all."""
    try:
        frame = msgspec.convert(_read_json(data), _Frame)
        if frame.errcode is not None:
            given = msgspec.convert(frame.body, _Uploaded)
            return Ack(frame.headers.req_id, frame.errcode, frame.errmsg, given.upload_id, given.media_id)
        if not frame.cmd:
            raise UnreadableError("neither a command nor an ack")
        # Not strict: a number that comes as a string is still that number.
        body = msgspec.convert(frame.body, _Body, strict=False)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(type(error).__name__) from error
    if frame.cmd == Command.MESSAGE:
        return _message(frame.headers.req_id, body, mentions)
    if frame.cmd == Command.EVENT:
        return _event(frame.headers.req_id, body)
    return None


def _chat(body: _Body) -> Chat:
    # 101027: an event may come without the kind of chat, and only a group's has a chatid.
    group = body.chattype == "group" if body.chattype else bool(body.chatid)
    chat = Chat((body.chatid or "") if group else body.sender.userid, group)
    if not (chat.id and body.sender.userid and body.msgid):
        raise UnreadableError("who, where or which message is missing")
    return chat


def _read_json(data: str | bytes) -> object:
    """Return what a frame says; a field that is null is one that is not there, and no text has what can't be kept."""
    return clean_all(_without_nulls(json.loads(data)))


def _without_nulls(value: object) -> object:
    match value:
        case dict():
            return {key: _without_nulls(item) for key, item in value.items() if item is not None}
        case list():
            return [_without_nulls(item) for item in value if item is not None]
        case _:
            return value


def _message(req_id: str, body: _Body, mentions: Mentions) -> AibotMessage:
    chat = _chat(body)
    text, quoted = _words(body), _words(body.quote)
    if chat.group:
        text, quoted = mentions.strip(text), mentions.without(quoted)
    file = body.file if body.msgtype == "file" and body.file.url else None
    return AibotMessage(body.msgid, req_id, body.sender.userid, chat, text, body.create_time, quoted, file)


def _words(content: _Quote) -> str:
    """Return what there is to read in a message, or in the one that it quotes."""
    parts = {
        "text": (content.text.content,),
        "voice": (content.voice.content,),
        "mixed": tuple(item.text.content for item in content.mixed.msg_item),
    }.get(content.msgtype, ())
    return "\n".join(filter(None, parts)).strip()


def _event(req_id: str, body: _Body) -> Callback | None:
    match body.event.eventtype:
        case "disconnected_event":
            return Kicked()
        case "enter_chat":
            return Entered(body.msgid, req_id, body.sender.userid, _chat(body))
        case "template_card_event":
            card = body.event.template_card_event or body.event
            return Press(body.msgid, req_id, body.sender.userid, _chat(body), card.task_id, card.event_key)
        case "feedback_event" if body.event.feedback_event is not None:
            said = body.event.feedback_event
            return Feedback(body.msgid, body.sender.userid, _chat(body), said.id, said.type)
        case _:
            return None
