"""Messages of each kind that can't be read, as the three platforms may hand them over: kind → what is sent."""

from __future__ import annotations

import json

from tests.fake_telegram.world import Json, Person

NESTED = "[" * 100_000 + "]" * 100_000
_OLD_POLL = {"id": "1", "question": "几点开会", "options": [], "is_closed": False}
"""As a server writes it that is older than the library: fields are missing that the library takes for given."""
TELEGRAM: dict[str, Json] = {
    "an old poll": {"poll": _OLD_POLL},
    "no sender's name": {"text": "甲", "from": {"id": 5}},
    "a chat that is none": {"text": "甲", "chat": None},
    "a date of no calendar": {"text": "甲", "date": 10**17},
    "nested deeply": {"text": "甲", "reply_to_message": "«deep»"},
    "not even JSON": {"text": "«broken»"},
}
_BODY = {
    "msgid": "m-1",
    "msgtype": "text",
    "from": {"userid": "li"},
    "chattype": "single",
    "text": {"content": "甲 短"},
}


def _frame(**more: object) -> str:
    return json.dumps({"cmd": "aibot_msg_callback", "headers": {"req_id": "r-1"}, "body": _BODY | more})


ROBOT = {
    "nested deeply": _frame(quote="«deep»").replace(json.dumps("«deep»"), NESTED),
    "text of another type": _frame(text=7),
    "a time out of range": _frame(create_time=10**30),
    "no msgid": _frame(msgid=None),
    "half a frame": '{"cmd": "aibot_msg_callback"',
    "not even JSON": "\ufffe",
}
_LI = "<xml><FromUserName>li</FromUserName>"
APP = {
    "plain words": "plain words",
    "an empty message": "<xml/>",
    "an entity": '<!DOCTYPE xml [<!ENTITY a "x">]><xml><FromUserName>&a;</FromUserName></xml>',
    "a time in words": f"{_LI}<CreateTime>soon</CreateTime><MsgType>text</MsgType></xml>",
    "no MsgId": f"{_LI}<CreateTime>1</CreateTime><MsgType>text</MsgType></xml>",
    "a time without end": f"{_LI}<CreateTime>{'9' * 5000}</CreateTime><MsgType>text</MsgType></xml>",
}


async def post_poison(person: Person, kind: str) -> None:
    """Send an update of a kind of ``TELEGRAM``."""
    person.world.raw = {"«deep»": NESTED, "«broken»": '"\\x"'}
    await person.post(TELEGRAM[kind])
