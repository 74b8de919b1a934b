"""``python -m bot web`` as a newcomer runs it."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import httpx

from tests.ask.chatting import NO_MODEL
from tests.bot_process import BotProcess


async def test_web_answers_without_any_setting(tmp_path: Path) -> None:
    """With nothing set it says where the page is, shows that it is getting ready, then answers; SIGTERM ends it."""
    settings = {"WENCE_MODEL": str(tmp_path / NO_MODEL)}
    async with BotProcess(tmp_path, settings, "bot", ("web",)) as bot:
        url = await bot.url()
        assert "http://127.0.0.1" in (await bot.logged("网页："))["event"]
        async with httpx.AsyncClient(base_url=url, timeout=60) as client, asyncio.timeout(60):
            while (answer := await client.get("/", params={"q": "渝中区区教委负责什么"})).status_code == 503:
                assert "正在准备" in answer.text
        assert answer.status_code == 200
        assert "渝中区：区教委 2项" in answer.text
        assert (await bot.health())["channels"] == {"web": "running"}
        assert await bot.end(signal.SIGTERM) == 0
    log = str(bot.log) + bot.words
    assert "区教委" not in log
    assert "Traceback" not in log
