"""Write the result of a training run as the file that ships: adapters and heads in half precision."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from safetensors.numpy import save_file

from index.models.default.model import LAYER_TENSORS
from index.models.default.trained import read_trained

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET = ROOT / "index" / "models" / "default" / "trained.safetensors"
Halves = np.ndarray[tuple[int, ...], np.dtype[np.float16]]
_ADAPTER = re.compile(r"encoder\.layer\.(?P<layer>\d+)\.(?P<name>.+)\.lora_(?P<side>[AB])\.default\.weight$")


def adapters(run: Path, alpha: int) -> dict[str, Halves]:
    """Return the adapters of a run's last state by their short names; B holds the scale already.

    Those that ship where the run has none: only the heads are trained then.
    """
    if not (run / "state.pt").is_file():
        shipped = read_trained().tensors.items()
        return {name: value.astype(np.float16) for name, value in shipped if name.startswith("l")}
    state = torch.load(run / "state.pt", weights_only=True)["network"]
    short = {name: key for key, name in LAYER_TENSORS.items()}
    tensors: dict[str, Halves] = {}
    for name, value in state.items():
        found = _ADAPTER.search(name)
        if found:
            side, key = found["side"].lower(), f"l{found['layer']}.{short[found['name']]}"
            matrix = value.float() * (alpha / value.shape[1] if side == "b" else 1.0)
            tensors[f"{key}.{side}"] = matrix.numpy().astype(np.float16)
    return tensors


def main(
    run: Annotated[Path, typer.Argument(help="Folder of the run.")],
    alpha: int = 32,
    target: Path = TARGET,
) -> None:
    """Write ``trained.safetensors`` from a run's last state and its heads."""
    tensors = adapters(run, alpha)
    for name, value in torch.load(run / "heads.pt", weights_only=True).items():
        head, layer, part = name.split(".")
        key = f"{head}.{'inner' if layer == '0' else 'outer'}.{part[0]}"
        tensors[key] = value.float().numpy().astype(np.float16)
    save_file(tensors, target, metadata={"format": "wence-trained-1"})
    print(f"{target}: {len(tensors)} tensors, {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    typer.run(main)
