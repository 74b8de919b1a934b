"""What a request asks, and in which state: all of it stands in its address, so every page can be opened again.

The state of the conversation is sealed into the links and the form of a page. A link of an old page, or of another
tab, thus goes on from what stands above it; asking changes nothing on this side. The newest state is in a cookie as
well, for who opens the first page again.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request

from bot.answering.addressed import AddressKind, Ref
from bot.channels.web.signer import Signer
from bot.conversation.addresses import unit_address
from bot.conversation.carrying import renewed
from bot.query.chat_state import ChatState
from bot.render.web.templates import Links

PICTURE_PATH = "/picture"
_USE = "state"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a request asks."""

    question: str
    """Empty for the first page."""
    state: ChatState
    district: str | None
    """The default district to go on with, empty for all; None leaves it as it is."""
    page: int
    """0 for the one that the answer says."""
    whole: bool
    """All pages as one."""


def read(request: Request, signer: Signer) -> PageRequest:
    """Return what the request asks; what is not ours in it counts as absent."""
    query = request.query_params
    page = query.get("page", "")
    return PageRequest(
        question=query.get("q", "").strip(),
        state=_unseal(query.get("in", ""), signer),
        district=query.get("d"),
        page=int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 0,
        whole="all" in query,
    )


def seal_state(state: ChatState, signer: Signer) -> str:
    """Return the state as a page carries it; empty where there is nothing to carry."""
    return signer.sign(_USE, [state.to_json()]) if state.query or state.district else ""


def _unseal(sealed: str, signer: Signer) -> ChatState:
    match signer.verify(_USE, sealed) if sealed else None:
        case [str(text)]:
            # Whoever goes on from a page means what stands on it, however long ago it was asked.
            return renewed(ChatState.from_json(text))
    return ChatState()


def say_url(words: str, sealed: str, **more: str) -> str:
    """Return the address that asks ``words`` in a sealed state."""
    return "/?" + urlencode({"q": words} | ({"in": sealed} if sealed else {}) | more)


def address_url(ref: Ref) -> str:
    """Return the path of an address, every character but letters and digits escaped, so that chats see one link."""
    return f"/{ref.kind.value}/{quote(ref.name, safe='')}"


def make_links(request: Request, sealed: str) -> Links:
    """Return where the links of the answer to a request lead; ``sealed`` is the state after it."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("page", "all")]

    def page(number: int) -> str:
        return f"{quote(request.scope['path'])}?{urlencode([*kept, ('page', str(number))])}"

    return Links(
        say=lambda words: say_url(words, sealed),
        page=page,
        picture=f"{PICTURE_PATH}?{urlencode(kept)}",
        to=address_url,
        unit=lambda clause, unit: address_url(Ref(AddressKind.UNIT, unit_address(clause, unit))),
        whole=f"{quote(request.scope['path'])}?{urlencode([*kept, ('all', '1')])}",
    )
