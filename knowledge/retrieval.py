"""Questions in, passages with their pages out."""

import math
import re
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, NamedTuple, Protocol

import numpy as np

from embeddings.protocols import Encoder, Ids, Scores, Vectors
from embeddings.reranking import Reranker
from knowledge import laws
from knowledge.access import Scope
from knowledge.backdrop import Backdrop
from knowledge.certainty import LOOKED_AT, Findings, Judge, Searched
from knowledge.collapsing import Collapsing
from knowledge.filter import NO_FILTER, Filter
from knowledge.fusion import Fused, FusedList, fuse
from knowledge.model import Mode, Result
from knowledge.protocols import LexicalHit, LexicalIndex
from knowledge.reordering import Reordering
from knowledge.store.confidences import Confidences
from knowledge.store.documents import Documents
from knowledge.store.finding import Finding
from knowledge.store.passages import Passages
from knowledge.text import HAN
from knowledge.tokens import law_of

CANDIDATES = 200
"""How long each candidate list is at first."""
_DEEPER: Final = 4
"""By how much longer lists are asked for where copies fill them."""
_DEEPEST: Final = 12_800
"""The longest that is asked for: what stands behind more copies than this is not found."""
_HAN: Final = re.compile(f"[{HAN}]")
DENSE_WEIGHT = 0.65
"""Share of the dense score in a fused one: the best on the tuning halves of the five judged sets.

Their mean nDCG@10 is 0.778 with it, 0.775 with 0.55 and with 0.75.
"""

_ASIDE: Final = ThreadPoolExecutor(thread_name_prefix="words")
"""Where words are searched while vectors are: both engines let other threads run meanwhile.

Over 146,000 passages the two lists take 4.5 ms so on two cores, one after the other 7.8 ms.
"""


class DenseSearch(Protocol):
    """What retrieval needs of the dense side."""

    def search(
        self, queries: Vectors, k: int, *, allowed: Ids | None
    ) -> list[list[tuple[int, float]]]:
        """Nearest passages of each query vector, best first, as (id, score)."""
        ...

    def scores(self, queries: Vectors, ids: Ids) -> Scores:
        """Score given passages against each query vector; NaN for one that has no vector."""
        ...


class _Candidates(NamedTuple):
    """What one search has before anything is read from SQL."""

    fused: FusedList
    are_both: bool
    """Each list has some."""
    nearest: float | None
    """The best cosine of the dense list."""
    are_all: bool
    """No longer list holds another."""


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
        reranker: Reranker | None = None,
    ) -> None:
        if documents.viewer != passages.viewer:
            raise ValueError("documents and passages are of two viewers")
        self._passages = passages
        self._lexical = lexical
        self._dense = dense
        self._confidences = confidences
        self._reranker = reranker
        self._judge = judge or Judge(lexical, backdrop=Backdrop(dense[0]) if dense else None)

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
        A reranker, where there is one, orders the first candidates of a hybrid search anew.

        Args:
            query: what a person typed, in any script; blank finds nothing.
            k: at least 1.
            selection: applied inside both indexes, not afterwards.
            mode: which candidate lists to use.
            collapse: give nearly the same passage of several documents of a group once: the best
                ranked, at equal score the one issued last; `Result.alike` names the others.
        """
        query = _sound(query)
        if not query.strip():
            return []
        vector = self._vector(query, mode)
        kept = Collapsing(k, collapse=collapse)
        return self._found(kept, query, vector=vector, selection=selection, mode=mode)[0]

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
        query = _sound(query)
        if not query.strip():
            return Findings((), (), 0.0, answered=False)
        vector = self._vector(query, mode)
        # The signs are read from as many results whatever `k` is: it decides nothing.
        kept = Collapsing(max(k, LOOKED_AT), collapse=collapse)
        results, nearest = self._found(kept, query, vector=vector, selection=selection, mode=mode)
        searched = Searched(
            scope=Scope(self._passages.viewer, selection),
            vector=vector,
            nearest=nearest,
            by_words=mode is not Mode.DENSE,
        )
        return self._judge.judge(query, results, k=k, searched=searched)

    def _vector(self, query: str, mode: Mode) -> Vectors | None:
        if mode is Mode.LEXICAL or self._dense is None:
            return None
        return self._dense[0].encode_queries([query])

    def _found(
        self,
        kept: Collapsing,
        query: str,
        *,
        vector: Vectors | None,
        selection: Filter,
        mode: Mode,
    ) -> tuple[list[Result], float | None]:
        """Take hits until `kept` is full or there are no more; with the best cosine."""
        depth = max(kept.size, CANDIDATES)
        reordered = self._reordering(query, mode)
        while True:
            found = self._candidates(query, vector, depth=depth, selection=selection, mode=mode)
            # Only now: what SQL gives is never older than what the indexes gave.
            with self._passages.finding() as finding:
                fused = found.fused
                if found.are_both:
                    # One list alone is shown as it is.
                    fused = laws.weighed(fused, query, titles=_titles(finding, fused))
                if reordered is None:
                    self._take(kept, fused, finding=finding)
                else:
                    again = reordered(fused)
                    # It took its time: what has gone meanwhile is not shown.
                    finding.renew()
                    self._take(kept, again, finding=finding)
                if kept.is_full or found.are_all or depth >= _DEEPEST:
                    return self._results(kept, finding), found.nearest
            # Copies of a few texts fill both lists: others stand behind them.
            kept.clear()
            depth *= _DEEPER

    def _reordering(self, query: str, mode: Mode) -> Reordering | None:
        # Who asks for one list alone wants to see that list.
        if self._reranker is None or mode is not Mode.HYBRID:
            return None
        return Reordering(self._reranker, self._passages, query)

    def _candidates(
        self, query: str, vector: Vectors | None, *, depth: int, selection: Filter, mode: Mode
    ) -> _Candidates:
        words: Future[list[LexicalHit]] | None = None
        if mode is not Mode.DENSE:
            scope = Scope(self._passages.viewer, selection)
            words = _ASIDE.submit(self._lexical.search, query, depth, scope=scope)
        dense: list[tuple[int, float]] = []
        others: dict[int, float] = {}
        foreign: set[int] = set()
        if vector is not None and self._dense is not None:
            allowed = self._passages.allowed(selection)
            dense = self._dense[1].search(vector, depth, allowed=allowed)[0]
        lexical = words.result() if words is not None else []
        if vector is not None and self._dense is not None:
            by_words = {hit.passage_id for hit in lexical}
            others = _scored(self._dense[1], vector, by_words.difference(dict(dense)))
            if by_words:
                foreign = self._foreign(query, by_words.union(dict(dense)))
        fused = fuse(
            lexical,
            dense,
            weight=_weight(mode, has_dense=self._dense is not None),
            others=others,
            foreign=foreign,
        )
        return _Candidates(
            fused,
            are_both=bool(lexical and dense),
            nearest=max((score for _, score in dense), default=None),
            are_all=max(len(lexical), len(dense)) < depth,
        )

    def _foreign(self, query: str, candidates: set[int]) -> set[int]:
        """Those in Latin letters where the query has Han characters, else the rest."""
        ids = np.array(sorted(candidates), dtype=np.int64)
        narrow = set(self._passages.scripts.narrow(ids).tolist())
        return narrow if _HAN.search(query) else candidates - narrow

    def _take(self, kept: Collapsing, fused: Sequence[Fused], *, finding: Finding) -> None:
        """Read hits and take them, in order: until `kept` is full, then what it piles up."""
        start, size = 0, kept.size
        while start < len(fused) and not kept.is_full:
            _read(kept, fused[start : start + size], finding)
            start, size = start + size, 2 * size
        if groups := kept.groups:
            rest = _ids(fused)[start:]
            piled = finding.of_groups(rest, groups)
            _read(kept, [fused[at] for at, id_ in enumerate(rest, start) if id_ in piled], finding)

    def _results(self, kept: Collapsing, finding: Finding) -> list[Result]:
        chosen = kept.chosen()
        passages = [each.passage for each in chosen]
        labels = finding.labels(passages)
        confidences = self._confidences.of(passages, finding.cursor) if self._confidences else {}
        return [
            Result(
                rank=rank,
                score=each.fused.score,
                passage=each.passage,
                document=each.document,
                version=each.version,
                page=each.passage.begins.page if each.version.paged else None,
                page_label=labels.get(each.passage.id),
                lexical_rank=each.fused.lexical_rank,
                dense_rank=each.fused.dense_rank,
                parts=each.fused.parts,
                alike=each.alike,
                confidence=confidences.get(each.passage.id),
            )
            for rank, each in enumerate(chosen, start=1)
        ]


def _titles(finding: Finding, fused: FusedList) -> dict[int, str]:
    """Titles of candidates; of the first few alone where none of them is of an article."""
    ids = laws.looked_at(fused)
    few, rest = ids[: laws.FEW], ids[laws.FEW :]
    titles = finding.titles(few)
    if rest and any(map(law_of, titles.values())):
        titles |= finding.titles(rest)
    return titles


def _ids(fused: Sequence[Fused]) -> list[int]:
    if isinstance(fused, FusedList):
        found: list[int] = fused.ids.tolist()
        return found
    return [hit.passage_id for hit in fused]


def _read(kept: Collapsing, hits: Sequence[Fused], finding: Finding) -> None:
    found = finding.many([hit.passage_id for hit in hits])
    for hit in hits:
        if (read := found.get(hit.passage_id)) is not None:
            kept.take(hit, read)


def _sound(query: str) -> str:
    """Without lone surrogates, which a shell makes of bytes that are no text."""
    return query.encode("utf-8", "replace").decode()


def _scored(index: DenseSearch, vector: Vectors, candidates: set[int]) -> dict[int, float]:
    ids = sorted(candidates)
    if not ids:
        return {}
    scores = index.scores(vector, np.array(ids, dtype=np.int64))[0].tolist()
    return {id_: score for id_, score in zip(ids, scores, strict=True) if not math.isnan(score)}


def _weight(mode: Mode, *, has_dense: bool) -> float:
    if mode is Mode.DENSE:
        return 1.0
    if mode is Mode.LEXICAL or not has_dense:
        return 0.0
    return DENSE_WEIGHT
