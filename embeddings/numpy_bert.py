"""BERT in plain numpy: for a question, which must not wait for torch to be imported.

On one core it is about as fast as torch in float32 at this size, where reading the weights from
memory takes most of the time.
"""

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from embeddings.bert_weights import BertWeights, Floats, Tokens, layer_norm, unit

_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
"""Abramowitz and Stegun 7.1.26: at most 1.5e-7 off."""
_ERF_STEP = 0.3275911


class NumpyBert:
    """Unit vectors of single texts, mean over tokens; safe in several threads."""

    def __init__(self, weights: BertWeights) -> None:
        self._weights = weights
        use_one_thread()

    def vectors(self, texts: Sequence[Tokens]) -> Floats:
        """Encode texts one by one; shape ``(n, hidden)``."""
        rows = np.empty((len(texts), self._weights.hidden), dtype=np.float32)
        for row, tokens in enumerate(texts):
            rows[row] = self._vector(tokens)
        return rows

    def _vector(self, tokens: Tokens) -> Floats:
        weights = self._weights
        states = weights.embedded(np.asarray(tokens, dtype=np.int64))
        for layer in range(weights.layers):
            name = f"encoder.layer.{layer}."
            attended = self._attended(states, f"{name}attention.self.")
            states = self._joined(states, attended, f"{name}attention.output")
            inner = _gelu(_linear(states, *weights.pair(f"{name}intermediate.dense")))
            states = self._joined(states, inner, f"{name}output")
        mean: Floats = states.mean(axis=0)
        return unit(mean)

    def _attended(self, states: Floats, name: str) -> Floats:
        length, hidden = states.shape
        size = hidden // self._weights.heads
        query, key, value = (
            _linear(states, *self._weights.pair(name + part))
            .reshape(length, self._weights.heads, size)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores: Floats = query @ key.transpose(0, 2, 1)
        scores *= np.float32(1 / math.sqrt(size))
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        heads: Floats = scores @ value
        return heads.transpose(1, 0, 2).reshape(length, hidden)

    def _joined(self, states: Floats, change: Floats, name: str) -> Floats:
        changed = _linear(change, *self._weights.pair(f"{name}.dense"))
        changed += states
        norm = self._weights.pair(f"{name}.LayerNorm")
        return layer_norm(changed, *norm, epsilon=self._weights.epsilon)


@functools.cache
def use_one_thread() -> None:
    """Let numpy's matrices be multiplied by one thread, in this process from now on.

    With two, its library waits for the other in a busy loop: on a machine whose cores are taken (by
    the encoding of passages, for one) a question took ten times as long.
    """
    from threadpoolctl import ThreadpoolController as Untyped  # type: ignore[import-untyped]

    controller: Any = Untyped

    for library in controller().lib_controllers:
        # FAISS and others bring libraries of their own, and keep their threads.
        if "numpy" in library.filepath:
            library.set_num_threads(1)


def _linear(states: Floats, weight: Floats, bias: Floats) -> Floats:
    result: Floats = states @ weight.T
    result += bias
    return result


def _gelu(values: Floats) -> Floats:
    size = np.abs(values) * np.float32(math.sqrt(0.5))
    step = 1 / (1 + np.float32(_ERF_STEP) * size)
    tail = np.zeros_like(step)
    for factor in reversed(_ERF):
        tail += np.float32(factor)
        tail *= step
    tail *= np.exp(-size * size)
    result: Floats = np.where(values > 0, values - values * tail / 2, values * tail / 2)
    return result
