"""The pages: the first one, answers, and what stands at an address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from bot.answering.answer import Answer
from bot.answering.indicator_table import IndicatorTable, indicator_tables
from bot.channels.web.access_control import reader_of
from bot.channels.web.downloads import Downloads, file_url
from bot.channels.web.limits import ADDRESS_CHARACTERS, QUESTION_CHARACTERS
from bot.channels.web.responses import image, notice, page, redirect
from bot.channels.web.signer import Signer
from bot.channels.web.talk import PageRequest, make_links, read, say_url, seal_state
from bot.channels.web.visitors import Cookies
from bot.conversation.addresses import AddressKind, open_address
from bot.conversation.answerer import Answerer
from bot.conversation.asking import Asker
from bot.conversation.carrying import carried_over
from bot.conversation.files import offer_file
from bot.conversation.pictures import picture_of
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.query.plan_repository import FEW
from bot.render.web.templates import District, Frame, write_answer, write_home, write_missing
from bot.turns import By

CHANNEL = "web"
_NEAR = 5
"""What may have been meant by an address that leads nowhere, at most so many."""


class Pages:
    """Answers requests that were let in."""

    def __init__(self, asker: Asker, signer: Signer, cookies: Cookies) -> None:
        self._asker = asker
        self._signer = signer
        self._cookies = cookies
        self.downloads = Downloads(asker, signer)

    async def home(self, request: Request) -> Response:
        """Answer a question, or show what can be asked."""
        asked = read(request, self._signer)
        districts = await self._asker.districts()
        if asked.district and asked.district not in districts:
            there = "、".join(districts)
            return await self._missing(request, say("ask.unknown_district", district=asked.district, districts=there))
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
                return await self._missing(request, say(f"web.no_{kind.name.lower()}", name=name), name)
            return await self._show(request, *opened, "")

        return show

    async def _first(self, request: Request, asked: PageRequest) -> Response:
        kept = carried_over(self._cookies.talk(request))
        state = kept if asked.district is None else ChatState(district=asked.district)
        sealed = seal_state(ChatState(district=state.district), self._signer)
        help_answer, _ = await self._asker.ask(say("say.help"), ChatState())
        frame = Frame("", seal_state(state, self._signer), await self._districts(state, ""))
        response = page(write_home(frame, help_answer, make_links(request, sealed)))
        if state != kept:
            self._cookies.keep_talk(response, state)
        return response

    async def _show(self, request: Request, answer: Answer, after: ChatState, question: str) -> Response:
        asked = read(request, self._signer)
        if asked.page:
            answer, after = replace(answer, page=asked.page), replace(after, page=asked.page)
        answer = offer_file(answer)
        sealed = seal_state(after, self._signer)
        frame = Frame(question, sealed, await self._districts(after, question), answered=True)
        tables = await self._asker.look(partial(_tables, answer=answer))
        response = page(write_answer(frame, answer, tables, make_links(request, sealed)))
        self._cookies.keep_talk(response, after)
        return response

    async def _missing(self, request: Request, what: str, name: str = "") -> Response:
        state = carried_over(self._cookies.talk(request))
        sealed = seal_state(ChatState(district=state.district), self._signer)
        wanted = name.partition(" ")[2] or name
        near = await self._asker.suggest(wanted, _NEAR, 0) if wanted else ()
        frame = Frame("", sealed, await self._districts(state, ""))
        found = tuple((say("web.near_one", label=one.label, detail=one.detail), one.say) for one in near)
        return page(write_missing(frame, what, found, make_links(request, sealed)), 404)

    async def _districts(self, state: ChatState, question: str) -> tuple[District, ...]:
        """Return the districts to choose from, none where there is no choice.

        Below an answer to a question, a district also narrows that answer; elsewhere it leads to the first page. Of
        many districts only the chosen one is shown: others are named in a question.
        """
        names = await self._asker.districts()
        if len(names) < 2:
            return ()
        if len(names) > FEW:
            names = tuple(name for name in names if name == state.district)

        def href(name: str) -> str:
            if not (question and name and state.query):
                return "/?" + urlencode({"d": name})
            sealed = seal_state(_in_district(state, name), self._signer)
            return say_url(say("choice.say_only", district=name), sealed, d=name)

        return tuple(District(name, href(name), name == state.district) for name in ("", *names))


def _tables(answerer: Answerer, answer: Answer) -> tuple[IndicatorTable, ...]:
    return indicator_tables(answerer.shelf, answer)


def _in_district(state: ChatState, district: str | None) -> ChatState:
    return state if district is None else replace(state, district=district)
