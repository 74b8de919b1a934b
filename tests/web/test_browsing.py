"""What is looked through instead of asked: plans, lists, a clause's neighbours, addresses as answers print them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest

from bot.answering.addressed import AddressKind
from bot.answering.due_soon import STEPS, due_soon
from bot.answering.listings import ON_A_PAGE, list_of
from bot.channels.web.limits import ADDRESS_CHARACTERS
from bot.conversation.answerer import Answerer
from bot.notices.deadlines import due_of
from bot.notices.following import Subject, SubjectKind
from bot.store.database import Store
from corpus.model import Place
from tests.ask.chatting import Clock, answerer_over, parse
from tests.web.reading import Reader, one, reading

DISTRICTS = [f"{first}{second}县" for first in "甲乙丙丁戊己庚辛" for second in "子丑寅卯辰巳午未"]
PUBLISHED = "https://www.example.gov.cn/1.html"
PLAN = "方案\n一、重点任务\n（一）扩建学校。到2027年新建小学2所。（责任单位：县教委、县交通局）\n"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """More districts than one page of a list, each with a plan."""
    plans = [parse(PLAN, name) for name in DISTRICTS]
    plans[0] = replace(plans[0], meta=replace(plans[0].meta, url=PUBLISHED))
    return answerer_over(tmp_path_factory.mktemp("many"), Clock(), *plans)


def hrefs(reader: Reader, selector: str) -> list[str]:
    """Return where the links in a part of the page lead."""
    return [str(link.attributes["href"]) for link in reader.page.css(f"{selector} a")]


async def test_a_plan_is_looked_through(store: Store, answerer: Answerer) -> None:
    """A plan's page leads to each numbered clause, indicator and unit, and says what it is."""
    async with reading(store, answerer) as reader:
        for plan in answerer.shelf.plans:
            await reader.open(f"/p/{plan.meta.id}")
            assert reader.heading == plan.meta.title
            assert plan.meta.issuer in reader.text
            body = [clause for clause in plan.clauses if clause.place is not Place.FRONT and clause.number]
            outline = hrefs(reader, "#outline")
            rows = {row.id for row in plan.indicators}
            assert outline == [f"/c/{quote(clause.id, safe='')}" for clause in body if clause.id not in rows]
            assert len(hrefs(reader, "#indicators")) == len(plan.indicators)
            units = hrefs(reader, "#units")
            assert len(units) == len(plan.units)
            for href in (outline[0], outline[-1], units[0], units[-1]):
                await reader.open(href)
                assert reader.status == 200, href


async def test_a_plan_is_found_by_district_and_title(store: Store, answerer: Answerer) -> None:
    """What people would write for an id leads there too; what is no plan says so."""
    async with reading(store, answerer) as reader:
        for name in ("渝中", "渝中区", "渝中区关于贯彻落实《重庆市中医药振兴发展重大工程实施方案》的工作措施"):
            await reader.open(f"/p/{quote(name, safe='')}")
            assert reader.heading.startswith("渝中区关于贯彻落实")
        for address in ("/p/没有", "/d/江北区", "/p/" + "9" * (ADDRESS_CHARACTERS + 1)):
            await reader.open(address)
            assert reader.status == 404, address
            assert reader.heading


async def test_clauses_are_read_one_after_the_other(store: Store, answerer: Answerer) -> None:
    """下一条 walks through a whole plan in the order of its text, ‹ 上一条 back; the ends have only one of them."""
    plan = answerer.shelf.plan("banan")
    async with reading(store, answerer) as reader:
        await reader.open(f"/c/{quote(plan.clauses[0].id, safe='')}")
        assert not reader.page.css(".beside a[rel=prev]")
        for clause in plan.clauses:
            assert clause.text in [quoted.text() for quoted in reader.page.css("blockquote")], clause.id
            following = reader.page.css_first(".beside a[rel=next]")
            assert (following is None) is (clause is plan.clauses[-1])
            if following is not None:
                await reader.open(str(following.attributes["href"]))
        await reader.open(str(one(reader.page, ".beside a[rel=prev]").attributes["href"]))
        assert plan.clauses[-2].text in one(reader.page, "blockquote").text()
        await reader.open(hrefs(reader, ".beside")[-1])
        assert reader.heading == plan.meta.title


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/c/巴南 附件 一（一）2", "巴南 附件 一（一）2"),
        ("/c/渝中 附件 4.2.2", "渝中 附件 4.2.2"),
        ("/c/渝中区 任务4.2.2", "渝中 附件 4.2.2"),
        ("/c/渝中 正文 四（一）", "渝中 正文 四（一）"),
        ("/u/渝中区教委", "渝中区：区教委 2项"),
        ("/u/巴南区 区教委", "巴南区：区教委 6项"),
        ("/i/巴南 主要指标 5", "巴南区 中医馆："),
        ("/i/巴南 中医馆", "巴南区 中医馆："),
    ],
)
async def test_what_answers_print_is_an_address(store: Store, answerer: Answerer, address: str, heading: str) -> None:
    """A place, a unit or an indicator as it stands in a chat opens its page."""
    async with reading(store, answerer) as reader:
        await reader.open(address)
        assert reader.status == 200
        assert reader.heading.startswith(heading)


async def test_lists_lead_to_what_they_name_and_can_be_narrowed(store: Store, answerer: Answerer) -> None:
    """Each list leads on; a part of a name leaves what holds it, a name that is chosen leads straight there."""
    async with reading(store, answerer) as reader:
        for address, wanted, left in (("/p", "巴南", 1), ("/d", "渝", 1), ("/u", "教委", 2), ("/i", "中医馆", 2)):
            await reader.open(address)
            every = hrefs(reader, ".list")
            await reader.open(every[-1])
            assert reader.status == 200
            await reader.open(address)
            assert one(reader.page, "label[for=find]").text()
            await reader.open(f"{address}?q={quote(wanted)}")
            assert len(hrefs(reader, ".list")) == left < len(every), address
            assert str(one(reader.page, "#find").attributes["value"]) == wanted
        await reader.open("/u?q=火星")
        assert "火星" in reader.text
        await reader.open("/d?q=渝中区")
        assert reader.heading == "渝中区：方案1份"
        await reader.tap("只看渝中区")
        assert one(reader.page, ".districts a[aria-current]").text() == "渝中区"


async def test_many_districts_are_chosen_by_typing(store: Store, many: Answerer) -> None:
    """With too many districts for a row of links, a field offers their names, and lists come in pages."""
    async with reading(store, many) as reader:
        page = await reader.open("/")
        assert [option.attributes["value"] for option in page.css("datalist option")] == DISTRICTS
        assert len(page.css(".districts a")) == 2
        await reader.tap("换区县")
        first = hrefs(reader, ".list")
        assert len(first) == ON_A_PAGE
        await reader.tap("下一页 ›")
        assert len(first) + len(hrefs(reader, ".list")) == len(DISTRICTS)
        await reader.open(f"/d?q={quote(DISTRICTS[3])}")
        assert reader.heading == f"{DISTRICTS[3]}：方案1份"
        await reader.tap(f"只看{DISTRICTS[3]}")
        await reader.ask("县教委负责什么")
        assert DISTRICTS[3] in reader.heading
        for address in ("/u", "/i", "/u?q=县教委", "/p?q=子县"):
            await reader.open(address)
            assert reader.status == 200, address
        assert len(hrefs(reader, ".list")) == len("甲乙丙丁戊己庚辛")


async def test_a_source_leads_to_where_it_was_published(store: Store, many: Answerer) -> None:
    """The page of a plan and the last line of an answer link to the plan's own page elsewhere, where it is known."""
    async with reading(store, many) as reader:
        for district, urls in ((DISTRICTS[0], [PUBLISHED]), (DISTRICTS[1], [])):
            for address in (f"/p/{district}", f"/?q=县教委负责什么&d={district}"):
                await reader.open(address)
                assert [a.attributes["href"] for a in reader.page.css("a[rel~=external]")] == urls, address


def test_a_list_beyond_its_last_page_is_the_last(many: Answerer) -> None:
    """A page number that is too high shows the end, none the beginning."""
    assert list_of(many.shelf, AddressKind.DISTRICT, "", 99).number == 2
    assert list_of(many.shelf, AddressKind.DISTRICT, "", 0).number == 1


@pytest.mark.parametrize("today", [date(2026, 11, 30), date(2027, 4, 1), date(2027, 8, 1), date(2028, 1, 1)])
def test_what_is_due_soon_is_what_notices_remind_of(answerer: Answerer, today: date) -> None:
    """Each unit's figures on a plan's page count the passages that whoever follows it is told of."""
    for plan in answerer.shelf.plans:
        soon = due_soon(answerer.shelf, plan, today)
        counted = {tally.name.text: tally.counts for tally in soon.units if tally.name}
        for unit in plan.units:
            subject = Subject(SubjectKind.UNIT, unit.key, plan.meta.district, unit.name)
            left = [(due.day - today).days for due in due_of(answerer.shelf, (subject,), today)]
            told = tuple(sum(days <= step for days in left) for step in STEPS)
            assert counted.get(unit.name, (0, 0, 0)) == told, unit.name


async def test_an_answer_can_be_shown_whole(store: Store, answerer: Answerer) -> None:
    """全部 shows every entry on one page, for print."""
    async with reading(store, answerer) as reader:
        await reader.open("/?q=区卫生健康委负责什么&d=巴南区")
        await reader.tap("全部（可打印）")
        numbers = [str(entry.attributes["id"]) for entry in reader.page.css(".entry")]
        assert numbers == [f"e{number}" for number in range(1, 28)]
        assert not reader.page.css(".pages")


async def test_names_in_lists_lead_to_them(store: Store, answerer: Answerer) -> None:
    """Units, plans and sources that an answer names are links, and its words are as they were."""
    async with reading(store, answerer) as reader:
        for question, name in (("都有哪些责任单位", "区财政局"), ("哪个单位任务最多", "区卫生健康委")):
            await reader.open(f"/?q={question}")
            before = reader.text
            await reader.tap(name)
            assert reader.heading.startswith(f"巴南区：{name}"), before
        await reader.open("/?q=有哪些方案")
        assert "任务26项" in reader.text
        await reader.tap("重庆市巴南区中医药振兴发展重大工程实施方案（2024—2027年）")
        assert reader.page.css("#outline")
        await reader.open("/?q=渝中区区教委负责什么")
        await reader.open(hrefs(reader, "footer")[0])
        assert reader.page.css("#outline")


async def test_no_such_page_is_told_in_the_same_style(store: Store, answerer: Answerer) -> None:
    """An address of nothing gets a page with the field to ask and the lists, not a bare line."""
    async with reading(store, answerer) as reader:
        for address in ("/nothing", "/p/banan/x", "/q/巴南", "/index.php"):
            await reader.open(address)
            assert (reader.status, reader.heading) == (404, "没有找到"), address
        assert "主要指标" in reader.links()
        await reader.ask("区教委负责什么")
        assert reader.heading.startswith("巴南区：区教委")


async def test_a_link_in_a_chat_has_words_and_a_picture(store: Store, answerer: Answerer) -> None:
    """A page says its title, its first words, its address and its icon as chats look for them."""
    async with reading(store, answerer, web_url="https://wence.example", web_access="open") as reader:
        page = await reader.open("/c/渝中 4.2.2")
        told = {tag.attributes["property"]: tag.attributes["content"] for tag in page.css("meta[property]")}
        assert str(told["og:title"]).startswith(reader.heading)
        assert "开展多层次人才培养培训" in str(told["og:description"])
        assert told["og:url"] == "https://wence.example/c/%E6%B8%9D%E4%B8%AD%204.2.2"
        icon = str(told["og:image"]).removeprefix("https://wence.example")
        assert (await reader.client.get(icon)).content.startswith(b"\x89PNG")
        manifest = await reader.client.get(str(one(page, "link[rel=manifest]").attributes["href"]))
        for found in json.loads(manifest.text)["icons"]:
            assert (await reader.client.get(found["src"])).headers["content-type"] == found["type"]
