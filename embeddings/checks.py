"""What every vector index checks before it believes its caller, and how it keeps ids in order."""

import numpy as np
import numpy.typing as npt

from embeddings.errors import DimensionError, DuplicateIdError
from embeddings.protocols import Ids, Scores, Vectors

_FEW = 20
"""One array is small against another when it is as many times shorter."""


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
    twice = unique[(counts > 1) | among(unique, held)]
    if len(twice):
        raise DuplicateIdError(ids=", ".join(str(i) for i in twice[:10]))
    return ids, vectors


def findable(held: Ids, allowed: Ids | None) -> Ids:
    """Return the ids, ascending, that a search with this filter can find."""
    if allowed is None:
        return held
    allowed = np.asarray(allowed, dtype=np.int64)
    if len(allowed) * _FEW < len(held):
        allowed = np.unique(allowed)
        return allowed[among(allowed, held)]
    return held[np.isin(held, allowed)]


def among(ids: Ids, held: Ids) -> npt.NDArray[np.bool_]:
    """Tell of each of `ids` whether it is in `held` (ascending, each once)."""
    if len(ids) * _FEW >= len(held):
        return np.isin(ids, held)
    places = np.minimum(np.searchsorted(held, ids), len(held) - 1)
    found: npt.NDArray[np.bool_] = held[places] == ids
    return found


def united(held: Ids, ids: Ids) -> Ids:
    """Return both, ascending; `held` ascends, and no id is in both."""
    ids = np.sort(ids)
    joined: Ids = np.insert(held, np.searchsorted(held, ids), ids)
    return joined


def without(held: Ids, ids: Ids) -> Ids:
    """Return `held` (ascending, each once) without `ids`, in any order and any number."""
    rest: Ids = held[~np.isin(held, ids)]
    return rest


def aligned(found: Ids, scores: Scores, ids: Ids) -> Scores:
    """Bring the rows of a search, whatever their order, into the order of `ids`.

    Args:
        found: ids per query, shape ``(n, k)``, each once in a row.
        scores: of `found`, same shape.
        ids: in any order, also twice.

    Returns:
        Shape ``(n, len(ids))``; NaN where a row lacks the id.
    """
    ids = np.asarray(ids, dtype=np.int64)
    result = np.full((len(found), len(ids)), np.nan, dtype=np.float32)
    if not found.shape[1]:
        return result
    for row, (row_ids, row_scores) in enumerate(zip(found, scores, strict=True)):
        order = np.argsort(row_ids)
        places = np.minimum(np.searchsorted(row_ids, ids, sorter=order), len(order) - 1)
        is_held = row_ids[order[places]] == ids
        result[row, is_held] = row_scores[order[places]][is_held]
    return result
