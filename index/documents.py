"""What of a clause is searched: words for the lexical side, short labelled pieces for the dense side."""

from __future__ import annotations

import re

from corpus.model import Clause

SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
PIECES = 4
"""Texts of one clause that a search makes room for, on average."""
SHORT = 12
"""A sentence of fewer characters says nothing on its own."""


def lexical_text(clause: Clause) -> str:
    """Return the text whose words find a clause: its headings, its title and all of its text."""
    return "\n".join((*clause.path, clause.title, clause.text))


def found_text(clause: Clause) -> str:
    """Return the text in which a word counts as known: headings and what is to be done."""
    return "\n".join((*clause.path, clause.body))


def dense_texts(clause: Clause) -> tuple[str, ...]:
    """Return the texts that are embedded for a clause, the whole of it first, then its sentences and its title.

    Each opens with the district: in two plans on one subject this is what tells their clauses apart.
    """
    body = clause.body or clause.text
    sentences = [found.group().strip() for found in SENTENCE.finditer(body)]
    pieces = [body, *(sentence for sentence in sentences if len(sentence) >= SHORT), clause.title]
    return tuple(f"{clause.district}：{piece}" for piece in dict.fromkeys(pieces) if piece)
