"""How fast and how exact each way of running the default model is, and what it finds.

``python -m tests.benchmarks.encoders --judged DIR [--threads 2] [ENGINE…]``; each engine runs in a
process of its own. ``onnx-…`` need the packages onnx and onnxruntime, ``openvino-…`` onnx and
openvino, none of which Zhiku depends on for this. Passages a second are given by the clock and,
for machines where others compute as well, by the processor's time of one core.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np

from embeddings.bert_weights import BertWeights, Floats, Tokens, token_batches, unit
from embeddings.bundled import unpack_bundled_model
from embeddings.lean import BATCH_TOKENS
from embeddings.model_loading import Precision
from knowledge.judged import JudgedSet, load_judged, measure

Encode = Callable[[Sequence[str], str], Floats]
"""Texts and their prompt → unit vectors."""
ENGINES = (
    "library-fp32",
    "library-bf16",
    "lean-fp32",
    "lean-bf16",
    "lean-numpy",
    "onnx-float",
    "onnx-int8",
    "onnx-four-bit",
    "openvino-f32",
    "openvino-bf16",
)
ROOM = 100
"""Queries that warm an engine up."""


def main() -> None:
    """Run the engines one after the other, or one, whose process this then is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judged", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "zhiku-models")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--alone", action="store_true", help="run the one engine in this process")
    parser.add_argument("engines", nargs="*", default=list(ENGINES))
    given = parser.parse_args()
    if given.alone:
        run(given.engines[0], load_judged(given.judged), cache=given.cache, threads=given.threads)
        return
    unpack_bundled_model(given.cache)
    print(f"{'engine':14} {'load s':>6} {'p/s':>6} {'p/core-s':>8} {'query ms':>8}", end=" ")
    print(f"{'min cos':>8} {'nDCG@10':>7} {'MB':>5}", flush=True)
    for engine in given.engines:
        limits = {name: str(given.threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        same = ["--judged", str(given.judged), "--cache", str(given.cache)]
        command = [sys.executable, "-m", "tests.benchmarks.encoders", "--alone", *same]
        command += ["--threads", str(given.threads), engine]
        subprocess.run(command, env={**os.environ, **limits}, check=False)


def run(engine: str, judged: JudgedSet, *, cache: Path, threads: int) -> None:
    """Encode a judged set with one engine and print its line."""
    folder = unpack_bundled_model(cache)
    texts = [f"{each.title}\n{each.text}" if each.title else each.text for each in judged.corpus]
    start = time.perf_counter()
    encode = made(engine, folder, threads=threads)
    encode(texts[:1], "passage: ")
    loaded = time.perf_counter() - start
    encode(list(judged.queries.values())[:ROOM], "query: ")
    start, used = time.perf_counter(), time.process_time()
    passages = encode(texts, "passage: ")
    rate = len(texts) / (time.perf_counter() - start)
    core_rate = len(texts) / (time.process_time() - used)
    start = time.process_time()
    for query in list(judged.queries.values())[:ROOM]:
        encode([query], "query: ")
    each = (time.process_time() - start) / ROOM * 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    queries = encode(list(judged.queries.values()), "query: ")
    least = _agreement(passages, cache / f"reference-{judged.name}.npy", engine)
    found = _ndcg(judged, passages, queries)
    print(f"{engine:14} {loaded:6.1f} {rate:6.1f} {core_rate:8.1f} {each:8.1f}", end=" ")
    print(f"{least:8.5f} {found:7.4f} {peak:5.0f}", flush=True)


def made(engine: str, folder: Path, *, threads: int) -> Encode:
    """Load an engine."""
    family, _, kind = engine.partition("-")
    if family == "library":
        return _library(folder, cast("Precision", kind))
    weights = BertWeights(folder)
    makers: dict[str, Callable[[BertWeights, str, int], Callable[[list[Tokens]], Floats]]] = {
        "lean": _lean,
        "onnx": _onnx,
        "openvino": _openvino,
    }
    return _batched(makers[family](weights, kind, threads), folder)


def _library(folder: Path, precision: Precision) -> Encode:
    from embeddings.sentence import SentenceEncoder

    encoder = SentenceEncoder(str(folder), precision=precision)
    return lambda texts, prompt: (
        encoder.encode_queries(texts) if prompt == "query: " else encoder.encode_passages(texts)
    )


def _batched(vectors_of: Callable[[list[Tokens]], Floats], folder: Path) -> Encode:
    from tokenizers import Tokenizer

    untyped: Any = Tokenizer
    tokenizer = untyped.from_file(str(folder / "tokenizer.json"))

    def encode(texts: Sequence[str], prompt: str) -> Floats:
        tokens = [one.ids for one in tokenizer.encode_batch([prompt + text for text in texts])]
        rows: list[tuple[int, Floats]] = []
        for batch in token_batches(tokens, budget=BATCH_TOKENS):
            rows += zip(batch, vectors_of([tokens[place] for place in batch]), strict=True)
        return np.stack([row for _, row in sorted(rows, key=lambda pair: pair[0])])

    return encode


def _lean(weights: BertWeights, kind: str, threads: int) -> Callable[[list[Tokens]], Floats]:
    if kind == "numpy":
        from embeddings.numpy_bert import NumpyBert

        return NumpyBert(weights).vectors
    import torch

    from embeddings.torch_bert import TorchBert

    torch.set_num_threads(threads)
    return TorchBert(weights, precision=cast("Precision", kind)).vectors


def _onnx(weights: BertWeights, kind: str, threads: int) -> Callable[[list[Tokens]], Floats]:
    runtime: Any = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    with tempfile.TemporaryDirectory() as scratch:
        path = _graph(weights, Path(scratch), kind)
        session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def vectors_of(texts: list[Tokens]) -> Floats:
        states, present = _padded(weights, texts)
        lengths = present.sum(axis=1).astype(np.int32)
        return _mean(session.run(None, {"states": states, "lengths": lengths})[0], present)

    return vectors_of


def _openvino(weights: BertWeights, kind: str, threads: int) -> Callable[[list[Tokens]], Floats]:
    core: Any = import_module("openvino").Core()
    options = {"INFERENCE_PRECISION_HINT": kind, "INFERENCE_NUM_THREADS": threads}
    with tempfile.TemporaryDirectory() as scratch:
        compiled = core.compile_model(_graph(weights, Path(scratch), "plain"), "CPU", options)
    request = compiled.create_infer_request()

    def vectors_of(texts: list[Tokens]) -> Floats:
        states, present = _padded(weights, texts)
        mask = np.where(present, 0, -1e9).astype(np.float32)[:, None, None, :]
        (found,) = request.infer({"states": states, "mask": mask}).values()
        return _mean(found, present)

    return vectors_of


def _graph(weights: BertWeights, folder: Path, kind: Any) -> Path:
    from tests.benchmarks.onnx_graphs import write_graph

    write_graph(weights, folder / "layers.onnx", kind=kind)
    return folder / "layers.onnx"


def _padded(weights: BertWeights, texts: list[Tokens]) -> tuple[Floats, np.ndarray[Any, Any]]:
    lengths = np.array([len(text) for text in texts])
    present = np.arange(lengths.max()) < lengths[:, None]
    tokens = np.ones(present.shape, dtype=np.int64)
    tokens[present] = np.concatenate(texts)
    return weights.embedded(tokens), present


def _mean(states: Floats, present: np.ndarray[Any, Any]) -> Floats:
    return unit(np.einsum("blh,bl->bh", states, present.astype(np.float32)))


def _agreement(passages: Floats, reference: Path, engine: str) -> float:
    """Least cosine to the vectors of the library in float32, if that ran before."""
    if engine == "library-fp32":
        np.save(reference, passages)
    if not reference.is_file():
        return float("nan")
    return float((passages * np.load(reference)).sum(axis=1).min())


def _ndcg(judged: JudgedSet, passages: Floats, queries: Floats) -> float:
    order = np.argsort(-(queries @ passages.T), axis=1, kind="stable")[:, :10]
    ids = [each.id for each in judged.corpus]
    rankings = {
        query: [ids[place] for place in row]
        for query, row in zip(judged.queries, order.tolist(), strict=True)
    }
    return measure(rankings, judged.qrels, k=10).ndcg


if __name__ == "__main__":
    main()
