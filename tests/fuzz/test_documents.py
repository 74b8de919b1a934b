"""Any text is parsed to a plan whose clauses stand in it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.store.text import clean
from corpus.assembly.plan import parse_plan
from corpus.blocks import Block
from corpus.lint import findings
from corpus.model import PlanMeta
from corpus.readers.document import BlockList
from tests.fuzz.making import messages
from tests.plan_files import shipped_blocks

META = PlanMeta("fuzz", "", "", "", None, None, None)
SHIPPED = tuple(block for plan in ("banan", "yuzhong") for block in shipped_blocks(plan))
lines = messages.map(clean)
labels = st.sampled_from(
    [
        "一、",
        "（一）",
        "1.",
        "1.1.1",
        "一是",
        "（责任单位：",
        "责任单位：",
        "【区教委】",
        "；",
        "。",
        "到2027年，",
        "附件1",
        "附表",
        "%",
    ]
)
paragraphs = st.lists(labels | lines, min_size=1, max_size=6).map("".join)
rows = st.lists(lines | labels, min_size=1, max_size=6)
pieces = st.one_of(st.sampled_from(SHIPPED), paragraphs, st.lists(rows, min_size=1, max_size=4))


def read(made: list[Block | str | list[list[str]]]) -> tuple[Block, ...]:
    """Return blocks as a reader makes them of paragraphs and tables."""
    blocks = BlockList()
    for one in made:
        if isinstance(one, str):
            blocks.paragraph(one)
        elif isinstance(one, list):
            width = max(map(len, one))
            blocks.table([[*row, *[""] * (width - len(row))] for row in one])
        else:
            blocks.blocks.append(replace(one, line=len(blocks.blocks) + 1))
    return tuple(blocks.blocks)


@given(st.lists(pieces, max_size=20))
def test_a_document(made: list[Block | str | list[list[str]]]) -> None:
    """It is parsed and looked over without a fault, however its lines are mixed."""
    plan = parse_plan(read(made), META, "")
    assert all(clause.id and clause.text for clause in plan.clauses)
    assert len({clause.id for clause in plan.clauses}) == len(plan.clauses)
    assert all(found.spots for found in findings(plan))
