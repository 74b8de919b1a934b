"""Questions that share hardly a word with the plan, over the default model."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from bot.conversation.answerer import Answerer
from bot.conversation.asking import Asker
from bot.query.chat_state import ChatState
from bot.reading.aliases import AliasFile
from bot.serving.open_answerer import Opener
from bot.settings import Settings
from index.models.default import model
from tests.ask.chatting import ids


@pytest.mark.parametrize(
    ("message", "district", "clause"),
    [
        ("钱从哪来", "巴南区", "巴南 正文三(二)"),
        ("老医书谁来保护", "巴南区", "巴南 三(一)"),
        ("病历写进电脑", "渝中区", "渝中 八(二)"),
        ("师傅带徒弟", "巴南区", "巴南 四(三)"),
    ],
)
def test_a_paraphrase_finds_its_clause(with_model: Answerer, message: str, district: str, clause: str) -> None:
    """The clause meant is among those cited, and nothing is degraded."""
    answer, _ = with_model.ask(message, ChatState(district=district))
    assert clause in ids(answer)
    assert not any("语义模型不可用" in note for note in answer.notes)


@pytest.mark.parametrize("message", ["怎么考驾照", "航空母舰有几艘", "推荐一部科幻小说"])
def test_what_is_about_something_else_is_declined(with_model: Answerer, message: str) -> None:
    """A question about another world cites nothing."""
    answer, _ = with_model.ask(message)
    assert not answer.answered
    assert not answer.citations


def test_a_channel_knows_beforehand_whether_the_model_is_needed(with_model: Answerer) -> None:
    """Units, figures and declines need none; a paraphrase does."""
    for message in ("区教委负责什么", "2027年中医馆目标是多少", "区中医院院长是谁", "你好", ""):
        assert not with_model.hear(message).needs_model
    assert with_model.hear("病历写进电脑").needs_model


async def test_the_model_is_loaded_before_anyone_needs_it(with_model: Answerer, model_dir: Path) -> None:
    """Warmed up, a process has the model in memory though nobody has asked yet."""
    del with_model  # makes the index
    asker = Asker(partial(Opener(), Settings(data_dir=model_dir)))
    await asker.open()
    assert not asker.model_loaded
    await asker.warm()
    assert asker.model_loaded
    asker.close()


def test_learning_an_alias_loads_nothing_again(with_model: Answerer, model_dir: Path) -> None:
    """Opened again, the answerer knows the alias and has the model in memory; so it has after a plan was added."""
    settings, opener, aliases = Settings(data_dir=model_dir), Opener(), AliasFile(model_dir)
    before = opener(settings)
    before.warm()
    try:
        aliases.put("教口儿", "区教委")
        after = opener(settings)
    finally:
        aliases.remove("教口儿")
    assert after.model_loaded
    assert ids(after.ask("教口儿负责什么")[0]) == ids(before.ask("区教委负责什么")[0])
    assert ids(before.ask("教口儿负责什么")[0]) != ids(after.ask("教口儿负责什么")[0])
    wanted = ids(with_model.ask("老医书谁来保护", ChatState(district="巴南区"))[0])
    assert ids(after.ask("老医书谁来保护", ChatState(district="巴南区"))[0]) == wanted


def test_a_model_that_was_away_is_asked_for_again(
    tmp_path: Path, model_dir: Path, with_model: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be had when the answerer was opened is used when it is opened again and is there."""
    del with_model
    shutil.copytree(model_dir / "index", tmp_path / "index")
    opener, settings = Opener(), Settings(data_dir=tmp_path)
    with monkeypatch.context() as away:
        away.setattr(model, "PACKAGE", "no-such-package")
        before = opener(settings)
        before.warm()
    assert not before.model_loaded
    shutil.copytree(model_dir / "models", tmp_path / "models", dirs_exist_ok=True)
    after = opener(settings)
    after.warm()
    assert after.model_loaded
