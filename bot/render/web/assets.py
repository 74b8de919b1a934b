"""The files that go with the pages: style sheet, icons, manifest."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources

from bot.messages import say

MANIFEST = "wence.webmanifest"
ASSETS = {
    "style.css": "text/css",
    "icon.svg": "image/svg+xml",
    "icon-180.png": "image/png",
    "icon-512.png": "image/png",
    MANIFEST: "application/manifest+json",
}
"""What a page refers to, with its media type."""


@cache
def asset(name: str) -> bytes:
    """Return one of the ``ASSETS``."""
    if name == MANIFEST:
        return json.dumps(_manifest(), ensure_ascii=False).encode()
    return resources.files(__package__).joinpath(name).read_bytes()


@cache
def asset_url(name: str) -> str:
    """Return where one is, with a mark that changes with the file, so that a browser may keep it."""
    return f"/assets/{name}?{hashlib.sha256(asset(name)).hexdigest()[:12]}"


def _manifest() -> dict[str, object]:
    """Return what a phone needs to keep the page among its apps."""
    return {
        "name": say("web.name"),
        "short_name": say("web.name"),
        "lang": "zh-CN",
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#f1f4f5",
        "theme_color": "#1d4f60",
        "icons": [
            {"src": asset_url("icon.svg"), "sizes": "any", "type": ASSETS["icon.svg"]},
            {"src": asset_url("icon-512.png"), "sizes": "512x512", "type": ASSETS["icon-512.png"]},
        ],
    }
