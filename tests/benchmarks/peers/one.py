"""One system on one set, in a process of its own; prints its `Outcome` as a line of JSON.

``python -m tests.benchmarks.peers.one NAME SET PREPARED QUERIES [neutral]``.
"""

import json
import logging
import resource
import sys
import time
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import psutil

from knowledge.judged import load_judged, measure
from tests.benchmarks.peers.prepared import neutral, read
from tests.benchmarks.peers.systems import SYSTEMS
from tests.benchmarks.timing import spread

DEEP: Final = 100
"""Passages asked for where rankings are judged."""
SHORT: Final = 10
"""Passages asked for on the clock."""
_TIMED: Final = 200
_MEGABYTE: Final = 2**20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one system did on one set; with a fault, nothing else was measured."""

    system: str
    dataset: str
    queries: int = 0
    ndcg_at_10: float = 0.0
    recall_at_100: float = 0.0
    keeping_seconds: float = 0.0
    """Until the texts are in its collection, if it has one."""
    index_seconds: float = 0.0
    """From texts and their vectors to ready for the first query."""
    encoding_seconds: float = 0.0
    """Of the passages, measured once for all systems."""
    median_ms: float = 0.0
    slow_ms: float = 0.0
    """95th percentile; neither holds the encoding of the query."""
    encoding_ms: tuple[float, float] = (0.0, 0.0)
    """Median and 95th percentile of encoding a query, measured once for all systems."""
    processor_ms: float = 0.0
    """Processor time of a query, all threads: hardly depends on what else the machine does."""
    peak_megabytes: float = 0.0
    """Resident, of the whole process."""
    own_megabytes: float = 0.0
    """Of these, what came after imports and input."""
    fault: str = ""


def run(
    name: str, judged_folder: Path, prepared_folder: Path, *, most: int, is_neutral: bool
) -> Outcome:
    """Index the set, ask its queries (at most so many, evenly spread), then time the first."""
    try:
        system = SYSTEMS[name]()
    except ImportError as problem:
        return Outcome(name, judged_folder.name, fault=f"not installed ({problem})")
    judged, given = load_judged(judged_folder), read(prepared_folder)
    if is_neutral:
        given = neutral(given)
    before = psutil.Process().memory_info().rss / _MEGABYTE
    start = time.perf_counter()
    system.keep(judged, given)
    kept = time.perf_counter()
    system.index(given)
    index_seconds = time.perf_counter() - kept
    count = min(most, len(given.queries))
    places = np.linspace(0, len(given.queries) - 1, num=count, dtype=np.int64).tolist()
    # A text is ranked by the best of its passages.
    rankings = {
        given.query_ids[place]: list(dict.fromkeys(system.search(place, DEEP))) for place in places
    }
    qrels = {query_id: judged.qrels[query_id] for query_id in rankings}
    timed = spread(lambda place: system.search(place, SHORT), places[:_TIMED])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Outcome(
        system=name,
        dataset=judged_folder.name,
        queries=len(rankings),
        ndcg_at_10=measure(rankings, qrels, k=10).ndcg,
        recall_at_100=measure(rankings, qrels, k=100).recall,
        keeping_seconds=kept - start,
        index_seconds=index_seconds,
        encoding_seconds=given.encoding.seconds,
        median_ms=timed.median,
        slow_ms=timed.slow,
        encoding_ms=(given.encoding.median_ms, given.encoding.slow_ms),
        processor_ms=timed.processor,
        peak_megabytes=peak,
        own_megabytes=peak - before,
    )


def main() -> None:
    """Run what the arguments name."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    name, judged, prepared, most, *words = sys.argv[1:]
    is_neutral = "neutral" in words
    outcome = run(name, Path(judged), Path(prepared), most=int(most), is_neutral=is_neutral)
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
