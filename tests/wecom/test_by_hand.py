"""The fake WeCom started by hand: what is typed reaches the bot, and what the bot says is shown."""

from __future__ import annotations

import asyncio
import re
import sys

from bot.channels.wecom.aibot.channel import AibotChannel
from bot.channels.wecom.aibot.client import AibotClient
from bot.store.database import Store
from tests.bot_process import ROOT
from tests.wecom.office import QUICK, context, serving


async def test_conversation_in_a_terminal(store: Store) -> None:
    """A question, its buttons, a press on one, and a group, all at the keyboard."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fake_wecom", "--port", "0"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    shown = ""

    async def until(words: str) -> None:
        nonlocal shown
        async with asyncio.timeout(30):
            while words not in shown:
                shown += (await process.stdout.readline()).decode()  # type: ignore[union-attr]

    await until("/quit")
    found = re.search(r"WENCE_WECOM_BOT_ID=(\S+) WENCE_WECOM_BOT_SECRET=(\S+) \\\nWENCE_WECOM_BOT_URL=(\S+)", shown)
    assert found
    client = AibotClient(found[1], found[2], url=found[3], pace=QUICK)
    base = await context(store)
    async with serving(AibotChannel(base, client), store):
        await client.connected()
        process.stdin.write("教委负责什么\n".encode())
        await until("[1 下一页]")
        process.stdin.write(b"/press 1\n")
        await until("已选：下一页")
        await until("（第2/")
        process.stdin.write("/group 财政局负责什么\n".encode())
        await until("── group-1 ──")
    base.asker.close()
    process.stdin.write_eof()
    assert await process.wait() == 0
