"""A wheel built from here works on its own: in an environment, a folder and a home that know nothing of this one."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest

from tests.ask.chatting import NO_MODEL

ROOT = Path(__file__).resolve().parent.parent


class Installed:
    """``wence`` as somebody has installed it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bin = folder / "env" / "bin"
        self._run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=ROOT)
        (wheel,) = folder.glob("wence-*.whl")
        self._run(sys.executable, "-m", "venv", "--without-pip", str(folder / "env"))
        pip = (sys.executable, "-m", "pip", "--python", str(self._bin / "python"), "install", "--quiet", "--no-deps")
        self._run(*pip, "--no-index", "--disable-pip-version-check", str(wheel))
        # The libraries are those of this environment: nothing is downloaded.
        (library,) = (folder / "env" / "lib").glob("python*/site-packages")
        (library / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    def wence(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command as its owner types it."""
        return self._run("wence", *words, env=settings, check=False)

    def _run(
        self, *command: str, cwd: Path | None = None, env: dict[str, str] | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        home = {"HOME": str(self._folder), "PATH": f"{self._bin}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
        return subprocess.run(
            command, cwd=cwd or self._folder, env=home | (env or {}), check=check, capture_output=True, text=True
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """An installation from a wheel that has just been built."""
    return Installed(tmp_path_factory.mktemp("wheel"))


def test_a_question_is_answered(installed: Installed) -> None:
    """The plans, the words and the pages of data are in the wheel; the state goes into the folder where one is."""
    asked = installed.wence("ask", "区教委负责什么", WENCE_MODEL=f"./{NO_MODEL}")
    assert asked.returncode == 0, asked.stderr
    assert "巴南区" in asked.stdout
    assert "责任单位：区教委" in asked.stdout


def test_plans_are_one_command_away(installed: Installed) -> None:
    """What ``python -m corpus`` does in a clone is a command of the same program."""
    listed = installed.wence("corpus", "list")
    assert listed.returncode == 0, listed.stderr
    assert "渝中" in listed.stdout


def test_the_version_is_the_packages(installed: Installed) -> None:
    """``--version`` says what was installed."""
    assert installed.wence("--version").stdout.strip() == metadata.version("wence")


def test_hints_name_the_command_that_is_there(installed: Installed) -> None:
    """Who typed ``wence`` is told of ``wence``, and no folder of the project's."""
    wrong = installed.wence("ask", "--nope")
    assert wrong.returncode == 2
    assert wrong.stderr == "没有选项 --nope\n用法：wence ask --help\n"
    missing = installed.wence("alias", "remove", "没有的叫法")
    assert "wence alias list" in missing.stderr + missing.stdout


def test_a_shell_completes_commands(installed: Installed) -> None:
    """The script for bash asks the program itself how a line may go on."""
    assert "_WENCE_COMPLETE=complete_bash" in installed.wence("completion", "bash").stdout
    words = {"COMP_WORDS": "wence corpus e", "COMP_CWORD": "2", "_WENCE_COMPLETE": "complete_bash"}
    assert installed.wence(**words).stdout.split() == ["export"]
