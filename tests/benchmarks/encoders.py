"""How fast and how exact each way of running the default model is, and what it finds.

``python -m tests.benchmarks.encoders --judged DIR… [--threads 2] [--rounds 5] [ENGINE…]``. Each
engine runs in a process of its own. They take turns at the same passages, round by round, and the
best round counts, so that whatever else the machine does is the same for all. Then each encodes
the judged sets, for nDCG@10 by vectors alone; what it gave is kept in the cache, and ``--speed``
leaves it out. ``onnx-…`` need the packages onnx and onnxruntime, ``openvino-…`` onnx and openvino.
"""

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from embeddings.bert_weights import Floats
from embeddings.bundled import unpack_bundled_model
from knowledge.judged import JudgedSet, load_judged, measure
from tests.benchmarks.engines import ENGINES, made
from tests.benchmarks.timing import load_now

SAMPLE = 64
"""Passages of a round, of all lengths."""
QUERIES = 20
"""Queries of a round, one by one."""

Task: TypeAlias = tuple[Literal["passage: ", "query: "], Sequence[str], bool]
"""Prompt, texts, and whether one by one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What an engine gave for a task."""

    vectors: Floats
    seconds: float
    core_seconds: float
    peak_megabytes: float


class Racer:
    """An engine in its own process."""

    def __init__(self, engine: str, folder: Path, *, threads: int) -> None:
        self.engine = engine
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, engine, folder, threads)
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        # Else nobody would notice that it died.
        theirs.close()
        self.load_seconds: float = self._pipe.recv()

    def turn(self, task: Task) -> Turn:
        """Do a task."""
        self._pipe.send(task)
        turn: Turn = self._pipe.recv()
        return turn

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.terminate()
        self._process.join()


def main() -> None:
    """Let the engines race, then look at what they find."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judged", type=Path, nargs="+", required=True)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "zhiku-models")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--speed", action="store_true", help="only speed")
    parser.add_argument("--quality", action="store_true", help="only nDCG and cosines")
    parser.add_argument("--engines", nargs="*", default=list(ENGINES))
    given = parser.parse_args()
    folder = unpack_bundled_model(given.cache)
    judged = [load_judged(each) for each in given.judged]
    os.environ.update(
        OMP_NUM_THREADS=str(given.threads),
        MKL_NUM_THREADS=str(given.threads),
        OMP_WAIT_POLICY="passive",
    )

    def racer(engine: str) -> Racer:
        return Racer(engine, folder, threads=given.threads)

    if not given.quality:
        race([racer(engine) for engine in given.engines], judged, rounds=given.rounds)
    if not given.speed:
        find(given.engines, judged, racer=racer, kept=given.cache / "vectors")


def race(racers: Sequence[Racer], judged: Sequence[JudgedSet], *, rounds: int) -> None:
    """Print the speed of each, its best round."""
    texts = sorted((text for each in judged for text in passages_of(each)), key=len)
    sample = [texts[int(place)] for place in np.linspace(0, len(texts) - 1, SAMPLE)]
    asked = [query for each in judged for query in each.queries.values()]
    queries = asked[:: max(1, len(asked) // QUERIES)][:QUERIES]
    tasks: tuple[Task, Task] = ("passage: ", sample, False), ("query: ", queries, True)
    turns: dict[str, list[list[Turn]]] = {each.engine: [] for each in racers}
    for _ in range(rounds + 1):
        for each in racers:
            turns[each.engine].append([each.turn(task) for task in tasks])
    print(load_now())
    print(f"{'engine':16} {'load s':>6} {'p/s':>6} {'p/core-s':>8} {'query ms':>8} {'peak MB':>7}")
    for each in racers:
        # The first round warms up.
        many, few = zip(*turns[each.engine][1:], strict=True)
        rate = SAMPLE / min(turn.seconds for turn in many)
        core_rate = SAMPLE / min(turn.core_seconds for turn in many)
        milliseconds = min(turn.core_seconds for turn in few) * 1000 / QUERIES
        peak = max(turn.peak_megabytes for turn in (*many, *few))
        print(f"{each.engine:16} {each.load_seconds:6.1f} {rate:6.1f} {core_rate:8.1f}", end=" ")
        print(f"{milliseconds:8.1f} {peak:7.0f}", flush=True)
        each.close()


def find(
    engines: Sequence[str],
    judged: Sequence[JudgedSet],
    *,
    racer: Callable[[str], Racer],
    kept: Path,
) -> None:
    """Print what each finds, and how near its vectors are to those of the first."""
    kept.mkdir(exist_ok=True)
    print(f"{'engine':16} {'set':24} {'min cos':>8} {'mean cos':>8} {'nDCG@10':>7}")
    for engine in engines:
        running: Racer | None = None
        for each in judged:
            path = kept / f"{engine}-{each.name}.npz"
            if not path.is_file():
                running = running or racer(engine)
                queries = running.turn(("query: ", list(each.queries.values()), False)).vectors
                passages = running.turn(("passage: ", passages_of(each), False)).vectors
                np.savez(path, passages=passages, queries=queries)
            with np.load(path) as found:
                passages, queries = found["passages"], found["queries"]
            least, mean = _agreement(passages, kept / f"{engines[0]}-{each.name}.npz")
            print(f"{engine:16} {each.name:24} {least:8.5f} {mean:8.5f}", end=" ")
            print(f"{ndcg(each, passages, queries):7.4f}", flush=True)
        if running is not None:
            running.close()


def passages_of(judged: JudgedSet) -> list[str]:
    """What is encoded of its passages."""
    return [f"{each.title}\n{each.text}" if each.title else each.text for each in judged.corpus]


def ndcg(judged: JudgedSet, passages: Floats, queries: Floats) -> float:
    """nDCG@10 by vectors alone, equal scores in the corpus' order."""
    order = np.argsort(-(queries @ passages.T), axis=1, kind="stable")[:, :10]
    ids = [each.id for each in judged.corpus]
    rankings = {
        query: [ids[place] for place in row]
        for query, row in zip(judged.queries, order.tolist(), strict=True)
    }
    return measure(rankings, judged.qrels, k=10).ndcg


def _agreement(passages: Floats, reference: Path) -> tuple[float, float]:
    with np.load(reference) as found:
        cosines = (passages * found["passages"]).sum(axis=1)
    return float(cosines.min()), float(cosines.mean())


def _serve(pipe: Connection, engine: str, folder: Path, threads: int) -> None:
    start = time.perf_counter()
    encode = made(engine, folder, threads=threads)
    encode(["图书馆"], "passage: ")
    pipe.send(time.perf_counter() - start)
    while True:
        try:
            task: Task = pipe.recv()
        except EOFError:
            return
        pipe.send(_turn(encode, task))


def _turn(encode: Any, task: Task) -> Turn:
    prompt, texts, one_by_one = task
    start, used = time.perf_counter(), time.process_time()
    parts = [[text] for text in texts] if one_by_one else [texts]
    vectors = np.concatenate([encode(part, prompt) for part in parts])
    seconds, core_seconds = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Turn(vectors, seconds, core_seconds, peak)


if __name__ == "__main__":
    main()
