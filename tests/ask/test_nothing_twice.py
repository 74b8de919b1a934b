"""An answer says a thing once, and shows no more than what was asked about."""

from __future__ import annotations

from bot.answering.answer import Answer
from bot.render.parts import make_parts
from bot.render.text import answer_text, line_text
from tests.ask.chatting import Chat, ids


def lines(answer: Answer) -> list[str]:
    """Return the lines of an answer."""
    return answer_text(answer).splitlines()


def test_a_clause_alone_is_headed_by_the_first_line(chat: Chat) -> None:
    """Its place and title stand there and nowhere else."""
    answer = chat.fresh("渝中任务4.2.2")
    assert answer.headline == "渝中 附件 4.2.2　开展多层次人才培养培训"
    assert sum("附件 4.2.2" in line for line in lines(answer)) == 1


def test_a_figure_in_the_line_has_no_bullet(chat: Chat) -> None:
    """In short form, without the line, it stands beside the title."""
    answer = chat.fresh("巴南教委在进校园方面有什么任务")
    assert not [line for line in lines(answer) if line.startswith("• 中医药文化进校园示范学校")]
    short = [line_text(line) for group in make_parts(answer, short=True).groups for line in group.lines]
    assert "中医药文化进校园示范学校：建设1个" in "\n".join(short)


def test_the_district_is_said_once_where_two_places_name_others(chat: Chat) -> None:
    """The units of each place stand behind one district."""
    answer = chat.fresh("渝中制剂中心迁建谁负责")
    assert answer.headline.count("渝中区：") == 1
    assert "（附件 5.1.1）；区卫健委、区市场监督管理局" in answer.headline


def test_one_count_and_how_it_was_made(chat: Chat) -> None:
    """The number is that of the entries; that body and annex say the same is a note."""
    answer = chat.fresh("渝中区医保局一共几项")
    assert answer.headline == "渝中区：区医保局 3项"
    assert len([entry for section in answer.sections for entry in section.entries]) == 3
    assert answer.notes == ("正文3条、附件4条，同一项任务两处都有的合为一项。",)


def test_the_sentence_that_names_the_unit_is_shown(chat: Chat) -> None:
    """In prose with several subjects, the unit's own."""
    answer = chat.fresh("巴南财政局负责什么")
    first = next(entry for section in answer.sections for entry in section.entries)
    assert first.summary.startswith("区财政局和区级有关部门、有关单位要完善投入保障机制")


def test_figures_of_other_things_bring_no_entries(chat: Chat) -> None:
    """The clauses of similar figures are cited and not shown."""
    answer = chat.fresh("渝中2027年中医馆要建多少个")
    shown = {quote.clause_id for section in answer.sections for entry in section.entries for quote in entry.quotes}
    assert "渝中 4.2.2" in ids(answer) - shown
    assert "方案没有给“中医馆”本身定数，以上是名称中带它的。" in answer.notes


def test_a_topic_that_was_not_made_out_is_not_quoted(chat: Chat) -> None:
    """钱从 says nothing; a topic that was made out is named where only the nearest clauses are shown."""
    assert "钱从" not in chat.fresh("巴南钱从哪来").headline
    assert "与“中医药文化进校园”最接近的条款" in chat.fresh("中医药文化进校园").headline


def test_a_kind_of_place_inside_a_printed_term_is_no_unit(chat: Chat) -> None:
    """镇街中药材资源 stands in the plan as it is; 街道 alone is a unit."""
    named = chat.answerer.hear("巴南镇街中药材资源谁负责").readings[0].query.where
    assert (named.units, named.topic) == ((), "镇街中药材资源")
    assert chat.fresh("渝中街道负责什么").headline.startswith("渝中区：各街道")
