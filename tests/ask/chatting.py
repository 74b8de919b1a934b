"""A chat as a test holds it: messages in, answers out, the state carried along, the time set by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.answering.answer import Answer
from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from bot.render.text import answer_text
from corpus.library.shipped import PlanSource, parse_text
from corpus.model import Plan, PlanMeta
from index.build import ready
from index.encoder import Encoder

NO_MODEL = "no-model"
"""Name of the folder in which a test's model is not: what is answered without it was answered from the data."""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0
        self.set(2025, 3, 1)

    def __call__(self) -> float:
        return self.now

    def set(self, year: int, month: int, day: int) -> None:
        """Make it noon of a day in Chongqing."""
        self.now = datetime(year, month, day, 12, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()

    def wait(self, minutes: float) -> None:
        """Let some time go by."""
        self.now += minutes * 60


class Chat:
    """One conversation with the bot."""

    def __init__(self, answerer: Answerer, clock: Clock, district: str = "") -> None:
        self.answerer = answerer
        self.clock = clock
        self.state = ChatState(district=district)

    def ask(self, message: str) -> Answer:
        """Say something; the whole answer."""
        answer, self.state = self.answerer.ask(message, self.state)
        return answer

    def fresh(self, message: str, district: str = "") -> Answer:
        """Say something at the start of another conversation."""
        return self.answerer.ask(message, ChatState(district=district))[0]

    def other(self, district: str = "") -> Chat:
        """Return another conversation with the same bot."""
        return Chat(self.answerer, self.clock, district)


def ids(answer: Answer) -> set[str]:
    """Return the clauses that an answer cites."""
    return {one.id for one in answer.citations}


def text(answer: Answer) -> str:
    """Return an answer as it is read."""
    return answer_text(answer)


def naming(plan: Plan, *units: str) -> set[str]:
    """Return the clauses of a plan in which all of the units are printed."""
    return {clause.id for clause in plan.clauses if set(units) <= {ref.name for ref in clause.units}}


def answerer_over(folder: Path, clock: Clock, *plans: Plan) -> Answerer:
    """Return an answerer over plans, without the model."""
    snapshot = ready(folder / "index", [source_of(plan) for plan in plans], Encoder(str(folder / NO_MODEL), folder))
    return Answerer(snapshot, clock)


def source_of(plan: Plan) -> PlanSource:
    """Return a plan as what an index is made from."""
    return PlanSource(plan.meta.id, plan.sha256, plan.meta, bare=True, read=lambda: plan)


def parse(document: str, district: str) -> Plan:
    """Parse a small plan written in a test."""
    return parse_text(document.encode(), PlanMeta(district, district, f"{district}试行方案", "", None, 2024, 2027))
