"""Bring .venv in step with the packages pinned in pyproject.toml; the standard library only.

Arguments are extras (models, postgres) and dependency groups (dev) wanted beside the project's own packages. For each,
a stamp inside .venv holds a hash of what was installed. It is written last, so a run that was killed half-way is
carried on by the next one, and a run with nothing to do returns at once.
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
sys.path.insert(0, str(ROOT))

from scripts.pip_progress import PipError, pip  # noqa: E402 - needs the path above

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = "pip==26.3"
"""Older ones know no dependency groups."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
APP = "app"
"""The name that the project's own packages have among the groups."""
LOCK = "lock"
"""The folder of the lock files: every package that is installed, with its version and hashes."""
LOCKED = (APP, *EXTRAS, "dev")
"""What has a lock file; the other groups are for measuring, and pinned in pyproject.toml alone."""


def decisive(group: str) -> str:
    """Return a hash of what pyproject.toml says of a group's packages; stands at the top of its lock file."""
    project = PROJECT["project"]
    decides = [PROJECT["build-system"], project["dependencies"], project.get("optional-dependencies", {}).get(group)]
    decides.append(PROJECT["dependency-groups"].get(group))
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def wanted(group: str) -> str:
    """Return a hash of everything that decides what a group puts into .venv."""
    lock = ROOT / LOCK / f"{group}.txt"
    decides = [
        PROJECT["build-system"],
        PROJECT["project"],
        PROJECT["dependency-groups"].get(group),
        [PIP, sys.version, str(VENV), lock.read_text(encoding="ascii") if lock.exists() else ""],
    ]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def stamp(group: str) -> Path:
    """Return the file that holds the hash of what a group installed."""
    return VENV / f"installed-{group}.sha256"


def missing(groups: list[str]) -> list[str]:
    """Return the groups that are not installed, or not as they are wanted now."""
    return [
        group
        for group in groups
        if not stamp(group).is_file() or stamp(group).read_text(encoding="ascii") != wanted(group)
    ]


def usable() -> bool:
    """Whether .venv has an interpreter that runs, and pip."""
    command = [str(PYTHON), "-m", "pip", "--version"]
    return PYTHON.exists() and subprocess.run(command, check=False, capture_output=True).returncode == 0


def install(groups: list[str]) -> None:
    """Make .venv where it is missing or made by another Python, and install; PipError when that fails."""
    for group in groups:
        stamp(group).unlink(missing_ok=True)
    tell(f"[1/4] 建立虚拟环境 {VENV}")
    if not usable():
        venv.create(VENV, with_pip=True, clear=True)
    tell("[2/4] 更新 pip")
    pip(PYTHON, [PIP, "--quiet"])
    if "models" in groups:
        # First and alone: by far the largest, so a run that is cut off does not fetch it twice.
        (torch,) = (one for one in EXTRAS["models"] if one.startswith("torch=="))
        tell(f"[3/4] 安装 {torch}，最大的一个包，要几分钟")
        pip(PYTHON, [torch])
    tell(f"[4/4] 安装{'其余的' if 'models' in groups else ''}包（{'、'.join(groups)}）")
    locked = [word for group in groups if group in LOCKED for word in ("--requirement", f"{ROOT / LOCK / group}.txt")]
    if locked:
        # All that is needed stands there, so nothing is looked for; what is not what was locked is not installed.
        # What is used is compiled when it is first used: a fifth of the time and of the room.
        pip(PYTHON, ["--no-compile", "--no-deps", "--require-hashes", *locked])
    if APP in groups:
        pip(PYTHON, ["--no-deps", "--editable", str(ROOT)])
    others = [word for group in groups if group not in LOCKED for word in ("--group", group)]
    if others:
        pip(PYTHON, others)


def tell(line: str) -> None:
    """Say on standard error what is going on."""
    print(line, file=sys.stderr, flush=True)


def bring_up_to_date(groups: list[str]) -> int:
    """Install what is missing, while nobody else does; returns the exit code."""
    if not missing(groups):
        return 0
    with (ROOT / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("另一个安装正在进行，等它结束…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        needed = missing(groups)
        if not needed:
            return 0
        tell("首次运行，或所需的包有变：正在安装，只此一次；中断后再运行会接着做。")
        try:
            install(needed)
        except PipError as error:
            tell(f"{error}\n安装失败，请看上面的信息；网络恢复后再运行一次即可接着安装。")
            return 1
        for group in needed:
            half = stamp(group).with_suffix(".half")
            half.write_text(wanted(group), encoding="ascii")
            half.replace(stamp(group))
    return 0


def main() -> int:
    """Install the project's packages, and the extras and groups named on the command line."""
    try:
        return bring_up_to_date([APP, *sys.argv[1:]])
    except KeyboardInterrupt:
        tell("\n已中断；再运行一次会接着安装。")
        return 130
    except OSError as error:
        tell(f"写不了 {error.filename or ROOT}：{error.strerror}。请检查权限和磁盘空间。")
        return 1


if __name__ == "__main__":
    sys.exit(main())
