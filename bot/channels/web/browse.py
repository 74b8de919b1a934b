"""The pages that are looked through: a plan, a district, and lists with a field to find something in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from bot.answering.addressed import AddressKind
from bot.channels.web.frames import Frames
from bot.channels.web.limits import ADDRESS_CHARACTERS
from bot.channels.web.responses import notice, page, redirect
from bot.channels.web.talk import address_url, read
from bot.conversation import browsing
from bot.conversation.asking import Asker
from bot.messages import say
from bot.render.web.templates import write_contents, write_listing

Show = Callable[[Request], Awaitable[Response]]


class Browse:
    """Shows them to who was let in."""

    def __init__(self, asker: Asker, frames: Frames) -> None:
        """Look into the plans with ``asker``."""
        self._asker = asker
        self._frames = frames

    def at(self, kind: AddressKind) -> Show | None:
        """Return what shows one plan or one district; None for what is answered instead."""
        return {AddressKind.PLAN: self._plan, AddressKind.DISTRICT: self._district}.get(kind)

    def list_of(self, kind: AddressKind) -> Show:
        """Return what shows the list of a kind."""

        async def show(request: Request) -> Response:
            asked = read(request, self._frames.signer)
            wanted = asked.question
            if len(wanted) > ADDRESS_CHARACTERS:
                return notice("too_long", 414)
            if exact := await self._asker.look(partial(browsing.named, kind=kind, wanted=wanted)):
                return redirect(address_url(exact))
            look = partial(browsing.open_list, kind=kind, wanted=wanted, page=asked.page)
            listing = await self._asker.look(look)
            frame, links = await self._frames.quiet(request)
            return page(write_listing(frame, listing, kind, links))

        return show

    async def _plan(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        found = await self._asker.look(partial(browsing.open_plan, name=name[:ADDRESS_CHARACTERS]))
        if found is None:
            return await self._missing(request, AddressKind.PLAN, name)
        frame, links = await self._frames.quiet(request)
        return page(write_contents(frame, found, links))

    async def _district(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        found = await self._asker.look(partial(browsing.open_district, name=name[:ADDRESS_CHARACTERS]))
        if found is None:
            return await self._missing(request, AddressKind.DISTRICT, name)
        frame, links = await self._frames.quiet(request)
        return page(write_listing(frame, found, AddressKind.DISTRICT, links, found.wanted))

    async def _missing(self, request: Request, kind: AddressKind, name: str) -> Response:
        if len(name) > ADDRESS_CHARACTERS:
            return notice("missing_page", 404)
        return await self._frames.missing(request, say(f"web.no_{kind.name.lower()}", name=name))
