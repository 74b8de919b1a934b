"""What stands around every page: the districts to choose from, the state that goes on, and what may be meant."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.responses import page
from bot.channels.web.signer import Signer
from bot.channels.web.talk import make_links, say_url, seal_state
from bot.channels.web.visitors import Cookies
from bot.conversation.asking import Asker
from bot.conversation.carrying import carried_over
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.query.plan_repository import FEW
from bot.render.web.templates import District, Frame, Links, write_missing

_NEAR = 5
"""What may have been meant by an address that leads nowhere, at most so many."""


class Frames:
    """Makes frames; holds what seals the state and what keeps it."""

    def __init__(self, asker: Asker, signer: Signer, cookies: Cookies, home: str) -> None:
        """Ask ``asker`` which districts there are; ``home`` is the page's own address."""
        self._asker = asker
        self.signer = signer
        self.cookies = cookies
        self._home = home

    async def around(self, request: Request, state: ChatState, question: str = "", *, answered: bool = False) -> Frame:
        """Return the frame of a page that goes on with ``state``."""
        query = request.url.query
        names = await self._asker.districts()
        return Frame(
            question=question,
            state=seal_state(state, self.signer),
            districts=self._districts(names, state, question),
            answered=answered,
            home=self._home,
            path=quote(request.scope["path"]) + (f"?{query}" if query and not state.query else ""),
            names=names if len(names) > FEW else (),
        )

    async def quiet(self, request: Request) -> tuple[Frame, Links]:
        """Return the frame of a page that answers nothing: the conversation goes on after it as before."""
        kept = carried_over(self.cookies.talk(request))
        links = make_links(request, seal_state(ChatState(district=kept.district), self.signer))
        return await self.around(request, kept), links

    async def missing(self, request: Request, what: str, name: str = "") -> Response:
        """Return the page that says what there is not, and offers what is called like it."""
        district = carried_over(self.cookies.talk(request)).district
        state = ChatState(district=district)
        wanted = name.partition(" ")[2] or name
        near = await self._asker.suggest(wanted, _NEAR, 0) if wanted else ()
        found = tuple((say("web.near_one", label=one.label, detail=one.detail), one.say) for one in near)
        frame, links = await self.around(request, state), make_links(request, seal_state(state, self.signer))
        return page(write_missing(frame, what, found, links), 404)

    def _districts(self, names: tuple[str, ...], state: ChatState, question: str) -> tuple[District, ...]:
        """Return the districts to choose from, none where there is no choice.

        Below an answer to a question, a district also narrows that answer; elsewhere it leads to the first page. Of
        many districts only the chosen one is shown, beside the way to the others.
        """
        if len(names) < 2:
            return ()
        if len(names) > FEW:
            names = tuple(name for name in names if name == state.district)

        def href(name: str) -> str:
            if not (question and name and state.query):
                return "/?" + urlencode({"d": name})
            sealed = seal_state(replace(state, district=name), self.signer)
            return say_url(say("choice.say_only", district=name), sealed, d=name)

        return tuple(District(name, href(name), name == state.district) for name in ("", *names))
