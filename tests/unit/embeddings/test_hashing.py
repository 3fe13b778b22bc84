"""The encoder for tests keeps the contract of the real ones."""

import pytest

from embeddings.hashing import HashingEncoder
from embeddings.protocols import Encoder
from tests.contracts.encoder import EncoderContract


class TestHashingEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self) -> Encoder:
        return HashingEncoder()


def test_texts_that_share_characters_are_near() -> None:
    encoder = HashingEncoder()
    texts = ["社区图书馆延长开放时间", "图书馆的开放时间", "农田水利设施维修办法"]
    same, near, far = encoder.encode_passages(texts) @ encoder.encode_queries(texts[:1])[0]
    assert same == pytest.approx(1)
    assert near > far + 0.2


def test_width_and_case_do_not_matter() -> None:
    encoder = HashingEncoder()
    first, second = encoder.encode_queries(["ＧＢ／Ｔ 7714", "gb/t7714"])
    assert float(first @ second) == pytest.approx(1)


def test_the_dimension_is_part_of_the_fingerprint() -> None:
    assert HashingEncoder(64).fingerprint != HashingEncoder(128).fingerprint
    assert HashingEncoder(64).encode_queries(["书"]).shape == (1, 64)
