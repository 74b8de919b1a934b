"""Train the heads further on what the trained encoder gives: features are computed once, and passes cost little.

The heads look at the tokens in a middle layer and the last, through one hidden layer each. An act may hang on one word
(单独, 打头), so the head of acts takes the strongest that any token says, not the mean.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import torch
import typer
from torch import Tensor, nn
from torch.nn import functional

from bot.reading.tags import TagLabel
from index.models.default.decode import best_tags, spans_of
from index.models.default.heads import ACTS, PARTS, TAGS
from index.models.default.model import write_weights
from index.models.default.trained import Trained
from scripts.training.data_files import Said, read_split
from scripts.training.labels import IGNORED, token_tags
from scripts.training.network import LONGEST_QUERY, QUERY, Network
from scripts.training.ship import adapters

HIDDEN = 256
DROP = 0.4
PARTS_WEIGHT = 3.0
"""Of parts against acts; and of a part that is there, which is rare, against one that is not."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the encoder gives for some messages."""

    tokens: list[Tensor]
    """For each message its tokens × two layers."""
    offsets: list[list[tuple[int, int]]]


class Heads(nn.Module):
    """Both heads."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.acts = nn.Sequential(
            nn.Linear(width, HIDDEN), nn.GELU(), nn.Dropout(DROP), nn.Linear(HIDDEN, len(ACTS) + len(PARTS))
        )
        self.tags = nn.Sequential(nn.Linear(width, HIDDEN), nn.GELU(), nn.Dropout(DROP), nn.Linear(HIDDEN, len(TAGS)))

    def said(self, tokens: Sequence[Tensor]) -> Tensor:
        """Return the logits of acts and parts, messages × both; ``tokens`` of each message as in ``Features``."""
        filled = nn.utils.rnn.pad_sequence([one.float() for one in tokens], batch_first=True)
        sizes = torch.tensor([len(one) for one in tokens])
        filling = torch.arange(filled.shape[1])[None, :] >= sizes[:, None]
        hidden = self.acts[:2](filled).masked_fill(filling.unsqueeze(-1), -torch.inf)
        scores: Tensor = self.acts[2:](hidden.amax(1))
        return scores


def features(network: Network, said: Sequence[Said]) -> Features:
    """Return the features of messages, in their order."""
    order = sorted(range(len(said)), key=lambda row: len(said[row].text))
    tokens: list[Tensor] = [torch.empty(0)] * len(said)
    offsets: list[list[tuple[int, int]]] = [[] for _ in said]
    network.eval()
    with torch.no_grad():
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            found = network.hidden([said[row].text for row in part], QUERY, LONGEST_QUERY)
            for at, row in enumerate(part):
                size = int(found.mask[at].sum())
                tokens[row] = found.tokens[at, :size].half()
                offsets[row] = [tuple(pair) for pair in found.offsets[at, :size].tolist()]
    return Features(tokens, offsets)


def main(
    run: Annotated[
        Path, typer.Argument(help="Folder of the run; where it has no encoder, the one that ships is taken.")
    ],
    passes: int = 12,
    alpha: int = 32,
    seed: int = 7,
) -> None:
    """Write ``heads.pt`` beside the run's state, and the log of its passes."""
    random.seed(seed)
    torch.manual_seed(seed)
    run.mkdir(parents=True, exist_ok=True)
    merged = run / "merged"
    shutil.rmtree(merged, ignore_errors=True)
    merged.mkdir()
    # What ships is rounded to 4 bits: the heads learn from what they will be given.
    write_weights(merged, Trained({name: one.astype("float32") for name, one in adapters(run, alpha).items()}))
    network = Network(merged, 1, 1)
    train, held = read_split("train").said, read_split("validation").said
    seen, unseen = features(network, train), features(network, held)
    heads = Heads(seen.tokens[0].shape[1])
    optimizer = torch.optim.AdamW(heads.parameters(), lr=1e-3, weight_decay=0.05)
    steps = passes * (len(train) // 64)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps + 1)
    labels = [token_tags(one, offsets, len(QUERY)) for one, offsets in zip(train, seen.offsets, strict=True)]
    for number in range(passes):
        began = time.time()
        loss = _pass(heads, optimizer, schedule, seen, train, labels)
        if number % 5 == 4 or number == passes - 1:
            line = {"pass": number + 1, "seconds": round(time.time() - began, 1), "loss": loss}
            print(json.dumps(line | judge(heads, unseen, held)), flush=True)
    torch.save(heads.state_dict(), run / "heads.pt")


def _pass(
    heads: Heads, optimizer: torch.optim.Optimizer, schedule: torch.optim.lr_scheduler.OneCycleLR, seen: Features,
    said: Sequence[Said], labels: list[list[int]],
) -> float:  # fmt: skip
    heads.train()
    rows = list(range(len(said)))
    random.shuffle(rows)
    total = 0.0
    for start in range(0, len(rows) - 63, 64):
        part = rows[start : start + 64]
        acts = torch.tensor([ACTS.index(said[row].act) for row in part])
        tags = torch.tensor([tag for row in part for tag in labels[row]])
        tokens = torch.cat([seen.tokens[row] for row in part]).float()
        parts = torch.tensor([[name in said[row].parts for name in PARTS] for row in part]).float()
        scores = heads.said([seen.tokens[row] for row in part])
        loss = functional.cross_entropy(scores[:, : len(ACTS)], acts, label_smoothing=0.05)
        weight = torch.full((len(PARTS),), PARTS_WEIGHT)
        told = functional.binary_cross_entropy_with_logits(scores[:, len(ACTS) :], parts, pos_weight=weight)
        loss = loss + PARTS_WEIGHT * told
        loss = loss + functional.cross_entropy(heads.tags(tokens), tags, ignore_index=IGNORED)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        total += float(loss)
    return round(total / (len(rows) // 64), 4)


def judge(heads: Heads, unseen: Features, held: Sequence[Said]) -> dict[str, float]:
    """Return the shares of acts and spans that are right."""
    heads.eval()
    with torch.no_grad():
        scores = torch.cat([heads.said(unseen.tokens[at : at + 64]) for at in range(0, len(held), 64)])
        acts = scores[:, : len(ACTS)].argmax(-1).tolist()
        told = [{name for name, score in zip(PARTS, row, strict=True) if score > 0} for row in scores[:, len(ACTS) :]]
        parts = sum(set(one.parts) == row for one, row in zip(held, told, strict=True))
        right = sum(ACTS[act] == one.act for act, one in zip(acts, held, strict=True))
        exact = wanted = found = whole = 0
        for one, tokens, offsets in zip(held, unseen.tokens, unseen.offsets, strict=True):
            tags = best_tags(heads.tags(tokens.float()).numpy())
            spans = {(a, b, TagLabel(label)) for a, b, label in spans_of(one.text, tags, offsets, len(QUERY))}
            exact += len(spans & set(one.spans))
            wanted, found, whole = wanted + len(one.spans), found + len(spans), whole + (spans == set(one.spans))
    return {
        "act": round(right / len(held), 4), "parts": round(parts / len(held), 4),
        "recall": round(exact / wanted, 4),
        "precision": round(exact / max(found, 1), 4), "all spans": round(whole / len(held), 4),
    }  # fmt: skip


if __name__ == "__main__":
    typer.run(main)
