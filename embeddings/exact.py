"""The reference index: plain numpy, obviously right, for tests and small collections."""

from pathlib import Path

import numpy as np

from embeddings.checks import aligned, checked_addition, checked_queries, findable
from embeddings.protocols import Ids, Scores, Vectors


class ExactIndex:
    """`VectorIndex` as one matrix with its rows in ascending order of id."""

    def __init__(self, dimension: int) -> None:
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._vectors: Vectors = np.empty((0, dimension), dtype=np.float32)

    @classmethod
    def load(cls, path: Path) -> "ExactIndex":
        """Read an index that `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            ids, vectors = arrays["ids"], arrays["vectors"]
        index = cls(vectors.shape[1])
        index.add(ids, vectors)
        return index

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._vectors.shape[1])

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self) -> Ids:
        """All ids held, ascending, each once."""
        return self._ids.copy()

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors; all or none. See `VectorIndex.add`."""
        ids, vectors = checked_addition(self._ids, ids, vectors, dimension=self.dimension)
        all_ids = np.concatenate([self._ids, ids])
        order = np.argsort(all_ids)
        self._ids = all_ids[order]
        self._vectors = np.concatenate([self._vectors, vectors])[order]

    def remove(self, ids: Ids) -> int:
        """Remove those of `ids` that are held and return how many."""
        keep = ~np.isin(self._ids, ids)
        self._ids, self._vectors = self._ids[keep], self._vectors[keep]
        return int(len(keep) - keep.sum())

    def search(self, queries: Vectors, k: int, *, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """Find the `k` nearest of each query. See `VectorIndex.search`."""
        queries = checked_queries(queries, self.dimension)
        rows = np.searchsorted(self._ids, findable(self._ids, allowed))
        scores = queries @ self._vectors[rows].T
        # The rows ascend by id, so a stable sort leaves equal scores in that order.
        order = np.argsort(-scores, axis=1, kind="stable")[:, : max(0, k)]
        return self._ids[rows][order], np.take_along_axis(scores, order, axis=1)

    def scores(self, queries: Vectors, ids: Ids) -> Scores:
        """Score given ids against each query. See `VectorIndex.scores`."""
        return aligned(*self.search(queries, len(ids), allowed=ids), ids)

    def save(self, path: Path) -> None:
        """Write the whole index to `path` (a file), replacing what is there."""
        with path.open("wb") as stream:
            np.savez(stream, ids=self._ids, vectors=self._vectors)
