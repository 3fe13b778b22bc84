"""BERT in torch, with weights laid out for the processor: for passages by the thousand.

The weights of the linear layers are put in the order that oneDNN computes in once, when the model
is loaded, instead of at each call; in float32 that replaces another library's multiplication, too.
This module imports torch, which takes about a second.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from embeddings.bert_weights import BertWeights, Floats, Tokens, unit
from embeddings.model_loading import Precision, usual_precision

_PADDING = 1
"""A token like any other: what stands in the padding is masked."""
_ROWS = 1024
"""For how many tokens at once the weights are laid out; others are computed as well."""


class _Linear:
    """``x @ weight.T + bias``, and perhaps GELU after it, in one go where oneDNN is there."""

    def __init__(self, weight: Floats, bias: Floats, *, number: torch.dtype) -> None:
        self._bias = torch.tensor(bias).to(number)
        self._weight = torch.tensor(weight).to(number)
        self._is_packed = False
        if torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
            # The operation has no kernel for some processors (bfloat16 without AVX-512, macOS).
            try:
                self._weight = torch.ops.mkldnn._reorder_linear_weight(self._weight, _ROWS)
            except (RuntimeError, NotImplementedError, AttributeError):
                return
            self._is_packed = True

    def __call__(self, states: torch.Tensor, *, gelu: bool = False) -> torch.Tensor:
        if not self._is_packed:
            plain = functional.linear(states, self._weight, self._bias)
            return functional.gelu(plain) if gelu else plain
        after: tuple[str, list[float], str] = ("gelu", [], "none") if gelu else ("none", [], "")
        result: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
            states, self._weight, self._bias, *after
        )
        return result


class _Norm:
    """A layer norm."""

    def __init__(self, weight: Floats, bias: Floats, *, number: torch.dtype) -> None:
        self._weight = torch.tensor(weight).to(number)
        self._bias = torch.tensor(bias).to(number)

    def __call__(self, states: torch.Tensor, *, epsilon: float) -> torch.Tensor:
        shape = self._weight.shape
        return functional.layer_norm(states, shape, self._weight, self._bias, epsilon)


class _Layer:
    """One of the layers; its three projections are one matrix."""

    def __init__(self, weights: BertWeights, number: torch.dtype, *, name: str) -> None:
        parts = [weights.pair(f"{name}attention.self.{part}") for part in ("query", "key", "value")]
        projection, bias = (np.concatenate(both) for both in zip(*parts, strict=True))
        attention = f"{name}attention.output"
        self.projections = _Linear(projection, bias, number=number)
        self.attention = _Linear(*weights.pair(f"{attention}.dense"), number=number)
        self.attention_norm = _Norm(*weights.pair(f"{attention}.LayerNorm"), number=number)
        self.wide = _Linear(*weights.pair(f"{name}intermediate.dense"), number=number)
        self.narrow = _Linear(*weights.pair(f"{name}output.dense"), number=number)
        self.norm = _Norm(*weights.pair(f"{name}output.LayerNorm"), number=number)


class TorchBert:
    """Unit vectors of a batch of texts, mean over tokens; safe in several threads."""

    def __init__(self, weights: BertWeights, *, precision: Precision | None = None) -> None:
        """Lay out the weights.

        Args:
            weights: of the model.
            precision: of weights and arithmetic; None takes what suits the processor.
        """
        precision = precision or usual_precision()
        self._number = torch.bfloat16 if precision == "bf16" else torch.float32
        self._weights = weights
        with torch.inference_mode():
            self._layers = [
                _Layer(weights, self._number, name=f"encoder.layer.{layer}.")
                for layer in range(weights.layers)
            ]

    def vectors(self, texts: Sequence[Tokens]) -> Floats:
        """Encode texts as one batch; shape ``(n, hidden)``."""
        count, longest = len(texts), max(map(len, texts))
        tokens = np.full((count, longest), _PADDING, dtype=np.int64)
        present = np.zeros((count, longest), dtype=bool)
        for row, text in enumerate(texts):
            tokens[row, : len(text)] = text
            present[row, : len(text)] = True
        with torch.inference_mode():
            states = self._states(tokens, torch.from_numpy(present)).float().numpy()
        states = states.reshape(count, longest, -1)
        return unit(np.einsum("blh,bl->bh", states, present.astype(np.float32)))

    def _states(self, tokens: npt.NDArray[np.int64], present: torch.Tensor) -> torch.Tensor:
        epsilon = self._weights.epsilon
        embedded = self._weights.embedded(tokens).reshape(tokens.size, -1)
        states = torch.from_numpy(embedded).to(self._number)
        mask = None
        if not present.all():
            mask = torch.zeros(present.shape, dtype=self._number)
            mask = mask.masked_fill_(~present, -math.inf)[:, None, None, :]
        for layer in self._layers:
            attended = self._attended(layer.projections(states), tokens.shape, mask=mask)
            change = layer.attention(attended)
            states = layer.attention_norm(change.add_(states), epsilon=epsilon)
            change = layer.narrow(layer.wide(states, gelu=True))
            states = layer.norm(change.add_(states), epsilon=epsilon)
        return states

    def _attended(
        self, projected: torch.Tensor, shape: tuple[int, ...], *, mask: torch.Tensor | None
    ) -> torch.Tensor:
        count, longest = shape
        heads, size = self._weights.heads, self._weights.hidden // self._weights.heads
        query, key, value = projected.view(count, longest, 3, heads, size).permute(2, 0, 3, 1, 4)
        if self._number is torch.float32:
            found = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        else:
            # Its bfloat16 kernel takes longer over texts of this length than whole matrices do.
            scores = torch.matmul(query, key.transpose(2, 3)).mul_(1 / math.sqrt(size))
            if mask is not None:
                scores += mask
            found = torch.matmul(scores.softmax(-1), value)
        return found.transpose(1, 2).reshape(count * longest, heads * size)
