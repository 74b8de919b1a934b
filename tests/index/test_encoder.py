"""Any sentence-transformers model, by name or path, with the prompts it needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embedded.model import embedded_model
from index.encoder import Encoder, family_prompts
from index.errors import ModelUnavailableError


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


def test_family_prompts_fill_what_a_model_lacks(model_folder: Path, tmp_path: Path) -> None:
    """A model of a known family that carries no prompts gets those of its family."""
    copy = shutil.copytree(embedded_model(model_folder), tmp_path / "bge-tiny-zh-v1.5")
    (copy / "config_sentence_transformers.json").unlink()
    assert Encoder(str(copy), tmp_path).prompts["query"] == "为这个句子生成表示以用于检索相关文章："
    assert family_prompts("some/unknown-model") == {}


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
