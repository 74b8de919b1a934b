"""Every response of the page: its headers, and the pages that only say something."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.web.limits import AGAIN_SECONDS
from bot.channels.web.talk import make_links
from bot.messages import say
from bot.render.web.assets import ASSETS, asset
from bot.render.web.templates import Frame, write_missing, write_notice

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # A question, or a link's signature, stands in the address: no other site is told it.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "private, no-cache",
}
_KEPT = "public, max-age=31536000, immutable"


def page(html: str, status: int = 200, **headers: str) -> Response:
    """Return a page; names in ``headers`` are written with ``_`` for ``-``."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return HTMLResponse(html, status, _HEADERS | more)


def image(png: bytes) -> Response:
    """Return a picture."""
    return Response(png, media_type="image/png", headers=_HEADERS)


def attachment(content: bytes, media_type: str, disposition: str) -> Response:
    """Return a file to keep."""
    return Response(content, media_type=media_type, headers=_HEADERS | {"Content-Disposition": disposition})


def redirect(url: str) -> Response:
    """Return the way to another address, always fetched with GET."""
    return Response(status_code=303, headers=_HEADERS | {"Location": url})


def notice(kind: str, status: int, *, number: str = "", login: str = "", **headers: str) -> Response:
    """Return the page that says what ``web.KIND`` and ``web.KIND_why`` say."""
    why = say(f"web.{kind}_why", number=number)
    return page(write_notice(say(f"web.{kind}"), (why,), login=login), status, **headers)


def not_ready() -> Response:
    """Return the page that loads itself again until there are answers."""
    html = write_notice(say("web.not_ready"), (say("web.not_ready_why"),), again=AGAIN_SECONDS)
    return page(html, 503, Retry_After=str(AGAIN_SECONDS))


async def missing_page(request: Request) -> Response:
    """Say that there is nothing at an address, with the field to ask and the lists to look through."""
    return page(write_missing(Frame("", ""), say("web.missing_page"), (), make_links(request, "")), 404)


async def serve_asset(request: Request) -> Response:
    """Serve one of the files that go with the pages."""
    name = request.path_params["name"]
    if name not in ASSETS:
        return notice("missing_page", 404)
    return Response(asset(name), media_type=ASSETS[name], headers=_HEADERS | {"Cache-Control": _KEPT})
