"""Seconds and bytes, measured the same way everywhere."""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from embeddings.protocols import Encoder, Vectors

Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds of one call: the median, the 95th percentile, and processor time on average.

    The last counts all threads and hardly depends on what else the machine does.
    """

    median: float
    slow: float
    processor: float

    def __str__(self) -> str:
        return (
            f"p50 {self.median:7.1f} ms   p95 {self.slow:7.1f} ms"
            f"   processor {self.processor:7.1f} ms"
        )


def spread(call: Callable[[Asked], object], asked: Iterable[Asked]) -> Spread:
    """Call with each in turn, on the clock; there must be one."""
    milliseconds = []
    worked = time.process_time()
    for one in asked:
        start = time.perf_counter()
        call(one)
        milliseconds.append((time.perf_counter() - start) * 1000)
    worked = time.process_time() - worked
    median, slow = np.percentile(milliseconds, [50, 95])
    return Spread(float(median), float(slow), worked * 1000 / len(milliseconds))


def load_now() -> str:
    """How busy the machine is: figures taken beside other work are too high."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def size_of(folder: Path) -> int:
    """Bytes of all files below `folder`."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Remembering:
    """An encoder that encodes each query once: asked again, a query costs no encoding."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}
        self.name = encoder.name
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode passages."""
        return self._encoder.encode_passages(texts, progress=progress)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode queries not asked before, one by one."""
        for text in texts:
            if text not in self._known:
                self._known[text] = self._encoder.encode_queries([text])
        return np.concatenate([self._known[text] for text in texts])
