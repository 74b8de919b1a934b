"""An answerer whose answers are known to the letter: so that what is tested is WeCom, and not the plans."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

from bot.answering.answer import Answer, AnswerKind, Choice, Entry, Figure, Quote, Section, Source
from bot.conversation.answerer import Answerer, Heard
from bot.query.chat_state import ChatState
from bot.query.query import Query, Select
from bot.reading.reading import Reading

ENTRIES = 12
CLAUSE = "推动<@all>中医馆建设，" * 500
"""An entry in full takes more than one message of an app, and less than one of the AI bot."""


def entry(number: int, *, expanded: bool = False) -> Entry:
    """Return one numbered entry."""
    return Entry(
        number=number,
        place=f"渝中 4.2.{number}",
        title=f"第{number}件事",
        summary="推动中医馆建设，" * 8,
        figures=(Figure("名中医", "23 → 24 个"),),
        units=("区卫生健康委", "区教委", "区财政局", "区人社局"),
        asked=frozenset({"区教委"}),
        units_in_full=False,
        notes=(),
        quotes=(Quote(f"渝中 4.2.{number}", "附件", (), CLAUSE),),
        expanded=expanded,
    )


class Scripted(Answerer):
    """Knows a list of twelve entries, its pages, each entry in full, and help; ``慢`` takes 1.3 s."""

    def __init__(self) -> None:  # without a snapshot: nothing here stands on plans
        self.asked: list[str] = []

    def ask(self, text: str, state: ChatState = ChatState()) -> tuple[Answer, ChatState]:
        """Answer as a conversation does: follow-ups go by the state."""
        self.asked.append(text)
        if "慢" in text:
            time.sleep(1.3)
        if text in ("", "怎么用"):
            choices = (Choice("教委负责什么", "教委负责什么"),)
            return Answer(AnswerKind.HELP, answered=True, headline="直接打字提问。", choices=choices), state
        if text == "坏了":
            raise ZeroDivisionError
        turn = {"下一页": 1, "上一页": -1}.get(text, 0)
        if turn:
            return self._list(state.query, replace(state, page=state.page + turn))
        if text.startswith("展开"):
            full = Section("", (), (entry(int(text[2:]), expanded=True),))
            return _answer_of(state.query, 1, full), state
        return self._list(text, replace(state, query=text, page=1))

    def hear(self, text: str, state: ChatState = ChatState()) -> Heard:
        """Slow ones wait for the model."""
        known = None if "慢" in text else Answer(AnswerKind.FACT, answered=True, headline="")
        return Heard((Reading(text, Query(Select.HELP)),), (known,), state)

    def answer(self, heard: Heard) -> tuple[Answer, ChatState]:
        """Answer what was heard."""
        return self.ask(heard.readings[0].text, heard.state)

    def _list(self, question: str, state: ChatState) -> tuple[Answer, ChatState]:
        section = Section("", (), tuple(entry(number) for number in range(1, ENTRIES + 1)))
        if "短" in question:
            section = Section("", (), ())
        return _answer_of(question, state.page, section), state


def _answer_of(question: str, page: int, section: Section) -> Answer:
    return Answer(
        AnswerKind.DUTIES,
        answered=True,
        headline=f"{question}：{ENTRIES}项",
        sections=(section,),
        sources=(Source("渝中区促进中医药发展方案", date(2024, 5, 1)),),
        choices=() if "短" in question else (Choice("只看巴南区", "只看巴南区"),),
        page=page,
    )
