"""A plan says the same whatever file it comes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.assembly.plan import parse_plan
from corpus.blocks import Block
from corpus.library.shipped import load_shipped_plans
from corpus.model import Plan
from corpus.readers import read
from tests.plan_files import shipped_blocks, write_docx, write_html

PRINTS = Path(__file__).parent / "files"


def write_gbk(blocks: Sequence[Block], path: Path) -> None:
    """Write a web page in the older encoding."""
    write_html(blocks, path, "gb18030")


def copy_print(blocks: Sequence[Block], path: Path) -> None:
    """Take the print that LibreOffice made of the plan, kept because CI has no LibreOffice."""
    path.write_bytes((PRINTS / path.name).read_bytes())


def without_lines(plan: Plan) -> tuple[object, ...]:
    """Return everything a plan says, without where in its file it stands."""
    clauses = tuple(replace(clause, line=0) for clause in plan.clauses)
    indicators = tuple(replace(indicator, line=0) for indicator in plan.indicators)
    return clauses, indicators, plan.units


@pytest.mark.parametrize("plan", load_shipped_plans(), ids=lambda plan: str(plan.meta.id))
@pytest.mark.parametrize(
    ("suffix", "write"), [("docx", write_docx), ("html", write_html), ("htm", write_gbk), ("pdf", copy_print)]
)
def test_a_plan_in_another_format_gives_the_same_export(
    plan: Plan, suffix: str, write: Callable[[Sequence[Block], Path], None], tmp_path: Path
) -> None:
    """Every clause, indicator and unit of the text is found in the Word document, the web page and the print."""
    path = tmp_path / f"{plan.meta.id}.{suffix}"
    write(shipped_blocks(plan.meta.id), path)
    assert without_lines(parse_plan(read(path), plan.meta, plan.sha256)) == without_lines(plan)
