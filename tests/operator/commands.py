"""Runs the operator's commands as processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(folder: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """Run ``python -m bot …`` on a data folder; returns its exit code and all that it prints."""
    environment = {"WENCE_DATA_DIR": str(folder), "PATH": "", "PYTHONPATH": str(ROOT), **settings}
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr
