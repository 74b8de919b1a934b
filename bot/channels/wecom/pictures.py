"""Pictures and files beside an answer's words, which are there already: one that is lost costs nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.answering.answer import Answer
from bot.channels.wecom.errors import AwayError, WeComRefusedError
from bot.channels.wecom.notices import RESERVE
from bot.conversation.files import file_of
from bot.conversation.pictures import picture_of
from bot.messages import say
from bot.render.file.make import AnswerFile

SendImage = Callable[[bytes], Awaitable[object]]
SendFile = Callable[[AnswerFile], Awaitable[object]]
SendText = Callable[[str], Awaitable[object]]

_log = structlog.get_logger(__name__)


async def show_picture(answer: Answer, send: SendImage, tell: SendText) -> None:
    """Send the picture that was asked for; one line where there is none or it does not get through."""
    picture = await picture_of(answer)
    line = picture if isinstance(picture, str) else ""
    try:
        if not isinstance(picture, str):
            await send(picture.png)
    except (WeComRefusedError, AwayError) as error:
        _log.warning("wecom.no_picture", reason=str(error))
        line = say("card.not_sent")
    await _tell(line, tell)


async def show_file(answer: Answer, send: SendFile, tell: SendText) -> None:
    """Send the file that was asked for; one line where there is none or it does not get through."""
    file = await file_of(answer)
    line = file if isinstance(file, str) else ""
    try:
        if not isinstance(file, str):
            await send(file)
    except (WeComRefusedError, AwayError) as error:
        _log.warning("wecom.no_file", reason=str(error))
        line = say("file.unsent")
    await _tell(line, tell)


async def _tell(line: str, tell: SendText) -> None:
    try:
        if line:
            await tell(line)
    except (WeComRefusedError, AwayError) as error:
        _log.warning("wecom.nothing_told", reason=str(error))


async def push_picture(notice: Answer, send: SendImage, left: int) -> None:
    """Send the picture of a notice while ``left``, the messages that the platform still takes, is not for answers."""
    picture = await picture_of(notice)
    if isinstance(picture, str) or left <= RESERVE:
        _log.info("wecom.no_picture", left=left)
        return
    try:
        await send(picture.png)
    except (WeComRefusedError, AwayError) as error:
        _log.warning("wecom.no_picture", reason=str(error))
