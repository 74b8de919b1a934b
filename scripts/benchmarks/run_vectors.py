"""How many pieces a second get vectors while an index is made: ours, beside what other frameworks run, in turns.

``scripts/bench vectors``. The texts are the pieces of the shipped plans, each once. Ours is the graph for documents;
beside it the graph for questions on the same texts, and the same weights in sentence-transformers on torch, which
Haystack and LlamaIndex embed with. Every pass stands with the processor time it took and the machine's load; "two
quiet cores" is what the processor time alone would allow there.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from corpus.library.shipped import load_shipped_plans
from index.documents import dense_texts
from index.encoder import clean
from index.models.base import Vectors
from index.models.graph import GraphModel
from index.models.transformer import load_transformer
from index.progress import silent
from scripts.benchmarks.whole_model import whole_model

PASSES = 2
CORES = 2

Embed = Callable[[Sequence[str]], Vectors]


def pieces() -> list[str]:
    """Return the texts that the shipped plans are embedded by, each once."""
    found = (text for plan in load_shipped_plans() for clause in plan.clauses for text in dense_texts(clause))
    return list(dict.fromkeys(map(clean, found)))


def ways(folder: Path) -> dict[str, Embed]:
    """Return what is compared; torch only where it is installed."""
    model = GraphModel(folder)
    found: dict[str, Embed] = {
        "graph for documents (ours)": lambda texts: model.encode(texts, "document"),
        "graph for questions": lambda texts: model.encode(texts, "query"),
    }
    try:
        torch = load_transformer(str(folder), silent)
    except ImportError:
        return found
    return found | {"sentence-transformers, torch (peers)": lambda texts: torch.encode(texts, "document")}


def main() -> None:
    """Measure all in turns and print."""
    texts = pieces()
    with tempfile.TemporaryDirectory() as name:
        compared = ways(whole_model(Path(name)))
        rates: dict[str, list[tuple[float, float, float]]] = {one: [] for one in compared}
        for _ in range(PASSES):
            for one, embed in compared.items():
                wall, cpu = time.perf_counter(), time.process_time()
                embed(texts)
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
                rates[one].append((len(texts) / wall, CORES * len(texts) / cpu, os.getloadavg()[0]))
    table = Table(f"{len(texts)} pieces", "a second, by the clock", f"on {CORES} quiet cores", "load")
    for one, passes in rates.items():
        table.add_row(one, *(f"{statistics.median(column):.0f}" for column in zip(*passes, strict=True)))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
