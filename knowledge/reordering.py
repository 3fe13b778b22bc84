"""The first of a fused list, put in order anew by a reranker."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from embeddings.reranking import Reranker
from knowledge.fusion import Fused
from knowledge.indexing import embedded_text
from knowledge.store.passages import Passages

RERANKED: Final = 30
"""How many candidates a reranker reads; each costs it as much as encoding a passage or more."""


class Reordering:
    """Re-orders the fused lists of one query; what was scored once is not scored again."""

    def __init__(self, reranker: Reranker, passages: Passages, query: str) -> None:
        self._reranker = reranker
        self._passages = passages
        self._query = query
        self._fits: dict[int, float] = {}

    def __call__(self, fused: Sequence[Fused]) -> list[Fused]:
        """Put the first `RERANKED` in the reranker's order, equal ones as they were.

        A candidate that was read scores between half and the whole of what a candidate can: its
        ``reranked`` part takes the place of the words' and the meaning's. The rest keep half of
        theirs, so that scores go on falling down the list. Exact names stay first.
        """
        first, rest = fused[:RERANKED], fused[RERANKED:]
        self._read([hit.passage_id for hit in first])
        read = [self._scored(hit) for hit in first if hit.passage_id in self._fits]
        # One that is gone from SQL by now is shown nowhere: its place does not matter.
        gone = [hit for hit in first if hit.passage_id not in self._fits]
        read.sort(key=lambda hit: (-hit.parts["exact"], -hit.score))
        return [*read, *(_halved(hit) for hit in (*gone, *rest))]

    def _read(self, ids: Sequence[int]) -> None:
        found = self._passages.many([id_ for id_ in ids if id_ not in self._fits])
        # By id, whatever order SQL gave them in.
        texts = [embedded_text(found[id_]) for id_ in sorted(found)]
        if texts:
            fits = self._reranker.score(self._query, texts).tolist()
            self._fits.update(zip(sorted(found), fits, strict=True))

    def _scored(self, hit: Fused) -> Fused:
        exact = hit.parts["exact"]
        parts = {"reranked": (1 + self._fits[hit.passage_id]) / 2, "exact": exact}
        return replace(hit, score=sum(parts.values()), parts=MappingProxyType(parts))


def _halved(hit: Fused) -> Fused:
    parts = {name: value if name == "exact" else value / 2 for name, value in hit.parts.items()}
    return replace(hit, score=sum(parts.values()), parts=MappingProxyType(parts))
