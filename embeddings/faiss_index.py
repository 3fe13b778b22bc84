"""Exact nearest neighbours with FAISS."""

from pathlib import Path
from typing import Any

import faiss as typed_faiss
import numpy as np

from embeddings.checks import checked_addition, checked_queries, findable
from embeddings.errors import SnapshotError
from embeddings.protocols import Ids, Scores, Vectors

faiss: Any = typed_faiss
"""The stubs describe the C++ signatures, not the ones Python callers use."""
BITMAP_LIMIT = 1 << 27
"""With an id from here on, a filter is a hashed set instead of a bitmap (at most 16 MiB)."""
BLOCK = 16
"""Queries searched at once.

From 20 queries on FAISS multiplies whole matrices (``distance_compute_blas_threshold``), where the
score of one pair depends, in its last bit, on its place in the matrix: equal vectors would no
longer be equal, nor the answer to a query the same in any company.
"""


class FaissIndex:
    """`VectorIndex` on ``IndexIDMap2(IndexFlatIP)``: exact, grows and shrinks, filters inside.

    FAISS itself lets an id stand twice without a word, so the ids are kept here as well and
    checked before each `add`.
    """

    def __init__(self, dimension: int) -> None:
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._ids: Ids = np.empty(0, dtype=np.int64)

    @classmethod
    def load(cls, path: Path) -> "FaissIndex":
        """Read an index that `save` wrote.

        Raises:
            SnapshotError: there is no such file, FAISS cannot read it, or it is another kind.
        """
        try:
            loaded: Any = faiss.read_index(str(path))
        except RuntimeError as error:
            raise SnapshotError(reason="FAISS cannot read it") from error
        flat = isinstance(loaded, faiss.IndexIDMap2) and isinstance(
            faiss.downcast_index(loaded.index), faiss.IndexFlatIP
        )
        if not flat:
            raise SnapshotError(reason="it is another kind of index")
        index = cls(loaded.d)
        index._index = loaded
        index._ids = np.unique(faiss.vector_to_array(loaded.id_map).astype(np.int64))
        if len(index._ids) != loaded.ntotal:
            raise SnapshotError(reason="an id stands in it twice")
        return index

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self) -> Ids:
        """All ids held, ascending, each once."""
        return self._ids.copy()

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors; all or none. See `VectorIndex.add`."""
        ids, vectors = checked_addition(self._ids, ids, vectors, dimension=self.dimension)
        if len(ids):
            self._index.add_with_ids(vectors, ids)
            self._ids = np.union1d(self._ids, ids)

    def remove(self, ids: Ids) -> int:
        """Remove those of `ids` that are held and return how many."""
        held = findable(self._ids, ids)
        if len(held):
            self._index.remove_ids(_selector(held))
            self._ids = np.setdiff1d(self._ids, held, assume_unique=True)
        return len(held)

    def search(self, queries: Vectors, k: int, *, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """Find the `k` nearest of each query. See `VectorIndex.search`."""
        queries = checked_queries(queries, self.dimension)
        targets = findable(self._ids, allowed)
        k = max(0, min(k, len(targets)))
        ids = np.empty((len(queries), k), dtype=np.int64)
        scores = np.empty((len(queries), k), dtype=np.float32)
        if k == 0:
            return ids, scores
        filters = None if allowed is None else faiss.SearchParameters(sel=_selector(targets))
        for start in range(0, len(queries), BLOCK):
            rows = slice(start, start + BLOCK)
            ids[rows], scores[rows] = self._search_block(queries[rows], k, len(targets), filters)
        return ids, scores

    def _search_block(
        self, queries: Vectors, k: int, findable_count: int, filters: Any
    ) -> tuple[Ids, Scores]:
        """Search a few queries, going deeper while a tie crosses the k-th place.

        FAISS orders equal scores by where a vector lies, not by its id, so all that share the
        k-th score must be seen before the lowest ids among them can be chosen.
        """
        depth = min(k + 1, findable_count)
        while True:
            scores, ids = self._index.search(queries, depth, params=filters)
            tied = depth < findable_count and bool((scores[:, k - 1] == scores[:, -1]).any())
            if not tied:
                order = np.lexsort((ids, -scores), axis=1)[:, :k]
                return np.take_along_axis(ids, order, axis=1), np.take_along_axis(
                    scores, order, axis=1
                )
            depth = min(2 * depth, findable_count)

    def save(self, path: Path) -> None:
        """Write the whole index to `path` (a file), replacing what is there."""
        faiss.write_index(self._index, str(path))


def _selector(ids: Ids) -> Any:
    """A FAISS filter that lets exactly these ids (ascending, at least one) through."""
    highest = int(ids[-1])
    if highest >= BITMAP_LIMIT:
        return faiss.IDSelectorBatch(ids)
    bits = np.zeros(highest + 1, dtype=bool)
    bits[ids] = True
    return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
