"""Search over a large collection: quality, latency, memory, start, bytes; and how they grow.

``python -m tests.benchmarks.scale HOME QUERIES [--count N] [--sizes N…]``. HOME is a home whose documents were
loaded from a judged corpus and indexed; it is opened and brought up to date: give a copy. QUERIES
is a folder with ``queries.jsonl`` and ``qrels.tsv``. For each size, so many documents evenly spread
(and all judged ones) are cut out into a home of their own and indexed anew with the vectors stored.
"""

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from briefs.workbench.bootstrap import DATABASE, Workbench
from knowledge.judged import measure as measured
from knowledge.model import Mode
from tests.benchmarks.latency import latencies, open_remembering, show
from tests.benchmarks.starting import Start
from tests.benchmarks.timing import load_now, size_of

_MARK: Final = "judged:"
_MEGABYTE: Final = 2**20
_OF_VERSION: Final = ("pages", "shingle_bands", "likenesses", "recognitions")


@dataclass(frozen=True, slots=True)
class Lookups:
    """Queries and the ids of the texts that answer them, with grades."""

    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]


def main() -> None:
    """Measure the home, then smaller cuts of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--count", type=int, default=300, help="most queries on the clock")
    parser.add_argument("--sizes", type=int, nargs="*", default=[])
    given = parser.parse_args()
    lookups = read(given.queries)
    for size in given.sizes:
        with tempfile.TemporaryDirectory(prefix="zhiku-scale-") as scratch:
            home = Path(scratch) / "home"
            cut(given.home, home, size=size, keep=_judged(lookups))
            measure(home, lookups, count=given.count)
    measure(given.home, lookups, count=given.count)


def read(folder: Path) -> Lookups:
    """Read queries and judgements; the texts themselves are in the home."""
    rows = map(json.loads, (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines())
    queries = {row["_id"]: row["text"] for row in rows}
    qrels: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, text, grade = line.split("\t")
        qrels.setdefault(query, {})[text] = int(grade)
    return Lookups({id_: queries[id_] for id_ in qrels}, qrels)


def measure(home: Path, lookups: Lookups, *, count: int) -> None:
    """Index what waits, without encoding, and print all figures."""
    workbench = open_remembering(home)
    index(workbench)
    passages, encoded = len(workbench.passages.ids()), len(workbench.dense or ())
    print(f"\n== {workbench.documents.counts()[0]} documents, {passages} passages")
    print("with a vector       ", encoded)
    print(load_now())
    show(latencies(workbench, list(lookups.queries.values())[:count]))
    for mode in Mode:
        print(f"{mode.value:20} ", _quality(workbench, lookups, mode))
    print("resident            ", f"{psutil.Process().memory_info().rss / _MEGABYTE:.0f} MB")
    workbench.close()
    for name, size, count in (
        ("words", size_of(home / "index" / "lexical"), passages),
        ("vectors", size_of(home / "index" / "dense"), encoded),
        ("SQL vectors", _stored(home, "vectors"), encoded),
        ("SQL, all", (home / DATABASE).stat().st_size, passages),
    ):
        each = size / max(count, 1)
        print(f"{name:20} ", f"{size / _MEGABYTE:.0f} MB, {each:.0f} bytes a passage")
    _show_start(start(home, next(iter(lookups.queries.values()))))


def index(workbench: Workbench) -> None:
    """Bring both indexes up to date and save them; nothing is encoded."""
    begun = time.perf_counter()
    workbench.lexical_indexing.catch_up()
    print("words indexed       ", f"{time.perf_counter() - begun:.1f} s")
    if (dense := workbench.dense) is not None:
        begun = time.perf_counter()
        if dense.catch_up():
            dense.save()
        print("vectors indexed     ", f"{time.perf_counter() - begun:.1f} s")


def start(home: Path, query: str) -> Start:
    """From nothing to the first answer, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.starting", str(home), query]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Start(**json.loads(said.splitlines()[-1]))


def cut(source: Path, home: Path, *, size: int, keep: Sequence[str]) -> None:
    """Copy a home with `size` of its documents, evenly spread, and those of the sources `keep`."""
    shutil.copytree(source, home, ignore=shutil.ignore_patterns("index", "originals"))
    database = sqlite3.connect(home / DATABASE)
    with database:
        database.execute("CREATE TEMP TABLE kept (source TEXT PRIMARY KEY)")
        database.executemany("INSERT OR IGNORE INTO kept VALUES (?)", [(one,) for one in keep])
        database.execute(
            "CREATE TEMP TABLE gone AS SELECT v.id FROM versions v"
            " JOIN documents d ON d.id = v.document_id, (SELECT count(*) AS n FROM documents) AS a"
            " WHERE (d.id * :size) % a.n >= :size AND d.source NOT IN (SELECT source FROM kept)",
            {"size": size},
        )
        gone = "(SELECT id FROM gone)"
        passages = f"(SELECT id FROM passages WHERE version_id IN {gone})"
        database.execute(f"DELETE FROM vectors WHERE passage_id IN {passages}")
        database.execute(f"DELETE FROM passages WHERE version_id IN {gone}")
        for table in _OF_VERSION:
            database.execute(f"DELETE FROM {table} WHERE version_id IN {gone}")
        database.execute(f"DELETE FROM documents WHERE current_version_id IN {gone}")
        database.execute(f"DELETE FROM versions WHERE id IN {gone}")
    database.execute("VACUUM")
    database.close()


def _judged(lookups: Lookups) -> list[str]:
    return [_MARK + text for texts in lookups.qrels.values() for text in texts]


def _quality(workbench: Workbench, lookups: Lookups, mode: Mode) -> str:
    rankings = {}
    for query_id, query in lookups.queries.items():
        results = workbench.retriever.search(query, mode=mode, collapse=False)
        sources = [result.document.source.removeprefix(_MARK) for result in results]
        rankings[query_id] = list(dict.fromkeys(sources))
    at_10 = measured(rankings, lookups.qrels, k=10)
    return f"nDCG@10 {at_10.ndcg:.4f}   recall@10 {at_10.recall:.4f}   {at_10.queries} queries"


def _stored(home: Path, table: str) -> int:
    database = sqlite3.connect(home / DATABASE)
    row = database.execute("SELECT sum(pgsize) FROM dbstat WHERE name = ?", (table,)).fetchone()
    database.close()
    return int(row[0] or 0)


def _show_start(begun: Start) -> None:
    print(
        "first answer        ",
        f"{begun.answered:.1f} s: imported {begun.imported:.1f}, opened {begun.opened:.1f},"
        f" encoder and indexes {begun.ready:.1f}",
    )
    print(
        "  memory            ",
        f"{begun.answered_megabytes:.0f} MB: imported {begun.imported_megabytes:.0f},"
        f" opened {begun.opened_megabytes:.0f}, encoder and indexes {begun.ready_megabytes:.0f}",
    )


if __name__ == "__main__":
    main()
