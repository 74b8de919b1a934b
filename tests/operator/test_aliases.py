"""``python -m bot alias``: names that people use are understood, and none takes another unit's printed name."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.conversation.answerer import Answerer
from bot.reading.aliases import FILE, AliasFile
from bot.serving.open_answerer import open_answerer
from index.errors import StorageError
from tests.bot_process import BotProcess
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.world import Person
from tests.operator.commands import ROOT, run

NAME = "教口儿"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the index over the shipped plans, made without the model."""
    folder = tmp_path_factory.mktemp("data")
    open_answerer(folder, str(folder / "no-model"))
    return folder


def alias(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run a command about aliases without the model."""
    return run(folder, "alias", *arguments, WENCE_MODEL=str(folder / "no-model"))


def opened(folder: Path) -> Answerer:
    """Return an answerer as the bot opens it."""
    return open_answerer(folder, str(folder / "no-model"))


def test_an_alias_is_understood_until_it_is_removed(data_dir: Path) -> None:
    """Added, it means the unit, listed, it shows with it; removed, it means nothing again."""
    assert alias(data_dir, "list") == (0, "没有添加过别名。\n")
    expected = opened(data_dir).ask("区教委负责什么")[0].citations
    assert opened(data_dir).ask(f"{NAME}负责什么")[0].citations != expected
    code, words = alias(data_dir, "add", NAME, "教育局")
    assert (code, f"{NAME} → 区教委" in words) == (0, True), words
    assert alias(data_dir, "list") == (0, f"{NAME} → 区教委\n")
    answer, _ = opened(data_dir).ask(f"{NAME}负责什么")
    assert expected
    assert answer.citations == expected
    assert alias(data_dir, "remove", NAME)[0] == 0
    assert opened(data_dir).ask(f"{NAME}负责什么")[0].citations != expected
    code, words = alias(data_dir, "remove", NAME)
    assert (code, "没有“教口儿”这个别名" in words) == (2, True)


def test_a_known_form_of_the_same_unit_is_taken_too(data_dir: Path) -> None:
    """教育局 for 区教委 is what people will try first; nothing speaks against it."""
    code, words = alias(data_dir, "add", "教育局", "区教委")
    assert (code, "教育局 → 区教委" in words) == (0, True), words
    assert alias(data_dir, "remove", "教育局")[0] == 0


@pytest.mark.parametrize(
    ("name", "unit", "told"),
    [
        (NAME, "区教为", ("没有“区教为”这个单位", "区教委")),
        ("区财政局", "区教委", ("方案里印着的名称", "区财政局")),
        ("渝中区", "区教委", ("是区名",)),
        ("教", "区教委", ("2 到 30 个",)),
    ],
)
def test_what_can_be_no_alias_is_told_and_nothing_changes(
    data_dir: Path, name: str, unit: str, told: tuple[str, ...]
) -> None:
    """An unknown unit names the nearest ones; a printed name of another unit, a district, one character are refused."""
    code, words = alias(data_dir, "add", name, unit)
    assert code == 2
    assert all(one in words for one in told), words
    assert AliasFile(data_dir).load() == {}


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """What cannot be read is not silently nothing."""
    (tmp_path / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(StorageError, match=FILE):
        AliasFile(tmp_path).load()


def test_a_kill_leaves_a_whole_file(tmp_path: Path) -> None:
    """Whenever the writer is killed, what was there before is there, and the next one can write."""
    words = "import sys; from pathlib import Path; from bot.reading.aliases import AliasFile\nprint('go', flush=True)\n"
    words += "f = AliasFile(Path(sys.argv[1])); n = 0\n"
    words += "while True:\n    f.put(f'别名{n % 50}', '区教委' * 500); n += 1"
    for pause in (0.01, 0.05, 0.09):
        writer = subprocess.Popen([sys.executable, "-c", words, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(pause)
        writer.kill()
        writer.communicate()
        assert all(key == "区教委" * 500 for key in AliasFile(tmp_path).load().values())
    AliasFile(tmp_path).put("还在", "区教委")
    assert AliasFile(tmp_path).load()["还在"] == "区教委"


async def test_a_running_bot_learns_an_alias(data_dir: Path) -> None:
    """A bot that was started before understands the name a few seconds later."""
    async with FakeTelegram() as fake:
        given = {"WENCE_TELEGRAM_TOKEN": fake.world.token, "WENCE_TELEGRAM_BASE_URL": fake.base_url}
        settings = given | {"WENCE_MODEL": str(data_dir / "no-model")}
        async with BotProcess(data_dir, settings, "bot", ("run",)) as bot:
            await bot.logged("方案已就绪")
            person = Person(fake.world, 1, fake.world.chat(1))
            await person.say("区教委负责什么")
            expected = (await person.answer())["text"]
            assert (await asyncio.to_thread(alias, data_dir, "add", NAME, "区教委"))[0] == 0
            await bot.logged("方案或别名有变")
            await bot.logged_times("方案已就绪，可以回答", 2)
            await person.say(f"{NAME}负责什么")
            assert (await person.answer(2))["text"] == expected
            assert await bot.end(signal.SIGTERM) == 0
    assert json.loads((data_dir / FILE).read_bytes()) == {NAME: "区教委"}
