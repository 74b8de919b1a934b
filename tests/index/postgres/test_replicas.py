"""Replicas in processes of their own: one adds a plan, one is killed, the others go on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.serving.open_answerer import open_answerer
from corpus.commands.add import run
from corpus.commands.candidate import Given
from corpus.library.added import PlanStore
from tests.index.postgres.replica import NO_MODEL, OPEN

ROOT = Path(__file__).resolve().parents[3]
PLAN = "江东省河口县教育发展行动方案\n\n一、建设学校\n\n（一）到2026年，新建中学3所。（责任单位：县教育局、县财政局）\n"
PLANS, DUTY = "有哪些方案", "巴南区教委负责什么"
SECONDS = 30.0


class Replica:
    """A process that answers."""

    def __init__(self, url: str, folder: Path, die_at: str = "") -> None:
        command = [sys.executable, "-m", "tests.index.postgres.replica", url, str(folder), die_at]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def send(self, *questions: str) -> None:
        """Put questions to it."""
        assert self.process.stdin
        self.process.stdin.writelines(f"{question}\n" for question in questions)
        self.process.stdin.flush()

    def read(self) -> list[str]:
        """Return the next thing it says; nothing when it has ended."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        found: list[str] = json.loads(line) if line else []
        return found

    def ask(self, question: str) -> list[str]:
        """Return the answer to a question."""
        self.send(question)
        return self.read()


@contextmanager
def replica(url: str, folder: Path, die_at: str = "") -> Iterator[Replica]:
    """Run a replica, and end it."""
    one = Replica(url, folder, die_at)
    try:
        yield one
    finally:
        one.process.kill()
        one.process.communicate()


def add_plan(folder: Path, text: str = PLAN) -> None:
    """Add a plan to a data folder."""
    file = folder / "教育.txt"
    folder.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    assert run(file, PlanStore(folder / "plans"), Given(), sure=True) == 0


def test_replicas_see_a_plan_at_once_and_outlive_each_other(url: str, tmp_path: Path) -> None:
    """A plan that a third machine adds is answered from by one that runs, while another is killed as it answers."""
    with replica(url, tmp_path / "one") as one, replica(url, tmp_path / "two") as two:
        assert one.read() == two.read() == [OPEN]
        before = one.ask(PLANS)
        assert before == two.ask(PLANS)
        one.send(*[DUTY] * 200)
        assert one.read()
        one.process.send_signal(signal.SIGKILL)
        assert two.ask(DUTY)[0].startswith("巴南区：区教委")
        add_plan(tmp_path / "third")
        open_answerer(tmp_path / "third", NO_MODEL, database=url)
        end = time.monotonic() + SECONDS
        while "河口县" not in str(now := two.ask(PLANS)):
            assert now == before
            assert time.monotonic() < end
        PlanStore(tmp_path / "third" / "plans").remove("教育")
        open_answerer(tmp_path / "third", NO_MODEL, database=url)
        while two.ask(PLANS) != before:
            assert time.monotonic() < end


def test_a_killed_builder_leaves_nothing_half_done(url: str, tmp_path: Path) -> None:
    """Killed while it builds the first index or adds a plan, it holds nobody up, and nothing of it is seen."""
    for stage in ("parse", "lexical"):
        with replica(url, tmp_path / "killed", stage) as killed:
            assert not killed.read()
            assert killed.process.wait() == -signal.SIGKILL
    with replica(url, tmp_path / "two") as two:
        assert two.read() == [OPEN]
        before = two.ask(PLANS)
        add_plan(tmp_path / "killed")
        with replica(url, tmp_path / "killed", "lexical") as killed:
            assert not killed.read()
        assert two.ask(PLANS) == before
        with replica(url, tmp_path / "killed") as again:
            assert again.read() == [OPEN]
            assert "河口县" in str(again.ask(PLANS))
