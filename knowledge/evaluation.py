"""Judged search sets through the real pipeline: how good, how fast."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

import numpy as np

from knowledge import chunking
from knowledge.judged import Half, JudgedSet, Measures, half_of, measure
from knowledge.model import Metadata, Mode, PageText, Reading, Stamp
from knowledge.retrieval import CANDIDATES, Retriever
from knowledge.store.documents import Documents

SOURCE = "judged:"
"""Before the id of a text of a judged set, as the source of its document."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What one set measured; averages are over all judged queries, those that found nothing too."""

    dataset: str
    queries: int
    passages: int
    ndcg_at_10: float
    recall_at_10: float
    recall_at_100: float
    mrr_at_10: float
    latency_ms: tuple[float, float]
    """Median and 95th percentile of one search, encoding of the query included."""
    index_seconds: float
    """From the first text to both indexes ready."""
    halves: Mapping[Half, Measures]
    """At 10, of each half of the queries that has any."""


def load(judged: JudgedSet, documents: Documents, *, stamp: Stamp) -> Iterator[None]:
    """Add every text of the set as a document of its own, yielding after each."""
    for entry in judged.corpus:
        reading = Reading(
            media_type="text/plain",
            paged=False,
            pages=(PageText(entry.text),),
            metadata=Metadata(title=entry.title),
        )
        documents.add_version(
            reading,
            chunking.passages(reading.pages),
            document_id=None,
            source=f"{SOURCE}{entry.id}",
            file=(entry.id, "", len(entry.text)),
            stamp=stamp,
        )
        yield


def ask(
    judged: JudgedSet,
    retriever: Retriever,
    *,
    mode: Mode,
    limit: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[dict[str, list[str]], list[float]]:
    """Ask the judged queries in order.

    A text is ranked by the best of its passages.

    Args:
        judged: the set, loaded before.
        retriever: searches the collection that holds it and nothing else.
        mode: which candidate lists to use.
        limit: ask only the first so many queries.
        progress: called with 1 after each query.

    Returns:
        The ranked ids of texts by query id, and the milliseconds that each query took.
    """
    rankings: dict[str, list[str]] = {}
    milliseconds: list[float] = []
    for query_id, query in islice(judged.queries.items(), limit):
        start = time.perf_counter()
        # The judges knew no groups: a text behind a copy of it would count as not found.
        results = retriever.search(query, CANDIDATES, mode=mode, collapse=False)
        milliseconds.append((time.perf_counter() - start) * 1000)
        sources = (result.document.source.removeprefix(SOURCE) for result in results)
        rankings[query_id] = list(dict.fromkeys(sources))
        if progress is not None:
            progress(1)
    return rankings, milliseconds


def scores(
    judged: JudgedSet,
    rankings: Mapping[str, Sequence[str]],
    *,
    milliseconds: Sequence[float],
    passages: int,
    index_seconds: float,
) -> Scores:
    """Average the measures over the queries asked."""
    qrels = {query_id: judged.qrels[query_id] for query_id in rankings}
    at_10, at_100 = measure(rankings, qrels, k=10), measure(rankings, qrels, k=100)
    halves = {
        half: {query_id: gains for query_id, gains in qrels.items() if half_of(query_id) is half}
        for half in Half
    }
    median, slow = np.percentile(milliseconds, [50, 95])
    return Scores(
        dataset=judged.name,
        queries=at_10.queries,
        passages=passages,
        ndcg_at_10=at_10.ndcg,
        recall_at_10=at_10.recall,
        recall_at_100=at_100.recall,
        mrr_at_10=at_10.reciprocal_rank,
        latency_ms=(float(median), float(slow)),
        index_seconds=index_seconds,
        halves=MappingProxyType(
            {half: measure(rankings, those, k=10) for half, those in halves.items() if those}
        ),
    )
