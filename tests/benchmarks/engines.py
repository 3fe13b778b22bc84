"""The ways of running the default model that ``tests.benchmarks.encoders`` compares."""

import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias, cast

import numpy as np

from embeddings.bert_weights import BertWeights, Floats, Tokens, token_batches, unit
from embeddings.lean import BATCH_TOKENS
from embeddings.model_loading import Precision

Encode: TypeAlias = Callable[[Sequence[str], str], Floats]
"""Texts and their prompt → unit vectors."""
VectorsOf: TypeAlias = Callable[[list[Tokens]], Floats]
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
    "openvino-int8",
)


def made(engine: str, folder: Path, *, threads: int) -> Encode:
    """Load an engine."""
    family, _, kind = engine.partition("-")
    if family == "library":
        return _library(folder, cast("Precision", kind), threads)
    weights = BertWeights(folder)
    makers: dict[str, Callable[[BertWeights, str, int], VectorsOf]] = {
        "lean": _lean,
        "onnx": _onnx,
        "openvino": _openvino,
    }
    return _batched(makers[family](weights, kind, threads), folder)


def _library(folder: Path, precision: Precision, threads: int) -> Encode:
    import torch

    from embeddings.sentence import SentenceEncoder

    torch.set_num_threads(threads)
    encoder = SentenceEncoder(str(folder), precision=precision)
    return lambda texts, prompt: (
        encoder.encode_queries(texts) if prompt == "query: " else encoder.encode_passages(texts)
    )


def _batched(vectors_of: VectorsOf, folder: Path) -> Encode:
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


def _lean(weights: BertWeights, kind: str, threads: int) -> VectorsOf:
    if kind == "numpy":
        from embeddings.numpy_bert import NumpyBert

        return NumpyBert(weights).vectors
    import torch

    from embeddings.torch_bert import TorchBert

    torch.set_num_threads(threads)
    return TorchBert(weights, precision=cast("Precision", kind)).vectors


def _onnx(weights: BertWeights, kind: str, threads: int) -> VectorsOf:
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


def _openvino(weights: BertWeights, kind: str, threads: int) -> VectorsOf:
    core: Any = import_module("openvino").Core()
    is_short = kind == "int8"
    options: dict[str, Any] = {"INFERENCE_NUM_THREADS": threads}
    options["INFERENCE_PRECISION_HINT"] = "f32" if is_short else kind
    if is_short:
        options["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = 32
    with tempfile.TemporaryDirectory() as scratch:
        path = _graph(weights, Path(scratch), "short" if is_short else "plain")
        compiled = core.compile_model(path, "CPU", options)
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
