"""The group robot as a channel: nobody can ask it anything, it only pushes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.answering.answer import Answer
from bot.channels.base import Accept, Channel
from bot.channels.wecom import notices
from bot.channels.wecom.errors import AwayError, WeComRefusedError
from bot.channels.wecom.layout import lay_out
from bot.channels.wecom.limits import ROBOT_MARKDOWN_BYTES, ROBOT_NOTICES
from bot.channels.wecom.pictures import push_picture
from bot.channels.wecom.robot import GroupRobot
from bot.notices.sending import NoticeRefusedError as SendRefusedError
from bot.query.chat_state import ChatState
from bot.render.wecom import WeComMarkdown
from bot.store.inbox import InboxRow

CHANNEL = "wecom-robot"
_MENTION_BYTES = 512
"""Kept free for the userids to @."""
_MARKUP = WeComMarkdown(grey=True)


class RobotChannel(Channel):
    """The robots of one or several groups."""

    name = CHANNEL
    notice_pace = ROBOT_NOTICES

    def __init__(self, robot: GroupRobot, named: Mapping[str, GroupRobot] | None = None) -> None:
        """Push through ``robot``; notices for a chat through the one that is ``named`` so."""
        self._robot = robot
        self._named = named or {"": robot}

    async def push(self, answer: Answer, mention: tuple[str, ...] = ()) -> None:
        """Push an answer to the group and @ members; AwayError is worth another try, RefusedError tells the errcode.

        There is nobody to type to, so no hint stands below it.
        """
        most = ROBOT_MARKDOWN_BYTES - _MENTION_BYTES
        for text in lay_out(answer, ChatState(), _MARKUP, most, group=True).texts:
            await self._robot.push(text, mention)

    async def open(self) -> None:
        """Connect to nothing: a push does."""

    async def receive(self, accept: Accept) -> None:  # noqa: ARG002 - nothing ever comes
        """Wait: nobody can write to a group robot."""
        await asyncio.Event().wait()

    async def handle(self, row: InboxRow) -> None:
        """Answer nothing: no row is ever made."""

    async def apologise(self, row: InboxRow) -> None:
        """Answer nothing: no row is ever made."""

    async def send_notice(self, chat: str, notice: Answer) -> str:
        """Send one message to the group of the robot called ``chat``; a robot without a name serves any."""
        robot = self._robot_of(chat)
        if robot is None:
            raise SendRefusedError(f"no robot is called {chat}")
        try:
            # No hint stands below it: there is nobody to type to.
            await robot.push_once(notices.write(replace(notice, choices=()), _MARKUP, ROBOT_MARKDOWN_BYTES))
        except (AwayError, WeComRefusedError) as error:
            raise notices.outcome(error) from error
        return ""

    async def send_picture(self, chat: str, notice: Answer) -> None:
        """Send the picture of a notice to the same group, where the limits leave room."""
        robot = self._robot_of(chat)
        if robot is not None:
            await push_picture(notice, robot.push_image, robot.left())

    def _robot_of(self, chat: str) -> GroupRobot | None:
        return self._named.get(chat) or self._named.get("")

    async def close(self) -> None:
        """End the connection."""
        for robot in self._named.values():
            await robot.close()
