"""How well a network finds clauses and reads messages of plans that it was not trained on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import torch

from bot.reading.tags import TagLabel
from index.models.default.decode import spans_of
from index.models.default.heads import ACTS
from scripts.training.data_files import Said, Split
from scripts.training.network import LONGEST_QUERY, PASSAGE, QUERY, Network


def measure(network: Network, split: Split) -> dict[str, float]:
    """Return R@1, R@3, all@5 and MRR of the questions, and the shares of acts and of messages' spans that are right."""
    network.eval()
    with torch.no_grad():
        return {**finding(network, split), **reading(network, split.said)}


def finding(network: Network, split: Split) -> dict[str, float]:
    """Return the retrieval figures; a clause counts with its best piece, within its own plan."""
    pieces = [(clause.plan, clause.id, piece) for clause in split.clauses for piece in clause.pieces]
    documents = network.embed([piece for _, _, piece in pieces], PASSAGE)
    queries = network.embed([one.text for one in split.asked], QUERY)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, (plan, _, _) in enumerate(pieces):
        rows[plan].append(row)
    totals = {"R@1": 0.0, "R@3": 0.0, "all@5": 0.0, "MRR": 0.0}
    for asked, query in zip(split.asked, queries, strict=True):
        own = rows[asked.plan]
        scores = (documents[own] @ query).tolist()
        best: dict[str, float] = {}
        for row, score in zip(own, scores, strict=True):
            best[pieces[row][1]] = max(best.get(pieces[row][1], -1.0), score)
        order = sorted(best, key=lambda one: -best[one])
        first = min(order.index(one) for one in asked.clauses if one in best)
        totals["R@1"] += first == 0
        totals["R@3"] += first < 3
        totals["all@5"] += set(asked.clauses) <= set(order[:5])
        totals["MRR"] += 1 / (first + 1)
    return {name: round(total / len(split.asked), 4) for name, total in totals.items()}


def reading(network: Network, said: Sequence[Said]) -> dict[str, float]:
    """Return the share of messages whose act is right, of spans found exactly, and of messages with all spans right."""
    right_acts = wanted = exact = found_spans = whole = 0
    for start in range(0, len(said), 64):
        part = said[start : start + 64]
        result = network.run([one.text for one in part], QUERY, LONGEST_QUERY)
        for row, one in enumerate(part):
            right_acts += ACTS[int(result.acts[row].argmax())] == one.act
            tags = result.tags[row].argmax(-1).tolist()
            offsets = [tuple(pair) for pair in result.offsets[row].tolist()]
            found = {
                (first, last, TagLabel(label)) for first, last, label in spans_of(one.text, tags, offsets, len(QUERY))
            }
            exact += len(found & set(one.spans))
            wanted += len(one.spans)
            found_spans += len(found)
            whole += found == set(one.spans)
    return {
        "act": round(right_acts / len(said), 4),
        "spans recall": round(exact / max(wanted, 1), 4),
        "spans precision": round(exact / max(found_spans, 1), 4),
        "all spans": round(whole / len(said), 4),
    }
