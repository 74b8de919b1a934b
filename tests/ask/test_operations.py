"""What people do with lists: one unit alone, most, a year, no unit, an institution's name, and changing them."""

from __future__ import annotations

import pytest

from bot.answering.answer import AnswerKind
from corpus.model import ClauseKind, Plan
from tests.ask.chatting import Chat, ids, naming


def of_unit_alone(plan: Plan, unit: str) -> set[str]:
    """Return the clauses that name a unit and no other."""
    return {clause.id for clause in plan.clauses if {ref.name for ref in clause.units} == {unit}}


@pytest.mark.parametrize("message", ["只有卫健委负责的任务", "卫健委一家负责的有哪些", "卫健委单独负责哪些"])
def test_what_a_unit_answers_for_alone(chat: Chat, yuzhong: Plan, message: str) -> None:
    """Clauses that name the unit beside others are left out, and the total is told."""
    answer = chat.fresh(message, "渝中区")
    assert ids(answer) == of_unit_alone(yuzhong, "区卫健委")
    assert "项中的" in answer.headline


def test_which_unit_has_most(chat: Chat, banan: Plan) -> None:
    """The number of tasks that name a unit decides; units that are excepted do not count."""
    tasks = [clause for clause in banan.clauses if clause.kind is ClauseKind.TASK]
    counts = {unit.name: sum(unit.name in {ref.name for ref in one.units} for one in tasks) for unit in banan.units}
    others = {name: count for name, count in counts.items() if name != "区卫生健康委"}
    best = max(others, key=lambda name: others[name])
    headline = chat.fresh("除了卫健委，哪个单位的任务最多", "巴南区").headline
    assert f"{best}最多，{others[best]}项" in headline


def test_a_year_is_a_condition_of_its_own(chat: Chat, banan: Plan) -> None:
    """2027年要完成什么 lists what has something to be reached that year, without a question before it."""
    answer = chat.fresh("2027年要完成什么", "巴南区")
    due = {one.id for one in banan.clauses if one.kind is ClauseKind.TASK and any(t.value for t in one.targets)}
    assert due <= ids(answer)
    assert answer.kind is AnswerKind.DEADLINE


def test_tasks_whose_units_differ_between_body_and_annex(chat: Chat, yuzhong: Plan) -> None:
    """Each clause listed names other units than its counterparts, and none that does is left out."""
    by_id = {clause.id: clause for clause in yuzhong.clauses}
    expected = {
        clause.id
        for clause in yuzhong.clauses
        if clause.kind is ClauseKind.TASK and clause.counterparts
        and {ref.name for ref in clause.units}
        != {ref.name for other in clause.counterparts for ref in by_id[other].units}
    }  # fmt: skip
    assert ids(chat.fresh("哪些任务正文和附件不一样", "渝中区")) == expected != set()


@pytest.mark.parametrize("name", ["区中医院", "市七院", "藏红花", "骨科医院"])
def test_what_is_asked_by_name_is_every_clause_that_holds_it(chat: Chat, banan: Plan, yuzhong: Plan, name: str) -> None:
    """An institution or a thing is no unit: all tasks that speak of it are listed, by both districts."""
    holding = {
        clause.id
        for plan in (banan, yuzhong)
        for clause in plan.clauses
        if clause.kind in (ClauseKind.TASK, ClauseKind.DUTY)
        and (name in clause.text or any(name in heading for heading in clause.path))
    }
    assert ids(chat.ask(f"{name}有哪些任务")) == holding != set()


def test_a_thing_typed_in_pinyin_by_its_other_reading(chat: Chat) -> None:
    """藏 is read zang in 藏红花."""
    assert "巴南 五(二)" in ids(chat.ask("zanghonghua"))


def test_i_am_is_no_level_of_government(chat: Chat, banan: Plan) -> None:
    """是财政局 is not corrected to 市财政局."""
    answer = chat.fresh("我是财政局的，我们局要落实哪些", "巴南区")
    assert ids(answer) == naming(banan, "区财政局")
    assert not answer.notes


def test_no_clause_of_both_is_told_as_such(chat: Chat) -> None:
    """Two units that a plan names, but never together, are not said to be missing from it."""
    answer = chat.fresh("体育局和商务委一起负责的有哪些", "巴南区")
    assert answer.declined == "decline.joint"
    assert "共同负责" in answer.headline


def test_a_topic_that_is_not_the_units_tells_what_it_has(chat: Chat, banan: Plan) -> None:
    """财政局在招商引资方面 is declined with the number of its tasks, and a way to see them."""
    answer = chat.fresh("财政局在招商引资方面有什么任务", "巴南区")
    assert not answer.answered
    assert f"财政局共有{len(naming(banan, '区财政局'))}项任务。" in answer.notes  # none of them stands twice
    assert ids(chat.fresh(answer.choices[0].say, "巴南区")) == naming(banan, "区财政局")


@pytest.mark.parametrize("message", ["一共几条", "麻烦数一下一共几条呢", "总共几项"])
def test_how_many_of_the_last_list(chat: Chat, banan: Plan, message: str) -> None:
    """A number asked for after a list is that of the list."""
    before = chat.fresh("区教委负责什么", "巴南区")
    other = chat.other("巴南区")
    other.ask("区教委负责什么")
    answer = other.ask(message)
    assert answer.kind is AnswerKind.COUNT
    assert ids(answer) == ids(before) == naming(banan, "区教委")


def test_a_role_of_the_last_list(chat: Chat) -> None:
    """只看牵头的 keeps what the unit leads."""
    chat = chat.other("巴南区")
    chat.ask("卫健委的任务")
    assert ids(chat.ask("只看牵头的")) == {"巴南 正文三(三)"}


def test_two_figures_in_one_sentence(chat: Chat) -> None:
    """A comma parts two questions where each asks for a figure of its own."""
    answer = chat.fresh("名中医要新增几个，中医馆要建几个", "巴南区")
    assert answer.kind is AnswerKind.MULTI
    assert len([section for section in answer.sections if section.lines and not section.entries]) >= 2


def test_a_list_is_split_at_no_comma(chat: Chat, yuzhong: Plan) -> None:
    """我是区教委的，跟文旅委一起… is one question."""
    answer = chat.fresh("我是区教委的，跟文旅委一起干的活有哪些", "渝中区")
    assert ids(answer) == naming(yuzhong, "区教委", "区文旅委")
