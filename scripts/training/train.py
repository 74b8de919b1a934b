"""Train adapters and heads: one pass of the encoder learns to find clauses and to read messages.

Finding: each question against its clause's best piece, the pieces of the other questions in the batch, and a hard
negative of the same plan, mined anew with the current weights before each epoch. Reading: the act of a message and the
tag of each of its tokens. Seeded; a run that is cut off goes on from its last epoch.
"""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import torch
import typer
from torch import Tensor
from torch.nn import functional

from index.models.default.heads import ACTS
from index.models.default.model import write_weights
from index.models.default.trained import Trained
from scripts.training.data_files import Asked, Clause, Said, Split, read_split
from scripts.training.labels import IGNORED, token_tags
from scripts.training.measure import measure
from scripts.training.network import LONGEST_QUERY, PASSAGE, QUERY, Network

SCALE = 30.0
"""1 / temperature of the contrastive loss."""
HARD = 6
"""Of so many nearest wrong clauses of the same plan one is drawn as hard negative."""
WARM_UP = 0.06
READING_WEIGHT = 1.0
MESSAGES = 2
"""Messages read in a step for each question that is looked for."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, a piece that answers it, a piece of the same plan that doesn't."""

    asked: Asked
    positive: str
    negative: str
    positive_of: tuple[str, str]
    negative_of: tuple[str, str]


def mine(network: Network, split: Split, draw: random.Random) -> list[Pair]:
    """Return a pair for each question, with the current weights."""
    network.eval()
    pieces: list[tuple[Clause, str]] = [(clause, piece) for clause in split.clauses for piece in clause.pieces]
    by_plan: dict[str, list[int]] = defaultdict(list)
    for row, (clause, _) in enumerate(pieces):
        by_plan[clause.plan].append(row)
    documents = network.embed([piece for _, piece in pieces], PASSAGE)
    queries = network.embed([one.text for one in split.asked], QUERY)
    pairs = []
    for asked, query in zip(split.asked, queries, strict=True):
        rows = by_plan[asked.plan]
        order = sorted(rows, key=lambda row: -float(documents[row] @ query))
        right = [row for row in order if pieces[row][0].id in asked.clauses]
        wrong = list(
            {pieces[row][0].id: row for row in reversed(order) if pieces[row][0].id not in asked.clauses}.values()
        )
        wrong = [row for row in order if row in set(wrong)][:HARD]
        if right and wrong:
            best, hard = pieces[right[0]], pieces[draw.choice(wrong)]
            pairs.append(Pair(asked, best[1], hard[1], (best[0].plan, best[0].id), (hard[0].plan, hard[0].id)))
    network.train()
    return pairs


def finding_loss(network: Network, pairs: Sequence[Pair]) -> Tensor:
    """Return the contrastive loss of a batch; another question's piece that answers this one too is no negative."""
    queries = network.vectors([one.asked.text for one in pairs], QUERY)
    texts = [one.positive for one in pairs] + [one.negative for one in pairs]
    documents = network.vectors(texts, PASSAGE)
    scores = queries @ documents.T * SCALE
    homes = [one.positive_of for one in pairs] + [one.negative_of for one in pairs]
    for row, one in enumerate(pairs):
        for column, (plan, clause) in enumerate(homes):
            if column != row and plan == one.asked.plan and clause in one.asked.clauses:
                scores[row, column] = -1e4
    return functional.cross_entropy(scores, torch.arange(len(pairs)))


def reading_loss(network: Network, said: Sequence[Said]) -> Tensor:
    """Return the loss of acts and tags of a batch of messages."""
    found = network.run([one.text for one in said], QUERY, LONGEST_QUERY)
    acts = torch.tensor([ACTS.index(one.act) for one in said])
    tags = torch.full(found.tags.shape[:2], IGNORED)
    for row, one in enumerate(said):
        marked = token_tags(one, [tuple(pair) for pair in found.offsets[row].tolist()], len(QUERY))
        tags[row, : len(marked)] = torch.tensor(marked)
    act_loss = functional.cross_entropy(found.acts, acts, label_smoothing=0.05)
    return act_loss + functional.cross_entropy(found.tags.flatten(0, 1), tags.flatten(), ignore_index=IGNORED)


def batches(rows: list[int], size: int) -> Iterator[list[int]]:
    """Yield whole batches of rows."""
    for start in range(0, len(rows) - size + 1, size):
        yield rows[start : start + size]


def main(
    out: Annotated[Path, typer.Option(help="Folder of the run: checkpoints, log, result.")] = Path("var/training"),
    epochs: int = 4,
    batch: int = 32,
    rank: int = 16,
    alpha: int = 32,
    rate: float = 1e-3,
    seed: int = 7,
) -> None:
    """Train, and write the result and the log of the run into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    random.seed(seed)
    torch.manual_seed(seed)
    base = out / "base"
    if not (base / "NOTICE").is_file():
        base.mkdir(exist_ok=True)
        write_weights(base, Trained({}))
    network = Network(base, rank, alpha)
    train, held = read_split("train"), read_split("validation")
    wanted = [one for one in network.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(wanted, lr=rate, weight_decay=0.01)
    steps = epochs * (len(train.asked) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps + 1, pct_start=WARM_UP)
    first = _resume(out, network, optimizer, schedule)
    log = (out / "log.jsonl").open("a", encoding="utf-8")
    for epoch in range(first, epochs):
        began = time.time()
        draw = random.Random(seed + epoch)
        pairs = mine(network, train, draw)
        losses = _epoch(network, pairs, train.said, (optimizer, schedule), batch, draw)
        found = measure(network, held)
        _save(out, network, optimizer, schedule, epoch + 1)
        line = {"epoch": epoch + 1, "seconds": round(time.time() - began), "loss": losses, **found}
        print(json.dumps(line, ensure_ascii=False), flush=True)
        print(json.dumps(line, ensure_ascii=False), file=log, flush=True)


def _epoch(
    network: Network,
    pairs: list[Pair],
    said: Sequence[Said],
    moving: tuple[torch.optim.Optimizer, object],
    size: int,
    draw: random.Random,
) -> dict[str, float]:
    network.train()
    optimizer, schedule = moving
    rows = list(range(len(pairs)))
    draw.shuffle(rows)
    messages = _endless(len(said), draw)
    totals = {"finding": 0.0, "reading": 0.0}
    count = 0
    for part in batches(rows, size):
        finding = finding_loss(network, [pairs[row] for row in part])
        reading = reading_loss(network, [said[next(messages)] for _ in range(size * MESSAGES)])
        optimizer.zero_grad()
        (finding + READING_WEIGHT * reading).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()  # type: ignore[attr-defined]
        totals["finding"] += float(finding)
        totals["reading"] += float(reading)
        count += 1
        if count % 20 == 0:
            print(count, {name: round(total / count, 3) for name, total in totals.items()}, flush=True)
    return {name: round(total / max(count, 1), 4) for name, total in totals.items()}


def _endless(count: int, draw: random.Random) -> Iterator[int]:
    while True:
        order = list(range(count))
        draw.shuffle(order)
        yield from order


def _trained(network: Network) -> dict[str, Tensor]:
    return {name: value.detach() for name, value in network.named_parameters() if value.requires_grad}


def _save(out: Path, network: Network, optimizer: torch.optim.Optimizer, schedule: object, epoch: int) -> None:
    state = {
        "epoch": epoch, "network": _trained(network), "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),  # type: ignore[attr-defined]
    }  # fmt: skip
    torch.save(state, out / "next.pt")
    (out / "next.pt").replace(out / "state.pt")


def _resume(out: Path, network: Network, optimizer: torch.optim.Optimizer, schedule: object) -> int:
    if not (out / "state.pt").is_file():
        return 0
    state = torch.load(out / "state.pt", weights_only=True)
    network.load_state_dict(state["network"], strict=False)
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])  # type: ignore[attr-defined]
    return int(state["epoch"])


if __name__ == "__main__":
    typer.run(main)
