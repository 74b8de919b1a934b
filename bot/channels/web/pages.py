"""The pages: the first one, answers, and what stands at an address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from bot.answering.addressed import AddressKind
from bot.answering.answer import Answer
from bot.answering.indicator_table import IndicatorTable, indicator_tables
from bot.answering.neighbours import Neighbours, neighbours
from bot.channels.web.access_control import reader_of
from bot.channels.web.downloads import Downloads, file_url
from bot.channels.web.frames import Frames
from bot.channels.web.limits import ADDRESS_CHARACTERS, QUESTION_CHARACTERS
from bot.channels.web.responses import image, notice, page, redirect
from bot.channels.web.talk import PageRequest, make_links, read, seal_state
from bot.conversation.addresses import open_address
from bot.conversation.answerer import Answerer
from bot.conversation.asking import Asker
from bot.conversation.carrying import carried_over
from bot.conversation.files import offer_file
from bot.conversation.pictures import picture_of
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.render.web.templates import write_answer, write_home
from bot.turns import By

CHANNEL = "web"


class Pages:
    """Answers requests that were let in."""

    def __init__(self, asker: Asker, frames: Frames) -> None:
        """Ask ``asker``."""
        self._asker = asker
        self._frames = frames
        self._signer = frames.signer
        self.downloads = Downloads(asker, frames.signer)

    async def home(self, request: Request) -> Response:
        """Answer a question, or show what can be asked."""
        asked = read(request, self._signer)
        districts = await self._asker.districts()
        if asked.district and asked.district not in districts:
            there = "、".join(districts)
            return await self._frames.missing(
                request, say("ask.unknown_district", district=asked.district, districts=there)
            )
        if not asked.question:
            return await self._first(request, asked)
        if len(asked.question) > QUESTION_CHARACTERS:
            return notice("too_long", 414)
        before = _in_district(asked.state, asked.district)
        answer, after = await self._asker.ask(asked.question, before, by=By(CHANNEL, reader_of(request)))
        if answer.file:
            return redirect(file_url(request))
        if answer.picture and isinstance(why_none := await picture_of(answer), str):
            answer = replace(answer, picture=False, notes=(*answer.notes, why_none))
        return await self._show(request, answer, after, asked.question)

    async def picture(self, request: Request) -> Response:
        """Serve the picture of the answer to a question."""
        asked = read(request, self._signer)
        if not 0 < len(asked.question) <= QUESTION_CHARACTERS:
            return notice("missing_page", 404)
        answer, _ = await self._asker.ask(asked.question, _in_district(asked.state, asked.district))
        drawn = await picture_of(answer)
        return notice("missing_page", 404) if isinstance(drawn, str) else image(drawn.png)

    def at(self, kind: AddressKind) -> Callable[[Request], Awaitable[Response]]:
        """Return what shows the addresses of one kind."""

        async def show(request: Request) -> Response:
            name: str = request.path_params["name"]
            if len(name) > ADDRESS_CHARACTERS:
                return notice("missing_page", 404)
            opened = await self._asker.look(lambda answerer: open_address(answerer, kind, name))
            if opened is None:
                return await self._frames.missing(request, say(f"web.no_{kind.name.lower()}", name=name), name)
            answer, after = opened
            beside = await self._asker.look(partial(_beside, answer=answer)) if kind is AddressKind.CLAUSE else None
            return await self._show(request, answer, after, "", beside)

        return show

    async def _first(self, request: Request, asked: PageRequest) -> Response:
        kept = carried_over(self._frames.cookies.talk(request))
        state = kept if asked.district is None else ChatState(district=asked.district)
        sealed = seal_state(ChatState(district=state.district), self._signer)
        help_answer, _ = await self._asker.ask(say("say.help"), ChatState())
        frame = await self._frames.around(request, state)
        response = page(write_home(frame, help_answer, make_links(request, sealed)))
        if state != kept:
            self._frames.cookies.keep_talk(response, state)
        return response

    async def _show(
        self, request: Request, answer: Answer, after: ChatState, question: str, beside: Neighbours | None = None
    ) -> Response:
        asked = read(request, self._signer)
        if asked.page:
            answer, after = replace(answer, page=asked.page), replace(after, page=asked.page)
        answer = offer_file(answer)
        frame = await self._frames.around(request, after, question, answered=True)
        tables = await self._asker.look(partial(_tables, answer=answer))
        links = make_links(request, seal_state(after, self._signer))
        response = page(write_answer(frame, answer, tables, links, beside=beside, whole=asked.whole))
        self._frames.cookies.keep_talk(response, after)
        return response


def _tables(answerer: Answerer, answer: Answer) -> tuple[IndicatorTable, ...]:
    return indicator_tables(answerer.shelf, answer)


def _beside(answerer: Answerer, answer: Answer) -> Neighbours | None:
    """Return what stands on both sides of the clause that an answer shows; None for several."""
    entries = [entry for section in answer.sections for entry in section.entries]
    return neighbours(answerer.shelf, entries[0].quotes[0].clause_id) if len(entries) == 1 else None


def _in_district(state: ChatState, district: str | None) -> ChatState:
    return state if district is None else replace(state, district=district)
