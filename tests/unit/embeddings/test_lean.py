"""The encoder without sentence-transformers gives what sentence-transformers gives."""

import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import lean
from embeddings.bert_weights import BertWeights, token_batches
from embeddings.errors import EncoderBrokenError
from embeddings.lean import LeanEncoder
from embeddings.model_loading import usual_precision
from embeddings.packed_model import Vocabulary
from embeddings.plain_tokens import PlainTokens, write_table
from embeddings.protocols import Encoder, Vectors
from embeddings.sentence import SentenceEncoder
from embeddings.unigram import write_tokenizer
from tests.contracts.encoder import TEXTS, EncoderContract

HIDDEN, LAYERS, INNER, POSITIONS = 64, 2, 128, 40
WORDS = [
    "▁",
    "图书馆",
    "图书",
    "书馆",
    "馆藏",
    "决策参考",
    "参考",
    "数字化",
    "the",
    "▁read",
    "ing",
    "▁.",
    ":",
]
SHAPES = {
    "attention.self.query": (HIDDEN, HIDDEN),
    "attention.self.key": (HIDDEN, HIDDEN),
    "attention.self.value": (HIDDEN, HIDDEN),
    "attention.output.dense": (HIDDEN, HIDDEN),
    "intermediate.dense": (INNER, HIDDEN),
    "output.dense": (HIDDEN, INNER),
}
ALPHABET = "图书馆藏决策参考数字化短智 ▁ＡＢ１，。:ae\tthreading圖“”é龘가①ﾊ<\ŕ😀"


def vocabulary() -> Vocabulary:
    characters = sorted({c for text in TEXTS[:5] for c in text if not c.isspace()} - {"二", "短"})
    names = dict.fromkeys([*WORDS, *characters, *"queryassgt"])
    pieces = ("<s>", "<pad>", "</s>", "<unk>", *names, "<mask>")
    scores = tuple(-1.0 - (number * 37 % 101) / 10 for number in range(len(pieces)))
    replacements = (("\t", " "), ("\n", " "), ("Ａ", "A"), ("１", "1"), ("…", "..."), ("\x0b", ""))
    return Vocabulary(pieces, scores, begin=0, end=2, pad=1, unknown=3, replacements=replacements)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the default model's, very small, its weights drawn with a fixed seed."""
    from safetensors.numpy import save_file

    folder = tmp_path_factory.mktemp("lean") / "small"
    (folder / "1_Pooling").mkdir(parents=True)
    made = vocabulary()
    draw = np.random.default_rng(7)
    tensors: dict[str, np.ndarray[Any, Any]] = {
        "embeddings.word_embeddings.weight": draw.normal(size=(len(made.pieces), HIDDEN)),
        "embeddings.position_embeddings.weight": draw.normal(size=(POSITIONS, HIDDEN)) / 4,
        "embeddings.token_type_embeddings.weight": draw.normal(size=(2, HIDDEN)) / 4,
        "pooler.dense.weight": np.zeros((HIDDEN, HIDDEN)),
        "pooler.dense.bias": np.zeros(HIDDEN),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        start = f"encoder.layer.{layer}"
        norms += [f"{start}.attention.output.LayerNorm", f"{start}.output.LayerNorm"]
        for name, shape in SHAPES.items():
            tensors[f"{start}.{name}.weight"] = draw.normal(size=shape) / 8
            tensors[f"{start}.{name}.bias"] = draw.normal(size=shape[0]) / 8
    for name in norms:
        tensors[f"{name}.weight"] = 1 + draw.normal(size=HIDDEN) / 8
        tensors[f"{name}.bias"] = draw.normal(size=HIDDEN) / 8
    exact = {name: values.astype(np.float32) for name, values in tensors.items()}
    save_file(exact, folder / "model.safetensors", metadata={"format": "pt"})
    write_tokenizer(made, folder / "tokenizer.json", max_length=POSITIONS)
    write_table(made, folder.parent / "tokens.npz")
    for name, content in _configured(len(made.pieces)).items():
        (folder / name).write_text(json.dumps(content))
    return folder


def _configured(words: int) -> dict[str, object]:
    module = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": HIDDEN,
            "intermediate_size": INNER,
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": POSITIONS,
            "num_attention_heads": 2,
            "num_hidden_layers": LAYERS,
            "pad_token_id": 1,
            "vocab_size": words,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": POSITIONS,
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "sentence_bert_config.json": {"max_seq_length": POSITIONS, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}.Pooling"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": HIDDEN,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: ", "passage": "passage: "}
        },
    }


def lean_encoder(model: Path, **options: Any) -> LeanEncoder:
    return LeanEncoder(model, tokens=model.parent / "tokens.npz", **options)


class TestFewTexts(EncoderContract):
    @pytest.fixture
    def encoder(self, model: Path) -> Encoder:
        return lean_encoder(model)


class TestManyTexts(EncoderContract):
    @pytest.fixture(params=["fp32", "bf16"])
    def encoder(
        self, request: pytest.FixtureRequest, model: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Encoder:
        monkeypatch.setattr(lean, "FEW_TOKENS", 0)
        monkeypatch.setattr(lean, "BATCH_TOKENS", 90)
        return lean_encoder(model, precision=request.param)


@pytest.mark.parametrize("few", [10**9, 0])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_every_engine_agrees_with_the_library(
    model: Path, monkeypatch: pytest.MonkeyPatch, few: int, precision: Any
) -> None:
    monkeypatch.setattr(lean, "FEW_TOKENS", few)
    expected = SentenceEncoder(str(model), precision="fp32")
    encoder = lean_encoder(model, precision=precision)
    for ours, theirs in (
        (encoder.encode_passages(TEXTS), expected.encode_passages(TEXTS)),
        (encoder.encode_queries(TEXTS), expected.encode_queries(TEXTS)),
    ):
        assert (ours * theirs).sum(axis=1).min() >= 0.9999


def test_without_the_packed_operations_the_vectors_are_the_same(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(lean, "FEW_TOKENS", 0)
    packed = lean_encoder(model, precision="fp32").encode_passages(TEXTS)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    plain = lean_encoder(model, precision="fp32").encode_passages(TEXTS)
    assert np.allclose(packed, plain, atol=1e-5)


def test_the_fingerprint_follows_the_model_and_not_the_engine(model: Path) -> None:
    names = {lean_encoder(model, precision=each).fingerprint for each in ("fp32", "bf16", None)}
    assert names == {SentenceEncoder(str(model)).fingerprint}


def test_a_question_imports_no_torch(model: Path) -> None:
    code = """
import sys
from pathlib import Path
from embeddings.lean import LeanEncoder
model = Path(sys.argv[1])
LeanEncoder(model, tokens=model.parent / "tokens.npz").encode_queries(["图书馆有哪些馆藏？"])
print(sorted({"torch", "transformers", "tokenizers", "sentence_transformers"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", code, str(model)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@settings(deadline=None)
@given(st.text(alphabet=ALPHABET, max_size=60))
def test_plain_text_is_cut_as_the_library_cuts_it(text: str) -> None:
    plain, library = _cutters()
    for longest in (POSITIONS, 7):
        found = plain.cut(text, longest=longest)
        library.enable_truncation(longest)
        assert found is None or found == library.encode(text).ids
    if text and all(character in "图书馆藏短智 ，:the" for character in text):
        assert plain.cut(text, longest=POSITIONS) is not None


@pytest.mark.parametrize("text", ["<s>", "a\r\nb", "e\u0301", "👨‍👩‍👧", "ｶﾞ", "\x00"])
def test_what_is_not_plain_is_left_to_the_library(text: str) -> None:
    assert _cutters()[0].cut(text, longest=POSITIONS) is None


_MADE: list[tuple[PlainTokens, Any]] = []


@pytest.fixture(scope="module", autouse=True)
def _cutters_of(model: Path) -> None:
    from tokenizers import Tokenizer

    untyped: Any = Tokenizer
    library = untyped.from_file(str(model / "tokenizer.json"))
    _MADE.append((PlainTokens(model.parent / "tokens.npz"), library))


def _cutters() -> tuple[PlainTokens, Any]:
    return _MADE[0]


@settings(deadline=None)
@given(st.lists(st.integers(1, 60)), st.integers(1, 100))
def test_batches_hold_every_text_once_and_keep_to_the_budget(
    lengths: list[int], budget: int
) -> None:
    texts = [[0] * length for length in lengths]
    found = list(token_batches(texts, budget=budget))
    assert sorted(place for batch in found for place in batch) == list(range(len(texts)))
    assert all(
        len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= budget for batch in found
    )
    in_order = [lengths[place] for batch in found for place in batch]
    assert in_order == sorted(lengths, reverse=True)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "../tokens.npz"])
def test_a_damaged_file_gives_one_line(model: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(model.parent, tmp_path / "copy")
    folder = tmp_path / "copy" / model.name
    whole = (folder / name).read_bytes()
    for content in (b"", b"{ this is not it", whole[: len(whole) // 2]):
        (folder / name).write_bytes(content)
        with pytest.raises(EncoderBrokenError) as caught:
            lean_encoder(folder)
        assert "\n" not in str(caught.value)


def test_weights_are_mapped_and_not_read(model: Path) -> None:
    weights = BertWeights(model)
    tensor = weights.tensor("embeddings.word_embeddings.weight")
    assert not tensor.flags.writeable
    assert not tensor.flags.owndata
    with pytest.raises(KeyError):
        weights.tensor("absent")


class _Slow:
    """Torch in the middle of a batch that lasts until it is let go."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def vectors(self, texts: list[list[int]]) -> Vectors:
        self.begun.set()
        assert self.may_end.wait(60)
        return np.ones((len(texts), HIDDEN), dtype=np.float32)


def test_a_question_waits_for_no_batch(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lean, "FEW_TOKENS", POSITIONS)
    encoder, slow = lean_encoder(model), _Slow()
    vars(encoder)["_many"] = slow
    with ThreadPoolExecutor(3) as threads:
        passages = threads.submit(encoder.encode_passages, ["图书馆的馆藏数字化"] * 20)
        assert slow.begun.wait(60)
        try:
            question = threads.submit(encoder.encode_queries, ["馆藏有哪些？"])
            fingerprint = threads.submit(lambda: encoder.fingerprint)
            assert question.result(30).shape == (1, HIDDEN)
            assert fingerprint.result(30)
            assert not passages.done()
        finally:
            slow.may_end.set()
        assert passages.result(60).shape == (20, HIDDEN)


@pytest.mark.parametrize(("given", "kept"), [(None, "passive"), ("active", "active")])
def test_torch_does_not_wait_in_a_busy_loop_unless_told_to(given: str | None, kept: str) -> None:
    code = """
import os, sys
from embeddings import bundled, sentence
assert "torch" not in sys.modules
print(os.environ["OMP_WAIT_POLICY"])
"""
    told = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    told |= {} if given is None else {"OMP_WAIT_POLICY": given}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=told)
    assert done.stdout.strip() == kept


@pytest.mark.parametrize(
    ("abilities", "precision"),
    [
        ({"avx512_bf16": True, "amx_bf16": False}, "bf16"),
        ({"bf16": True}, "bf16"),
        ({"avx2": True, "avx512_vnni": True, "avx512_bf16": False}, "fp32"),
        ({}, "fp32"),
    ],
)
def test_the_processor_chooses_the_precision(
    monkeypatch: pytest.MonkeyPatch, abilities: dict[str, bool], precision: str
) -> None:
    import torch

    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: abilities)
    assert usual_precision() == precision
