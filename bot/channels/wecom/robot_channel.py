"""The group robot as a channel: nobody can ask it anything, it only pushes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.answering.answer import Answer
from bot.channels.base import NoticeSender
from bot.channels.wecom import notices
from bot.channels.wecom.errors import AwayError, WeComRefusedError
from bot.channels.wecom.limits import ROBOT_MARKDOWN_BYTES, ROBOT_NOTICES, ROBOT_TEXT_BYTES
from bot.channels.wecom.pictures import push_picture
from bot.channels.wecom.robot import GroupRobot
from bot.messages import say
from bot.notices.sending import NoticeRefusedError
from bot.render.wecom import WeComMarkdown, plain

CHANNEL = "wecom-robot"
_MARKUP = WeComMarkdown(grey=True)
_MENTION = re.compile(r"(?<![A-Za-z0-9._%+-])@([A-Za-z0-9][A-Za-z0-9＿.-]{0,63})")
"""A userid after an @, which is no mail address; its underscores were made full-width for the markdown."""
_MENTION_BYTES = 256
"""Kept free for what marks the userids."""


class RobotChannel(NoticeSender):
    """The robots of one or several groups."""

    name = CHANNEL
    notice_pace = ROBOT_NOTICES

    def __init__(self, robot: GroupRobot, named: Mapping[str, GroupRobot] | None = None) -> None:
        """Push through ``robot``; notices for a chat through the one that is ``named`` so."""
        self._named = named or {"": robot}

    async def open(self) -> None:
        """Connect to nothing: a push does."""

    async def send_notice(self, chat: str, notice: Answer) -> str:
        """Send one message to the group of the robot called ``chat``; a robot without a name serves any."""
        robot = self._robot_of(chat)
        if robot is None:
            raise NoticeRefusedError(f"no robot is called {chat}")
        try:
            await _push(robot, replace(notice, choices=()))
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


async def _push(robot: GroupRobot, notice: Answer) -> None:
    """Send a notice, and call whom its words name with an @; no hint stands below: there is nobody to type to."""
    text = notices.write(notice, _MARKUP, ROBOT_MARKDOWN_BYTES - _MENTION_BYTES)
    words = plain(text)
    if say("wecom.everybody") in words and len(words.encode()) <= ROBOT_TEXT_BYTES:
        await robot.push_to_all(words)
        return
    await robot.push(_MENTION.sub(lambda found: f"<@{found[1].replace('＿', '_')}>", text))
