"""The command line where the data folder, the disk, the index or the model is not as it should be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.local.folder import CURRENT
from tests.ask.chatting import NO_MODEL

ROOT = Path(__file__).parents[2]


def ask(question: str, folder: Path, model: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """Ask a question in a process of its own; ``before`` is Python to run first."""
    code = f"{before}\nfrom bot.cli.main import app\napp(['ask', {question!r}])"
    environment = os.environ | {"WENCE_DATA_DIR": str(folder), "WENCE_MODEL": str(model)}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in run.stdout + run.stderr
    return run


@pytest.fixture
def copied(data_dir: Path, tmp_path: Path) -> Path:
    """A data folder of one's own with a whole index."""
    shutil.copytree(data_dir / "index", tmp_path / "data" / "index")
    return tmp_path / "data"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """One line says which folder, and which setting changes it."""
    run = ask("区教委负责什么", Path("/sys/wence"), tmp_path / NO_MODEL)
    assert run.returncode == 2
    assert run.stdout == ""
    last = run.stderr.splitlines()[-1]
    assert "/sys/wence" in last
    assert "WENCE_DATA_DIR" in last


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    """Where the index no longer fits, the folder is named, and nothing half-made is left."""
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    run = ask("区教委负责什么", tmp_path / "data", tmp_path / NO_MODEL, limit)
    assert run.returncode == 2
    assert str(tmp_path / "data") in run.stderr.splitlines()[-1]
    assert not (tmp_path / "data" / "index" / CURRENT).exists()


def test_a_damaged_index_is_rebuilt_and_told(copied: Path, data_dir: Path) -> None:
    """The answer is right, and standard error says that the index was not whole."""
    current = copied / "index" / (copied / "index" / CURRENT).read_text(encoding="utf-8")
    plans = current / "clauses.bin"
    plans.write_bytes(plans.read_bytes()[:1000])
    run = ask("区教委负责什么", copied, data_dir / NO_MODEL)
    assert run.returncode == 0
    assert "正在重建" in run.stderr
    assert run.stdout.startswith("巴南区：区教委 6项；渝中区：区教委 2项\n")


def test_a_model_that_cannot_be_had_is_named_and_words_go_on(copied: Path, data_dir: Path) -> None:
    """A question that needs meaning is answered by words, and one line says so and names the model."""
    run = ask("老医书谁来保护", copied, data_dir / NO_MODEL)
    assert run.returncode == 0
    notes = [line for line in run.stdout.splitlines() if "语义模型不可用" in line]
    assert len(notes) == 1
    assert str(data_dir / NO_MODEL) in notes[0]
    assert "古籍" in run.stdout


def test_without_the_model_structured_answers_are_as_ever(copied: Path, data_dir: Path) -> None:
    """What data answers says nothing of a model that it does not need."""
    run = ask("区教委负责什么", copied, data_dir / NO_MODEL)
    assert "语义模型" not in run.stdout + run.stderr
