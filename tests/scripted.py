"""An answerer whose every answer a test can foresee; it follows the same interface as the real one."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from datetime import date

from bot.answering.answer import Answer, AnswerKind, Choice, Entry, Figure, Quote, Section, Source
from bot.conversation.answerer import Answerer, Heard, Suggestion
from bot.messages import say
from bot.query.chat_state import ChatState
from bot.query.plan_repository import PlanRepository
from bot.query.query import Query, Select
from bot.reading.reader import Reader
from bot.reading.reading import Reading
from bot.reading.synonyms import language
from tests.memory_catalogue import MemoryCatalogue

SOURCE = Source("巴南区建设方案", date(2024, 5, 1))


def entry(number: int, title: str = "", quote: str = "", *, expanded: bool = False) -> Entry:
    """Make an entry of four lines, or with its quote in full."""
    title = title or f"任务<{number}>&"
    return Entry(
        number=number,
        place=f"巴南 {number}",
        title=title,
        summary=f"做第{number}件事。",
        figures=(Figure("中医馆", "23 → 24 个"),),
        units=("区教委", "区财政局"),
        asked=frozenset({"区教委"}),
        units_in_full=False,
        notes=(),
        quotes=(Quote(f"巴南 {number}", f"巴南区 · {number}", ("一、总则",), quote or f"原文{number}。"),),
        expanded=expanded,
    )


class ScriptedAnswerer(Answerer):
    """Understands 列表N, 展开N, 下一页, 上一页, 慢…, 出错, 没有的事, …呢, 怎么用; says anything else back."""

    def __init__(self) -> None:
        """Slow questions wait until ``gate`` is set."""
        self.gate = threading.Event()
        self.asked: list[str] = []
        self.long_quote = ""
        self.broken = False

    @property
    def model_loaded(self) -> bool:
        return False

    @property
    def shelf(self) -> PlanRepository:
        return PlanRepository(MemoryCatalogue(()))

    @property
    def reader(self) -> Reader:
        return Reader(self.shelf, lambda _: False, lambda _: {}, lambda _: None, language(()))

    def hear(self, text: str, state: ChatState = ChatState()) -> Heard:
        known = None if text.startswith("慢") else Answer(AnswerKind.FACT, answered=True, headline="")
        return Heard((Reading(text, Query(Select.HELP)),), (known,), state)

    def answer(self, heard: Heard) -> tuple[Answer, ChatState]:
        return self.ask(heard.readings[0].text, heard.state)

    def districts(self) -> tuple[str, ...]:
        return ("巴南区", "渝中区")

    def ask(self, text: str, state: ChatState = ChatState()) -> tuple[Answer, ChatState]:
        self.asked.append(text)
        now = replace(state, asked_at=time.time())
        if text.startswith("慢"):
            self.gate.wait(30)
        if text.startswith("没有的事"):
            line = say("decline.topic", districts="巴南区", topic=text)
            return Answer(AnswerKind.DECLINE, False, line, declined="decline.topic", confidence=0.1), now
        if text == "出错" or self.broken:
            raise ZeroDivisionError
        if text in {"", "怎么用"}:
            choices = tuple(Choice(words, words) for words in ("列表3", "列表20", "中医馆目标是多少", "第四个"))
            return Answer(AnswerKind.HELP, answered=True, headline="直接提问。", choices=choices), state
        if text.startswith("列表"):
            return self._list(replace(now, query=text, page=1))
        if text in {"下一页", "上一页"}:
            return self._list(replace(now, page=state.page + (1 if text == "下一页" else -1)))
        if re.fullmatch(r"展开\d+", text):
            return self._list(replace(now, query=state.query.partition(" ")[0] + " " + text, page=1))
        if text.endswith("呢"):
            text = f"{state.query}→{text}"
        headline = f"{text}@{state.district}" if state.district else text
        return Answer(AnswerKind.FACT, answered=True, headline=headline, sources=(SOURCE,)), replace(now, query=text)

    def suggest(self, typed: str, limit: int = 50, offset: int = 0) -> tuple[Suggestion, ...]:
        found = [Suggestion(f"{typed}{n}", f"{typed}第{n}条", "区教委", f"{typed}{n}") for n in range(60)]
        return tuple(found[offset : offset + limit]) if typed else ()

    def _list(self, state: ChatState) -> tuple[Answer, ChatState]:
        count, opened = (int(part or 0) for part in re.findall(r"列表(\d+)(?: 展开(\d+))?", state.query)[0])
        numbers = [opened] if opened else range(1, count + 1)
        entries = tuple(entry(number, quote=self.long_quote, expanded=number == opened) for number in numbers)
        return (
            Answer(
                AnswerKind.DUTIES,
                answered=True,
                headline=f"共{count}项",
                sections=(Section("", (), entries),),
                sources=(SOURCE,),
                choices=(Choice("只看巴南区", "只看巴南"), Choice("相关指标", "相关指标呢")),
                page=state.page,
            ),
            state,
        )
