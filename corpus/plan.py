"""Blocks → ``Plan``: divisions, items and tables become clauses with units, targets and ids."""

from __future__ import annotations

from dataclasses import replace

from corpus.assemble import Assembler
from corpus.blocks import Block
from corpus.counterparts import link_counterparts
from corpus.furniture import strip
from corpus.headings import with_outline
from corpus.ids import give_ids
from corpus.indicators import link
from corpus.leads import lead_first
from corpus.model import Plan, PlanMeta
from corpus.outline import divide
from corpus.readers.document import Document
from corpus.states import with_baselines
from corpus.table_joins import join_tables
from corpus.unbroken import part
from corpus.unit_names import canonical_units


def parse_document(document: Document, meta: PlanMeta, sha256: str) -> Plan:
    """Parse a document as read; what its reader left out is among what was dropped."""
    plan = parse_plan(document.blocks, meta, sha256)
    return replace(plan, dropped=(*document.dropped, *plan.dropped))


def parse_plan(blocks: tuple[Block, ...], meta: PlanMeta, sha256: str) -> Plan:
    """Parse a document's blocks; a pure function of them, the metadata and the data files."""
    kept, dropped = strip(blocks)
    assembler = Assembler(meta)
    for section in divide(join_tables(part(with_outline(kept)))):
        assembler.add(section)
    drafts = lead_first(sorted(assembler.drafts, key=lambda draft: (draft.division, draft.clause.line)), kept)
    clauses, units = canonical_units(meta.district, give_ids(meta, drafts))
    clauses = link_counterparts(clauses)
    indicators = tuple(link(indicator, clauses) for indicator in assembler.indicators(clauses))
    clauses = with_baselines(clauses, indicators)
    return Plan(meta, sha256, clauses, indicators, units, dropped, tuple(assembler.problems))
