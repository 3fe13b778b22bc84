"""What every `VectorIndex` must do; an adapter subclasses `VectorIndexContract`."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings.errors import DimensionError, DuplicateIdError
from embeddings.exact import ExactIndex
from embeddings.protocols import Ids, VectorIndex, Vectors

DIMENSION = 4
# Four halves with any signs: unit vectors whose products are exact in float32, so that an index
# and the reference must agree on every tie, and there are many.
CORNERS: Vectors = np.array(
    [[0.5 if bits >> axis & 1 else -0.5 for axis in range(DIMENSION)] for bits in range(16)],
    dtype=np.float32,
)


def ids_of(*values: int) -> Ids:
    """Ids as an array."""
    return np.array(values, dtype=np.int64)


batches = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 15)), max_size=12)
steps = st.lists(
    st.tuples(st.booleans(), batches, st.none() | st.sets(st.integers(0, 45), max_size=30)),
    min_size=1,
    max_size=6,
)


class VectorIndexContract:
    """The promises of `VectorIndex`, one test each."""

    def make(self, dimension: int) -> VectorIndex:
        """Return an empty index."""
        raise NotImplementedError

    def load(self, path: Path) -> VectorIndex:
        """Load an index that was saved."""
        raise NotImplementedError

    def filled(self) -> VectorIndex:
        """Return an index that holds ids 5, 9, 2 and 7, added in this order."""
        index = self.make(DIMENSION)
        index.add(ids_of(5, 9), CORNERS[[15, 15]])
        index.add(ids_of(2, 7), CORNERS[[15, 0]])
        return index

    def test_it_starts_empty(self) -> None:
        index = self.make(DIMENSION)
        assert (len(index), index.dimension, index.ids().tolist()) == (0, DIMENSION, [])
        ids, scores = index.search(CORNERS[:2], 3)
        assert ids.shape == scores.shape == (2, 0)

    def test_ids_ascend_and_are_a_copy(self) -> None:
        index = self.filled()
        index.ids()[:] = 0
        assert index.ids().tolist() == [2, 5, 7, 9]
        assert index.ids().dtype == np.int64

    def test_best_first_and_ties_by_id(self) -> None:
        ids, scores = self.filled().search(CORNERS[[15, 0]], 10)
        assert ids.tolist() == [[2, 5, 9, 7], [7, 2, 5, 9]]
        assert scores.tolist() == [[1, 1, 1, -1], [1, -1, -1, -1]]
        assert ids.dtype == np.int64
        assert scores.dtype == np.float32

    def test_a_tie_across_the_last_place_goes_to_the_lower_id(self) -> None:
        index = self.make(DIMENSION)
        numbers = np.arange(60, 0, -1, dtype=np.int64)
        index.add(numbers, np.repeat(CORNERS[3:4], 60, axis=0))
        for k in (1, 2, 7, 59, 60):
            assert index.search(CORNERS[3:4], k)[0].tolist() == [list(range(1, k + 1))]

    def test_only_allowed_ids_are_found(self) -> None:
        index = self.filled()
        assert index.search(CORNERS[15:], 9, allowed=ids_of(9, 7, 7, 400))[0].tolist() == [[9, 7]]
        assert index.search(CORNERS[15:], 9, allowed=ids_of(400))[0].shape == (1, 0)
        assert index.search(CORNERS[15:], 9, allowed=ids_of())[0].shape == (1, 0)

    def test_ids_may_be_large(self) -> None:
        index = self.make(DIMENSION)
        large = 2**40
        index.add(ids_of(large, 1), CORNERS[[15, 14]])
        assert index.search(CORNERS[15:], 5, allowed=ids_of(large))[0].tolist() == [[large]]
        assert index.remove(ids_of(large)) == 1
        assert index.ids().tolist() == [1]

    def test_no_queries_no_rows(self) -> None:
        ids, scores = self.filled().search(CORNERS[:0], 3)
        assert ids.shape == scores.shape == (0, 3)

    def test_given_ids_are_scored_in_their_order(self) -> None:
        index = self.filled()
        index.remove(ids_of(5))
        scores = index.scores(CORNERS[[15, 0]], ids_of(7, 400, 2, 7, 5))
        assert scores.dtype == np.float32
        known = scores[:, [0, 2, 3]]
        assert known.tolist() == [[-1, 1, -1], [1, -1, 1]]
        assert np.isnan(scores[:, [1, 4]]).all()
        assert index.scores(CORNERS[:2], ids_of()).shape == (2, 0)
        assert index.scores(CORNERS[:0], ids_of(7)).shape == (0, 1)
        assert np.isnan(self.make(DIMENSION).scores(CORNERS[:1], ids_of(1))).all()

    def test_removing_counts_what_was_held(self) -> None:
        index = self.filled()
        assert index.remove(ids_of(2, 2, 7, 99)) == 2
        assert index.remove(ids_of(2, 7)) == 0
        assert index.remove(ids_of()) == 0
        assert index.ids().tolist() == [5, 9]
        index.add(ids_of(2), CORNERS[[0]])
        assert index.search(CORNERS[:1], 1)[0].tolist() == [[2]]

    @pytest.mark.parametrize("given_ids", [(3, 3), (3, 9)])
    def test_an_id_never_stands_twice(self, given_ids: tuple[int, int]) -> None:
        index = self.filled()
        with pytest.raises(DuplicateIdError, match=str(given_ids[1])):
            index.add(ids_of(*given_ids), CORNERS[:2])
        assert index.ids().tolist() == [2, 5, 7, 9]

    def test_vectors_must_fit(self) -> None:
        index = self.filled()
        for ids, vectors in (
            (ids_of(1), CORNERS[:1, :3]),
            (ids_of(1), CORNERS[:2]),
            (ids_of(1), CORNERS[0]),
        ):
            with pytest.raises(DimensionError):
                index.add(ids, vectors)
        with pytest.raises(DimensionError):
            index.search(CORNERS[:1, :3], 1)
        assert len(index) == 4

    def test_a_saved_index_comes_back(self, tmp_path: Path) -> None:
        path = tmp_path / "索引.bin"
        path.write_bytes(b"something older")
        index = self.filled()
        index.remove(ids_of(5))
        index.save(path)
        again = self.load(path)
        assert again.ids().tolist() == [2, 7, 9]
        assert again.dimension == DIMENSION
        found, expected = again.search(CORNERS, 2), index.search(CORNERS, 2)
        assert np.array_equal(found[0], expected[0])
        assert np.array_equal(found[1], expected[1])
        with pytest.raises(DuplicateIdError):
            again.add(ids_of(9), CORNERS[:1])
        assert again.remove(ids_of(9)) == 1

    # Every adapter runs this one function, on purpose.
    @settings(
        max_examples=80, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
    )
    @given(steps=steps, k=st.integers(1, 50))
    def test_it_agrees_with_the_reference(
        self, steps: list[tuple[bool, list[tuple[int, int]], set[int] | None]], k: int
    ) -> None:
        index, reference = self.make(DIMENSION), ExactIndex(DIMENSION)
        for adding, pairs, allowed in steps:
            ids = ids_of(*(id_ for id_, _ in pairs))
            if adding:
                vectors = CORNERS[[corner for _, corner in pairs]]
                assert self._refused(index, ids, vectors) == self._refused(reference, ids, vectors)
            else:
                assert index.remove(ids) == reference.remove(ids)
            assert index.ids().tolist() == reference.ids().tolist()
            chosen = None if allowed is None else ids_of(*allowed)
            found = index.search(CORNERS, k, allowed=chosen)
            expected = reference.search(CORNERS, k, allowed=chosen)
            assert found[0].tolist() == expected[0].tolist()
            assert found[1].tolist() == expected[1].tolist()

    @staticmethod
    def _refused(index: VectorIndex, ids: Ids, vectors: Vectors) -> bool:
        try:
            index.add(ids, vectors)
        except DuplicateIdError:
            return True
        return False
