"""An answer's pages in WeCom's sizes: counted in bytes, cut between entries, nothing lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.answer import Answer, AnswerKind, Section
from bot.channels.wecom.card import shorten
from bot.channels.wecom.layout import lay_out
from bot.query.chat_state import ChatState
from bot.render.parts import Run, RunStyle
from bot.render.wecom import WeComMarkdown, plain
from tests.wecom.scripted import CLAUSE, Scripted, entry

MARKUP = WeComMarkdown(grey=True)


def pages(answer: Answer, most_bytes: int, *, group: bool = False) -> list[str]:
    """Return all pages, with their hints."""
    texts: list[str] = []
    while True:
        reply = lay_out(replace(answer, page=len(texts) + 1), ChatState(), MARKUP, most_bytes, group=group)
        if reply.after.page <= len(texts):
            return texts
        texts += reply.with_hint


@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize("most", [2048, 4096, 20480])
def test_no_page_is_too_long_and_no_entry_is_lost(most: int, *, group: bool) -> None:
    """Each entry stands whole on exactly one page."""
    answer, _ = Scripted().ask("教委", ChatState())
    texts = pages(answer, most, group=group)
    assert len(texts) > 1
    assert max(len(text.encode()) for text in texts) <= most
    for number in range(1, 13):
        (home,) = [text for text in texts if f"第{number}件事" in text]
        assert plain(home).count(f"渝中 4.2.{number} · 第{number}件事") == 1


@pytest.mark.parametrize("most", [2048, 4096, 20480])
def test_entry_in_full_is_whole_over_its_pages(most: int) -> None:
    """The verbatim text comes at once, in as many messages as it needs, cut on character borders."""
    answer = Answer(
        AnswerKind.CLAUSE, answered=True, headline="任务3", sections=(Section("", (), (entry(3, expanded=True),)),)
    )
    texts = lay_out(answer, ChatState(), MARKUP, most, group=False).with_hint
    assert len(texts) > 1 or most == 20480
    assert max(len(text.encode()) for text in texts) <= most
    quoted = "".join(line.removeprefix("> ") for text in texts for line in text.split("\n") if line.startswith("> "))
    assert quoted == CLAUSE.translate(str.maketrans("<>", "＜＞"))


def test_hint_says_what_can_be_typed() -> None:
    """The last line names the next page, an entry in full and what the answer offers, as they are typed."""
    answer, _ = Scripted().ask("教委", ChatState())
    assert pages(answer, 2048)[0].endswith("\n\n回复“下一页”“展开1”“只看巴南区”")
    assert pages(answer, 2048)[1].count("“上一页”") <= 1


def test_words_of_others_can_not_become_markup() -> None:
    """What people type or plans say shows as it is: no mention of everyone, no bold, no table, no link."""
    for text in (
        "<@all>",
        "**x**",
        "|a|b|\n|---|---|",
        "[x](https://example.org)",
        "# x",
        '<font color="warning">x</font>',
    ):
        for style in RunStyle:
            written = WeComMarkdown(grey=False).write(Run(text, style))
            inner = (
                written.removeprefix("**").removesuffix("**") if style is RunStyle.BOLD else written.replace("> ", "")
            )
            assert not set("<*|[#`_") & set(inner), (style, written)


def test_plain_text_keeps_the_words_and_drops_the_marks() -> None:
    """Who sees text only sees the same words."""
    runs = [Run("来源：《方案》", RunStyle.FAINT), Run("12项", RunStyle.BOLD), Run("第一\n第二", RunStyle.QUOTE)]
    assert plain("\n".join(MARKUP.write(run) for run in runs)) == "来源：《方案》\n12项\n第一\n第二"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("短", "短"),
        (
            "全区要建设的国家级和市级以及区级的中医馆总数要达到1200个",
            "全区要建设的国家级和市级以及区级的中医馆总数要达到…",
        ),
        (
            "一二三四五六七八九十一二三四五六七八九十一二三四五六七",
            "一二三四五六七八九十一二三四五六七八九十一二三四五…",
        ),
    ],
)
def test_a_cards_title_is_not_cut_inside_a_figure(title: str, shown: str) -> None:
    """Half a number is another number."""
    assert shorten(title, 26) == shown
