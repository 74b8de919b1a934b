"""Answers as files to download: a question that asks for one leads here."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.limits import QUESTION_CHARACTERS
from bot.channels.web.responses import attachment, notice
from bot.channels.web.signer import Signer
from bot.channels.web.talk import read
from bot.conversation.asking import Asker
from bot.conversation.files import file_of

FILE_PATH = "/file"


def file_url(request: Request) -> str:
    """Return where the file is that a request for a page asks for."""
    return f"{FILE_PATH}?{urlencode(request.query_params.multi_items())}"


class Downloads:
    """Serves files."""

    def __init__(self, asker: Asker, signer: Signer) -> None:
        self._asker = asker
        self._signer = signer

    async def serve(self, request: Request) -> Response:
        """Serve the file that a question asks for; what asks for none, or has none, is told so."""
        asked = read(request, self._signer)
        if not 0 < len(asked.question) <= QUESTION_CHARACTERS:
            return notice("missing_page", 404)
        answer, _ = await self._asker.ask(asked.question, asked.state)
        file = await file_of(answer) if answer.file else ""
        if isinstance(file, str):
            return notice("no_file", 404)
        # Old programs take the plain name, all others the one in UTF-8: https://www.rfc-editor.org/rfc/rfc6266
        name = f"attachment; filename=\"answer.{answer.file}\"; filename*=UTF-8''{quote(file.name, safe='')}"
        return attachment(file.content, file.media_type, name)
