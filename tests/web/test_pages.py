"""What a reader sees without scripts, over real HTTP: asking, going on, turning pages, links to pass on."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser

from bot.channels.web.limits import ADDRESS_CHARACTERS, QUESTION_CHARACTERS
from bot.conversation.answerer import Answerer
from bot.render.web.sheets import ENTRIES
from bot.store.database import Store
from corpus.assembly.ids import short_district
from corpus.model import ClauseKind
from tests.scripted import ScriptedAnswerer
from tests.web.reading import Reader, browsing, one, reading


def numbers(page: LexborHTMLParser) -> list[int]:
    """Return the numbers of the entries on a page."""
    return [int(str(entry.attributes["id"])[1:]) for entry in page.css(".entry")]


async def test_the_first_page_leads_to_answers(store: Store, answerer: Answerer) -> None:
    """The first page says what can be asked, in a labelled field, and every example on it has an answer."""
    async with reading(store, answerer) as reader:
        page = await reader.open("/")
        assert one(page, "html").attributes["lang"] == "zh-CN"
        assert one(page, "label[for=q]").text() == "问题"
        examples = [str(link.attributes["href"]) for link in page.css(".chips a")]
        assert len(examples) >= 5
        for href in examples:
            await reader.open(href)
            assert reader.status == 200
            assert reader.page.css("article footer, article section, .list li")


async def test_an_answer_holds_the_whole_text_of_each_entry(store: Store, answerer: Answerer) -> None:
    """The count comes first; each clause stands below, its words in full inside what a tap opens."""
    async with reading(store, answerer) as reader:
        page = await reader.open("/?q=渝中区区教委负责什么")
        assert reader.heading == "渝中区：区教委 2项"
        assert numbers(page) == [1, 2]
        quotes = [quote.text() for quote in page.css("details blockquote")]
        for clause in answerer.shelf.find(("渝中 二(一)2", "渝中 1.1.3", "渝中 七(二)", "渝中 6.2.1")):
            assert clause.text in quotes
        assert "工作措施》（2024-07-23）" in reader.text


async def test_a_follow_up_goes_on_from_the_page_it_is_typed_on(store: Store, answerer: Answerer) -> None:
    """那渝中呢 changes the question above it, on the newest page and on an older one alike."""
    async with reading(store, answerer) as reader, browsing(str(reader.client.base_url)) as other_tab:
        other_tab.client.cookies = reader.client.cookies
        await reader.open("/")
        await reader.ask("区教委负责什么")
        await other_tab.open("/?q=古籍保护由谁负责")
        await reader.ask("那渝中呢")
        assert reader.heading == "渝中区：区教委 2项"
        await other_tab.ask("那渝中呢")
        assert reader.heading != other_tab.heading
        assert "区文旅委" in other_tab.heading


async def test_the_first_page_remembers_the_conversation(store: Store, answerer: Answerer) -> None:
    """Who opens the first page again goes on from the last answer; another browser knows nothing of it."""
    async with reading(store, answerer) as reader, browsing(str(reader.client.base_url)) as other:
        await reader.open("/?q=区教委负责什么")
        await reader.open("/")
        await reader.ask("那渝中呢")
        assert reader.heading == "渝中区：区教委 2项"
        await other.open("/")
        await other.ask("那渝中呢")
        assert "区教委" not in other.heading


async def test_pages_hold_every_entry_once(store: Store, answerer: Answerer) -> None:
    """Turning to the end shows each entry once, in order; 下一页 typed goes on from the page that is open."""
    async with reading(store, answerer) as reader:
        page = await reader.open("/?q=区卫生健康委负责什么")
        seen = numbers(page)
        assert len(seen) == ENTRIES
        await reader.ask("下一页")
        assert numbers(reader.page) == list(range(ENTRIES + 1, 2 * ENTRIES + 1))
        await reader.tap("‹ 上一页")
        while "下一页 ›" in reader.links():
            seen += numbers(await reader.tap("下一页 ›"))
            assert numbers(reader.page)
        count = int(re.findall(r"第(\d+)/\1页", reader.text)[0])
        assert seen == list(range(1, len(seen) + 1))
        assert (count - 1) * ENTRIES < len(seen) <= count * ENTRIES


async def test_a_page_beyond_the_last_is_the_last(store: Store, answerer: Answerer) -> None:
    """An address with a page number that is too high, or none at all, still shows something."""
    async with reading(store, answerer) as reader:
        last = numbers(await reader.open("/?q=区卫生健康委负责什么&page=99"))
        assert numbers(await reader.open("/?q=区卫生健康委负责什么&page=999999")) == list(range(1, ENTRIES + 1))
        assert last[0] > ENTRIES
        assert numbers(await reader.open("/?q=区卫生健康委负责什么&page=-1")) == list(range(1, ENTRIES + 1))


async def test_the_district_is_switched_and_kept(store: Store, answerer: Answerer) -> None:
    """A tapped district narrows the answer and holds for later questions, until all are chosen again."""
    async with reading(store, answerer) as reader:
        await reader.open("/?q=区教委负责什么")
        assert reader.heading.count("区教委") == 2
        await reader.tap("巴南区")
        assert reader.heading == "巴南区：区教委 6项"
        await reader.ask("区财政局负责什么")
        assert "渝中" not in reader.heading
        await reader.tap("渝中区")
        assert "巴南" not in reader.heading
        chosen = one(reader.page, ".districts a[aria-current]")
        assert chosen.text() == "渝中区"
        await reader.tap("全部")
        await reader.ask("区教委负责什么")
        assert reader.heading.count("区教委") == 2


async def test_an_unknown_district_is_told(store: Store, answerer: Answerer) -> None:
    """An address with a district that has no plan says which there are."""
    async with reading(store, answerer) as reader:
        await reader.open("/?q=教委&d=江北区")
        assert reader.status == 404
        assert "江北区" in reader.text
        assert "巴南区、渝中区" in reader.text


async def test_every_clause_and_indicator_has_its_address(store: Store, answerer: Answerer) -> None:
    """A clause is shown verbatim at its address, whatever its kind, and each indicator with its figures."""
    clauses = [clause for plan in answerer.shelf.plans for clause in plan.clauses]
    async with reading(store, answerer) as reader:
        for clause in (*clauses[::5], *(one for one in clauses if one.kind is ClauseKind.STATUS)):
            page = await reader.open(f"/c/{quote(clause.id, safe='')}")
            assert reader.status == 200, clause.id
            assert clause.text in [quote.text() for quote in page.css("blockquote")], clause.id
        for row in (row for plan in answerer.shelf.plans for row in plan.indicators):
            page = await reader.open(f"/i/{quote(row.id, safe='')}")
            assert all(value in one(page, "table").text() for _, value in row.values), row.id


async def test_a_clause_leads_to_its_counterpart(store: Store, answerer: Answerer) -> None:
    """The page of a body clause links to the row of the annex that carries it out, and back."""
    async with reading(store, answerer) as reader:
        await reader.open("/c/渝中 二(一)1")
        await reader.tap("渝中 1.1.1")
        assert "附件 1.1.1" in reader.heading
        assert "渝中 二(一)1" in reader.links()


async def test_every_unit_has_its_address(store: Store, answerer: Answerer) -> None:
    """At a unit's address stand all clauses that name it, whatever its name begins with."""
    async with reading(store, answerer) as reader:
        for plan in answerer.shelf.plans:
            for unit in plan.units:
                shown: set[str] = set()
                await reader.open(f"/u/{quote(f'{short_district(plan.meta)} {unit.name}', safe='')}")
                assert reader.status == 200, unit.name
                while True:
                    shown |= {link.text() for link in reader.page.css("figcaption a")}
                    if "下一页 ›" not in reader.links():
                        break
                    await reader.tap("下一页 ›")
                assert len(shown) >= len(plan.naming(unit.key)), unit.name


async def test_links_of_an_answer_lead_somewhere(store: Store, answerer: Answerer) -> None:
    """Every link on an answer, and on the pages it leads to, opens a page."""
    async with reading(store, answerer) as reader:
        seen: set[str] = set()
        for label in ("", "巴南 附件 一（一）2", "中医馆"):
            await reader.open("/?q=2027年中医馆目标是多少")
            if label:
                await reader.tap(label)
                assert label.removeprefix("巴南 附件 ") in reader.heading
            for href in set(reader.links().values()) - seen:
                seen.add(href)
                await reader.open(href)
                assert reader.status == 200, href


async def test_the_table_of_indicators(store: Store, answerer: Answerer) -> None:
    """A district's indicators stand in one table, a figure a year, the bars to the scale of their row."""
    async with reading(store, answerer) as reader:
        for address in ("/?q=巴南区主要指标", "/i/巴南"):
            page = await reader.open(address)
            rows = page.css("tbody tr")
            assert len(rows) == 10
            assert [cell.text(strip=True) for cell in rows[4].css("th, td")] == ["中医馆", "23个", "24个"]
            assert [bar.attributes["width"] for bar in rows[4].css(".bar")] == ["95.8%", "100.0%"]
            assert not page.css(".line")


async def test_the_picture_of_an_answer(store: Store, answerer: Answerer) -> None:
    """看图 shows the answer again with its picture, which the page itself serves; who has none says so."""
    async with reading(store, answerer) as reader:
        await reader.open("/?q=巴南区主要指标")
        page = await reader.tap("看图")
        assert reader.heading == "巴南区主要指标10项"
        picture = await reader.client.get(str(one(page, "article img").attributes["src"]))
        assert picture.headers["content-type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")
        assert one(page, "article img").attributes["alt"]
        page = await reader.open("/?q=古籍保护由谁负责 看图")
        assert not page.css("article img")
        assert "没有图" in reader.text
        for address in ("/picture?q=古籍保护由谁负责", "/picture", "/picture?q=" + "委" * (QUESTION_CHARACTERS + 1)):
            assert (await reader.client.get(address)).status_code == 404


@pytest.mark.parametrize(
    "address", ["/c/巴南 九(九)9", "/u/巴南 区气象局", "/u/江北 区教委", "/i/巴南 指标99", "/c/", "/i/x"]
)
async def test_what_is_not_there_is_told_with_a_field_to_ask(store: Store, answerer: Answerer, address: str) -> None:
    """An address that leads nowhere says so in Chinese, and asking goes on from there."""
    async with reading(store, answerer) as reader:
        await reader.open(address)
        assert reader.status == 404
        assert reader.heading == "没有找到"
        await reader.ask("区教委负责什么")
        assert reader.heading.startswith("巴南区：区教委")


async def test_a_units_address_without_a_district_covers_all(store: Store, answerer: Answerer) -> None:
    """What people are most likely to write by hand opens what asking for it would."""
    async with reading(store, answerer) as reader:
        await reader.open(f"/u/{quote('区教委')}")
        assert reader.status == 200
        assert reader.heading.startswith("巴南区：区教委")
        assert "渝中区：区教委" in reader.heading


async def test_near_names_are_offered(store: Store, answerer: Answerer) -> None:
    """An indicator's address without its whole name offers what is called like it."""
    async with reading(store, answerer) as reader:
        await reader.open("/i/巴南 中医")
        assert reader.status == 404
        offered = next(label for label in reader.links() if label.startswith("中医馆（"))
        await reader.tap(offered)
        assert "23个" in reader.heading


async def test_nothing_in_an_answer_or_question_becomes_markup(store: Store) -> None:
    """What looks like HTML, in a plan or in a question, is shown as it was written."""
    async with reading(store, ScriptedAnswerer()) as reader:
        page = await reader.open("/?q=列表3")
        assert "任务<2>&" in reader.text
        assert not page.css("task")
        await reader.open("/")
        page = await reader.ask("<img src=x onerror=alert(1)>'\"><script>alert(1)</script>")
        assert not page.css("main img, script")
        assert "<script>alert(1)</script>" in reader.text
        name = '<b>"x'
        page = await reader.open(f"/c/{quote(name, safe='')}")
        assert not page.css("main b")
        assert name in reader.text


async def test_what_is_too_long_is_refused_and_what_is_broken_ignored(store: Store, answerer: Answerer) -> None:
    """A huge question gets one line; a state that was cut, changed or made up counts as none."""
    async with reading(store, answerer) as reader:
        await reader.open("/?q=" + "委" * (QUESTION_CHARACTERS + 1))
        assert (reader.status, reader.heading) == (414, "问题太长")
        await reader.open("/c/" + "9" * (ADDRESS_CHARACTERS + 1))
        assert reader.status == 404
        await reader.open("/?q=区教委负责什么")
        sealed = str(one(reader.page, "input[name=in]").attributes["value"])
        for broken in (sealed[:-3], "x" + sealed, "a" * 10_000, "."):
            reader.response = await reader.client.get("/", params={"q": "那渝中呢", "in": broken})
            assert reader.status == 200
            assert "区教委" not in reader.heading


async def test_a_question_alone_means_the_same_to_everyone(store: Store, answerer: Answerer) -> None:
    """``/?q=…`` passed on shows the same answer whatever its reader asked before."""
    async with reading(store, answerer) as reader, browsing(str(reader.client.base_url)) as other:
        await other.open("/?d=渝中区")
        await other.ask("古籍保护由谁负责")
        await reader.open("/?q=区教委负责什么")
        await other.open("/?q=区教委负责什么")
        assert reader.heading == other.heading


async def test_pages_are_small(store: Store, answerer: Answerer) -> None:
    """The first page and its style sheet take less than 12 kB, a page of eight entries less than 60."""
    async with reading(store, answerer) as reader:
        await reader.open("/")
        first = await weight(reader)
        await reader.open("/?q=区卫生健康委负责什么")
        assert first < 12_000
        assert await weight(reader) < 60_000


async def weight(reader: Reader) -> int:
    """Return the bytes of the page that is open and of what a browser loads for it."""
    assert reader.response is not None
    total = len(reader.response.content)
    for link in reader.page.css("link[rel=stylesheet], link[rel=icon]"):
        total += len((await reader.client.get(str(link.attributes["href"]))).content)
    return total
