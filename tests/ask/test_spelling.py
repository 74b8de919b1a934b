"""Slips and scripts: what sounds the same, other characters, pinyin, other widths and numerals."""

from __future__ import annotations

import pytest

from tests.ask.chatting import Chat, ids, text


@pytest.mark.parametrize(
    ("typed", "meant", "told"),
    [
        ("中医倌谁负责", "中医馆谁负责", "中医馆"),
        ("区财证局负责什么", "区财政局负责什么", "财政局"),
        ("区卫建委负责什么", "区卫健委负责什么", "卫健委"),
        ("古籍保戶谁负责", "古籍保护谁负责", "保护"),
    ],
)
def test_a_homophone_is_corrected_and_told(chat: Chat, typed: str, meant: str, told: str) -> None:
    """The answer is that of the word meant, and says how the message was read."""
    answer = chat.fresh(typed)
    assert ids(answer) == ids(chat.fresh(meant)) != set()
    assert any(note.startswith("按“") and told in note for note in answer.notes)
    assert any("更正" in step and told in step for step in answer.why)


@pytest.mark.parametrize(
    "message",
    [
        "区教委负责什么",
        "古籍保护谁负责",
        "2027年中医馆目标是多少",
        "中医是什么意思",
        "非遗保护谁管",
        "中医课有哪些安排",
    ],
)
def test_what_is_spelt_right_is_left_alone(chat: Chat, message: str) -> None:
    """A message without a slip carries no correction: neither across the borders of words nor of a thing's own name."""
    assert not any(note.startswith("按“") for note in chat.fresh(message).notes)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("區財政局負責什麼", "区财政局负责什么"),
        ("區衛生健康委的任務", "区卫生健康委的任务"),
        ("古籍保護由誰負責", "古籍保护由谁负责"),
        ("區敎委負責什麼", "区教委负责什么"),
    ],
)
def test_traditional_characters(chat: Chat, typed: str, meant: str) -> None:
    """Traditional and variant characters mean the same as simplified ones."""
    assert ids(chat.fresh(typed)) == ids(chat.fresh(meant)) != set()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("caizhengju fuze shenme", "财政局负责什么"),
        ("weijianwei fuze shenme", "卫健委负责什么"),
        ("qujiaowei de renwu", "区教委的任务"),
        ("CaiZhengJu FuZe ShenMe", "财政局负责什么"),
        ("czj fuze shenme", "财政局负责什么"),
        ("guji baohu shui fuze", "古籍保护谁负责"),
        ("zhongyiguan 2027 jian duoshao ge", "中医馆2027建多少个"),
        ("wjw有哪些任务", "卫健委有哪些任务"),
        ("区教委fuze什么", "区教委负责什么"),
    ],
)
def test_pinyin_and_initials(chat: Chat, typed: str, meant: str) -> None:
    """A message in full pinyin, in a unit's initials, or half in Chinese is read, and the reading is told."""
    answer = chat.fresh(typed)
    assert ids(answer) == ids(chat.fresh(meant)) != set()
    assert any(note.startswith("按“") for note in answer.notes)


@pytest.mark.parametrize("typed", ["CT检查结果互认谁负责", "ICU床位怎么建", "APP上看中医"])
def test_common_abbreviations_are_no_pinyin(chat: Chat, typed: str) -> None:
    """Latin words inside a Chinese message stay what they are."""
    assert not any(note.startswith("按“") for note in chat.fresh(typed).notes)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("２０２７年中医馆目标是多少", "2027年中医馆目标是多少"),
        ("任务４．２．２", "任务4.2.2"),
        ("二〇二七年中医馆目标是多少", "2027年中医馆目标是多少"),
        ("二零二七年中医馆目标是多少", "2027年中医馆目标是多少"),
        ("27年中医馆目标是多少", "2027年中医馆目标是多少"),
        ("第五部分第二条", "第5部分第2条"),
        ("区教委负责什么？？！！", "区教委负责什么"),
        ("　区教委\t负责什么  ", "区教委负责什么"),
        ("区教\u200b委负\ufeff责什么", "区教委负责什么"),
        ("「区教委」负责什么", "区教委负责什么"),
    ],
)
def test_widths_numerals_and_signs(chat: Chat, typed: str, meant: str) -> None:
    """Full-width forms, numerals in characters, blanks and invisible characters change nothing."""
    assert text(chat.fresh(typed)).split("\n")[1:] == text(chat.fresh(meant)).split("\n")[1:]
    assert ids(chat.fresh(meant))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("财政局", "区财政局"),
        ("区卫健", "区卫健委"),
        ("教育", "区教委"),
        ("区市监", "区市场监管局"),
        ("市教委", "市教委"),
    ],
)
def test_a_level_or_an_ending_too_few(chat: Chat, typed: str, meant: str) -> None:
    """Without 区 or without 委 it is the same office."""
    assert ids(chat.fresh(f"{typed}负责什么")) == ids(chat.fresh(f"{meant}负责什么"))
