"""What an encoder and a vector index promise; every adapter passes the contract suites."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Rows of unit length, shape ``(n, dimension)``."""
Ids: TypeAlias = npt.NDArray[np.int64]
"""Passage ids; never negative."""
Scores: TypeAlias = npt.NDArray[np.float32]
"""Inner products of unit vectors, −1 … 1."""


class Encoder(Protocol):
    """Turns texts into unit vectors.

    Deterministic: the same text gives the same vector whatever its neighbours in the call are
    (up to the processor's rounding: cosine ≥ 0.9999). May be called from several threads.
    """

    @property
    def name(self) -> str:
        """What a person calls the model, for messages."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would: two encoders with one fingerprint agree."""
        ...

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        ...

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode texts that are to be found, in the order given.

        Args:
            texts: any number, none included; empty strings are allowed.
            progress: called with the number of texts finished since its last call.

        Returns:
            Shape ``(len(texts), dimension)``, each row of unit length.
        """
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that ask; same shape and promise as `encode_passages`."""
        ...


class VectorIndex(Protocol):
    """Nearest neighbours by inner product.

    Not safe for concurrent writing: the caller holds one lock around `add` and `remove`; `search`
    may run in several threads while nobody writes.
    """

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        ...

    def __len__(self) -> int: ...

    def ids(self) -> Ids:
        """All ids held, ascending, each once."""
        ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors; all or none.

        Raises:
            DuplicateIdError: an id is given twice or is held already; nothing is added.
            DimensionError: the vectors' length or number does not fit; nothing is added.
        """
        ...

    def remove(self, ids: Ids) -> int:
        """Remove those of `ids` that are held and return how many; unknown ids do nothing."""
        ...

    def search(self, queries: Vectors, k: int, *, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """Find the `k` nearest of each query, best first, equal scores by ascending id.

        Args:
            queries: shape ``(n, dimension)``.
            k: at least 1; may exceed the number of vectors held.
            allowed: only these ids may be found (applied inside the search, never after it);
                None allows all, an empty array none. What an array lets through may be remembered
                where nobody can write to it.

        Returns:
            Ids and scores, both of shape ``(n, min(k, number that can be found))``.
        """
        ...

    def scores(self, queries: Vectors, ids: Ids) -> Scores:
        """Score given ids against each query, whatever their rank; meant for a few hundred.

        Args:
            queries: shape ``(n, dimension)``.
            ids: in any order, also twice.

        Returns:
            Inner products of shape ``(n, len(ids))``, the ones `search` gives; NaN for an id that
            is not held.
        """
        ...

    def save(self, path: Path) -> None:
        """Write the whole index to `path` (a file), replacing what is there."""
        ...
