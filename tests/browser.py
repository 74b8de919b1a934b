"""A headless Chromium for tests and pictures of the page: Debian's, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from importlib import resources
from pathlib import Path

from playwright.async_api import Browser, ViewportSize, async_playwright

CHROMIUM = Path("/usr/bin/chromium")
PHONE = ViewportSize(width=360, height=740)
_FLAGS = (
    # Root has no sandbox; the rest keeps the browser from looking for the outside world.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>{folder}</dir><cachedir>{cache}</cachedir></fontconfig>"""


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a browser; with the package group ``pictures`` it has Noto Sans CJK."""
    with _fonts() as environment:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=list(_FLAGS), env={**os.environ, **environment}
            )
            yield browser
            await browser.close()


@contextlib.contextmanager
def _fonts() -> Iterator[dict[str, str]]:
    try:
        folder = resources.files("manimgx_fonts_cjk")
    except ModuleNotFoundError:
        yield {}
        return
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "fonts.conf"
        file.write_text(_FONTS.format(folder=folder, cache=f"{temporary}/cache"), encoding="utf-8")
        yield {"FONTCONFIG_FILE": str(file)}
