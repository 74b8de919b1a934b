"""Any sentence-transformers model, by name or path, with the prompts it needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import encoder as encoder_module
from index.encoder import Encoder
from index.errors import ModelUnavailableError
from index.models.default.model import embedded_model
from index.models.graph import GraphModel
from index.models.transformer import family_prompts


@pytest.mark.parametrize("text", ["", "\ud800中医馆", "中医馆\0几个", "😀😀", "\x1b[31m", "ﾁｭｳ"])
def test_any_text_gets_a_vector(encoder: Encoder, text: str) -> None:
    """Nothing a person can send makes the model raise."""
    assert encoder.encode_query(text).shape == (384,)


def test_nul_does_not_cut_a_question_off(encoder: Encoder) -> None:
    """What stands behind a NUL is read too."""
    assert np.allclose(encoder.encode_query("中医馆\0几个"), encoder.encode_query("中医馆几个"))


def test_a_folder_is_a_model(model_folder: Path, encoder: Encoder, tmp_path: Path) -> None:
    """A path to a sentence-transformers folder works as the default does."""
    copy = shutil.copytree(embedded_model(model_folder), tmp_path / "mine")
    mine = Encoder(str(copy), tmp_path)
    assert np.allclose(mine.encode_query("中医馆"), encoder.encode_query("中医馆"), atol=1e-5)


def test_family_prompts_fill_what_a_model_lacks(plain_model: Path, tmp_path: Path) -> None:
    """A model of a known family that carries no prompts gets those of its family."""
    copy = shutil.copytree(plain_model, tmp_path / "bge-tiny-zh-v1.5")
    (copy / "config_sentence_transformers.json").unlink()
    assert Encoder(str(copy), tmp_path).prompts["query"] == "为这个句子生成表示以用于检索相关文章："
    assert family_prompts("some/unknown-model") == {}


def test_a_folder_without_a_graph_is_run_by_sentence_transformers(
    plain_model: Path, encoder: Encoder, tmp_path: Path
) -> None:
    """Torch gets from the same weights the vectors that the graphs give, those of documents but for their rounding."""
    plain = Encoder(str(plain_model), tmp_path)
    texts = ["中医馆", "到2027年，全区建成中医馆24个。每个中医馆都要设置中药房。"]
    assert (plain.encode_query(texts[0]) * encoder.encode_query(texts[0])).sum() > 0.9995
    assert (plain.encode_documents(texts) * encoder.encode_documents(texts)).sum(axis=1).min() > 0.98
    assert plain.identity != encoder.identity


@pytest.mark.parametrize("engine", ["graph", "torch"])
def test_questions_from_many_threads_get_what_each_would_alone(
    engine: str, model_folder: Path, plain_model: Path
) -> None:
    """Questions embedded side by side get the vectors that they get one by one, whatever runs the model."""
    name = str(plain_model) if engine == "torch" else ""
    many, one = Encoder(name, model_folder), Encoder(name, model_folder, remembered=0)
    questions = [f"中医馆{'建设' * (number % 5)}有几个{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        found = np.stack(list(pool.map(many.encode_query, questions)))
    alone = np.stack([one.encode_query(question) for question in questions])
    assert np.allclose(found, alone, atol=1e-5)


def test_a_question_asked_again_is_not_embedded_again(model_folder: Path) -> None:
    """The same question, typed with other blanks, gets the vector that was made for it; the oldest are forgotten."""
    encoder = Encoder("", model_folder, remembered=2)
    first = encoder.encode_query("中医馆 有几个")
    assert encoder.encode_query("  中医馆　有几个\n") is first
    for question in ("医院", "古籍", "中医馆 有几个"):
        encoder.encode_query(question)
    assert encoder.encode_query("中医馆 有几个") is not first


def test_a_question_does_not_wait_for_ever_for_a_model(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a model is still being loaded a question is told so; once it is there, it is used."""
    go_on = threading.Event()
    load = GraphModel.__init__

    def slow(self: GraphModel, folder: Path, mend: Callable[[], None]) -> None:
        go_on.wait(10)
        load(self, folder, mend)

    monkeypatch.setattr(GraphModel, "__init__", slow)
    monkeypatch.setattr(encoder_module, "PATIENCE", 0.01)
    encoder = Encoder("", model_folder)
    with pytest.raises(ModelUnavailableError, match="still loading"):
        encoder.encode_query("中医馆")
    go_on.set()
    monkeypatch.setattr(encoder_module, "PATIENCE", 10)
    assert encoder.encode_query("中医馆").shape == (384,)


@pytest.mark.parametrize("name", ["./missing", "/missing/folder"])
def test_missing_folder_is_named_in_one_line(name: str, tmp_path: Path) -> None:
    """A path that does not exist is an error at once; nothing goes online."""
    with pytest.raises(ModelUnavailableError, match=f"^{name}: no such folder$"):
        Encoder(name, tmp_path).encode_query("中医馆")


def test_damaged_folder_is_named_in_one_line(tmp_path: Path) -> None:
    """A folder whose settings can't be read is named, without a traceback."""
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelUnavailableError, match=r"^[^\n]*config\.json[^\n]*$"):
        Encoder(str(tmp_path), tmp_path).encode_query("中医馆")


def test_unreachable_hub_is_told_and_asked_once(tmp_path: Path) -> None:
    """A hub name says that it goes online, fails in one line, and is not asked for a second time."""
    code = f"""
from pathlib import Path
from index.encoder import Encoder
from index.errors import ModelUnavailableError
encoder = Encoder("someone/no-such-model", Path({str(tmp_path)!r}), lambda stage, done, total: print(stage.value))
for _ in range(2):
    try:
        encoder.encode_query("中医馆")
    except ModelUnavailableError as error:
        print(error)
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path), "PATH": ""},
    )
    first, *rest = run.stdout.splitlines()
    assert first == "download"
    assert [line.partition(":")[0] for line in rest] == ["someone/no-such-model"] * 2
