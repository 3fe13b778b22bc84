"""A cross-encoder's folder is a reranker; a folder that is none says so in a line."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import RerankerBrokenError
from embeddings.model_loading import Precision
from embeddings.reranking import CrossEncoderReranker
from tests.small_models import write_model

QUERY = "老年人补助多少"
TEXTS = (
    "老年人每月补助二百元。",
    "",
    "图书馆周一闭馆。",
    "二百元",
    "老年人" * 40,
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Very small models: a reranker and what is none."""
    from transformers import BertForSequenceClassification, BertModel

    folder = tmp_path_factory.mktemp("models")
    characters = "".join((QUERY, *TEXTS))
    write_model(folder / "reranker", BertForSequenceClassification, characters=characters)
    write_model(folder / "encoder", BertModel, characters=characters)
    write_model(
        folder / "three-classes", BertForSequenceClassification, characters=characters, labels=3
    )
    return folder


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_scores_are_the_models_own_between_0_and_1(models: Path, precision: Precision) -> None:
    from sentence_transformers import CrossEncoder

    fits = CrossEncoderReranker(str(models / "reranker"), precision=precision).score(QUERY, TEXTS)
    assert fits.shape == (len(TEXTS),)
    own = CrossEncoder(str(models / "reranker"), device="cpu")
    expected = own.predict([(QUERY, text) for text in TEXTS])
    assert np.abs(fits - expected).max() < (1e-5 if precision == "fp32" else 0.03)
    assert np.ptp(fits) > 0.05, "else this test would compare nothing"


def test_a_score_does_not_depend_on_its_neighbours(models: Path) -> None:
    reranker = CrossEncoderReranker(str(models / "reranker"), precision="fp32")
    together = reranker.score(QUERY, TEXTS)
    alone = [reranker.score(QUERY, [text])[0] for text in TEXTS]
    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(reranker.score(QUERY, TEXTS[::-1]), together[::-1], atol=1e-5)
    assert reranker.score(QUERY, []).shape == (0,)


def test_the_question_counts(models: Path) -> None:
    reranker = CrossEncoderReranker(str(models / "reranker"))
    assert not np.allclose(reranker.score("图书馆", TEXTS), reranker.score(QUERY, TEXTS))
    assert reranker.name == "reranker"


def test_sure_scores_stay_apart(models: Path, tmp_path: Path) -> None:
    """Where float32 rounds every sure score to 1, order would be lost."""
    from safetensors.numpy import load_file, save_file

    folder = Path(shutil.copytree(models / "reranker", tmp_path / "sure"))
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"] = weights["classifier.bias"] + 25
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    fits = CrossEncoderReranker(str(folder), precision="fp32").score(QUERY, TEXTS)
    plain = CrossEncoderReranker(str(models / "reranker"), precision="fp32").score(QUERY, TEXTS)
    assert len(set(fits.tolist())) == len(TEXTS)
    assert (np.argsort(fits) == np.argsort(plain)).all()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("encoder", "it is an encoder, not a reranker"),
        ("three-classes", "it gives 3 scores to a pair instead of one"),
        ("absent", "there is no such folder"),
        ("empty", ""),
        ("damaged", ""),
        ("not-a-number", "it gives scores that are no numbers"),
    ],
)
def test_what_is_no_reranker_is_refused_in_one_line(
    models: Path, tmp_path: Path, name: str, reason: str
) -> None:
    folder = tmp_path / name
    if name in {"encoder", "three-classes"}:
        folder = models / name
    elif name == "empty":
        folder.mkdir()
    elif name != "absent":
        shutil.copytree(models / "reranker", folder)
        _spoil(folder, name)
    with pytest.raises(RerankerBrokenError) as caught:
        CrossEncoderReranker(str(folder)).score(QUERY, TEXTS)
    assert reason in str(caught.value)
    assert "ZHIKU_RERANKER" in str(caught.value)
    assert "\n" not in str(caught.value)


def _spoil(folder: Path, name: str) -> None:
    from safetensors.numpy import load_file, save_file

    path = folder / "model.safetensors"
    if name == "damaged":
        path.write_bytes(path.read_bytes()[:-100])
        return
    weights = load_file(path)
    weights["classifier.bias"] = weights["classifier.bias"] * np.float32(np.nan)
    save_file(weights, path, metadata={"format": "pt"})


def test_a_folder_is_loaded_without_the_network(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise AssertionError("a model folder was loaded over the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert len(CrossEncoderReranker(str(models / "reranker")).score(QUERY, TEXTS)) == len(TEXTS)


def test_importing_it_imports_no_torch() -> None:
    code = "import json, sys, embeddings.reranking; print(json.dumps('torch' in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(done.stdout) is False
