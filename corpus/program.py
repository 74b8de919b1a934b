"""How this program is called where it runs, and what adds a part of it that is not installed: for hints to people."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires
from importlib.metadata import version as version_of
from pathlib import Path

NAME = "wence"
COMPLETE = "_WENCE_COMPLETE"
"""The variable through which a shell asks how a command line may go on."""
_EXTRA = re.compile(r"""\s*;\s*extra\s*==\s*['"](\w+)['"]\s*""")
_SETUP = "scripts/setup"


def version() -> str:
    """Return the version that is installed; PackageNotFoundError where none is."""
    return version_of(NAME)


def called() -> str:
    """Return what is typed here to run a command: ``wence`` where it is found, else with its folder before it."""
    beside = Path(sys.executable).parent / NAME
    if not beside.exists():
        return f"{_short(Path(sys.executable))} -m bot"
    found = shutil.which(NAME)
    return NAME if found and Path(found).resolve() == beside.resolve() else _short(beside)


def adding(extra: str) -> str:
    """Return the one command that installs an extra of the project into the environment that runs it."""
    root = Path(__file__).parent.parent
    if (root / _SETUP).is_file():
        return f"{_short(root / _SETUP)} {extra}"
    python = shlex.quote(_short(Path(sys.executable)))
    return f"{python} -m pip install {' '.join(shlex.quote(one) for one in _packages(extra))}"


def _packages(extra: str) -> list[str]:
    """Return what an extra consists of, as its package says."""
    try:
        said = requires(NAME) or []
    except PackageNotFoundError:
        return [f"{NAME}[{extra}]"]
    parts = (_EXTRA.split(one, 1) for one in said)
    return [name for name, *wanted in parts if wanted[:1] == [extra]]


def _short(path: Path) -> str:
    """Return a path as it is typed from the current folder, where it is in it."""
    try:
        return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    except OSError:
        return str(path)
