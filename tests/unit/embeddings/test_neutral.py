"""An encoder without its language."""

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.hashing import HashingEncoder
from embeddings.neutral import PARALLEL, LanguageNeutral
from embeddings.protocols import Encoder, Vectors
from tests.contracts.encoder import EncoderContract

_SUBJECTS = {"图书馆几点开门": 1, "When does the library open": 1, "农田水利怎么维修": 2}


class Bilingual:
    """What a text says in 63 numbers, and in the last what language it is in, which weighs more."""

    name = "bilingual"
    dimension = 64

    def __init__(self, *, language: float = 2.0, version: str = "1") -> None:
        self._language = language
        self.fingerprint = f"bilingual-{version}-{language}"
        self.encoded = 0

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """A direction of its own for every subject."""
        self.encoded += len(texts)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            seed = _SUBJECTS.get(text, zlib.crc32(text.encode()))
            row[:-1] = np.random.default_rng(seed).normal(size=self.dimension - 1) / 8
            row[-1] = -self._language if text.isascii() else self._language
        if progress is not None:
            progress(len(texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As passages."""
        return self.encode_passages(texts)


class TestLanguageNeutral(EncoderContract):
    @pytest.fixture
    def encoder(self) -> Encoder:
        return LanguageNeutral(HashingEncoder())


def test_what_a_text_says_counts_for_more_than_what_it_is_in() -> None:
    query, same, other = _SUBJECTS
    inner = Bilingual()
    plain = inner.encode_passages([same, other]) @ inner.encode_queries([query])[0]
    assert plain[0] < plain[1], "without it the other text of the same language is nearer"
    encoder = LanguageNeutral(inner)
    near, far = encoder.encode_passages([same, other]) @ encoder.encode_queries([query])[0]
    assert near > 0.9
    assert far < 0.5


def test_the_direction_is_that_of_the_language() -> None:
    axis = LanguageNeutral(Bilingual()).axis
    assert float(np.linalg.norm(axis)) == pytest.approx(1, abs=1e-5)
    assert axis[-1] > 0.95, "from English to Chinese"


def test_an_encoder_that_knows_no_such_direction_keeps_its_vectors() -> None:
    class Constant(Bilingual):
        def encode_passages(
            self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
        ) -> Vectors:
            rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
            rows[:, 3] = 1
            return rows

    encoder = LanguageNeutral(Constant())
    assert not encoder.axis.any()
    assert np.array_equal(encoder.encode_queries(["书"]), Constant().encode_queries(["书"]))


def test_a_text_that_is_nothing_but_its_language_keeps_a_direction() -> None:
    encoder = LanguageNeutral(Bilingual())
    axis = encoder.axis

    class OnlyLanguage(Bilingual):
        def encode_queries(self, texts: Sequence[str]) -> Vectors:
            return np.tile(axis, (len(texts), 1))

    lonely = LanguageNeutral(OnlyLanguage()).encode_queries(["啊"])
    assert np.isfinite(lonely).all()
    assert np.allclose(np.linalg.norm(lonely, axis=1), 1)


def test_the_direction_is_kept_for_the_next_start(tmp_path: Path) -> None:
    first, second = Bilingual(), Bilingual()
    expected = LanguageNeutral(first, folder=tmp_path).encode_queries(["书"])
    again = LanguageNeutral(second, folder=tmp_path).encode_queries(["书"])
    assert np.array_equal(again, expected)
    assert first.encoded > 1
    assert second.encoded == 1, "the parallel texts were not encoded again"
    other = Bilingual(version="2")
    assert LanguageNeutral(other, folder=tmp_path).axis.any()
    assert other.encoded > 1, "what was kept of another encoder is not taken"


@pytest.mark.parametrize("content", [b"", b"not numpy", b"\x93NUMPY\x01\x00"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    expected = LanguageNeutral(Bilingual(), folder=tmp_path).axis
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(content)
    assert np.array_equal(LanguageNeutral(Bilingual(), folder=tmp_path).axis, expected)
    assert kept.read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    assert LanguageNeutral(Bilingual(), folder=taken).axis.any()


def test_it_bears_the_name_and_a_fingerprint_of_its_own() -> None:
    inner = Bilingual()
    encoder = LanguageNeutral(inner)
    assert encoder.name == inner.name
    assert encoder.dimension == inner.dimension
    prints = {encoder.fingerprint, inner.fingerprint}
    assert len({*prints, LanguageNeutral(Bilingual(version="2")).fingerprint}) == 3


def test_every_paragraph_has_its_like_in_the_other_language() -> None:
    pairs = [pair.split("\n") for pair in PARALLEL.read_text("utf-8").strip().split("\n\n")]
    assert len(pairs) >= 30
    for pair in pairs:
        chinese, english = pair
        assert len(chinese.encode()) > 2 * len(chinese), chinese[:20]
        assert len(english.encode()) < 1.1 * len(english), english[:20]
