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
from itertools import pairwise
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
REMOVED: Final = 10_000
NOISE: Final = 0.1
"""Length of the noise beside a mixture of length 1: neighbours stay as near as real ones."""
_CHUNK: Final = 20_000
_GROWN_EVERY: Final = 200_000
"""A tail of so many is no longer than the one that is exact at first."""
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
    if given.scratch is not None:
        given.scratch.mkdir(parents=True, exist_ok=True)
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
    truth, best = dict[int, Ids](), Best(queries)
    stops = {*counts, *range(0, max(counts), _CHUNK)}
    for start, stop in pairwise(sorted(stops)):
        written[start:stop] = mixtures(real, stop - start, generator)
        best.take(start, written[start:stop].astype(np.float32))
        if stop in counts:
            truth[stop] = best.ids
    return Material(path, queries, truth)


class Best:
    """The ten nearest of each query, by comparing with everything it takes."""

    def __init__(self, queries: Vectors) -> None:
        self._queries = queries
        self.ids = np.empty((len(queries), 0), dtype=np.int64)
        self._scores = np.empty((len(queries), 0), dtype=np.float32)

    def take(self, first: int, vectors: Vectors) -> None:
        """Compare with vectors whose ids begin with `first`."""
        new = np.broadcast_to(np.arange(len(vectors)) + first, (len(self._queries), len(vectors)))
        ids = np.concatenate([self.ids, new], axis=1)
        scores = np.concatenate([self._scores, self._queries @ vectors.T], axis=1)
        order = np.argpartition(-scores, 10, axis=1)[:, :10]
        self.ids = np.take_along_axis(ids, order, axis=1)
        self._scores = np.take_along_axis(scores, order, axis=1)


def measure(material: Material, scratch: Path, count: int) -> None:
    """Build an index of `count` vectors in a process of its own, and print its figures."""
    vectors = np.load(material.vectors, mmap_mode="r")
    folder = scratch / str(count)
    index = opened(folder, vectors.shape[1])
    print(f"\n{count:,} vectors; {load_now()}")
    started = time.perf_counter()
    for ids, rows in chunks(vectors, count):
        index.add(ids, rows)
        if (ids[-1] + 1) % _GROWN_EVERY == 0 or ids[-1] + 1 == count:
            index.grow()
    built = time.perf_counter() - started
    index.save()
    dimension = vectors.shape[1]
    # What is mapped of the material would count as resident.
    del index, vectors, ids, rows
    index = reopened(folder, dimension)
    shape = index.shape
    print(f"  {shape.exact:,} exact, {shape.divided:,} in {shape.segments} segments")
    print(f"  built in {built:.1f} s; {resident_now()}")
    look(index, material, count)
    gone = change(index, material, count)
    del index
    index = reopened(folder, dimension)
    print(f"  found of what was removed: {found_of(index, gone, material)}; ", end="")
    print(f"disk {size_of(folder) / count:.0f} bytes a vector; {resident_now()}", flush=True)
    shutil.rmtree(folder)


def reopened(folder: Path, dimension: int) -> KeptIndex:
    """Open what was saved, on the clock."""
    start = time.perf_counter()
    index = opened(folder, dimension)
    print(f"  start {time.perf_counter() - start:.2f} s", end="; ")
    return index


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
    for name, most in (
        ("all but 100 allowed", count - 100),
        ("half allowed", count // 2),
        ("1/1000 allowed", count // 1000),
    ):
        allowed = np.sort(generator.permutation(count)[:most])
        times = spread(lambda query: index.search(query, 200, allowed=allowed), queries[:100])  # noqa: B023
        print(f"  {name:20} {times}")
        allowed.setflags(write=False)
        times = spread(lambda query: index.search(query, 200, allowed=allowed), queries[:100])  # noqa: B023
        print(f"  the same, remembered {times}")
    some = generator.permutation(count)[:CANDIDATES]
    times = spread(lambda query: index.scores(query, some), queries[:100])
    print(f"  scores of 200        {times}")


def change(index: KeptIndex, material: Material, count: int) -> Ids:
    """Add a thousand vectors, remove ten thousand, some of them new, and save; what was removed."""
    generator = np.random.default_rng(5)
    new = np.arange(count, count + 1000, dtype=np.int64)
    vectors = mixtures(material.queries, len(new), generator)
    start = time.perf_counter()
    index.add(new, vectors)
    added = time.perf_counter() - start
    index.save(always=True)
    saved = time.perf_counter() - start
    # What would be found, were it not removed: else it proves little that it is not.
    near = np.concatenate([index.search(query[None], 50)[0][0] for query in material.queries])
    gone = np.concatenate([np.unique(near), generator.permutation(count)])
    gone = gone[np.sort(np.unique(gone, return_index=True)[1])][: min(REMOVED, count // 2)]
    start = time.perf_counter()
    index.remove(gone)
    removed = time.perf_counter() - start
    print(f"  1,000 added in {added:.3f} s, with saving {saved:.2f} s; ", end="")
    print(
        f"{len(gone):,} removed in {removed:.3f} s; found of them {found_of(index, gone, material)}"
    )
    times = spread(lambda query: index.search(query[None], CANDIDATES), material.queries[:100])
    print(f"  search after that    {times}")
    start = time.perf_counter()
    index.grow()
    index.save(always=True)
    print(f"  grown and saved in {time.perf_counter() - start:.2f} s; {resident_now()}")
    return gone


def found_of(index: KeptIndex, gone: Ids, material: Material) -> int:
    """How many of what was removed are found by any query, filtered or not."""
    looks = [index.search(query[None], 50)[0] for query in material.queries]
    looks += [index.search(query[None], 50, allowed=gone)[0] for query in material.queries[:20]]
    return sum(int(np.isin(ids, gone).sum()) for ids in looks)


def resident_now() -> str:
    """Resident memory of this process, and what of it are pages of files."""
    shared = psutil.Process().memory_info().shared // _MEGABYTE
    return f"resident {resident()} MiB, {shared} of them pages of files"


def resident() -> int:
    """Resident memory of this process, in MiB."""
    return int(psutil.Process().memory_info().rss) // _MEGABYTE


if __name__ == "__main__":
    main()
