"""The figures for people: a table in docs/performance.md between two marks, and curves as pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks.growth.results import Results

_BEGIN, _END = "<!-- growth: begin -->", "<!-- growth: end -->"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what it tells, the figure's name, and how the figure is written."""

    title: str
    figure: str
    form: str = "{:,.0f}"
    bound: str = ""


LINES = (
    Line("plans", "plans"),
    Line("clauses", "clauses"),
    Line("vectors", "pieces"),
    Line("build, vectors aside, s", "build_without_embedding_s", "{:,.1f}"),
    Line("build, stand-in vectors included, s", "build_s", "{:,.1f}"),
    Line("of it reading plans and storing clauses, s", "parse_and_store_s", "{:,.1f}"),
    Line("of it words, s", "words_s", "{:,.1f}"),
    Line("memory while building, peak, MB", "build_peak_memory_mb"),
    Line("index on disk, MB", "index_on_disk_mb"),
    Line("opening, s", "open_s", "{:.2f}", "< 2"),
    Line("looking whether plans have changed, s", "check_for_changes_s", "{:.2f}"),
    Line("memory after opening, MB", "opened_memory_mb"),
    Line("memory after 200 duty questions, MB", "asked_memory_mb"),
    Line("memory after 1,000 questions of all kinds, MB", "searched_memory_mb"),
    Line("of it the process's own, not the files', MB", "searched_own_memory_mb"),
    Line("duty question, p50 ms", "duty_p50_ms", "{:.2f}", "< 5"),
    Line("duty question, p99 ms", "duty_p99_ms", "{:.2f}"),
    Line("duty questions answered whole", "duty_right", "{:.0%}", "100%"),
    Line("search in a district, p50 ms", "filtered_search_p50_ms", "{:.2f}", "< 20"),
    Line("search in a district, p99 ms", "filtered_search_p99_ms", "{:.2f}"),
    Line("clause looked for among the first 5", "filtered_search_right", "{:.0%}"),
    Line("search in all plans, p50 ms", "unfiltered_search_p50_ms", "{:.2f}", "< 20"),
    Line("search in all plans, p99 ms", "unfiltered_search_p99_ms", "{:.2f}"),
    Line("clause looked for among the first 5", "unfiltered_search_right", "{:.0%}"),
    Line("answer to a topic in a district, p50 ms", "filtered_answer_p50_ms", "{:.2f}", "< 20"),
    Line("answer to a topic in all plans, p50 ms", "unfiltered_answer_p50_ms", "{:.2f}", "< 20"),
    Line("the same with the real model's embedding, p50 ms", "unfiltered_embedded_p50_ms", "{:.2f}"),
    Line("that embedding alone, p50 ms", "bare_embedding_p50_ms", "{:.2f}"),
    Line("recall@10 of the vectors against exact search", "recall_at_10", "{:.3f}", "≥ 0.95"),
    Line("adding a plan, until it is answered from, s", "add_plan_s", "{:.2f}"),
    Line("removing a plan, until it no longer is, s", "remove_plan_s", "{:.2f}"),
    Line("others at work meanwhile (load average)", "serve_load", "{:.1f}"),
)


def table(results: Results, index: str) -> str:
    """Return the table of one kind of index as Markdown."""
    runs = results.runs(index)
    heads = ["", *(f"{size:,}" for size in runs), "bound"]
    rows = [heads, ["---", *["---:"] * (len(runs) + 1)]]
    rows += [
        [line.title, *(_cell(line, figures) for figures in runs.values()), line.bound]
        for line in LINES
        if any(line.figure in figures for figures in runs.values())
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _cell(line: Line, figures: Mapping[str, float]) -> str:
    return line.form.format(figures[line.figure]) if line.figure in figures else ""


def insert(document: Path, results: Results, indexes: tuple[str, ...]) -> None:
    """Put the tables between the marks of ``document``; ValueError when it has none."""
    before, begin, rest = document.read_text(encoding="utf-8").partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"{document}: {_BEGIN} … {_END} is not there")
    parts = [f"Machine: {results.machine}."]
    parts += [f"Index: {index}.\n\n{table(results, index)}" for index in indexes if results.runs(index)]
    text = "\n\n".join(parts)
    document.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
