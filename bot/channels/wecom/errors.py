"""What can go wrong with WeCom.

WeComError
├── CallbackRefusedError    a callback that is not WeCom's, or not for us
├── UnreadableError         a message that can't be understood
├── WeComRefusedError       the platform said no, with a code
│   └── CredentialsRefusedError    it does not take the corpid or the secret
└── AwayError               worth another try; also a ConnectionError
    ├── NotConnectedError   the long connection is down, or went down before the ack
    ├── NoAckError          the platform did not say whether it took a frame
    └── UnreachableError    no usable HTTP answer
        └── NotSentError    the request never left this machine
"""

from __future__ import annotations

from bot.messages import table


class WeComError(Exception):
    """Anything that WeCom, or the way to it, did not do."""


class CallbackRefusedError(WeComError):
    """A callback whose signature, padding, length or receive id is wrong; on purpose it does not say which."""

    def __init__(self) -> None:
        super().__init__("callback refused")


class UnreadableError(WeComError):
    """A frame or a document that is not what the protocol says."""


class AwayError(WeComError, ConnectionError):
    """The platform can't be reached just now."""


class NotConnectedError(AwayError):
    """There is no subscribed connection, or it ended before the answer came."""


class NoAckError(AwayError):
    """No answer came in time: whether the platform acted is not known."""


class UnreachableError(AwayError):
    """The HTTP request got no usable answer: whether the platform acted is not known."""


class NotSentError(UnreachableError):
    """No connection came about, so nothing was sent."""


class WeComRefusedError(WeComError):
    """The platform answered with an error code.

    ``code`` is WeCom's ``errcode``; ``reason`` its ``errmsg`` without the request's trace, and what to do about it
    where ``messages.toml`` knows.
    """

    def __init__(self, code: int, reason: str = "") -> None:
        self.code = code
        words = (reason.partition(", hint:")[0][:200], table("wecom_codes").get(str(code), ""))
        self.reason = " — ".join(filter(None, words))
        super().__init__(f"errcode {code}: {self.reason}")


class CredentialsRefusedError(WeComRefusedError):
    """The corpid or the secret of the app is not taken (any more): no waiting changes that."""
