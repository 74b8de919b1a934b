"""What becomes of followings and waiting messages when a chat is gone, or is reached under another id."""

from __future__ import annotations

import structlog

from bot.notices.following import Followings
from bot.notices.outbox import Outbox

log = structlog.get_logger()


async def end_chat(outbox: Outbox, channel: str, chat: str, reason: str) -> None:
    """End all that a chat and its topics follow, and what waits for them; one line of the log says so."""
    async with outbox.store.begin() as tx:
        ended = await Followings(outbox.store).end(channel, chat, tx)
        cancelled = await outbox.cancel_chat(channel, chat, tx)
    log.warning(
        "the chat is gone, its following ends",
        channel=channel,
        chat=chat,
        followings=ended,
        cancelled=cancelled,
        reason=reason,
    )


async def move_chat(outbox: Outbox, channel: str, old: str, new: str) -> None:
    """Let followings and waiting messages follow a chat to its new id."""
    async with outbox.store.begin() as tx:
        await Followings(outbox.store).move(channel, old, new, tx)
        await outbox.move_chat(channel, old, new, tx)
    log.warning("the chat has a new id", channel=channel, old=old, new=new)
