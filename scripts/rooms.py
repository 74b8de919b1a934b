"""The picture of the rooms in docs/how-it-works.md, as Mermaid, drawn from the import contracts in pyproject.toml.

A room may import those that its arrows lead to, and what lies behind them; a dotted line with a cross is an import that
is forbidden beside that.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def picture() -> str:
    """Return the picture's text."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    lines = ["flowchart TB"]
    for contract in contracts:
        if contract["type"] == "layers":
            for container in contract.get("containers", [""]):
                lines += _box(container, [layer.split(" | ") for layer in contract["layers"]])
    lines += [line for contract in contracts if contract["type"] == "forbidden" for line in _forbidden(contract)]
    return "\n".join(lines)


def _box(container: str, layers: list[list[str]]) -> Iterator[str]:
    """Yield the rooms of a container, each with arrows to those in the layer below."""
    prefix = f"{container}." if container else ""
    if container:
        yield f'    subgraph {container}["{container}/"]'
        yield from (f'        {prefix}{name}["{name}"]' for layer in layers for name in layer)
        yield "    end"
    for upper, lower in pairwise(layers):
        yield from (f"    {prefix}{one} --> {prefix}{other}" for one in upper for other in lower)


def _forbidden(contract: dict[str, Any]) -> Iterator[str]:
    for one in contract["source_modules"]:
        yield from (f"    {one} -.-x {other}" for other in contract["forbidden_modules"])
