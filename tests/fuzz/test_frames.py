"""Whatever a platform sends is read, passed over or set aside; and what is stored can be stored."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot

from bot.channels.base import UnreadableUpdateError
from bot.channels.telegram.updates import pack, split, unpack
from bot.channels.wecom.aibot.frames import AibotMessage, Press, read_frame
from bot.channels.wecom.aibot.mentions import Mentions
from bot.channels.wecom.app.crypto import CallbackCrypto
from bot.channels.wecom.app.documents import AppMessage, read_envelope, read_message, write_text_answer
from bot.channels.wecom.errors import CallbackRefusedError, UnreadableError
from bot.store.database import Store
from bot.store.inbox import Inbox, Update
from bot.store.text import clean
from tests.fake_telegram.world import TOKEN
from tests.fuzz.making import messages, values

CRYPTO = CallbackCrypto("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "corp")
PERSON = {"id": 7, "is_bot": False, "first_name": "李"}
SAID = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "from": PERSON, "text": "你好"}
PRESSED = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "x", "message": SAID}
TYPED = {"id": "1", "from": PERSON, "query": "中医", "offset": ""}
BODY = {"msgid": "m", "msgtype": "text", "from": {"userid": "li"}, "chattype": "single", "text": {"content": "你好"}}
EVENT = {"eventtype": "template_card_event", "template_card_event": {"task_id": "t", "event_key": "k"}}


def storable(text: str) -> bool:
    """Whether any database takes it."""
    return clean(text) == text


def changed(whole: Mapping[str, object]) -> st.SearchStrategy[dict[str, object]]:
    """Return a value with fields of it replaced by anything, or gone."""
    fields = st.dictionaries(st.sampled_from(sorted(whole)), values, max_size=2)
    gone = st.sets(st.sampled_from(sorted(whole)), max_size=1)
    return st.builds(lambda more, less: {k: v for k, v in {**whole, **more}.items() if k not in less}, fields, gone)


updates = st.one_of(
    changed(SAID).map(lambda said: {"message": said}),
    changed(PRESSED).map(lambda pressed: {"callback_query": pressed}),
    changed(TYPED).map(lambda typed: {"inline_query": typed}),
    changed(SAID).map(lambda said: {"callback_query": {**PRESSED, "message": said}}),
    values.map(lambda value: {"message": value}),
)
frames = st.one_of(
    changed(BODY).map(lambda body: {"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": body}),
    changed({**BODY, "event": EVENT}).map(
        lambda body: {"cmd": "aibot_event_callback", "headers": {"req_id": "r"}, "body": body}
    ),
    values,
    st.fixed_dictionaries({"cmd": messages, "headers": values, "body": values}),
)


@given(st.lists(updates, max_size=3), st.binary(max_size=8), st.integers(0, 400))
def test_telegram(bodies: list[dict[str, object]], junk: bytes, at: int) -> None:
    """Every update that has a number can be kept, and is read or set aside later; damage to one stays in it."""
    whole = json.dumps({"ok": True, "result": [{"update_id": n, **body} for n, body in enumerate(bodies, 1)]}).encode()
    for response in (whole, whole[:at] + junk + whole[at:]):
        for raw in split(response):
            stored = pack(raw, late=True)
            if stored is None:
                continue
            assert storable(stored.payload)
            try:
                unpack(stored.payload, Bot(TOKEN))
            except UnreadableUpdateError:
                continue


@given(st.one_of(frames.map(json.dumps), st.text(max_size=50), st.binary(max_size=50)))
def test_the_ai_bot(frame: str | bytes) -> None:
    """A frame is read, of no use, or unreadable; what is read can be stored."""
    try:
        read = read_frame(frame, Mentions())
    except UnreadableError:
        return
    if isinstance(read, AibotMessage | Press):
        assert storable(read.user + read.chat.id + read.id)


tags = st.sampled_from(["FromUserName", "CreateTime", "MsgType", "Content", "MsgId", "Event", "EventKey", "ToUserName"])
documents = st.one_of(
    st.dictionaries(tags, messages | st.integers().map(str), max_size=8).map(
        lambda fields: "<xml>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in fields.items()) + "</xml>"
    ),
    messages,
    st.sampled_from(
        [
            "<a>" * 5000,
            '<?xml version="1.0" encoding="x-none"?><xml/>',
            '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        ]
    ),
)


@given(documents)
def test_the_app(document: str) -> None:
    """A member's document is read or unreadable, and can be answered."""
    try:
        message = read_message(document)
    except (UnreadableError, LookupError, UnicodeEncodeError):
        return
    assert isinstance(message, AppMessage)
    assert CRYPTO.open(*sealed(write_text_answer(message, document, 1)))


def sealed(text: str) -> tuple[str, str, str, str]:
    """Return what opens a text again."""
    one = CRYPTO.seal(text, "1", "2")
    return one.signature, one.timestamp, one.nonce, one.ciphertext


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=60))
def test_an_envelope(body: bytes, signature: str, ciphertext: str) -> None:
    """What is not WeCom's is refused as that."""
    with contextlib.suppress(UnreadableError, LookupError):
        read_envelope(body)
    with pytest.raises(CallbackRefusedError):
        CRYPTO.open(signature, "1", "2", ciphertext)
    with pytest.raises(CallbackRefusedError):
        CRYPTO.open(CRYPTO.signature("1", "2", ciphertext), "1", "2", ciphertext)


@given(st.lists(st.builds(Update, messages, messages, messages, st.sampled_from(["", "why"])), max_size=4))
async def test_what_is_kept(store: Store, updates: list[Update]) -> None:
    """On both databases: any update is kept or set aside, each once, and none stops the others."""
    inbox = Inbox(store, "fuzz")
    await inbox.accept(updates)
    for row in await inbox.waiting(100):
        assert await inbox.take(row)
        await inbox.set_aside(row, "fuzz")
    assert not await inbox.waiting(100)
