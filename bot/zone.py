"""The one time zone that the bot speaks in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
