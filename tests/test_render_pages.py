"""Answers cut into pages: nothing lost, nothing too long, cut where it hurts least."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from bot.answering.answer import Answer, AnswerKind, Section
from bot.render.html import TelegramHtml, plain
from bot.render.pages import Room, cut, page_of
from bot.render.parts import Run, RunStyle
from bot.render.wecom import WeComMarkdown
from bot.render.wecom import plain as wecom_plain
from tests.fake_telegram.markup import parse_html, units
from tests.scripted import SOURCE, entry

HTML = TelegramHtml()
PRIVATE = Room(limit=4096, lines=28)
GROUP = Room(limit=4096, lines=10, brief=True)


class Bytes:
    """A medium without markup whose limit is in bytes, as WeCom's is."""

    def write(self, run: Run) -> str:
        return f"**{run.text}**" if run.style is RunStyle.BOLD else run.text

    def measure(self, text: str) -> int:
        return len(text.encode())


def listing(count: int, **more: object) -> Answer:
    """Make an answer with so many entries."""
    section = Section("巴南区", (), tuple(entry(number) for number in range(1, count + 1)))
    answer = Answer(AnswerKind.DUTIES, answered=True, headline=f"共{count}项", sections=(section,), sources=(SOURCE,))
    return replace(answer, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("room", [PRIVATE, GROUP, Room(300, 10), Room(300, 99)])
@pytest.mark.parametrize("count", [0, 1, 3, 8, 60])
def test_every_entry_stands_whole_on_one_page(room: Room, count: int) -> None:
    """The pages hold all entries in order, each once, within the room's limit and lines."""
    pages = cut(listing(count), HTML, room)
    assert [number for page in pages for number in page.entries] == list(range(1, count + 1))
    for page in pages:
        text, _ = parse_html(page.text)
        assert units(text) <= room.limit
        assert len(text.splitlines()) <= room.lines
        assert text.startswith(f"共{count}项")
        assert text.endswith("来源：《巴南区建设方案》（2024-05-01）")
        for number in page.entries:
            assert f"{number}. 巴南 {number} · 任务<{number}>&" in text


def test_a_heading_stays_with_what_follows_it() -> None:
    """No page ends with the heading of the next."""
    sections = tuple(Section(f"第{n}区", (), (entry(n),)) for n in range(1, 30))
    for page in cut(replace(listing(0), sections=sections), HTML, PRIVATE):
        assert not re.search(r"第\d+区</b>\n*(<i>来源|$)", page.text)


def test_the_page_asked_for_is_shown_or_the_last() -> None:
    """Turning past the end shows the last page, and before the beginning the first."""
    pages = cut(listing(30), HTML, PRIVATE)
    assert page_of(listing(30, page=2), HTML, PRIVATE) == pages[1]
    assert page_of(listing(30, page=99), HTML, PRIVATE) == pages[-1]
    assert page_of(listing(30, page=-1), HTML, PRIVATE) == pages[0]


def test_a_short_answer_keeps_its_full_form_in_a_group() -> None:
    """The short form is for what doesn't fit ten lines; two entries do not lose their units over it."""
    assert "责任单位" in cut(listing(1), HTML, GROUP)[0].text
    assert "责任单位" not in cut(listing(9), HTML, GROUP)[0].text


def test_all_units_are_shown_in_a_group_when_they_are_asked_for() -> None:
    """Who is responsible is answered in full also in short form."""
    entries = tuple(replace(entry(n), units_in_full=True) for n in range(1, 9))
    (page, *_) = cut(replace(listing(0), sections=(Section("", (), entries),)), HTML, GROUP)
    assert "区教委</b>、区财政局" in page.text


@pytest.mark.parametrize("medium", [HTML, Bytes()])
@pytest.mark.parametrize("limit", [250, 500, 2048])
def test_a_text_longer_than_a_page_is_cut_between_sentences_and_not_lost(
    medium: TelegramHtml | Bytes, limit: int
) -> None:
    """The verbatim text of one entry goes on over pages, with every character in its place."""
    quote = "".join(f"第{n}句，说&的<是>😀这件事。" for n in range(150))
    section = Section("", (), (entry(1, quote=quote, expanded=True),))
    pages = cut(replace(listing(0), sections=(section,)), medium, Room(limit, 99))
    assert all(medium.measure(page.text) <= limit for page in pages)
    shown = "".join(plain(page.text) if medium is HTML else page.text for page in pages)
    for n in range(150):
        assert f"第{n}句，说&的<是>😀这件事。" in shown


def test_a_headline_and_lines_of_any_length_go_out() -> None:
    """A headline or a list of units that is longer than a page is cut, too."""
    answer = replace(
        listing(2), headline="头" * 9000, sections=(Section("", ("、".join(["区教委"] * 3000),), (entry(1),)),)
    )
    pages = cut(answer, HTML, PRIVATE)
    texts = [parse_html(page.text)[0] for page in pages]
    assert all(units(text) <= 4096 for text in texts)
    assert sum(text.count("头") for text in texts) == 9000
    assert sum(text.count("区教委") for text in texts) >= 3000


def test_notes_stand_on_the_first_page_only() -> None:
    """A correction is said once."""
    pages = cut(listing(30, notes=("按“中医馆”查询",)), HTML, PRIVATE)
    assert ["按“中医馆”查询" in page.text for page in pages] == [True] + [False] * (len(pages) - 1)


def test_plan_text_cannot_break_the_markup() -> None:
    """Whatever a plan holds, Telegram parses what we send and the reader sees it as it is."""
    nasty = "<b>&amp;</i> & < > \" ' </blockquote>"
    section = Section(nasty, (nasty,), (entry(1, title=nasty, quote=nasty, expanded=True),))
    (page,) = cut(replace(listing(0), headline=nasty, sections=(section,), notes=(nasty,)), HTML, PRIVATE)
    text, _ = parse_html(page.text)
    assert text.count(nasty) == 6
    assert plain(page.text) == html.unescape(re.sub(r"</?(?:b|i|blockquote)>", "", page.text)) == text


def test_length_is_counted_in_utf_16_after_parsing() -> None:
    """An emoji is two units, a tag none, an escaped sign one."""
    assert HTML.measure("<b>😀</b>&amp;字") == 4


def test_a_source_leads_to_where_it_was_published() -> None:
    """In Telegram and WeCom the plan's name in the last line is a link; without markup it is its name alone."""
    url = "https://www.example.gov.cn/1.html?a=1&b=2"
    sources = (SOURCE, replace(SOURCE, title="另一份", url=url), SOURCE)
    name = "《巴南区建设方案》（2024-05-01）"
    words = f"来源：{name}、《另一份》（2024-05-01）、{name}"
    (page,) = cut(replace(listing(0), sources=sources), HTML, PRIVATE)
    assert f'<a href="{html.escape(url)}">《另一份》（2024-05-01）</a>' in page.text
    assert plain(page.text).endswith(words)
    (page,) = cut(replace(listing(0), sources=sources), WeComMarkdown(), PRIVATE)
    assert f"[《另一份》（2024-05-01）]({url})" in page.text
    assert wecom_plain(page.text).endswith(words)
