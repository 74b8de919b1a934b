"""Wence over the plans, through the answerer that every channel uses; what it gives are the clauses it cites."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bot.conversation.answerer import Answerer
from bot.query.chat_state import ChatState
from corpus.library.shipped import plan_sources
from index.build import ready
from index.encoder import Encoder
from scripts.benchmarks.peers.side import Query, Text, serve


class Wence:
    """The bot's answers, without a channel. ``model`` is a folder made by the project under its ``models``."""

    def __init__(self, model: str) -> None:
        self.encoder = Encoder("", Path(model).parent)
        self.encoder.encode_query("中医馆")
        self.folder = tempfile.TemporaryDirectory()
        self.answerer: Answerer | None = None

    def ingest(self, texts: list[Text]) -> int:
        """Parse the shipped plans (the same texts) and build a new index over them."""
        folder = Path(self.folder.name)
        snapshot = ready(folder / "index", plan_sources(folder / "plans"), self.encoder)
        self.answerer = Answerer(snapshot)
        plans, clauses = snapshot.catalogue.counts
        if plans != len(texts):
            raise ValueError(f"{len(texts)} texts, {plans} shipped plans")
        return clauses

    def answer(self, query: Query) -> list[str]:
        """Return the clauses cited, best first."""
        if self.answerer is None:
            raise RuntimeError("a question before the plans")
        state = ChatState(district=query.district or "")
        for earlier in query.context:
            state = self.answerer.remember(earlier, state)
        answer, _ = self.answerer.ask(query.question, state)
        return [citation.text for citation in answer.citations]


if __name__ == "__main__":
    serve(Wence, Path(sys.argv[1]), Path(sys.argv[2]))
