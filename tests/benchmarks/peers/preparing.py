"""Cuts, encodes and times a judged set for all systems.

``python -m tests.benchmarks.peers.preparing SET FOLDER``; what is there is kept where it is of the
same texts and encoder.
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import Settings
from embeddings.bundled import bundled_encoder
from embeddings.neutral import LanguageNeutral
from embeddings.protocols import Encoder
from knowledge import evaluation
from knowledge.indexing import embedded_text
from knowledge.judged import JudgedSet, load_judged
from knowledge.model import Access, Stamp
from tests.benchmarks.peers.prepared import ABOUT, ENCODING, QUERY_VECTORS, VECTORS, Encoding
from tests.benchmarks.timing import spread

_TIMED: Final = 200


def load(workbench: Workbench, judged: JudgedSet) -> None:
    """Put every text of a set into the workbench's collection."""
    actor = workbench.actor
    stamp = Stamp(actor.branch_id, Access.PUBLIC, actor.person_id, workbench.clock())
    for _ in evaluation.load(judged, workbench.documents, stamp=stamp):
        pass


def prepare(judged: JudgedSet, folder: Path) -> None:
    """Cut the texts as the product does, encode them, and write all of it to `folder`."""
    with tempfile.TemporaryDirectory(prefix="zhiku-peers-") as scratch:
        workbench = Workbench(Settings(Path(scratch)))
        load(workbench, judged)
        texts, sources = _passages(workbench)
        workbench.close()
    encoder = bundled_encoder(folder.parent / "models")
    queries = list(judged.queries.values())
    about = {
        "encoder": encoder.fingerprint,
        "texts": texts,
        "sources": sources,
        "query_ids": list(judged.queries),
        "queries": queries,
    }
    written = json.dumps(about, ensure_ascii=False)
    if not _holds(folder, written):
        _write(folder, encoder, texts, queries)
        (folder / ABOUT).write_text(written, encoding="utf-8")
    # Kept in the folder, where `own_encoder` finds it.
    _ = LanguageNeutral(encoder, folder=folder).axis


def _passages(workbench: Workbench) -> tuple[list[str], list[str]]:
    found = list(workbench.passages.many(workbench.passages.ids().tolist()).values())
    documents = workbench.documents.many([passage.document_id for passage in found])
    # A judged text's document is named after it, behind a mark and a colon.
    sources = [documents[passage.document_id].source.partition(":")[2] for passage in found]
    return [embedded_text(passage) for passage in found], sources


def _holds(folder: Path, about: str) -> bool:
    path = folder / ABOUT
    return path.exists() and path.read_text(encoding="utf-8") == about


def _write(folder: Path, encoder: Encoder, texts: Sequence[str], queries: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ABOUT).unlink(missing_ok=True)
    encoder.encode_queries(queries[:1])
    start = time.perf_counter()
    np.save(folder / VECTORS, encoder.encode_passages(texts))
    seconds = time.perf_counter() - start
    single = spread(lambda query: encoder.encode_queries([query]), queries[:_TIMED])
    np.save(folder / QUERY_VECTORS, encoder.encode_queries(queries))
    took = Encoding(seconds, single.median, single.slow)
    (folder / ENCODING).write_text(json.dumps(asdict(took)), encoding="utf-8")


if __name__ == "__main__":
    prepare(load_judged(Path(sys.argv[1])), Path(sys.argv[2]))
