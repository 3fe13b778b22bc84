"""What every vector index checks before it believes its caller."""

import numpy as np

from embeddings.errors import DimensionError, DuplicateIdError
from embeddings.protocols import Ids, Vectors


def checked_queries(queries: Vectors, dimension: int) -> Vectors:
    """Return the queries as a C-ordered float32 matrix.

    Raises:
        DimensionError: their shape is not ``(n, dimension)``.
    """
    if queries.ndim != 2 or queries.shape[1] != dimension:
        raise DimensionError(shape=queries.shape, dimension=dimension)
    return np.ascontiguousarray(queries, dtype=np.float32)


def checked_addition(
    held: Ids, ids: Ids, vectors: Vectors, *, dimension: int
) -> tuple[Ids, Vectors]:
    """Return ids and vectors that may be added to an index that holds `held` (ascending).

    Raises:
        DimensionError: the vectors' length or number does not fit.
        DuplicateIdError: an id is given twice or is held already; up to ten are named.
    """
    vectors = checked_queries(vectors, dimension)
    ids = np.ascontiguousarray(ids, dtype=np.int64)
    if ids.shape != (len(vectors),):
        raise DimensionError(shape=(*ids.shape, *vectors.shape), dimension=dimension)
    unique, counts = np.unique(ids, return_counts=True)
    twice = np.union1d(unique[counts > 1], np.intersect1d(unique, held, assume_unique=True))
    if len(twice):
        raise DuplicateIdError(ids=", ".join(str(i) for i in twice[:10]))
    return ids, vectors


def findable(held: Ids, allowed: Ids | None) -> Ids:
    """Return the ids, ascending, that a search with this filter can find."""
    if allowed is None:
        return held
    return np.intersect1d(held, np.asarray(allowed, dtype=np.int64))
