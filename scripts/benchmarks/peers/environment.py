"""The virtual environment of the peers: their packages and the project's cannot stand in one.

Torch, sentence-transformers and what they rest on are of the versions that the project pins, so that the same model
runs on the same code on both sides.
"""

from __future__ import annotations

import hashlib
import json
import sys
import venv
from pathlib import Path

from scripts.environment import PIP, PROJECT, tell
from scripts.pip_progress import pip

GROUP = "peers"
SHARED = ("torch", "sentence-transformers", "transformers", "tokenizers", "safetensors", "numpy", "jieba")
"""Packages of the project's own that the peers need too."""
STAMP = "installed.sha256"
"""Written last: an environment without it was cut off half-way."""


def packages() -> list[str]:
    """Return the pinned packages of the peers' environment, torch first: by far the largest."""
    own: list[str] = PROJECT["project"]["dependencies"]
    shared = [next(pin for pin in own if pin.startswith(f"{name}==")) for name in SHARED]
    return [*shared, *PROJECT["dependency-groups"][GROUP]]


def peers_python(folder: Path) -> Path:
    """Return the interpreter of the environment in ``folder``, making it first; PipError when that fails."""
    python = folder / "bin" / "python"
    wanted = hashlib.sha256(json.dumps([packages(), PIP, sys.version]).encode()).hexdigest()
    stamp = folder / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != wanted:
        tell(f"首次运行：在 {folder} 安装用来对比的软件包，要几分钟；项目自己的 .venv 不变。")
        venv.create(folder, with_pip=True, clear=True)
        pip(python, [PIP, "--quiet"])
        pip(python, packages())
        stamp.write_text(wanted, encoding="ascii")
    return python
