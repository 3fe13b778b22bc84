"""Any sentence-transformers folder is an encoder; a folder that is none says so in a line."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings.errors import EncoderBrokenError
from embeddings.protocols import Encoder
from embeddings.sentence import SentenceEncoder, batches
from tests.contracts.encoder import TEXTS, EncoderContract

CHARACTERS = sorted({character for text in TEXTS for character in text if not character.isspace()})
PROMPTS = {"query": "问: ", "passage": "文: "}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a very small model, its weights drawn with a fixed seed."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = ["[PAD]", "[UNK]", "问", "文", ":", *CHARACTERS]
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(words))}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer_class: Any = PreTrainedTokenizerFast
    tokenizer.pre_tokenizer = Split("", "isolated")
    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=40,
    )
    BertModel(config).save_pretrained(folder / "plain")
    fast = tokenizer_class(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=40
    )
    fast.save_pretrained(folder / "plain")
    transformer = Transformer(str(folder / "plain"))
    model = SentenceTransformer(
        modules=[transformer, Pooling(transformer.get_embedding_dimension(), "mean")]
    )
    model.save(str(folder / "tiny"))
    change(folder / "tiny" / "config_sentence_transformers.json", prompts=PROMPTS)
    return folder / "tiny"


def change(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def copy_of(folder: Path, target: Path) -> Path:
    return Path(shutil.copytree(folder, target / "copy"))


class TestSentenceEncoder(EncoderContract):
    @pytest.fixture(params=["fp32", "bf16"])
    def encoder(self, request: pytest.FixtureRequest, tiny: Path) -> Encoder:
        return SentenceEncoder(str(tiny), precision=request.param)


def test_the_prompts_of_the_model_are_used(tiny: Path) -> None:
    own, bare = (
        SentenceEncoder(str(tiny)),
        SentenceEncoder(str(tiny), query_prompt="", passage_prompt=""),
    )
    text = TEXTS[0]
    asked, told = own.encode_queries([text]), own.encode_passages([text])
    assert not np.allclose(asked, told, atol=1e-3)
    assert np.allclose(asked, bare.encode_queries([PROMPTS["query"] + text]), atol=1e-3)
    assert np.allclose(told, bare.encode_passages([PROMPTS["passage"] + text]), atol=1e-3)
    assert own.fingerprint != bare.fingerprint


def test_long_texts_are_cut(tiny: Path) -> None:
    encoder = SentenceEncoder(str(tiny))
    start = "馆" * 60
    first, second = encoder.encode_passages([start + "短", start + "期推进"])
    assert float(first @ second) > 0.9999


def test_the_fingerprint_follows_weights_and_settings_not_the_precision(
    tiny: Path, tmp_path: Path
) -> None:
    digests = tmp_path / "digests.json"
    one = SentenceEncoder(str(tiny), precision="fp32").fingerprint
    folder = copy_of(tiny, tmp_path)
    assert SentenceEncoder(str(folder), precision="fp32", digests=digests).fingerprint == one
    assert SentenceEncoder(str(folder), precision="bf16").fingerprint == one
    change(folder / "config_sentence_transformers.json", similarity_fn_name="dot")
    other = SentenceEncoder(str(folder), precision="fp32").fingerprint
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-3] ^= 1
    weights.write_bytes(content)
    assert len({one, other, SentenceEncoder(str(folder), precision="fp32").fingerprint}) == 3


def test_precisions_of_one_fingerprint_agree(tiny: Path) -> None:
    exact, short = (
        SentenceEncoder(str(tiny), precision=each).encode_passages(TEXTS)
        for each in ("fp32", "bf16")
    )
    assert (exact * short).sum(axis=1).min() >= 0.9999


def test_a_folder_needs_no_network_and_prints_nothing(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    encoder = SentenceEncoder(str(tiny))
    encoder.encode_passages(TEXTS)
    assert encoder.fingerprint
    assert capfd.readouterr() == ("", "")


def test_importing_is_cheap() -> None:
    code = (
        "import sys, embeddings.sentence, embeddings.bundled, embeddings.lean, embeddings.hashing\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "spoilt", ["model.safetensors", "config.json", "modules.json", "tokenizer.json"]
)
def test_a_broken_folder_gives_one_line(tiny: Path, tmp_path: Path, spoilt: str) -> None:
    folder = copy_of(tiny, tmp_path)
    (folder / spoilt).write_text("{ this is not it")
    with pytest.raises(EncoderBrokenError) as caught:
        SentenceEncoder(str(folder))
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_path_that_leads_nowhere_is_not_asked_of_a_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for source in (str(tmp_path / "absent"), "./absent", "a/b/c", ""):
        with pytest.raises(EncoderBrokenError, match="no such folder"):
            SentenceEncoder(source)


def test_batches_hold_every_text_once_and_keep_to_the_budget() -> None:
    texts = ["字" * (number * 37 % 101) for number in range(300)]
    found = list(batches(texts, budget=900))
    assert sorted(place for batch in found for place in batch) == list(range(300))
    for batch in found:
        longest = max(len(texts[place].encode()) for place in batch)
        assert len(batch) == 1 or longest * len(batch) <= 900
    lengths = [len(texts[place]) for batch in found for place in batch]
    assert lengths == sorted(lengths, reverse=True)


def test_a_text_over_the_budget_stands_alone() -> None:
    assert list(batches(["短", "长" * 500, ""], budget=10)) == [[1], [0, 2]]
