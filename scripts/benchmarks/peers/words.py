"""Chinese words for a BM25 that knows words by the blanks between them. Runs in the peers' virtual environment."""

from __future__ import annotations

import logging

import jieba

# It logs every start on standard error.
jieba.setLogLevel(logging.WARNING)


def words_apart(text: str) -> str:
    """Return the words of a text with a blank between them, words inside longer ones too."""
    return " ".join(word for word in jieba.cut_for_search(text) if word.strip())
