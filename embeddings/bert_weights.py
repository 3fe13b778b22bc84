"""The weights of a BERT folder, mapped from disk: what is not touched takes no memory."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Tokens: TypeAlias = Sequence[int]

_EMBEDDINGS = "embeddings."


class BertWeights:
    """``config.json`` and ``model.safetensors`` of a folder, read-only; safe in several threads.

    Layout of the second: length of a JSON directory (64 bits), the directory, the tensors.
    """

    def __init__(self, folder: Path) -> None:
        """Map the weights.

        Raises:
            OSError: a file cannot be read.
            ValueError: a file is not what its name says, or cut short.
            KeyError: a setting is missing.
        """
        config = json.loads((folder / "config.json").read_bytes())
        self.hidden: int = config["hidden_size"]
        self.layers: int = config["num_hidden_layers"]
        self.heads: int = config["num_attention_heads"]
        self.positions: int = config["max_position_embeddings"]
        self.epsilon: float = config["layer_norm_eps"]
        self._bytes = np.memmap(folder / "model.safetensors", dtype=np.uint8, mode="r")
        self._start = 8 + int.from_bytes(self._bytes[:8].tobytes(), "little")
        directory = json.loads(self._bytes[8 : self._start].tobytes())
        self._places = {
            name: (entry["shape"], *entry["data_offsets"])
            for name, entry in directory.items()
            if entry.get("dtype") == "F32"
        }
        if any(self._start + stop > len(self._bytes) for *_, stop in self._places.values()):
            raise ValueError("its weights are cut short")
        self._words = self.tensor(_EMBEDDINGS + "word_embeddings.weight")
        types = self.tensor(_EMBEDDINGS + "token_type_embeddings.weight")
        self._places_and_type = self.tensor(_EMBEDDINGS + "position_embeddings.weight") + types[0]
        self._norm = self.pair(_EMBEDDINGS + "LayerNorm")

    def tensor(self, name: str) -> Floats:
        """One tensor, still on disk.

        Raises:
            KeyError: there is none of this name in float32.
        """
        shape, start, stop = self._places[name]
        values: Floats = self._bytes[self._start + start : self._start + stop].view("<f4")
        return values.reshape(shape)

    def pair(self, name: str) -> tuple[Floats, Floats]:
        """Weight and bias of a linear layer or a layer norm."""
        return self.tensor(f"{name}.weight"), self.tensor(f"{name}.bias")

    def embedded(self, tokens: npt.NDArray[np.int64]) -> Floats:
        """What the first layer reads: words, places and type added up, then normalised.

        Args:
            tokens: shape ``(…, length)``.

        Returns:
            Shape ``(…, length, hidden)``, in memory.
        """
        states: Floats = self._words[tokens] + self._places_and_type[: tokens.shape[-1]]
        return layer_norm(np.asarray(states), *self._norm, epsilon=self.epsilon)


def layer_norm(states: Floats, weight: Floats, bias: Floats, *, epsilon: float) -> Floats:
    """Each row to mean 0 and variance 1, then scaled and moved; may change `states`."""
    states -= states.mean(axis=-1, keepdims=True)
    variance = np.einsum("...i,...i->...", states, states)[..., None] / states.shape[-1]
    states /= np.sqrt(variance + epsilon)
    states *= weight
    states += bias
    return states


def unit(vector: Floats) -> Floats:
    """Rows scaled to length 1."""
    scaled: Floats = vector / np.linalg.norm(vector, axis=-1, keepdims=True)
    return scaled


def token_batches(texts: Sequence[Tokens], *, budget: int) -> Iterator[list[int]]:
    """Divide texts into batches of like length, longest first; yields their places in `texts`.

    Args:
        texts: the tokens of each.
        budget: most tokens of a batch, each text counted as long as its longest; a longer text
            stands alone.
    """
    batch: list[int] = []
    for place in sorted(range(len(texts)), key=lambda i: -len(texts[i])):
        if batch and (len(batch) + 1) * len(texts[batch[0]]) > budget:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
