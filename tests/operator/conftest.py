"""What the operator's tests share with those of notices."""

from tests.notices.conftest import clock, platform, post

__all__ = ["clock", "platform", "post"]
