"""The page in a real browser, the size of a phone: it fits, is accessible, needs no script and asks nobody else."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, expect

from bot.conversation.answerer import Answerer
from bot.store.database import Store
from tests.browser import CHROMIUM, PHONE, chromium
from tests.web.reading import reading

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs chromium: scripts/install_chromium as root")

PAGES = (
    "/",
    "/?d=巴南区",
    "/?q=区卫生健康委负责什么",
    "/?q=区卫生健康委负责什么&page=2",
    "/?q=2027年中医馆目标是多少",
    "/?q=都有哪些责任单位",
    "/?q=火星移民谁负责",
    "/c/渝中 4.2.2",
    "/u/渝中 区教委",
    "/i/巴南",
    "/p/banan",
    "/p",
    "/d/渝中区",
    "/u",
    "/i?q=中医馆",
    "/c/没有",
    "/nothing",
    "/enter",
)
DARK = (*PAGES[:3], "/p/banan")
FINGER = 44
"""Pixels."""
LOW_TARGETS = """[...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
    .filter(one => one.getClientRects().length && one.getClientRects()[0].height < FINGER)
    .map(one => one.outerHTML)""".replace("FINGER", str(FINGER))
EDGES = """() => { window.scrollTo(0, document.body.scrollHeight);
    const edge = name => document.querySelector(name)?.getBoundingClientRect();
    return [edge('main').bottom, edge('form.ask')?.top ?? edge('main').bottom] }"""
"""Where the text ends and where the field begins, from the top of the screen, when scrolled to the end."""


async def open_all(page: Page) -> None:
    """Open every entry of a page."""
    await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


async def test_axe_finds_nothing(store: Store, answerer: Answerer) -> None:
    """No page has a fault for who reads by ear, by keyboard or with weak eyes, by day or by night."""
    async with reading(store, answerer) as reader, chromium() as browser:
        page = await browser.new_page(viewport=PHONE)
        for address in PAGES:
            await page.goto(f"{reader.client.base_url}{address}")
            await open_all(page)
            await check(page, "light")
            if address in DARK:
                await check(page, "dark")


async def check(page: Page, colours: Literal["light", "dark"]) -> None:
    """Have axe look at a page in one set of colours."""
    await page.emulate_media(color_scheme=colours)
    results = await Axe().run(page)
    assert not results.response["violations"], (page.url, colours, results.generate_report())
    assert results.response["passes"], "axe did not look"


async def test_pages_fit_a_phone(store: Store, answerer: Answerer) -> None:
    """Nothing stands out to the side, what is tapped is as high as a finger, and the last line can be scrolled to."""
    async with reading(store, answerer) as reader, chromium() as browser:
        page = await browser.new_page(viewport=PHONE)
        for address in PAGES:
            await page.goto(f"{reader.client.base_url}{address}")
            await open_all(page)
            await page.set_viewport_size(ViewportSize(width=320, height=PHONE["height"]))
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320, address
            await page.set_viewport_size(PHONE)
            assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
            assert await page.evaluate(LOW_TARGETS) == [], address
            last, field = await page.evaluate(EDGES)
            assert last <= field + 1, address
            assert field <= PHONE["height"], address


async def test_print_shows_everything(store: Store, answerer: Answerer) -> None:
    """On paper every text is open, and nothing stands there that can only be tapped."""
    async with reading(store, answerer) as reader, chromium() as browser:
        page = await browser.new_page(viewport=PHONE)
        await page.goto(f"{reader.client.base_url}/?q=区卫生健康委负责什么&all=1")
        assert await page.locator("blockquote:visible").count() == 0
        await page.emulate_media(media="print")
        quotes = await page.locator("blockquote").count()
        assert await page.locator("blockquote:visible").count() == quotes > 0
        assert await page.locator("form:visible, .chips:visible, header:visible, summary:visible").count() == 0


async def test_it_all_works_without_scripts(store: Store, answerer: Answerer) -> None:
    """With scripts off: ask, tap an entry open, turn the page, go on asking, switch the district."""
    async with reading(store, answerer) as reader, chromium() as browser:
        context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
        page = await context.new_page()
        await page.goto(str(reader.client.base_url))
        await page.get_by_label("问题").fill("区卫生健康委负责什么")
        await page.get_by_role("button", name="提问").click()
        quote = page.locator("blockquote").first
        await expect(quote).to_be_hidden()
        await page.locator("summary").first.click()
        await expect(quote).to_be_visible()
        await page.get_by_role("link", name="下一页").click()
        await expect(page.locator(".pages")).to_contain_text("第2/")
        await page.get_by_label("问题").fill("那渝中呢")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("渝中区：区卫健委")
        await page.go_back()
        await expect(page.locator(".pages")).to_contain_text("第2/")
        await page.get_by_role("navigation", name="选择区").get_by_role("link", name="巴南区").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("巴南区：区卫生健康委")
        await expect(page.get_by_role("heading", level=1)).not_to_contain_text("渝中")
        await context.close()


async def test_the_keyboard_is_enough(store: Store, answerer: Answerer) -> None:
    """Tab walks over links, field and entries, each marked while it has the focus; Enter asks and opens."""
    async with reading(store, answerer) as reader, chromium() as browser:
        page = await browser.new_page(viewport=PHONE)
        await page.goto(str(reader.client.base_url))
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "main"
        for _ in range(30):
            await page.keyboard.press("Tab")
            outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", await page.evaluate("document.activeElement.outerHTML")
            if await page.evaluate("document.activeElement.id") == "q":
                break
        await page.keyboard.type("渝中区区教委负责什么")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("区教委")
        for _ in range(30):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.tagName") == "SUMMARY":
                break
        await page.keyboard.press("Enter")
        await expect(page.locator("blockquote").first).to_be_visible()


async def test_the_browser_asks_nobody_else_and_complains_of_nothing(store: Store, answerer: Answerer) -> None:
    """Every request goes to the page's own address, and nothing on it is against its own policy."""
    async with reading(store, answerer) as reader, chromium() as browser:
        page = await browser.new_page(viewport=PHONE)
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        for address in PAGES:
            await page.goto(f"{reader.client.base_url}{address}")
        assert {urlsplit(url).netloc for url in asked} == {urlsplit(str(reader.client.base_url)).netloc}
        assert {urlsplit(url).path for url in asked if "/assets/" in url} == {"/assets/style.css", "/assets/icon.svg"}
        assert not [line for line in said if "status of 40" not in line]


async def test_a_script_that_got_in_would_not_run(store: Store, answerer: Answerer) -> None:
    """Even were a script smuggled into a page, the policy keeps it from running and from calling out."""
    async with reading(store, answerer) as reader, chromium() as browser:
        page = await browser.new_page(viewport=PHONE)
        await page.goto(str(reader.client.base_url))
        await page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; "
            "document.body.append(s); document.body.insertAdjacentHTML('beforeend', '<p onclick=\"window.ran = 1\" "
            "id=p>x</p>'); document.getElementById('p').click(); }"
        )
        assert await page.evaluate("window.ran") is None
        assert await page.evaluate("fetch('/healthz').then(() => 'out', () => 'kept in')") == "kept in"
