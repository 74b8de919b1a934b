"""Blocks → ``Plan``: divisions, items and tables become clauses with units, targets and ids."""

from __future__ import annotations

from dataclasses import replace

from corpus.assembly.assemble import Assembler
from corpus.assembly.counterparts import link_counterparts
from corpus.assembly.ids import give_ids
from corpus.assembly.leads import lead_first
from corpus.blocks import Block
from corpus.figures.indicators import link
from corpus.figures.states import with_baselines
from corpus.model import Plan, PlanMeta
from corpus.offices.unit_names import canonical_units
from corpus.readers.document import Document
from corpus.structure.furniture import strip
from corpus.structure.headings import with_outline
from corpus.structure.outline import divide
from corpus.structure.table_joins import join_tables
from corpus.structure.unbroken import part


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
