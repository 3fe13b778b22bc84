"""What every system is given: passages and queries of a judged set, with their vectors.

`preparing` writes them. Light to import: it counts in every system's memory.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from embeddings.neutral import LanguageNeutral
from embeddings.protocols import Encoder, Vectors

ABOUT: Final = "about.json"
ENCODING: Final = "encoding.json"
VECTORS: Final = "passages.npy"
QUERY_VECTORS: Final = "queries.npy"


@dataclass(frozen=True, slots=True)
class Encoding:
    """What encoding took, measured once: every system needs as long."""

    seconds: float
    """All passages."""
    median_ms: float
    """One query; then the 95th percentile."""
    slow_ms: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """Passages as they are encoded (title and headings above them) and queries, row by row."""

    folder: Path
    encoder: str
    """Fingerprint of the encoder whose vectors these are."""
    texts: tuple[str, ...]
    sources: tuple[str, ...]
    """The id of the judged text that each passage is of."""
    vectors: Vectors
    query_ids: tuple[str, ...]
    queries: tuple[str, ...]
    query_vectors: Vectors
    encoding: Encoding


class LookedUp:
    """An `Encoder` that knows the prepared texts and no others."""

    name = "looked up"

    def __init__(self, prepared: Prepared) -> None:
        self._vectors = prepared.vectors
        self._query_vectors = prepared.query_vectors
        self._places = {text: place for place, text in enumerate(prepared.texts)}
        self._query_places = {text: place for place, text in enumerate(prepared.queries)}
        self.fingerprint = prepared.encoder
        self.dimension = int(prepared.vectors.shape[1])

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Look passages up."""
        if progress is not None:
            progress(len(texts))
        return self._vectors[[self._places[text] for text in texts]]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Look queries up."""
        return self._query_vectors[[self._query_places[text] for text in texts]]


def own_encoder(prepared: Prepared) -> Encoder:
    """What the product makes of the vectors that all are given: less their language."""
    return LanguageNeutral(LookedUp(prepared), folder=prepared.folder)


def neutral(prepared: Prepared) -> Prepared:
    """The same with the product's vectors, to tell what the peers would make of them."""
    encoder = own_encoder(prepared)
    return replace(
        prepared,
        vectors=encoder.encode_passages(prepared.texts),
        query_vectors=encoder.encode_queries(prepared.queries),
    )


def read(folder: Path) -> Prepared:
    """What `preparing` wrote."""
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    return Prepared(
        folder=folder,
        encoder=about["encoder"],
        texts=tuple(about["texts"]),
        sources=tuple(about["sources"]),
        vectors=np.load(folder / VECTORS),
        query_ids=tuple(about["query_ids"]),
        queries=tuple(about["queries"]),
        query_vectors=np.load(folder / QUERY_VECTORS),
        encoding=Encoding(**json.loads((folder / ENCODING).read_text(encoding="utf-8"))),
    )
