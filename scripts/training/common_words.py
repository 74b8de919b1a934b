"""Count the words that officials use whatever a plan is about, and write them as ``bot/reading/data/common_words.txt``.

A word is common when the clauses of many imagined plans hold it, or when people say it in many messages beside what
they ask about. Without a model such words narrow no list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import jieba

from scripts.training.data_files import Said, read_split

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET = ROOT / "bot" / "reading" / "data" / "common_words.txt"
IN_PLANS, IN_MESSAGES = 0.5, 0.15
"""Shares of the plans whose clauses, or whose messages' chatter, hold a common word."""
HEAD = "# Words that officials use whatever a plan is about; scripts/training/common_words.py counts them.\n"


def main() -> None:
    """Write the list."""
    split = read_split("train")
    plans = _plans_by_word((clause.plan, clause.text) for clause in split.clauses)
    chatter = _plans_by_word((one.plan, _chatter(one)) for one in split.said)
    count = len({clause.plan for clause in split.clauses})
    words = {word for word, own in plans.items() if len(own) >= IN_PLANS * count}
    words |= {word for word, own in chatter.items() if len(own) >= IN_MESSAGES * count}
    TARGET.write_text(HEAD + "".join(f"{word}\n" for word in sorted(words)), encoding="utf-8")
    print(f"{len(words)} words of {count} plans")


def _plans_by_word(texts: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for plan, text in texts:
        for word in jieba.cut(text, HMM=False):
            if len(word) > 1 and not word.isascii():
                found[word].add(plan)
    return found


def _chatter(said: Said) -> str:
    text = list(said.text)
    for start, end, _ in said.spans:
        text[start:end] = " " * (end - start)
    return "".join(text)


if __name__ == "__main__":
    main()
