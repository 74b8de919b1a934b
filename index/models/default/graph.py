"""The embedded model as two graphs for ONNX Runtime, the trained adapters merged into them.

One is for questions, exact, with the heads that read. The other is for documents, of which there are many: its products
are of 8-bit numbers on both sides, for which processors have instructions of their own.

ONNX Runtime multiplies blocks of small integers itself. The word table keeps the package's 4 bits; the matrices, which
differ from the package's once the adapters are in them, take ``BITS``. The fused operators, and what they take:
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.models.card import DOCUMENTS, GRAPH
from index.models.default import onnx_file
from index.models.default.heads import ACTS, MIDDLE_LAYER, PARTS, TAGS
from index.models.default.onnx_file import Kind, Record
from index.models.default.quantise import by_column, quantised, unquantised
from index.models.default.trained import Trained
from index.models.default.weights import BLOCK, ZERO, Codes, Floats, Weights
from index.models.graph import ACT_SCORES, EMBEDDING, IDS, MASK, TAG_SCORES

CONTRIB = "com.microsoft"
OPSET, CONTRIB_OPSET, IR_VERSION = 21, 1, 10
BITS = 4
"""Of a merged weight; docs/retrieval.md has what 4 would lose."""
EXACT, INT8 = 0, 4
"""``accuracy_level`` of MatMulNBits: whether it may round activations to 8 bits, which is faster.

For the documents' graph it means the same. What attention is computed from is not rounded: that takes away two thirds
of the error for a tenth of the time.
"""


SPIKED = ("l0.fo", "l4.fo", "l5.fo")
"""Products of documents that stay exact: single features far above all others would take the rest's 8 bits away."""


class Merged:
    """The weights with what training added, in blocks of ``BITS``; each matrix is quantised once for all graphs."""

    def __init__(self, weights: Weights, trained: Trained) -> None:
        self.weights = weights
        self.trained = trained
        self._blocks: dict[tuple[str, ...], tuple[Codes, Floats]] = {}

    def blocks(self, names: Sequence[str], columns: int) -> tuple[Codes, Floats]:
        """Return matrices laid side by side, as codes and scales; ``columns`` is the width of what they multiply."""
        key = tuple(names)
        if key not in self._blocks:
            parts = [self.trained.merged(name, self.weights.tensors[name].unpacked(columns)) for name in names]
            self._blocks[key] = quantised(np.concatenate(parts), BITS)
        return self._blocks[key]

    def rounded(self, names: Sequence[str], columns: int) -> Floats:
        """Return the same as its codes give it back."""
        return unquantised(*self.blocks(names, columns), BITS)


class _Graph:
    """Collects nodes and constants of the questions' graph."""

    def __init__(self, merged: Merged) -> None:
        self.merged = merged
        self.weights = merged.weights
        self.trained = merged.trained
        self.nodes: list[Record] = []
        self.constants: list[Record] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        """Add a constant; returns its name."""
        self.constants.append(onnx_file.tensor(name, values))
        return name

    def nibbles(self, name: str, codes: Codes) -> str:
        """Add a constant of 4-bit numbers; returns its name."""
        packed = _packed(codes).tobytes()
        named: Record = {"name": name, "dims": list(codes.shape), "data_type": Kind.UINT4, "raw_data": packed}
        self.constants.append(named)
        return name

    def vector(self, name: str) -> str:
        """Add a bias or a norm's weights under their packed name."""
        tensor = self.weights.tensors[name]
        return self.constant(name, tensor.unpacked(tensor.count)[0])

    def add(self, operator: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: float) -> str:
        """Add a node; returns its first output."""
        self.nodes.append(onnx_file.node(operator, inputs, outputs, domain, **attributes))
        return outputs[0]

    def matmul(
        self, source: str, names: list[str], columns: int, output: str, bias: str = "", level: int = INT8
    ) -> None:
        """Multiply by merged matrices laid side by side; ``columns`` is the width of ``source``."""
        codes, scales = self.merged.blocks(names, columns)
        inputs = [source, self.constant(f"{output}.codes", _laid(codes)), self.constant(f"{output}.scales", scales)]
        inputs += ["", "", bias] if bias else []
        sizes = {"K": columns, "N": codes.shape[0], "bits": BITS, "block_size": BLOCK, "accuracy_level": level}
        self.add("MatMulNBits", inputs, [output], CONTRIB, **sizes)

    def dense(self, source: str, layer: str, output: str) -> str:
        """Multiply by a layer of a head and add its bias; returns the name of the output."""
        weight, bias = self.trained.layer(layer)
        self.add("MatMul", [source, self.constant(f"{layer}.w", weight.T)], [f"{layer}.product"])
        return self.add("Add", [f"{layer}.product", self.constant(f"{layer}.b", bias)], [output])

    def add_and_norm(self, source: str, skip: str, bias: str, norm: str, output: str) -> str:
        """Add the layer's input and a bias, and normalise.

        Three plain nodes: the one that does all this at once takes three times as long on a processor.
        """
        self.add("Add", [source, self.vector(bias)], [f"{output}.biased"])
        self.add("Add", [f"{output}.biased", skip], [f"{output}.sum"])
        inputs = [f"{output}.sum", self.vector(f"{norm}.w"), self.vector(f"{norm}.b")]
        return self.add("LayerNormalization", inputs, [output], axis=-1, epsilon=self.weights.measures.epsilon)


class _DocumentGraph(_Graph):
    """The documents' graph: weights rounded as the questions' are, then to 8 bits where that is not ``EXACT``."""

    def matmul(
        self, source: str, names: list[str], columns: int, output: str, bias: str = "", level: int = INT8
    ) -> None:
        """Multiply by merged matrices laid side by side; ``columns`` is the width of ``source``."""
        matrix = self.merged.rounded(names, columns)
        if level != EXACT and output not in SPIKED:
            codes, scales = by_column(matrix)
            inputs = [source, self.constant(f"{output}.codes", codes.T), self.constant(f"{output}.scales", scales)]
            self.add("DynamicQuantizeMatMul", [*inputs, *(["", bias] if bias else [])], [output], CONTRIB)
            return
        product = f"{output}.product" if bias else output
        self.add("MatMul", [source, self.constant(f"{output}.w", matrix.T)], [product])
        if bias:
            self.add("Add", [product, bias], [output])


def write_graphs(folder: Path, weights: Weights, trained: Trained, rows: list[int]) -> None:
    """Write both graphs of the model, its embedding table cut down to ``rows``, into a model's folder."""
    merged = Merged(weights, trained)
    _write(folder / GRAPH, _Graph(merged), rows, heads=trained.has_heads)
    _write(folder / DOCUMENTS, _DocumentGraph(merged), rows, heads=False)


def _write(path: Path, graph: _Graph, rows: list[int], *, heads: bool) -> None:
    weights = graph.weights
    hidden = _embeddings(graph, rows)
    graph.add("Cast", [MASK], ["mask.int32"], to=Kind.INT32)
    middle = hidden
    for layer in range(weights.measures.layers):
        hidden = _layer(graph, f"l{layer}", hidden)
        middle = hidden if layer + 1 == MIDDLE_LAYER else middle
    _pooling(graph, hidden)
    if heads:
        _heads(graph, hidden, middle)
    inputs = [onnx_file.value(name, Kind.INT64, ["texts", "tokens"]) for name in (IDS, MASK)]
    shapes: dict[str, list[str | int]] = {
        EMBEDDING: ["texts", weights.measures.hidden],
        ACT_SCORES: ["texts", len(ACTS) + len(PARTS)],
        TAG_SCORES: ["texts", "tokens", len(TAGS)],
    }
    named = shapes if heads else {EMBEDDING: shapes[EMBEDDING]}
    outputs = [onnx_file.value(name, Kind.FLOAT, shape) for name, shape in named.items()]
    made = {"name": "e5", "node": graph.nodes, "initializer": graph.constants, "input": inputs, "output": outputs}
    opsets = [{"version": OPSET}, {"domain": CONTRIB, "version": CONTRIB_OPSET}]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(onnx_file.encode({"ir_version": IR_VERSION, "opset_import": opsets, "graph": made}))


def _embeddings(graph: _Graph, rows: list[int]) -> str:
    tensors, width = graph.weights.tensors, graph.weights.measures.hidden
    codes, scales = tensors["emb.word"].blocks(width, rows)
    table = [
        graph.nibbles("words.codes", codes.reshape(len(rows), -1)),
        IDS,
        graph.constant("words.scales", scales),
        graph.nibbles("words.zeros", np.full(scales.shape, ZERO, dtype=np.uint8)),
    ]
    axes = {"gather_axis": 0, "quantize_axis": 1, "block_size": BLOCK}
    graph.add("GatherBlockQuantized", table, ["words"], CONTRIB, **axes)
    # Every token is of the first type, so its vector goes into the positions'.
    positions: Floats = tensors["emb.pos"].unpacked(width) + tensors["emb.type"].unpacked(width)[0]
    graph.add("Shape", [IDS], ["tokens"], start=1, end=2)
    start = graph.constant("first", np.array([0], dtype=np.int64))
    graph.add("Slice", [graph.constant("positions", positions), start, "tokens"], ["places"])
    graph.add("Add", ["words", "places"], ["embedded"])
    norm = ["embedded", graph.vector("emb.ln.w"), graph.vector("emb.ln.b")]
    return graph.add("LayerNormalization", norm, ["l.in"], axis=-1, epsilon=graph.weights.measures.epsilon)


def _layer(graph: _Graph, layer: str, source: str) -> str:
    """Add one layer of the transformer; returns the name of its output."""
    measures, tensors = graph.weights.measures, graph.weights.tensors
    width = measures.hidden
    parts = ("q", "k", "v")
    biases = [tensors[f"{layer}.{part}.b"].unpacked(width)[0] for part in parts]
    bias = graph.constant(f"{layer}.qkv.b", np.concatenate(biases))
    graph.matmul(source, [f"{layer}.{part}.w" for part in parts], width, f"{layer}.qkv", bias, EXACT)
    split = [f"{layer}.{part}" for part in parts]
    graph.add("Split", [f"{layer}.qkv"], split, axis=2, num_outputs=len(parts))
    attention = [*split, "", "mask.int32"]
    graph.add("MultiHeadAttention", attention, [f"{layer}.heads"], CONTRIB, num_heads=measures.heads)
    graph.matmul(f"{layer}.heads", [f"{layer}.ao.w"], width, f"{layer}.ao")
    middle = graph.add_and_norm(f"{layer}.ao", source, f"{layer}.ao.b", f"{layer}.aln", f"{layer}.middle")
    graph.matmul(middle, [f"{layer}.fi.w"], width, f"{layer}.fi")
    graph.add("BiasGelu", [f"{layer}.fi", graph.vector(f"{layer}.fi.b")], [f"{layer}.wide"], CONTRIB)
    graph.matmul(f"{layer}.wide", [f"{layer}.fo.w"], measures.feed_forward, f"{layer}.fo")
    return graph.add_and_norm(f"{layer}.fo", middle, f"{layer}.fo.b", f"{layer}.oln", f"{layer}.out")


def _pooling(graph: _Graph, source: str) -> None:
    """Add the mean over the tokens, brought to unit length: the sum of them points the same way."""
    graph.add("Cast", [MASK], ["mask.float"], to=Kind.FLOAT)
    graph.add("Unsqueeze", ["mask.float", graph.constant("last", np.array([2], dtype=np.int64))], ["mask.wide"])
    graph.add("Mul", [source, "mask.wide"], ["masked"])
    tokens = graph.constant("over.tokens", np.array([1], dtype=np.int64))
    graph.add("ReduceSum", ["masked", tokens], ["summed"], keepdims=0)
    graph.add("LpNormalization", ["summed"], [EMBEDDING], axis=1, p=2)


def _heads(graph: _Graph, last: str, middle: str) -> None:
    """Add the heads, both on every token of two layers; that of acts takes the strongest. Messages come singly."""
    graph.add("Concat", [last, middle], ["both"], axis=2)
    for name in ("acts", "tags"):
        graph.add("Gelu", [graph.dense("both", f"{name}.inner", f"{name}.hidden")], [f"{name}.bent"])
    graph.add("ReduceMax", ["acts.bent", "over.tokens"], ["acts.strongest"], keepdims=0)
    graph.dense("acts.strongest", "acts.outer", ACT_SCORES)
    graph.dense("tags.bent", "tags.outer", TAG_SCORES)


def _laid(codes: Codes) -> Codes:
    """Return codes as the runtime takes them: a byte each, or two of 4 bits a byte."""
    return codes if BITS == 8 else _packed(codes)


def _packed(codes: Codes) -> Codes:
    """Return two codes a byte, the first in the low half."""
    packed: Codes = np.bitwise_or(codes[..., 0::2], codes[..., 1::2] << 4, dtype=np.uint8)
    return packed
