"""What became of a notice, in the words of the outbox."""

from __future__ import annotations

from bot.answering.answer import Answer
from bot.channels.wecom.errors import (
    AwayError,
    CredentialsRefusedError,
    NoAckError,
    NotConnectedError,
    NotSentError,
    UnreachableError,
    WeComRefusedError,
)
from bot.channels.wecom.layout import Reply
from bot.channels.wecom.limits import BUTTONS, GONE, TOO_OFTEN, TRY_LATER
from bot.messages import say
from bot.notices.sending import ChannelRefusedError, GoneError, LaterError, NoticeRefusedError, SendError, UnknownError
from bot.query.chat_state import ChatState
from bot.render.pages import Markup, Room, cut
from bot.settings import variable

RESERVE = 5
"""Messages of a minute that are kept for answers."""
_MINUTE = 60.0
_PAUSE = 5.0
"""Seconds before a message is tried again that did not leave this machine."""
_HINT_BYTES = 300
_ANY_LINES = 10_000


def write(notice: Answer, markup: Markup, most_bytes: int) -> str:
    """Return a notice as one message; what can be asked about it is said in its last line."""
    page = cut(notice, markup, Room(most_bytes - _HINT_BYTES, _ANY_LINES))[0]
    return Reply((page.text,), notice.headline, notice.choices[:BUTTONS], ChatState()).with_hint[0]


def check_room(left: int, wait: float) -> None:
    """Raise LaterError while what is left of the limits is needed for answers."""
    if left <= RESERVE:
        raise LaterError("our own limit", max(wait, 1.0))


def outcome(error: AwayError | WeComRefusedError) -> SendError:
    """Return what an error of WeCom means for a notice."""
    reason = str(error)
    match error:
        case CredentialsRefusedError():
            return bad_app(error)
        case WeComRefusedError(code=code):
            if code in (TOO_OFTEN, TRY_LATER):
                return LaterError(reason, _MINUTE)
            return GoneError(reason) if code in GONE else NoticeRefusedError(reason)
        case NotSentError():
            return LaterError(reason, _PAUSE, everywhere=True)
        case NoAckError() | NotConnectedError() | UnreachableError():
            return UnknownError(reason)
        case _:
            # The platform said “too often”, or that this machine's address is not trusted.
            return LaterError(reason, _MINUTE)


def bad_app(refusal: CredentialsRefusedError) -> ChannelRefusedError:
    """Return the error that pauses the app's channel: what waits is kept until its secret is taken again."""
    names = f"{variable('wecom_corp_id')}、{variable('wecom_app_secret')}"
    return ChannelRefusedError(say("wecom.bad_app", names=names, reason=str(refusal)))
