"""The house rules: style, types and which room may import which."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def check(*command: str) -> None:
    """Run a checker in the project's root and show what it says when it finds something."""
    run = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_ruff_finds_nothing() -> None:
    """Every file keeps the rules in pyproject.toml."""
    check("-m", "ruff", "check", "--quiet", ".")


def test_formatting_is_ruffs() -> None:
    """Every file is formatted, so that a diff shows only what changed."""
    check("-m", "ruff", "format", "--check", "--quiet", ".")


def test_types_hold() -> None:
    """Mypy in strict mode finds nothing."""
    check("-m", "mypy")


def test_rooms_import_one_way() -> None:
    """No room imports one that comes after it, and what is said knows no channel."""
    check("-c", "from importlinter.cli import lint_imports_command as run; run()")


def test_a_class_name_says_whose_it_is() -> None:
    """No two classes of the rooms have the same name, so that a name in a message or a trace means one of them."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for room in ("corpus", "index", "bot"):
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
