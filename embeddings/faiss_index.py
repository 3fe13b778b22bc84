"""Exact nearest neighbours with FAISS."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.checks import (
    aligned,
    checked_addition,
    checked_queries,
    findable,
    united,
    without,
)
from embeddings.errors import SnapshotError
from embeddings.protocols import Ids, Scores, Vectors
from embeddings.selecting import Selection, faiss, settled, threads_for

HALF = np.dtype("<f2")
"""How vectors lie in an index: half the memory of float32 and twice the speed.

SQL keeps them so as well; what rounding does to a score is below 0.001.
"""


class FaissIndex:
    """`VectorIndex` that compares a query with every vector: grows, shrinks, filters inside.

    ``IndexIDMap(IndexScalarQuantizer(QT_fp16))`` by inner product. FAISS scores one vector after
    the other there and never multiplies matrices, so a score is the same in any company. It lets
    an id stand twice without a word, so the ids are kept here as well and checked before each
    `add`.
    """

    def __init__(self, dimension: int) -> None:
        self._index: Any = faiss.IndexIDMap(_half_flat(dimension))
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._order: npt.NDArray[np.int32] | None = None
        """Places of the ids in the index, by ascending id; None after each change."""

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
        if not (isinstance(loaded, faiss.IndexIDMap) and _is_half_flat(loaded.index)):
            raise SnapshotError(reason="it is another kind of index")
        index = cls(loaded.d)
        index._index = loaded
        index._ids = np.sort(faiss.vector_to_array(loaded.id_map).astype(np.int64))
        is_twice = bool((index._ids[1:] == index._ids[:-1]).any())
        if is_twice or len(index._ids) != loaded.ntotal:
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

    @property
    def held(self) -> Ids:
        """The same without a copy: nobody may write to it."""
        return self._ids

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors; all or none. See `VectorIndex.add`."""
        ids, vectors = checked_addition(self._ids, ids, vectors, dimension=self.dimension)
        if len(ids):
            with threads_for(1):
                self._index.add_with_ids(vectors, ids)
            self._ids = united(self._ids, ids)
            self._order = None

    def remove(self, ids: Ids) -> int:
        """Remove those of `ids` that are held and return how many."""
        held = findable(self._ids, ids)
        if len(held):
            self._index.remove_ids(Selection(held).selector)
            self._ids = without(self._ids, held)
            self._order = None
        return len(held)

    def search(self, queries: Vectors, k: int, *, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """Find the `k` nearest of each query. See `VectorIndex.search`."""
        return self.search_within(queries, k, within=Selection(findable(self._ids, allowed)))

    def search_within(self, queries: Vectors, k: int, *, within: Selection) -> tuple[Ids, Scores]:
        """Find the `k` nearest of each query among held ids; a selection may be used again."""
        queries = checked_queries(queries, self.dimension)
        k = max(0, min(k, len(within)))
        if k == 0 or not len(queries):
            shape = (len(queries), k)
            return np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.float32)
        is_open = len(within) == len(self._ids)
        filters = None if is_open else faiss.SearchParameters(sel=within.selector)
        with threads_for(len(queries)):
            return settled(
                lambda depth: self._index.search(queries, depth, params=filters),
                k,
                count=len(within),
            )

    def scores(self, queries: Vectors, ids: Ids) -> Scores:
        """Score given ids against each query. See `VectorIndex.scores`.

        FAISS looks at every vector to find those that a filter lets through; a few are quicker
        copied into an index of their own, which gives them the same scores.
        """
        queries = checked_queries(queries, self.dimension)
        wanted = findable(self._ids, ids)
        few = _half_flat(self.dimension)
        with threads_for(len(queries)):
            few.add_sa_codes(self.contents(wanted).view(np.uint8))
            scores, places = few.search(queries, max(1, len(wanted)))
        return aligned(wanted[places[:, : len(wanted)]], scores[:, : len(wanted)], ids)

    def copy(self) -> "FaissIndex":
        """Return an index that holds the same and changes by itself."""
        index = FaissIndex(self.dimension)
        index._index = faiss.clone_index(self._index)
        index._ids = self._ids
        return index

    def contents(self, ids: Ids) -> npt.NDArray[np.float16]:
        """Return the vectors held under `ids` (ascending, all held), as they lie in the index."""
        if not len(ids):
            return np.empty((0, self.dimension), dtype=HALF)
        if (order := self._order) is None:
            # Ids are nearly in order as a rule: then this is quick.
            places = np.argsort(faiss.vector_to_array(self._index.id_map), kind="stable")
            order = self._order = places.astype(np.int32)
        rows = order[np.searchsorted(self._ids, ids)]
        flat = faiss.downcast_index(self._index.index)
        size = len(self._ids) * int(flat.code_size)
        codes = faiss.rev_swig_ptr(flat.codes.data(), size).view(HALF)
        chosen: npt.NDArray[np.float16] = codes.reshape(len(self._ids), self.dimension)[rows]
        return chosen

    def save(self, path: Path) -> None:
        """Write the whole index to `path` (a file), replacing what is there."""
        faiss.write_index(self._index, str(path))


def _half_flat(dimension: int) -> Any:
    return faiss.IndexScalarQuantizer(
        dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )


def _is_half_flat(index: Any) -> bool:
    flat = faiss.downcast_index(index)
    return (
        isinstance(flat, faiss.IndexScalarQuantizer)
        and flat.sq.qtype == faiss.ScalarQuantizer.QT_fp16
        and flat.metric_type == faiss.METRIC_INNER_PRODUCT
    )
