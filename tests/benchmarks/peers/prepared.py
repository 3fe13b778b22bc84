"""What every system is given: passages and queries of a judged set, with their vectors.

``python -m tests.benchmarks.peers.prepared SET FOLDER`` writes them; what is there is kept where it
is of the same texts and encoder.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import Settings
from embeddings.bundled import bundled_encoder
from embeddings.neutral import LanguageNeutral
from embeddings.protocols import Encoder, Vectors
from knowledge import evaluation
from knowledge.indexing import embedded_text
from knowledge.judged import JudgedSet, load_judged
from knowledge.model import Access, Stamp

_ABOUT = "about.json"
_VECTORS = "passages.npy"
_QUERY_VECTORS = "queries.npy"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Passages as they are encoded (title and headings above them) and queries, row by row."""

    folder: Path
    encoder: str
    """Fingerprint of the encoder whose vectors these are."""
    is_neutral: bool
    """Whether the product takes the language out of that encoder's vectors; its peers do not."""
    texts: tuple[str, ...]
    sources: tuple[str, ...]
    """The id of the judged text that each passage is of."""
    vectors: Vectors
    query_ids: tuple[str, ...]
    queries: tuple[str, ...]
    query_vectors: Vectors


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
    """What the product makes of the vectors that all are given."""
    looked_up = LookedUp(prepared)
    if not prepared.is_neutral:
        return looked_up
    return LanguageNeutral(looked_up, folder=prepared.folder)


def load(workbench: Workbench, judged: JudgedSet) -> None:
    """Put every text of a set into the workbench's collection."""
    actor = workbench.actor
    stamp = Stamp(actor.branch_id, Access.PUBLIC, actor.person_id, workbench.clock())
    for _ in evaluation.load(judged, workbench.documents, stamp=stamp):
        pass


def read(folder: Path) -> Prepared:
    """What `prepare` wrote."""
    about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    return Prepared(
        folder=folder,
        encoder=about["encoder"],
        is_neutral=about["is_neutral"],
        texts=tuple(about["texts"]),
        sources=tuple(about["sources"]),
        vectors=np.load(folder / _VECTORS),
        query_ids=tuple(about["query_ids"]),
        queries=tuple(about["queries"]),
        query_vectors=np.load(folder / _QUERY_VECTORS),
    )


def prepare(judged: JudgedSet, folder: Path) -> None:
    """Cut the texts as the product does, encode them, and write all of it to `folder`."""
    with tempfile.TemporaryDirectory(prefix="zhiku-peers-") as scratch:
        workbench = Workbench(Settings(Path(scratch)))
        load(workbench, judged)
        texts, sources = _passages(workbench)
        encoder = bundled_encoder(workbench.home / "cache" / "models")
        is_neutral = isinstance(workbench.encoder, LanguageNeutral)
        workbench.close()
        queries = list(judged.queries.values())
        about = json.dumps(
            {
                "encoder": encoder.fingerprint,
                "is_neutral": is_neutral,
                "texts": texts,
                "sources": sources,
                "query_ids": list(judged.queries),
                "queries": queries,
            },
            ensure_ascii=False,
        )
        if not _holds(folder, about):
            _write(folder, encoder, texts, queries)
            if is_neutral:
                # Found once and kept in the folder, where the looked-up encoder's user finds it.
                LanguageNeutral(encoder, folder=folder).encode_queries([""])
            (folder / _ABOUT).write_text(about, encoding="utf-8")


def _passages(workbench: Workbench) -> tuple[list[str], list[str]]:
    found = list(workbench.passages.many(workbench.passages.ids().tolist()).values())
    documents = workbench.documents.many([passage.document_id for passage in found])
    # A judged text's document is named after it, behind a mark and a colon.
    sources = [documents[passage.document_id].source.partition(":")[2] for passage in found]
    return [embedded_text(passage) for passage in found], sources


def _holds(folder: Path, about: str) -> bool:
    path = folder / _ABOUT
    return path.exists() and path.read_text(encoding="utf-8") == about


def _write(folder: Path, encoder: Encoder, texts: Sequence[str], queries: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _ABOUT).unlink(missing_ok=True)
    np.save(folder / _VECTORS, encoder.encode_passages(texts))
    np.save(folder / _QUERY_VECTORS, encoder.encode_queries(queries))


if __name__ == "__main__":
    prepare(load_judged(Path(sys.argv[1])), Path(sys.argv[2]))
