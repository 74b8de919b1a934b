"""The network that is trained: the default encoder with low-rank adapters, and two heads on the same pass.

One head tells the act of a message, the other what each of its tokens is part of. Both look at a middle layer and the
last: the last is bent towards finding clauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from index.models.default.heads import ACTS, MIDDLE_LAYER, TAGS

QUERY, PASSAGE = "query: ", "passage: "
LONGEST_QUERY, LONGEST_PASSAGE = 64, 112
"""Tokens; a message is cut to 300 characters anyway."""
ADAPTED = range(4, 12)
"""Layers with adapters: below them nothing is learnt, so nothing is carried back."""
LINEAR = r".*\.layer\.({layers})\.(attention\.(self\.(query|key|value)|output\.dense)|(intermediate|output)\.dense)"


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass gives for a batch of texts."""

    vectors: Tensor
    """Unit rows, texts × dimension."""
    acts: Tensor
    """Logits, texts × acts."""
    tags: Tensor
    """Logits, texts × tokens × tags."""
    offsets: Tensor
    """First and last character of each token in its text, prompt included."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What the heads look at, for a batch of texts."""

    tokens: Tensor
    """Texts × tokens × two layers."""
    mask: Tensor
    offsets: Tensor


class Network(nn.Module):
    """The encoder in ``folder`` with fresh adapters of ``rank`` and fresh heads."""

    def __init__(self, folder: Path, rank: int, alpha: int) -> None:
        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        # No dropout inside: drawing it takes longer than all the arithmetic on a CPU.
        base = AutoModel.from_pretrained(
            folder, local_files_only=True, add_pooling_layer=False, dtype=torch.bfloat16,
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        layers = "|".join(map(str, ADAPTED))
        config = LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=0.0, target_modules=LINEAR.format(layers=layers))
        self.encoder = get_peft_model(base, config)
        width = base.config.hidden_size
        self.acts = nn.Linear(2 * width, len(ACTS))
        self.tags = nn.Linear(2 * width, len(TAGS))
        self.drop = nn.Dropout(0.1)

    def run(self, texts: Sequence[str], prompt: str, longest: int) -> Pass:
        """Return vectors, acts and tags of texts."""
        batch = self.tokenizer(
            [prompt + text for text in texts], padding=True, truncation=True, max_length=longest,
            return_tensors="pt", return_offsets_mapping=True,
        )  # fmt: skip
        offsets = batch.pop("offset_mapping")
        # A context for each pass: inside one, autocast keeps its first copy of a weight however often that is changed.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = self.encoder(**batch, output_hidden_states=True)
        mask = batch["attention_mask"].unsqueeze(-1).to(found.last_hidden_state.dtype)
        last, middle = found.last_hidden_state, found.hidden_states[MIDDLE_LAYER]
        last, middle, mask = last.float(), middle.float(), mask.float()
        mean, middle_mean = (_mean(one, mask) for one in (last, middle))
        tokens = torch.cat([last, middle], dim=-1)
        return Pass(
            functional.normalize(mean, dim=-1),
            self.acts(self.drop(torch.cat([mean, middle_mean], dim=-1))),
            self.tags(self.drop(tokens)),
            offsets,
        )

    def hidden(self, texts: Sequence[str], prompt: str, longest: int) -> Hidden:
        """Return what the heads look at."""
        batch = self.tokenizer(
            [prompt + text for text in texts], padding=True, truncation=True, max_length=longest,
            return_tensors="pt", return_offsets_mapping=True,
        )  # fmt: skip
        offsets = batch.pop("offset_mapping")
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = self.encoder(**batch, output_hidden_states=True)
        last, middle = found.last_hidden_state.float(), found.hidden_states[MIDDLE_LAYER].float()
        return Hidden(torch.cat([last, middle], dim=-1), batch["attention_mask"], offsets)

    def vectors(self, texts: Sequence[str], prompt: str, size: int = 16) -> Tensor:
        """Return unit rows for texts, run in small batches of like length: filling up costs as much as text."""
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        longest = LONGEST_QUERY if prompt == QUERY else LONGEST_PASSAGE
        parts = [order[start : start + size] for start in range(0, len(order), size)]
        found = torch.cat([self.run([texts[at] for at in part], prompt, longest).vectors for part in parts])
        return found[torch.tensor(order).argsort()]

    def embed(self, texts: Sequence[str], prompt: str) -> Tensor:
        """Return unit rows for many texts, without gradients."""
        with torch.no_grad():
            return self.vectors(texts, prompt, 64)


def _mean(hidden: Tensor, mask: Tensor) -> Tensor:
    return (hidden * mask).sum(1) / mask.sum(1)
