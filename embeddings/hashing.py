"""An encoder without a model, so that tests and a first look need no weights."""

import unicodedata
import zlib
from collections.abc import Callable, Sequence

import numpy as np

from embeddings.protocols import Vectors

LENGTHS = (1, 2, 3)


class HashingEncoder:
    """`Encoder` that hashes runs of one to three characters: texts that share them are near.

    Deterministic on every machine; safe in several threads. It knows no meaning: use it where
    speed and repeatability matter and quality does not.
    """

    def __init__(self, dimension: int = 256) -> None:
        self._dimension = dimension

    @property
    def name(self) -> str:
        """What a person calls it."""
        return "hashing"

    @property
    def fingerprint(self) -> str:
        """Changes with the dimension and with the way of hashing."""
        return f"hashing-1-{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._dimension

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode texts that are to be found. See `Encoder.encode_passages`."""
        vectors = self.encode_queries(texts)
        if progress is not None and texts:
            progress(len(texts))
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that ask; the same vectors as `encode_passages` gives."""
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for bucket in self._buckets(text):
                row[bucket] += 1
        # A text with nothing in it still needs a direction.
        vectors[~vectors.any(axis=1), 0] = 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _buckets(self, text: str) -> list[int]:
        folded = "".join(unicodedata.normalize("NFKC", text).lower().split())
        return [
            zlib.crc32(folded[start : start + length].encode("utf-8", "surrogatepass"))
            % self._dimension
            for length in LENGTHS
            for start in range(len(folded) - length + 1)
        ]
