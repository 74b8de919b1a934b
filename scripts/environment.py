"""Bring .venv in step with the packages pinned in pyproject.toml; the standard library only.

A stamp inside .venv holds a hash of what was installed. It is written last, so a run that was killed
half-way is carried on by the next one, and a run with nothing to do returns at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.sha256"
PIP = "pip==26.3"
"""Older ones know no dependency groups."""


def wanted() -> str:
    """Return a hash of everything that decides what stands in .venv."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    decides = [
        project["build-system"],
        project["project"],
        project["dependency-groups"],
        [PIP, sys.version, str(VENV)],
    ]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def installed() -> str:
    """Return the hash of what was installed last; empty when that never finished."""
    try:
        return STAMP.read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def pip(step: str, *arguments: str) -> None:
    """Say which step this is and install; CalledProcessError when pip fails."""
    print(f"[{step}] pip install {' '.join(arguments)}", file=sys.stderr, flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *arguments]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)


def install() -> None:
    """Make .venv where it is missing or made by another Python, and install the pinned packages."""
    STAMP.unlink(missing_ok=True)
    print(f"[1/4] {VENV}", file=sys.stderr, flush=True)
    # `clear` only when the interpreter is unusable: what is already installed need not be fetched again.
    has_pip = [str(PYTHON), "-m", "pip", "--version"]
    usable = PYTHON.exists() and subprocess.run(has_pip, check=False, capture_output=True).returncode == 0
    venv.create(VENV, with_pip=True, clear=not usable)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    torch = next(name for name in project["project"]["dependencies"] if name.startswith("torch=="))
    pip("2/4", PIP)
    # First and alone: by far the largest, so a run that is cut off does not fetch it twice.
    pip("3/4", torch)
    pip("4/4", "--editable", ".", "--group", "dev")


def main() -> int:
    """Install what has changed, one run at a time."""
    if installed() == wanted():
        return 0
    with (ROOT / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("另一个安装正在进行，等它结束… Waiting for another set-up.", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if installed() == wanted():
            return 0
        try:
            install()
        except subprocess.CalledProcessError as error:
            print(f"安装失败，请看上面的信息后重试。Set-up failed ({error.returncode}); run it again.", file=sys.stderr)
            return 1
        half = STAMP.with_suffix(".half")
        half.write_text(wanted(), encoding="ascii")
        half.replace(STAMP)
    return 0


if __name__ == "__main__":
    sys.exit(main())
