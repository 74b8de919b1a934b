"""Who may ask in WeCom: lists, invitation codes, and members of departments."""

from __future__ import annotations

from bot.channels.context import ChannelContext
from bot.channels.wecom.app.departments import Departments
from bot.conversation.chat_access import ChatAccess
from bot.store.chats import Chats


def make_access(context: ChannelContext, channel: str, departments: Departments | None) -> ChatAccess:
    """Make the rules of one of WeCom's channels from the settings."""
    settings = context.settings
    return ChatAccess(
        Chats(context.store, channel),
        users=settings.wecom_allowed_users,
        groups=settings.wecom_allowed_chats,
        code=settings.wecom_invitation_code.get_secret_value(),
        per_minute=settings.questions_per_minute,
        is_member=departments.admits if departments is not None else None,
    )
