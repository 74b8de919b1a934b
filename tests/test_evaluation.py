"""The judging of answers, on made-up replies."""

from __future__ import annotations

import msgspec
import pytest

from scripts.measures.judging import Cited, Question, Reply, faults

NAMES = {"区教委": {"区教委", "区教育委员会"}}
ASKED = Question(
    id="1",
    question="中医馆几个 谁管",
    context=[],
    district="甲区",
    kind="multi",
    quotes=[["建成中医馆24个", "中医馆(个) 23 24"]],
    optional=["各镇也要建"],
    exhaustive=True,
    units=["区教委"],
    targets=["24个"],
    targets_any=[["3—5名", "5名"]],
    forbidden=["25个"],
    answerable=True,
    note="",
)
GOOD = Reply(
    id="1",
    answered=True,
    text="24 个；区教育委员会；３-5名",
    clauses=[Cited("一是建成中医馆２４个。"), Cited("各镇也要建。")],
)


def test_a_full_answer_passes() -> None:
    """Widths, spaces, look-alike signs and another printed form of a unit make no difference."""
    assert faults(ASKED, GOOD, NAMES) == []


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (msgspec.structs.replace(GOOD, answered=False), "declined, should have answered"),
        (msgspec.structs.replace(GOOD, clauses=GOOD.clauses[1:]), "clause not cited: 建成中医馆24个"),
        (msgspec.structs.replace(GOOD, clauses=[*GOOD.clauses, Cited("另一条")]), "clause too many: 另一条"),
        (msgspec.structs.replace(GOOD, text="24个，3—5名"), "unit not told: 区教委"),
        (msgspec.structs.replace(GOOD, text="区教委，3—5名"), "target not told: 24个"),
        (msgspec.structs.replace(GOOD, text="区教委，24个"), "target not told: 3—5名 or 5名"),
        (msgspec.structs.replace(GOOD, text=GOOD.text + "25个"), "says what it must not: 25个"),
    ],
)
def test_each_shortcoming_is_told(reply: Reply, fault: str) -> None:
    """An answer that lacks one thing, or has one too many, fails for just that."""
    assert faults(ASKED, reply, NAMES) == [fault]


def test_clauses_far_down_do_not_count() -> None:
    """A needed clause must stand among the first cited ones, unless every clause was asked for."""
    buried = msgspec.structs.replace(GOOD, clauses=[*[Cited("各镇也要建。")] * 5, *GOOD.clauses])
    assert faults(ASKED, buried, NAMES) == []
    assert faults(msgspec.structs.replace(ASKED, exhaustive=False), buried, NAMES) == [
        "clause not cited: 建成中医馆24个"
    ]


def test_what_the_plans_lack_must_be_declined() -> None:
    """An answer to a question that the plans don't answer fails; declining it passes."""
    nowhere = msgspec.structs.replace(ASKED, answerable=False)
    assert faults(nowhere, GOOD, NAMES) == ["answered, should have declined"]
    assert faults(nowhere, msgspec.structs.replace(GOOD, answered=False), NAMES) == []
