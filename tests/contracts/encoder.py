"""What every `Encoder` must do; an adapter subclasses `EncoderContract` and gives `encoder`."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from embeddings.protocols import Encoder, Vectors

TEXTS = [
    "公共图书馆为地方政府提供决策参考。",
    "",
    "The reading room opens at nine.",
    "二〇二三年全市新建社区书屋 128 个，总面积 3.5 万㎡。",
    "圖書館應當妥善保存地方文獻。",
    "短",
    "馆藏数字化工作分三期推进，" * 30,
    "  \n\t ",
    "ＡＢＣ１２３ 😀🚀",
]


def unit_rows(vectors: Vectors, count: int, dimension: int) -> bool:
    """Whether the vectors have the promised shape, type and length."""
    return (
        vectors.shape == (count, dimension)
        and vectors.dtype == np.float32
        and bool(np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5))
    )


class EncoderContract:
    """The promises of `Encoder`, one test each."""

    @pytest.fixture
    def encoder(self) -> Encoder:
        """The encoder under test."""
        raise NotImplementedError

    def test_each_text_gives_a_unit_vector(self, encoder: Encoder) -> None:
        assert encoder.dimension > 0
        assert unit_rows(encoder.encode_passages(TEXTS), len(TEXTS), encoder.dimension)
        assert unit_rows(encoder.encode_queries(TEXTS), len(TEXTS), encoder.dimension)

    def test_no_texts_give_no_vectors(self, encoder: Encoder) -> None:
        assert unit_rows(encoder.encode_passages([]), 0, encoder.dimension)
        assert unit_rows(encoder.encode_queries([]), 0, encoder.dimension)

    def test_neighbours_and_order_do_not_matter(self, encoder: Encoder) -> None:
        together = encoder.encode_passages(TEXTS)
        backwards = encoder.encode_passages(TEXTS[::-1])[::-1]
        alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
        assert (together * backwards).sum(axis=1).min() >= 0.9999
        assert (together * alone).sum(axis=1).min() >= 0.9999

    def test_different_texts_differ(self, encoder: Encoder) -> None:
        first, second = encoder.encode_passages([TEXTS[0], TEXTS[2]])
        assert float(first @ second) < 0.999

    def test_progress_counts_every_text_once(self, encoder: Encoder) -> None:
        seen: list[int] = []
        encoder.encode_passages(TEXTS, progress=seen.append)
        assert sum(seen) == len(TEXTS)
        assert all(step > 0 for step in seen)
        encoder.encode_passages([], progress=seen.append)
        assert sum(seen) == len(TEXTS)

    def test_threads_do_not_disturb_each_other(self, encoder: Encoder) -> None:
        expected = encoder.encode_passages(TEXTS)
        with ThreadPoolExecutor(4) as pool:
            passages = [pool.submit(encoder.encode_passages, TEXTS) for _ in range(4)]
            queries = [pool.submit(encoder.encode_queries, [text]) for text in TEXTS]
        for future in passages:
            assert (future.result() * expected).sum(axis=1).min() >= 0.9999
        asked = np.concatenate([future.result() for future in queries])
        assert (asked * encoder.encode_queries(TEXTS)).sum(axis=1).min() >= 0.9999

    def test_it_says_who_it_is(self, encoder: Encoder) -> None:
        assert encoder.name
        assert encoder.fingerprint
        assert encoder.fingerprint == encoder.fingerprint
