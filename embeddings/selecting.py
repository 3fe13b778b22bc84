"""What every search with FAISS here has in common: filters, threads, and ties in order of id."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import faiss as typed_faiss
import numpy as np

from embeddings.protocols import Ids, Scores

faiss: Any = typed_faiss
"""The stubs describe the C++ signatures, not the ones Python callers use."""
BITMAP_LIMIT = 1 << 27
"""With an id from here on, a filter is a hashed set instead of a bitmap (at most 16 MiB)."""

MANY = 64
"""From so many queries on, a search uses all threads."""


class Selection:
    """Ids that a search may find, with the FAISS filter that lets exactly them through."""

    def __init__(self, ids: Ids) -> None:
        """Take ids, ascending, each once; nobody may write to the array afterwards."""
        self.ids = ids

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def selector(self) -> Any:
        """The filter; made when first asked for."""
        highest = int(self.ids[-1]) if len(self.ids) else 0
        if highest >= BITMAP_LIMIT:
            return faiss.IDSelectorBatch(self.ids)
        bits = np.zeros(highest + 1, dtype=bool)
        bits[self.ids] = True
        return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))


@contextmanager
def threads_for(queries: int) -> Iterator[None]:
    """Let FAISS use all threads for many queries only.

    One query is milliseconds of work. Divided among threads, it waits at each barrier for the
    slowest, and where other programs want the processor, that is tens of milliseconds. The
    setting is that of the calling thread (OpenMP ``nthreads-var``), so others are not touched.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1 if queries < MANY else before)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def settled(look: Callable[[int], tuple[Scores, Ids]], k: int, *, count: int) -> tuple[Ids, Scores]:
    """Find the `k` best, going deeper while a tie crosses the k-th place.

    FAISS orders equal scores by where a vector lies, not by its id, so all that share the k-th
    score must be seen before the lowest ids among them can be chosen.

    Args:
        look: searches to the depth given; FAISS's scores and ids, the latter −1 where it found
            too few.
        k: 1 … `count`.
        count: how many can be found.
    """
    depth = min(k + 1, count)
    while True:
        scores, ids = look(depth)
        is_tied = depth < count and bool((scores[:, k - 1] == scores[:, -1]).any())
        # Where fewer than k were found, the places after them all hold −1 and the same score.
        if not is_tied or bool((ids[:, -1] < 0).any()):
            return best(ids, scores, k)
        depth = min(2 * depth, count)


def best(ids: Ids, scores: Scores, k: int) -> tuple[Ids, Scores]:
    """Order each row by falling score, ties by ascending id, and keep `k` places."""
    order = np.lexsort((ids, -scores), axis=1)[:, :k]
    return np.take_along_axis(ids, order, axis=1), np.take_along_axis(scores, order, axis=1)
