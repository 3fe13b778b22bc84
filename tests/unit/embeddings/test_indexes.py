"""The vector indexes keep their contract."""

from pathlib import Path

import faiss
import numpy as np
import pytest

from embeddings.errors import SnapshotError
from embeddings.exact import ExactIndex
from embeddings.faiss_index import FaissIndex
from embeddings.protocols import VectorIndex
from tests.contracts.growing import Divided, Kept
from tests.contracts.vector_index import CORNERS, DIMENSION, VectorIndexContract


class TestExactIndex(VectorIndexContract):
    def make(self, dimension: int) -> VectorIndex:
        return ExactIndex(dimension)

    def load(self, path: Path) -> VectorIndex:
        return ExactIndex.load(path)


class TestFaissIndex(VectorIndexContract):
    def make(self, dimension: int) -> VectorIndex:
        return FaissIndex(dimension)

    def load(self, path: Path) -> VectorIndex:
        return FaissIndex.load(path)


class TestGrowingIndex(VectorIndexContract):
    def make(self, dimension: int) -> VectorIndex:
        return Divided(dimension)

    def load(self, path: Path) -> VectorIndex:
        return Divided.load(path)


class TestKeptIndex(VectorIndexContract):
    def make(self, dimension: int) -> VectorIndex:
        return Kept(dimension)

    def load(self, path: Path) -> VectorIndex:
        return Kept.load(path)


def test_equal_vectors_tie_in_any_company() -> None:
    # Matrix products round by place, so this fails where FAISS is left to its own batches.
    generator = np.random.default_rng(3)
    vectors = generator.standard_normal((300, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[100::7] = vectors[3]
    index = FaissIndex(384)
    index.add(np.arange(300, 0, -1, dtype=np.int64), vectors)
    together = index.search(vectors, 40)
    for row in range(0, 300, 11):
        alone = index.search(vectors[row : row + 1], 40)
        assert np.array_equal(together[0][row], alone[0][0])
        assert np.array_equal(together[1][row], alone[1][0])
    best = together[0][3][:29].tolist()
    assert best == sorted(best)


def test_a_file_that_is_no_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError):
        FaissIndex.load(tmp_path / "absent")
    path = tmp_path / "index"
    path.write_bytes(b"not an index at all")
    with pytest.raises(SnapshotError):
        FaissIndex.load(path)


def test_another_kind_of_index_is_refused(tmp_path: Path) -> None:
    path, half = str(tmp_path / "index"), faiss.ScalarQuantizer.QT_fp16
    by_distance = faiss.IndexScalarQuantizer(DIMENSION, half, faiss.METRIC_L2)
    whole = faiss.IndexFlatIP(DIMENSION)
    for index in (whole, faiss.IndexIDMap2(whole), faiss.IndexIDMap2(by_distance)):
        faiss.write_index(index, path)
        with pytest.raises(SnapshotError, match="another kind"):
            FaissIndex.load(tmp_path / "index")


def test_an_index_with_an_id_twice_is_refused(tmp_path: Path) -> None:
    half = faiss.ScalarQuantizer.QT_fp16
    flat = faiss.IndexScalarQuantizer(DIMENSION, half, faiss.METRIC_INNER_PRODUCT)
    index = faiss.IndexIDMap2(flat)
    index.add_with_ids(CORNERS[:2], np.array([4, 4], dtype=np.int64))
    faiss.write_index(index, str(tmp_path / "index"))
    with pytest.raises(SnapshotError, match="twice"):
        FaissIndex.load(tmp_path / "index")
