"""How the vector index grows to a million: recall, speed, memory, bytes, against exact search.

``python -m tests.benchmarks.million SOURCE [--queries FILE.npy] [--counts N…] [--scratch DIR]``.
SOURCE is a home whose passages are encoded, or a ``.npy`` file of real vectors. The vectors asked
for are mixtures of two real ones with some noise: random ones have no neighbours, and tell
nothing. Queries are the vectors of real questions where a file of them is given, else further
mixtures; each is asked by itself, as people do. Each size is measured in a process of its own.
"""

import argparse
import multiprocessing
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import psutil

from embeddings.kept import KeptIndex
from embeddings.protocols import Ids, Vectors
from tests.benchmarks.timing import load_now, size_of, spread

COUNTS: Final = (10_000, 30_000, 100_000, 300_000, 1_000_000)
QUERIES: Final = 400
CANDIDATES: Final = 200
"""As many as hybrid search asks for; recall is that of the first ten."""
NOISE: Final = 0.1
"""Length of the noise beside a mixture of length 1: neighbours stay as near as real ones."""
_CHUNK: Final = 20_000
_MEGABYTE: Final = 2**20


@dataclass(frozen=True, slots=True)
class Material:
    """Vectors on disk, as float16, and queries with their true ten neighbours by count."""

    vectors: Path
    queries: Vectors
    truth: dict[int, Ids]


def main() -> None:
    """Measure each size and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    parser.add_argument("--scratch", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhiku-million-", dir=given.scratch) as scratch:
        material = prepared(
            given.source, Path(scratch), counts=given.counts, questions=given.queries
        )
        spawning = multiprocessing.get_context("spawn")
        for count in given.counts:
            process = spawning.Process(target=measure, args=(material, Path(scratch), count))
            process.start()
            process.join()


def real_vectors(source: Path) -> Vectors:
    """Read the vectors of a file, or of the encoder that encoded most of a home."""
    if source.is_file():
        return np.asarray(np.load(source), dtype=np.float32)
    connection = sqlite3.connect(f"file:{source / 'zhiku.db'}?mode=ro", uri=True)
    query = "SELECT encoder_id FROM vectors GROUP BY encoder_id ORDER BY count(*) DESC LIMIT 1"
    (encoder_id,) = connection.execute(query).fetchone()
    query = "SELECT vector FROM vectors WHERE encoder_id = ? ORDER BY passage_id"
    blobs = [blob for (blob,) in connection.execute(query, (encoder_id,))]
    connection.close()
    vectors = np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), -1)
    return unit(vectors.astype(np.float32))


def unit(vectors: Vectors) -> Vectors:
    """Bring each row to length 1."""
    found: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


def mixtures(real: Vectors, count: int, generator: np.random.Generator) -> Vectors:
    """Mix two real vectors each, and add noise."""
    one, other = generator.integers(len(real), size=(2, count))
    share = generator.uniform(0.2, 0.8, (count, 1)).astype(np.float32)
    noise = generator.standard_normal((count, real.shape[1]), dtype=np.float32)
    mixed = share * real[one] + (1 - share) * real[other]
    return unit(mixed + noise * np.float32(NOISE / np.sqrt(real.shape[1])))


def prepared(
    source: Path, scratch: Path, *, counts: Sequence[int], questions: Path | None
) -> Material:
    """Write the vectors, and compare each query with all of them."""
    generator = np.random.default_rng(20)
    real = real_vectors(source)
    queries = mixtures(real, QUERIES, generator)
    if questions is not None:
        asked = np.load(questions).astype(np.float32)
        queries = unit(asked[generator.permutation(len(asked))[:QUERIES]])
    print(f"{len(real)} real vectors of {real.shape[1]}; {load_now()}", flush=True)
    path = scratch / "vectors.npy"
    shape = (max(counts), real.shape[1])
    written = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape)
    for start in range(0, len(written), _CHUNK):
        rows = written[start : start + _CHUNK]
        rows[:] = mixtures(real, len(rows), generator)
    return Material(path, queries, {count: nearest(written, queries, count) for count in counts})


def nearest(vectors: npt.NDArray[np.float16], queries: Vectors, count: int) -> Ids:
    """The ten nearest of the first `count` vectors, by comparing all."""
    ids = np.zeros((len(queries), 0), dtype=np.int64)
    scores = np.zeros((len(queries), 0), dtype=np.float32)
    for start in range(0, count, _CHUNK):
        rows = vectors[start : min(count, start + _CHUNK)].astype(np.float32)
        more = np.broadcast_to(np.arange(start, start + len(rows)), (len(queries), len(rows)))
        ids = np.concatenate([ids, more], axis=1)
        scores = np.concatenate([scores, queries @ rows.T], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        ids = np.take_along_axis(ids, order, axis=1)
        scores = np.take_along_axis(scores, order, axis=1)
    return ids


def measure(material: Material, scratch: Path, count: int) -> None:
    """Build an index of `count` vectors in a process of its own, and print its figures."""
    vectors = np.load(material.vectors, mmap_mode="r")
    folder = scratch / str(count)
    before = resident()
    index = opened(folder, vectors.shape[1])
    started = time.perf_counter()
    for ids, rows in chunks(vectors, count):
        index.add(ids, rows)
        index.grow()
    built = time.perf_counter() - started
    index.save()
    peak = resident() - before
    del index
    load = time.perf_counter()
    index = opened(folder, vectors.shape[1])
    load = time.perf_counter() - load
    shape = index.shape
    print(f"\n{count:,} vectors: {shape.exact:,} exact, {shape.segments} segments; {load_now()}")
    print(f"  built {built:.1f} s, then resident {peak} MiB more; loaded {load:.2f} s")
    look(index, material, count)
    change(index, material, count)
    start = time.perf_counter()
    index.save()
    saved = time.perf_counter() - start
    print(f"  save {saved:.2f} s; disk {size_of(folder) / count:.0f} bytes a vector", end="; ")
    process = psutil.Process()
    maps = process.memory_info()
    print(f"resident {resident()} MiB, {maps.shared // _MEGABYTE} of them mapped files", flush=True)
    shutil.rmtree(folder)


def opened(folder: Path, dimension: int) -> KeptIndex:
    """Open an index as the workbench does."""
    lock = folder.with_suffix(".lock")
    return KeptIndex(folder, fingerprint="mixed", dimension=dimension, lock=lock)


def chunks(vectors: npt.NDArray[np.float16], count: int) -> Iterator[tuple[Ids, Vectors]]:
    """Ids and vectors, so many at a time as a collection grows."""
    for start in range(0, count, _CHUNK):
        stop = min(count, start + _CHUNK)
        rows = unit(np.array(vectors[start:stop]).astype(np.float32))
        yield np.arange(start, stop, dtype=np.int64), rows


def look(index: KeptIndex, material: Material, count: int) -> None:
    """Search: all, and within filters that let half and a thousandth through."""
    found: list[Ids] = []
    queries = [query[None] for query in material.queries]
    spread(lambda query: index.search(query, CANDIDATES), queries[:40])
    times = spread(lambda query: found.append(index.search(query, CANDIDATES)[0][0, :10]), queries)
    pairs = zip(found, material.truth[count], strict=True)
    recall = np.mean([len(np.intersect1d(ids, best)) / 10 for ids, best in pairs])
    print(f"  recall@10 {recall:.4f}")
    print(f"  search               {times}")
    generator = np.random.default_rng(4)
    for name, part in (("half allowed", 2), ("1/1000 allowed", 1000)):
        allowed = np.sort(generator.permutation(count)[: count // part])
        times = spread(lambda query: index.search(query, 200, allowed=allowed), queries[:100])  # noqa: B023
        print(f"  {name:20} {times}")
    some = generator.permutation(count)[:CANDIDATES]
    times = spread(lambda query: index.scores(query, some), queries[:100])
    print(f"  scores of 200        {times}")


def change(index: KeptIndex, material: Material, count: int) -> None:
    """Add a thousand, and remove them and a thousand others."""
    generator = np.random.default_rng(5)
    new = np.arange(count, count + 1000, dtype=np.int64)
    start = time.perf_counter()
    index.add(new, mixtures(material.queries, 1000, generator))
    added = time.perf_counter() - start
    some = np.concatenate([new, generator.permutation(count)[:1000]])
    start = time.perf_counter()
    index.remove(some)
    removed = time.perf_counter() - start
    print(f"  1,000 added in {added:.3f} s, 2,000 removed in {removed:.3f} s", end="; ")
    left = np.isin(np.concatenate([index.search(q[None], 50)[0] for q in material.queries]), some)
    print(f"of these found afterwards: {int(left.sum())}")
    times = spread(lambda query: index.search(query, CANDIDATES), material.queries[:100, None])
    print(f"  search after that    {times}")


def resident() -> int:
    """Resident memory of this process, in MiB."""
    return int(psutil.Process().memory_info().rss) // _MEGABYTE


if __name__ == "__main__":
    main()
