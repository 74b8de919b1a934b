"""Write a synthetic corpus as added plans, and questions about it whose answers are known.

    python -m scripts.make_corpus 100000 --seed 1 --out /tmp/plans --questions /tmp/questions.jsonl

The plans are put together from word lists and sentence patterns (scripts/synthetic/data): districts, offices, subjects
and numbers are drawn, no sentence is taken from a plan. The same N and seed give the same bytes, and a smaller corpus
is the beginning of a larger one. OUT can stand in the place of the data folder's ``plans``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scripts.synthetic.corpus import write_corpus
from scripts.synthetic.questions import make_questions, write_questions


def main(
    clauses: Annotated[int, typer.Argument(min=1, help="How many clauses; the last plan is finished.")],
    seed: Annotated[int, typer.Option(help="Another one gives another corpus.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder to write to; relative to the project's.")] = Path("var/synthetic"),
    questions: Annotated[Path | None, typer.Option(help="File for questions with their answers.")] = None,
    each: Annotated[int, typer.Option(min=1, help="How many questions of each kind.")] = 200,
) -> None:
    """Write the corpus, and say how large it came out."""
    plans, total = write_corpus(out, clauses, seed)
    print(f"{out}: {len(plans)} plans, {total} clauses")
    if questions:
        made = make_questions(plans, seed, each)
        write_questions(questions, made)
        print(f"{questions}: {len(made)} questions")


if __name__ == "__main__":
    typer.run(main)
