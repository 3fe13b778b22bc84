"""A segment finds what exact search finds, with the same scores, in a share of the lists."""

from pathlib import Path

import faiss
import numpy as np
import pytest

from embeddings.errors import SnapshotError
from embeddings.faiss_index import FaissIndex
from embeddings.protocols import Ids, Vectors
from embeddings.segment import (
    FEWEST_LISTS,
    SHARE,
    Segment,
    number_of_lists,
    share_of,
    write_segment,
)
from embeddings.selecting import Selection

DIMENSION = 16
COUNT = 4000


def mixtures(count: int, seed: int) -> Vectors:
    """Vectors in bunches, as those of texts are."""
    generator = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((60, DIMENSION))
    vectors = centres[generator.integers(60, size=count)]
    vectors = vectors + 0.4 * generator.standard_normal((count, DIMENSION))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    # As they lie in an index, so that exact search compares the same numbers.
    rounded: Vectors = vectors.astype(np.float16).astype(np.float32)
    return rounded


IDS: Ids = np.arange(COUNT, dtype=np.int64) * 2
VECTORS = mixtures(COUNT, seed=1)
QUERIES = mixtures(50, seed=2)


def written(folder: Path, ids: Ids = IDS, vectors: Vectors = VECTORS) -> Segment:
    path = folder / "segment"
    write_segment(path, ids, vectors.astype(np.float16))
    return Segment(path, sha256="")


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> Segment:
    return written(tmp_path_factory.mktemp("segment"))


@pytest.fixture(scope="module")
def exact() -> FaissIndex:
    index = FaissIndex(DIMENSION)
    index.add(IDS, VECTORS)
    return index


def test_it_is_divided(segment: Segment) -> None:
    assert number_of_lists(COUNT) * SHARE > FEWEST_LISTS
    assert len(segment) == COUNT
    assert segment.dimension == DIMENSION
    assert segment.ids.tolist() == IDS.tolist()


def test_a_smaller_share_is_read_of_a_larger_index() -> None:
    assert share_of(0) == share_of(262_144) == SHARE
    assert share_of(1_048_576) == SHARE / 2


def test_a_smaller_share_finds_less(segment: Segment, exact: FaissIndex) -> None:
    expected, _ = exact.search(QUERIES, 10)
    recalls = []
    for share in (0.1, SHARE, 1.0):
        ids, _ = segment.search(QUERIES, 10, share=share)
        recalls.append(sum(len(np.intersect1d(*rows)) for rows in zip(ids, expected, strict=True)))
    assert recalls == sorted(recalls)
    assert recalls[-1] == expected.size


def test_it_finds_nearly_all_neighbours_with_their_scores(
    segment: Segment, exact: FaissIndex
) -> None:
    ids, scores = segment.search(QUERIES, 10)
    expected, _ = exact.search(QUERIES, 10)
    shared = [len(np.intersect1d(*rows)) for rows in zip(ids, expected, strict=True)]
    assert np.mean(shared) / 10 > 0.95
    for row, query in enumerate(QUERIES):
        assert np.array_equal(exact.scores(query[None], ids[row])[0], scores[row])


@pytest.mark.parametrize("count", [1, 40, COUNT // 5])
def test_a_narrow_filter_makes_it_exact(segment: Segment, exact: FaissIndex, count: int) -> None:
    chosen = np.sort(np.random.default_rng(count).permutation(IDS)[:count])
    found = segment.search(QUERIES, min(10, count), within=Selection(chosen))
    expected = exact.search(QUERIES, min(10, count), allowed=chosen)
    assert np.array_equal(found[0], expected[0])
    assert np.array_equal(found[1], expected[1])


def test_a_wide_filter_lets_nothing_else_through(segment: Segment, exact: FaissIndex) -> None:
    chosen = np.sort(np.random.default_rng(8).permutation(IDS)[: COUNT // 2])
    ids, _ = segment.search(QUERIES, 10, within=Selection(chosen))
    assert np.isin(ids, chosen).all()
    expected, _ = exact.search(QUERIES, 10, allowed=chosen)
    shared = [len(np.intersect1d(*rows)) for rows in zip(ids, expected, strict=True)]
    assert np.mean(shared) / 10 > 0.95


def test_all_can_be_asked_for(segment: Segment, exact: FaissIndex) -> None:
    found, expected = segment.search(QUERIES[:2], COUNT), exact.search(QUERIES[:2], COUNT)
    assert np.array_equal(found[0], expected[0])


def test_equal_vectors_tie_by_id(tmp_path: Path) -> None:
    ids = np.arange(1, 601, dtype=np.int64)
    segment = written(tmp_path, ids, np.repeat(VECTORS[:1], 600, axis=0))
    assert segment.search(VECTORS[:1], 7)[0].tolist() == [[1, 2, 3, 4, 5, 6, 7]]


def test_vectors_come_out_as_they_went_in(segment: Segment) -> None:
    chosen = IDS[[0, 7, 8, 3999]]
    assert np.array_equal(segment.contents(chosen), VECTORS[[0, 7, 8, 3999]].astype(np.float16))
    assert segment.contents(IDS[:0]).shape == (0, DIMENSION)


def test_the_same_vectors_make_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_segment(tmp_path / name, IDS, VECTORS.astype(np.float16))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_single_vector_makes_a_segment(tmp_path: Path) -> None:
    segment = written(tmp_path, IDS[3:4], VECTORS[3:4])
    assert segment.search(QUERIES[:1], 1)[0].tolist() == [[6]]


def test_vectors_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    vectors = VECTORS.copy()
    vectors[::3] = np.nan
    with pytest.raises(SnapshotError, match="cannot train"):
        write_segment(tmp_path / "segment", IDS, vectors.astype(np.float16))


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "segment"
    path.write_bytes(b"not an index at all")
    with pytest.raises(SnapshotError, match="cannot read"):
        Segment(path, sha256="")
    faiss.write_index(faiss.IndexFlatIP(DIMENSION), str(path))
    with pytest.raises(SnapshotError, match="another kind"):
        Segment(path, sha256="")


def test_an_id_that_stands_in_it_twice_is_noticed(tmp_path: Path) -> None:
    twice = np.sort(np.concatenate([IDS[:32], IDS[:32]]))
    with pytest.raises(SnapshotError, match="twice"):
        written(tmp_path, twice, VECTORS[:64])
