"""What goes on with the last answer, what was only likely, and figures by names that are written a little otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.answer import AnswerKind
from bot.conversation.answerer import Answerer
from bot.query.measures import find_measures
from bot.query.query import Match, Query, Select, UnitTerm, Where
from bot.query.tasks import find_tasks
from bot.reading.act import acts
from corpus.model import Plan, Role
from index.models.default.heads import PARTS
from tests.ask.chatting import Chat, Clock, answerer_over, ids, naming, parse


def test_the_clause_before_and_the_clause_after(chat: Chat) -> None:
    """They are those beside it in the plan; beyond the last it is said that there are no more."""
    chat.ask("渝中 任务4.2.2")
    assert "渝中 附件 4.3.1" in chat.ask("下一条呢").headline
    assert "渝中 附件 4.2.2" in chat.ask("上一条").headline
    chat.ask("渝中 任务8.2")
    beyond = chat.ask("下一条")
    assert not beyond.answered
    assert "8.2" not in beyond.headline


def test_a_unit_is_carried_on(chat: Chat, banan: Plan) -> None:
    """这个单位 is the last one, 跟它一起 adds one to it."""
    chat.ask("巴南区林业局负责什么")
    assert chat.ask("渝中有没有这个单位的事").kind is AnswerKind.DECLINE
    chat.ask("巴南区林业局负责什么")
    both = chat.ask("市场监管局跟它一起的呢")
    wanted = naming(banan, "区林业局", "区市场监管局")
    assert wanted
    assert ids(both) == wanted


def test_two_units_with_a_comma_are_two_questions(chat: Chat) -> None:
    """Each has its own number."""
    answer = chat.ask("巴南区财政局几项任务，教委几项")
    assert answer.kind is AnswerKind.MULTI
    assert len(answer.sections) > 1


def test_what_was_only_likely_is_left_out_and_that_is_said(answerer: Answerer) -> None:
    """区教委 answers for nothing alone: what only a model took for 单独 leaves the whole list, and a line about it."""
    unit = UnitTerm("教委", ("区教委",))
    sure = Query(Select.TASKS, Where(districts=("渝中区",), units=(unit,), match=Match.ONLY))
    assert not answerer.answer_query(sure).answered
    likely = answerer.answer_query(replace(sure, tentative=True))
    assert likely.answered
    assert "单独负责" in likely.notes[0]


ROLES = """某县养老服务行动方案
一、主要任务
（一）建设食堂。新建老年食堂5个。（县民政局牵头，县财政局、县住建局等负责）
（二）培训护理员。每年培训100人次。（县民政局、县财政局负责）
"""


def test_who_stands_beside_a_lead_cooperates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where a lead is marked, the others of that clause are asked for by 配合; where none is, nobody is."""
    answerer = answerer_over(tmp_path_factory.mktemp("roles"), Clock(), parse(ROLES, "某县"))
    where = Where(units=(UnitTerm("财政局", ("县财政局",)),), role=Role.COOPERATING)
    (found,) = find_tasks(answerer.shelf, where)
    assert [clause.title for clause in found.clauses] == ["建设食堂"]


def test_the_parts_of_a_plan(chat: Chat) -> None:
    """Body and annex, in their order, down to the parts of their parts."""
    lines = [line.strip() for section in chat.ask("巴南区的方案分几个部分").sections for line in section.lines]
    places = [next(at for at, line in enumerate(lines) if words in line) for words in
              ("正文", "一、总体要求", "三、保障措施", "附件", "一、推动中医药健康服务", "八、推动成渝")]  # fmt: skip
    assert places == sorted(places)


def test_a_figure_by_a_name_that_says_more_in_its_midst(chat: Chat) -> None:
    """基层医疗卫生机构… is 基层医疗机构…; 市级… is never 区级…, however alike the rest."""

    def named(topic: str) -> set[str]:
        shelf = chat.answerer.shelf
        return {one.what for one in find_measures(shelf, tuple(shelf.plans), topic, lambda text: (text,))}

    assert any("诊疗量占比" in name for name in named("基层医疗卫生机构中医诊疗量占比"))
    assert not any("区级" in name for name in named("市级科卫联合中医药科研项目数"))


def test_the_state_of_a_thing_whatever_stands_around_it(chat: Chat) -> None:
    """A name that the table prints with a bracket in it is found without; who is not counted is not told by another."""
    assert "7" in chat.ask("巴南中医重点专科现在几个").headline
    assert not chat.ask("骨科医院现在有多少职工").answered


def test_each_part_that_the_model_tells_is_an_act() -> None:
    """What it reads is added by the act of that name."""
    assert set(PARTS) <= acts().keys()


@pytest.mark.parametrize(
    ("message", "match"), [("渝中区卫健委专属的任务", Match.ONLY), ("渝中区卫健委的任务都列一下", Match.ALL)]
)
def test_the_model_reads_what_no_word_tells(with_model: Answerer, message: str, match: Match) -> None:
    """专属 is no word of the grammar; without it nothing is read into a list."""
    _, state = with_model.ask(message)
    query = Query.from_json(state.query)
    assert query is not None
    assert query.where.match is match
