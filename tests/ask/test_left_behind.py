"""A bot runs for months while plans come and go: of plans that were replaced nothing stays in memory."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from bot.conversation.answerer import Answerer
from index.encoder import Encoder
from index.local.folder import Folder
from index.snapshot import Snapshot
from tests.ask.chatting import NO_MODEL

QUESTIONS = ("区教委负责什么", "2027年中医馆要建多少个", "渝中现在有几个名中医", "古籍保护", "任务4.2.2", "搞科普")


@pytest.mark.parametrize("asked", QUESTIONS)
def test_an_index_that_is_no_longer_used_is_closed(data_dir: Path, asked: str) -> None:
    """Whatever it was asked, an answerer that is let go lets go of its index: the files, and the plans read from it."""
    backend = Folder.current(data_dir / "index")
    answerer = Answerer(Snapshot(backend, Encoder(str(data_dir / NO_MODEL), data_dir)))
    answerer.ask(asked)
    left = (weakref.ref(backend), weakref.ref(backend.catalogue), weakref.ref(backend.lexical))
    del answerer, backend
    gc.collect()
    assert [one() for one in left] == [None, None, None]
