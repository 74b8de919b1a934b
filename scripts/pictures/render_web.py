"""Make docs/pictures/web-*.png: the page of the real bot on a screen 360 pixels wide, twice as sharp for print."""

from __future__ import annotations

import asyncio
import io
import signal
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.settings import load_settings  # noqa: E402 - needs the path above
from scripts.pictures.described import save  # noqa: E402
from tests.bot_process import BotProcess  # noqa: E402
from tests.browser import PHONE, chromium  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
START_SECONDS = 900.0
"""The first start makes the model and the index."""
_COLOURS = 64
"""Flat areas and the edges of letters need no more, and the file is a third of the size."""


_SHOWN = """() => {
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    const words = [];
    while (nodes.nextNode()) {
        range.selectNodeContents(nodes.currentNode);
        const box = range.getBoundingClientRect(), around = nodes.currentNode.parentElement;
        const seen = around.checkVisibility() && around.offsetWidth !== 1;
        if (seen && box.bottom > 0 && box.top < innerHeight && box.right > 0) words.push(nodes.currentNode.textContent);
    }
    return words.map(one => one.trim()).filter(Boolean).join('\\n');
}"""
"""The words on the screen, those that only a screen reader says left out."""


async def take(page: Page, name: str) -> None:
    """Take the picture of what is on the screen, and keep its words in it."""
    shot = Image.open(io.BytesIO(await page.screenshot()))
    save(shot.quantize(_COLOURS, dither=Image.Dither.NONE), PICTURES / f"web-{name}.png", await page.evaluate(_SHOWN))


async def walk(browser: Browser, url: str) -> None:
    """Ask, open an entry, turn the page, follow the links, lose the way, ask in the dark."""
    page = await browser.new_page(viewport=PHONE, device_scale_factor=2, locale="zh-CN")
    await page.goto(url)
    await take(page, "home")
    await page.get_by_role("searchbox").fill("区教委负责什么")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await take(page, "answer")
    await page.locator("summary").first.click()
    await page.locator("summary").first.scroll_into_view_if_needed()
    await page.locator("details").first.evaluate("element => element.scrollIntoView({block: 'center'})")
    await take(page, "opened")
    await page.goto(f"{url}/?q=区财政局负责什么")
    async with page.expect_navigation():
        await page.get_by_role("link", name="下一页").click()
    await take(page, "next-page")
    async with page.expect_navigation():
        await page.locator("figcaption a").first.evaluate("element => element.click()")
    await take(page, "clause")
    await page.goto(f"{url}/p/banan")
    await take(page, "plan")
    await page.goto(f"{url}/u?q=教委")
    await take(page, "list")
    await page.goto(f"{url}/?q=主要指标&d=巴南区")
    await take(page, "indicators")
    async with page.expect_navigation():
        await page.get_by_role("link", name="看图").click()
    await take(page, "card")
    await page.goto(f"{url}/c/巴南 九(九)9")
    await take(page, "missing")
    dark = await browser.new_page(viewport=PHONE, device_scale_factor=2, locale="zh-CN", color_scheme="dark")
    await dark.goto(f"{url}/?q=2027年中医馆目标是多少")
    await take(dark, "dark")


async def main() -> None:
    """Start the page, take the pictures, stop it."""
    data_dir = load_settings().data_dir.absolute()
    with tempfile.TemporaryDirectory() as folder:
        async with BotProcess(Path(folder), {"WENCE_DATA_DIR": str(data_dir)}, "bot", ("web",)) as bot:
            await bot.logged("方案已就绪", START_SECONDS)
            async with chromium() as browser:
                await walk(browser, await bot.url())
            await bot.end(signal.SIGTERM)


if __name__ == "__main__":
    asyncio.run(main())
