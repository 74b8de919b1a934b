"""What the three rooms import is declared, and what only an extra brings is imported only where it is asked for."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("corpus", "index", "bot")
EXTRAS = {
    "corpus/readers/recognition.py": "ocr",
    "index/models/transformer.py": "models",
    "index/postgres": "postgres",
}
"""Where an extra is imported, and which."""
BROUGHT = {"cv2": "rapidocr"}
"""What comes with a package that has no use without it."""


def imported() -> Iterator[tuple[str, str]]:
    """Yield each file of the rooms with each package of others that it imports."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names = [node.module]
                for name in {one.partition(".")[0] for one in names} - {*ROOMS, *sys.stdlib_module_names}:
                    yield str(path.relative_to(ROOT)), name


def declared() -> dict[str, set[str]]:
    """Return the distributions that are declared, those of the lean installation under an empty name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = {"": project["dependencies"], **project["optional-dependencies"]}
    return {extra: {canonicalize_name(Requirement(line).name) for line in lines} for extra, lines in lists.items()}


def test_every_import_is_declared_and_an_extra_is_asked_for() -> None:
    """A lean installation lacks nothing that is imported outside the two places that extras serve."""
    brought_by, lists = packages_distributions(), declared()
    strange = []
    for file, package in imported():
        known = {canonicalize_name(name) for name in brought_by.get(package, [BROUGHT.get(package, package)])}
        known |= {canonicalize_name(BROUGHT[package])} if package in BROUGHT else set()
        extra = next((name for place, name in EXTRAS.items() if file.startswith(place)), "")
        if not known & (lists[""] | lists[extra]):
            strange.append((file, package))
    assert strange == []
