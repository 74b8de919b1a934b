"""The steps of one size, each run in a process of its own so that memory is told cleanly.

    python -m scripts.benchmarks.growth.steps STEP FOLDER SIZE

A step prints its figures as they come, a JSON line each: ["open_s", 0.12].
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.answering.answer import Answer
from bot.conversation.answerer import Answerer
from corpus.library.added import PlanStore
from index.encoder import Encoder
from index.filters import Filters
from index.progress import Stage
from index.snapshot import Snapshot
from scripts.benchmarks.growth.gauges import Figure, Stages, Watch, disk_mb, latencies, load, memory
from scripts.benchmarks.growth.places import make_ready, open_as_is, size_mb
from scripts.benchmarks.growth.recall import recall
from scripts.benchmarks.growth.stand_in import StandIn, WithRealCost
from scripts.synthetic.corpus import stored, write_corpus
from scripts.synthetic.plans import make_plan
from scripts.synthetic.questions import Kind, SyntheticQuestion, make_questions, read_questions, write_questions

SEED = 1
EACH = 200
"""Questions of each kind."""
_WARM = 3
_FOUND_WITHIN = 5
_RECALL_QUERIES = 100


def corpus(folder: Path, size: int) -> Iterator[Figure]:
    """Write the plans and the questions."""
    watch = Watch()
    plans, clauses = write_corpus(folder / "plans", size, SEED)
    yield from watch.figures("make_corpus")
    yield "plans", len(plans)
    yield "clauses", clauses
    yield "plans_on_disk_mb", disk_mb(folder / "plans")
    write_questions(folder / "questions.jsonl", make_questions(plans, SEED, EACH))
    yield from memory("make_corpus")


def build(folder: Path, _size: int) -> Iterator[Figure]:
    """Build the index from nothing."""
    encoder, stages, watch = StandIn(), Stages(), Watch()
    make_ready(folder, encoder, stages)
    took = dict(watch.figures("build"))
    yield from took.items()
    yield "embedding_s", encoder.seconds
    yield "pieces", encoder.texts
    yield "build_without_embedding_s", took["build_s"] - encoder.seconds
    yield "parse_and_store_s", stages.seconds(Stage.PARSE)
    yield "words_s", stages.seconds(Stage.LEXICAL)
    yield "index_on_disk_mb", size_mb(folder)
    yield from memory("build")


def serve(folder: Path, _size: int) -> Iterator[Figure]:
    """Open the index and answer questions."""
    yield from memory("empty")
    encoder, watch = StandIn(), Watch()
    snapshot = open_as_is(folder, encoder)
    yield from watch.figures("open_snapshot")
    answerer = Answerer(snapshot)
    yield from watch.figures("open")
    watch = Watch()
    make_ready(folder, encoder)
    yield from watch.figures("check_for_changes")
    yield from memory("opened")
    asked = read_questions(folder / "questions.jsonl")
    duties, filtered, unfiltered = ([one for one in asked if one.kind is kind] for kind in Kind)
    watch = Watch()
    answerer.ask(duties[0].text)
    yield from watch.figures("first_duty")
    yield from _asked("duty", answerer, duties)
    yield from memory("asked")
    watch = Watch()
    answerer.ask(filtered[0].text)
    yield from watch.figures("first_filtered")
    yield from _searched("filtered", snapshot, filtered)
    yield from _searched("unfiltered", snapshot, unfiltered)
    yield from _asked("filtered_answer", answerer, filtered)
    yield from _asked("unfiltered_answer", answerer, unfiltered)
    yield from memory("searched")


def embed(folder: Path, _size: int) -> Iterator[Figure]:
    """Answer questions with the real model's time spent on each."""
    real = Encoder("", folder.parent / "models", remembered=0)
    real.encode_query("中医馆")
    asked = read_questions(folder / "questions.jsonl")
    calls = [partial(real.encode_query, one.text) for one in asked if one.kind is Kind.UNFILTERED]
    yield from latencies("bare_embedding", calls)
    answerer = Answerer(open_as_is(folder, WithRealCost(real)))
    for name, kind in (("filtered_embedded", Kind.FILTERED), ("unfiltered_embedded", Kind.UNFILTERED)):
        yield from _asked(name, answerer, [one for one in asked if one.kind is kind])


def compare(folder: Path, _size: int) -> Iterator[Figure]:
    """Compare the vectors' answers with exact search."""
    encoder = StandIn()
    texts = [one.text for one in read_questions(folder / "questions.jsonl") if one.kind is not Kind.DUTY]
    step = max(1, len(texts) // _RECALL_QUERIES)
    yield "recall_at_10", recall(open_as_is(folder, encoder), encoder, texts[::step])
    yield from memory("compared")


def change(folder: Path, _size: int) -> Iterator[Figure]:
    """Add a plan to the full index and take it away again, each until it shows in the answers."""
    store, encoder = PlanStore(folder / "plans"), StandIn()
    plan = make_plan(SEED + 1, 0, 0)
    plan = replace(plan, meta=replace(plan.meta, id="added"))
    question = f"{plan.meta.district}有哪些方案"
    for name, alter in (
        ("add", lambda: store.add(stored(plan, 10**6))),
        ("remove", lambda: store.remove(plan.meta.id)),
    ):
        watch = Watch()
        alter()
        answerer = Answerer(make_ready(folder, encoder))
        told = plan.meta.title in str(answerer.ask(question)[0])
        yield from watch.figures(f"{name}_plan")
        yield f"{name}_shows", float(told == (name == "add"))
    yield from memory("changed")


def _asked(name: str, answerer: Answerer, questions: Sequence[SyntheticQuestion]) -> Iterator[Figure]:
    """Yield how long answers take, and which share of them is right."""
    answers: list[Answer] = []
    for question in questions[:_WARM]:
        answerer.ask(question.text)
    yield from latencies(name, [partial(_keep, answers, answerer, question.text) for question in questions])
    right = _whole if questions[0].kind is Kind.DUTY else _among
    texts = [[citation.text for citation in answer.citations] for answer in answers]
    yield f"{name}_right", _share(right, texts, questions)


def _keep(answers: list[Answer], answerer: Answerer, text: str) -> None:
    answers.append(answerer.ask(text)[0])


def _searched(name: str, snapshot: Snapshot, questions: Sequence[SyntheticQuestion]) -> Iterator[Figure]:
    """Yield how long searches take, and how often the clause looked for is among the first found."""
    found: list[list[str]] = []

    def search(question: SyntheticQuestion) -> None:
        filters = Filters(districts=(question.district,)) if question.district else Filters()
        found.append([hit.clause.text for hit in snapshot.search(question.text, filters).hits])

    for question in questions[:_WARM]:
        search(question)
    found.clear()
    yield from latencies(f"{name}_search", [partial(search, question) for question in questions])
    yield f"{name}_search_right", _share(_among, found, questions)


def _share(
    right: Callable[[list[str], tuple[str, ...]], bool],
    texts: Sequence[list[str]],
    questions: Sequence[SyntheticQuestion],
) -> float:
    return sum(right(*pair) for pair in zip(texts, (one.gold for one in questions), strict=True)) / len(questions)


def _whole(texts: list[str], gold: tuple[str, ...]) -> bool:
    """Whether the texts are all that is known to answer, and nothing else."""
    missing = [one for one in gold if not any(one in text for text in texts)]
    return not missing and all(any(one in text for one in gold) for text in texts)


def _among(texts: list[str], gold: tuple[str, ...]) -> bool:
    return any(one in text for text in texts[:_FOUND_WITHIN] for one in gold)


STEPS = {step.__name__: step for step in (corpus, build, serve, compare, embed, change)}


def main() -> None:
    """Run the step named on the command line."""
    name, folder, size = sys.argv[1:]
    for figure in STEPS[name](Path(folder), int(size)):
        print(json.dumps(figure), flush=True)
    print(json.dumps((f"{name}_load", load())), flush=True)


if __name__ == "__main__":
    main()
