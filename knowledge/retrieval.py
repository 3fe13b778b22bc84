"""Questions in, passages with their pages out."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from embeddings.protocols import Encoder, Ids, Vectors
from knowledge.access import Scope
from knowledge.certainty import LOOKED_AT, Findings, Judge
from knowledge.collapsing import Collapsing
from knowledge.fusion import Fused, fuse
from knowledge.model import NO_FILTER, Document, Filter, Mode, Passage, Result
from knowledge.protocols import LexicalHit, LexicalIndex
from knowledge.store.confidences import Confidences
from knowledge.store.documents import Documents
from knowledge.store.passages import Passages

CANDIDATES = 200
"""How long each candidate list is; the dense scores are scaled over as many."""
DENSE_WEIGHT = 0.55
"""Share of the dense score in a fused one: between the two best of the judged sets measured."""


class DenseSearch(Protocol):
    """What retrieval needs of the dense side."""

    def search(
        self, queries: Vectors, k: int, *, allowed: Ids | None = None
    ) -> list[list[tuple[int, float]]]:
        """Nearest passages of each query vector, best first, as (id, score)."""
        ...


class _Candidates(NamedTuple):
    """What one search has before anything is read from SQL."""

    fused: list[Fused]
    vector: Vectors | None = None
    """The query's, shape ``(1, dimension)``; None where only words were compared."""
    nearest: float | None = None
    """The best cosine of the dense list."""


class Retriever:
    """Finds passages by two candidate lists and one fusion; safe in several threads.

    What it finds is read from SQL at the end, so nothing is ever shown that SQL no longer has. It
    searches for the viewer whose documents and passages it is given: both indexes are asked for
    what that viewer may see, and nothing else is read.
    """

    def __init__(
        self,
        documents: Documents,
        passages: Passages,
        *,
        lexical: LexicalIndex,
        dense: tuple[Encoder, DenseSearch] | None,
        confidences: Confidences | None = None,
        judge: Judge | None = None,
    ) -> None:
        if documents.viewer != passages.viewer:
            raise ValueError("documents and passages are of two viewers")
        self._documents = documents
        self._passages = passages
        self._lexical = lexical
        self._dense = dense
        self._confidences = confidences
        self._judge = judge or Judge(lexical, encoder=dense[0] if dense else None)

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        selection: Filter = NO_FILTER,
        mode: Mode = Mode.HYBRID,
        collapse: bool = True,
    ) -> list[Result]:
        """Find up to `k` passages, best first; equal scores by ascending passage id.

        Passages that carry an exact name in the query (an article of a law, a document number, a
        title) come first. Without an encoder, hybrid search is lexical search.

        Args:
            query: what a person typed, in any script; blank finds nothing.
            k: at least 1.
            selection: applied inside both indexes, not afterwards.
            mode: which candidate lists to use.
            collapse: give nearly the same passage of several documents of a group once: the best
                ranked, at equal score the one issued last; `Result.alike` names the others.
        """
        if not query.strip():
            return []
        candidates = self._candidates(query, max(k, CANDIDATES), selection=selection, mode=mode)
        return self._hydrated(candidates.fused, k, collapse=collapse)

    def ask(
        self,
        query: str,
        k: int = 10,
        *,
        selection: Filter = NO_FILTER,
        mode: Mode = Mode.HYBRID,
        collapse: bool = True,
    ) -> Findings:
        """Find as `search` does, and decide whether what was found can answer the query.

        Where it cannot, all that was found is among the `misses`; see `knowledge.certainty`.
        """
        if not query.strip():
            return Findings((), (), 0.0, answered=False)
        candidates = self._candidates(query, max(k, CANDIDATES), selection=selection, mode=mode)
        # The signs are read from as many results whatever `k` is: it decides nothing.
        results = self._hydrated(candidates.fused, max(k, LOOKED_AT), collapse=collapse)
        return self._judge.judge(
            query, results, k=k, vector=candidates.vector, nearest=candidates.nearest
        )

    def _hydrated(self, fused: Sequence[Fused], k: int, *, collapse: bool) -> list[Result]:
        found = self._passages.many([hit.passage_id for hit in fused[: k + CANDIDATES]])
        hits = [(hit, found[hit.passage_id]) for hit in fused if hit.passage_id in found]
        return self._results(Collapsing(k, collapse=collapse), hits)

    def _candidates(self, query: str, depth: int, *, selection: Filter, mode: Mode) -> _Candidates:
        lexical: list[LexicalHit] = []
        if mode is not Mode.DENSE:
            scope = Scope(self._passages.viewer, selection)
            lexical = self._lexical.search(query, depth, scope=scope)
        dense: list[tuple[int, float]] = []
        vector: Vectors | None = None
        if mode is not Mode.LEXICAL and self._dense is not None:
            encoder, index = self._dense
            vector = encoder.encode_queries([query])
            allowed = self._passages.allowed(selection)
            dense = index.search(vector, depth, allowed=allowed)[0]
        fused = fuse(lexical, dense, weight=_weight(mode, has_dense=self._dense is not None))
        return _Candidates(fused, vector, max((score for _, score in dense), default=None))

    def _results(self, kept: Collapsing, hits: Sequence[tuple[Fused, Passage]]) -> list[Result]:
        documents: dict[int, Document] = {}
        # What can be shown first; the rest is read only where it may be piled upon that.
        for part in (hits[: kept.size], hits[kept.size :]):
            unknown = {passage.document_id for _, passage in part} - documents.keys()
            documents |= self._documents.many(list(unknown))
            for hit, passage in part:
                if passage.document_id in documents:
                    kept.take(hit, passage, document=documents[passage.document_id])
            if kept.is_done:
                break
        chosen = kept.chosen()
        passages = [each.passage for each in chosen]
        versions = self._documents.versions_by_id(list({p.version_id for p in passages}))
        labels = self._documents.page_labels([_start(passage) for passage in passages])
        confidences = self._confidences.of(passages) if self._confidences else {}
        return [
            Result(
                rank=rank,
                score=each.fused.score,
                passage=each.passage,
                document=each.document,
                version=versions[each.passage.version_id],
                page=each.passage.begins.page if versions[each.passage.version_id].paged else None,
                page_label=labels.get(_start(each.passage)),
                lexical_rank=each.fused.lexical_rank,
                dense_rank=each.fused.dense_rank,
                parts=each.fused.parts,
                alike=each.alike,
                confidence=confidences.get(each.passage.id),
            )
            for rank, each in enumerate(chosen, start=1)
        ]


def _weight(mode: Mode, *, has_dense: bool) -> float:
    if mode is Mode.DENSE:
        return 1.0
    if mode is Mode.LEXICAL or not has_dense:
        return 0.0
    return DENSE_WEIGHT


def _start(passage: Passage) -> tuple[int, int]:
    return passage.version_id, passage.begins.page
