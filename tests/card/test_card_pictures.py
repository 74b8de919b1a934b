"""Cards as pictures: their size, their colours, the words in them, and what happens to what does not fit."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.answering.answer import Answer, AnswerKind, Countdown, Entry, Figure, Point, Section, Series, Source
from bot.render.card import draw as drawing
from bot.render.card import fonts
from bot.render.card.blocks import BASE, GOAL, INNER, MARGIN, WIDTH
from bot.render.card.draw import NoCardError, Picture, draw
from bot.render.card.fonts import FontError, check_font, drawable, has_glyph
from bot.render.card.sheet import MOST_HEIGHT, Setter
from bot.render.text import answer_text
from corpus.library.shipped import load_shipped_plans
from tests.ask.chatting import Chat

SOURCE = Source("试行方案", date(2024, 5, 1))
DAY = date(2026, 11, 22)


def opened(picture: Picture) -> Any:  # noqa: ANN401 - the library's types are not followed
    """Return the picture as a viewer opens it."""
    image = Image.open(io.BytesIO(picture.png))
    image.load()
    return image


def table(*series: Series) -> Answer:
    """Return an answer that prints an indicator table."""
    lines = tuple(one.name for one in series)
    return Answer(AnswerKind.OVERVIEW, True, "指标", (Section("", lines, (), series),), sources=(SOURCE,))


def series(first: str, last: str, name: str = "中医馆") -> Series:
    """Return an indicator with two values as the answerer would read them."""
    values = [float("".join(c for c in text if c in "0123456789.") or "nan") for text in (first, last)]
    points = (Point(2023, first, values[0]), Point(2027, last, values[1]))
    return Series("1", name, points, "")


def duties(count: int, **more: Any) -> Answer:  # noqa: ANN401 - fields of several types
    """Return a list of duties."""
    fields: dict[str, Any] = {"title": "夯实基层", "figures": (Figure("中医馆", "力争≥90%"),)} | more
    entries = tuple(
        Entry(number=number, place="巴南 1.1", summary="", units=("甲局", "乙局"), asked=frozenset({"甲局"}),
              units_in_full=False, notes=(), quotes=(), **fields)
        for number in range(1, count + 1)
    )  # fmt: skip
    return Answer(AnswerKind.DUTIES, True, f"共{count}项", (Section("", (), entries),), sources=(SOURCE,))


def pixels(picture: Picture, colour: str) -> int:
    """Return how many pixels of a colour a picture has; its palette may be a shade off."""
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    colours = opened(picture).convert("RGB").getcolors(1 << 24)
    return sum(count for count, one in colours if all(abs(a - b) <= 8 for a, b in zip(one, wanted, strict=True)))


@pytest.mark.parametrize("question", ["渝中区主要指标", "主要指标", "区教委负责什么", "区卫健委", "还剩几天"])
def test_real_answers_are_small_pictures_for_a_phone(chat: Chat, question: str) -> None:
    """Twice a phone's width, not endlessly high, under 300 KB, and the whole text is the file's description."""
    answer = chat.ask(question)
    picture = draw(answer)
    image = opened(picture)
    assert image.format == "PNG"
    assert image.width == WIDTH
    assert image.height <= MOST_HEIGHT
    assert len(picture.png) < 300_000
    assert picture.alt == image.text["Description"] == answer_text(answer)


@pytest.mark.parametrize("question", ["古籍保护谁负责", "2027年中医馆目标是多少", "任务4.2.2", "怎么用"])
def test_other_answers_have_no_card(chat: Chat, question: str) -> None:
    """What is best said in words is not drawn, and the refusal says what can be."""
    with pytest.raises(NoCardError, match="主要指标"):
        draw(chat.ask(question))


def test_bars_are_as_long_as_the_values() -> None:
    """Of a goal of 24 the 12 there are take half the bar; a doubled goal is not a full bar of both colours."""
    half = draw(table(series("12个", "24个")))
    most = draw(table(series("23个", "24个")))
    nothing_yet = draw(table(series("0个", "24个")))
    assert pixels(half, BASE) / pixels(most, BASE) == pytest.approx(12 / 23, abs=0.06)
    assert pixels(nothing_yet, GOAL) > pixels(half, GOAL) > pixels(most, GOAL)


def test_a_goal_below_the_start_is_seen() -> None:
    """Where a figure is to fall, the bar to the goal is the shorter one and not hidden by the other."""
    falls = draw(table(series("10个", "5个")))
    assert pixels(falls, GOAL) == pytest.approx(pixels(falls, BASE), rel=0.2)


def test_values_without_numbers_have_no_bar() -> None:
    """Words stay words: nothing is drawn that the plan does not say."""
    words = Series("1", "评审", (Point(2023, "未达标", None), Point(2027, "力争达标", None)), "")
    assert pixels(draw(table(words)), BASE) == 0


def test_days_left_make_the_bar_shorter() -> None:
    """The later it is, the less of the bar is still to come."""

    def on(today: date) -> Picture:
        one = Countdown("渝中区", date(2024, 1, 1), today, date(2027, 12, 31), 55)
        return draw(Answer(AnswerKind.FACT, True, "还剩", countdowns=(one,)))

    assert pixels(on(date(2025, 1, 1)), GOAL) > pixels(on(DAY), GOAL) > pixels(on(date(2027, 12, 1)), GOAL)


@pytest.mark.parametrize(
    "answer",
    [
        table(series("尚未建立评价体系" * 9, "力争" + "全部达到三级甲等医院评审标准" * 9)),
        table(series("32%", "≥90%", name="每千常住人口公共卫生与中医药服务人员及执业医师" * 5)),
        table(series("32%", "≥90%", name="AVeryLongNameWithoutAnyBlank" * 9)),
        duties(3, title="建设国家区域医疗中心、国家中医药传承创新中心" * 9),
        duties(3, figures=tuple(Figure("中医优势病种专题挖掘" * 8, "不低于20%（2027年）" * 5) for _ in range(9))),
        replace(duties(1), headline="国家税务总局重庆市巴南区税务局" * 20, sources=(SOURCE,) * 3),
    ],
)
def test_long_text_stays_inside_the_margins(answer: Answer) -> None:
    """However long a name, a target or a title is, nothing reaches the picture's edges."""
    image = opened(draw(answer)).convert("L")
    assert image.height <= MOST_HEIGHT + 400
    sides = (image.crop((0, 0, MARGIN - 4, image.height)), image.crop((MARGIN + INNER + 4, 0, WIDTH, image.height)))
    assert [side.getextrema() for side in sides] == [(255, 255)] * 2


def test_what_does_not_fit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit with very many duties has one page, whose last line says how many more there are."""
    said: list[str] = []
    ink = Setter.ink

    def listen(setter: Setter, text: str, *look: Any, **more: Any) -> Any:  # noqa: ANN401 - passes all on
        said.append(text)
        return ink(setter, text, *look, **more)

    monkeypatch.setattr(Setter, "ink", listen)
    few, many = draw(duties(5)), draw(duties(120))
    assert opened(few).height < opened(many).height <= MOST_HEIGHT
    line = [text for text in said if "见文字回答" in text][-1]
    left_out = int("".join(c for c in line if c.isdigit()))
    assert 0 < left_out < 120
    assert answer_text(duties(120)) == many.alt


def test_every_character_of_the_plans_is_drawn() -> None:
    """No clause of a shipped plan has a character that the type lacks."""
    clauses = [clause for plan in load_shipped_plans() for clause in plan.clauses]
    characters = {character for clause in clauses for character in clause.text if character.isprintable()}
    assert len(characters) > 500
    assert {character for character in characters if not has_glyph(character)} == set()


def test_a_missing_character_is_told() -> None:
    """A character that the type lacks is no empty box: a stand-in is set, and a line says which it was."""
    assert drawable("缺😀字") == ("缺〓字", frozenset({"😀"}))
    plain, told = draw(table(series("1个", "2个"))), draw(table(series("1个", "2个", name="中医😀馆")))
    assert opened(told).height > opened(plain).height


def test_signs_of_comparison_are_set(chat: Chat) -> None:
    """What plans write between the words of a target has glyphs of its own."""
    assert drawable("力争≥90%、≤5‰、1—2名、“两个”→℃①Ⅲ㎡")[1] == frozenset()


def test_without_the_type_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A font that is not there is named in a line for the operator, and nothing is drawn in boxes."""
    broken = tmp_path / "NotoSansCJK-VF.otf.ttc"
    broken.write_bytes(b"not a font")
    for folder in (tmp_path, tmp_path / "nowhere"):
        fonts.font.cache_clear()
        monkeypatch.setattr("importlib.resources.files", lambda _name, folder=folder: folder)
        with pytest.raises(FontError, match="中文字体不可用"):
            drawing.draw(duties(1, title="全新的字：龘"))
    monkeypatch.undo()
    fonts.font.cache_clear()
    check_font()
