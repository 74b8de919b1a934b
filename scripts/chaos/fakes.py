"""The settings of a bot that stands on the tests' fake platforms."""

from __future__ import annotations

from tests.fake_telegram.server import FakeTelegram
from tests.fake_wecom.api import FakeApi
from tests.fake_wecom.robot import FakeRobot

TOKEN, AES_KEY = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def settings_on(telegram: FakeTelegram, robot: FakeRobot, office: FakeApi, api_url: str) -> dict[str, str]:
    """Return what makes a bot serve all of them, whatever the hour and however often it is asked."""
    return {
        "WENCE_NOTICE_QUIET": "00:00-00:00",
        "WENCE_QUESTIONS_PER_MINUTE": "0",
        "WENCE_TELEGRAM_TOKEN": telegram.world.token,
        "WENCE_TELEGRAM_BASE_URL": telegram.base_url,
        "WENCE_WECOM_BOT_ID": robot.bot_id,
        "WENCE_WECOM_BOT_SECRET": robot.secret,
        "WENCE_WECOM_BOT_URL": robot.url,
        "WENCE_WECOM_CORP_ID": office.corp_id,
        "WENCE_WECOM_APP_AGENT_ID": str(office.agent_id),
        "WENCE_WECOM_APP_SECRET": office.secret,
        "WENCE_WECOM_APP_TOKEN": TOKEN,
        "WENCE_WECOM_APP_AES_KEY": AES_KEY,
        "WENCE_WECOM_API_URL": api_url,
    }
