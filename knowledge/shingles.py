"""Runs of five characters: how like two texts are, and keys by which like texts meet.

Two texts are compared by the sets of their runs (shingles). MinHash gives a text a few keys, one
a band: texts that share a key are candidates, and only the sets themselves decide.
"""

import functools
import hashlib
import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.text import fold

Shingles = NDArray[np.uint64]
"""Hashes of a text's runs, ascending, each once."""

LENGTH: Final = 5
ALIKE: Final = 0.8
"""Least Jaccard similarity of texts that are nearly the same."""
SHORT: Final = 5 * LENGTH
"""A text of fewer characters is one run: a word changed in it may change everything it says."""
BANDS: Final = 24
ROWS: Final = 6
"""A pair of similarity s shares a key with probability 1 − (1 − s⁶)²⁴: 99.93 % at 0.8, 32 % at
0.5, 1.7 % at 0.3. Both numbers and the hashing below are kept in SQL with the keys: who changes
them empties the table ``shingle_bands`` in a migration."""

_DROPPED: Final = re.compile(r"[\W_]+")
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_WORD: Final = 8
_KEY_BITS: Final = np.uint64(32)


def letters(text: str) -> str:
    """The text folded, with blanks and punctuation dropped: what likeness looks at."""
    return _DROPPED.sub("", fold(text))


def shingles(words: str) -> Shingles:
    """The runs of what `letters` gave; none for none, one for a text shorter than `SHORT`."""
    if not words:
        return np.empty(0, dtype=np.uint64)
    if len(words) < SHORT:
        return np.array([_digest(words)], dtype=np.uint64)
    codes = np.frombuffer(words.encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    count = len(codes) - LENGTH + 1
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(LENGTH):
        hashes *= _ODD
        hashes += codes[offset : offset + count]
    return np.unique(_mixed(hashes))


def jaccard(one: Shingles, other: Shingles) -> float:
    """The share of runs that both have among those that either has; 0 when one has none."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    either = len(one) + len(other) - common
    return common / either if either else 0.0


def are_alike(one: Shingles, other: Shingles) -> bool:
    """Whether two texts are nearly the same: their similarity is at least `ALIKE`."""
    # Sets of very different size cannot be alike, and counting them costs nothing.
    few, many = sorted((len(one), len(other)))
    return few >= ALIKE * many and jaccard(one, other) >= ALIKE


def band_keys(found: Shingles) -> tuple[int, ...]:
    """A key of 32 bits for each band, from the least of the runs under `BANDS` × `ROWS` hashings.

    Empty when there are no runs.
    """
    if not len(found):
        return ()
    factors, shifts = _hashings()
    least = np.empty(BANDS * ROWS, dtype=np.uint64)
    hashed = np.empty_like(found)
    for position in range(BANDS * ROWS):
        np.multiply(found, factors[position], out=hashed)
        np.add(hashed, shifts[position], out=hashed)
        least[position] = hashed.min()
    keys = np.zeros(BANDS, dtype=np.uint64)
    for row in least.reshape(BANDS, ROWS).T:
        keys = _mixed(keys * _ODD + row)
    return tuple((keys >> _KEY_BITS).tolist())


def text_key(words: str) -> int:
    """A number of 63 bits that texts of the same `letters` share; 0 for none."""
    return _digest(words) >> 1 if words else 0


def _digest(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=_WORD).digest(), "big")


def _mixed(values: Shingles) -> Shingles:
    """Spread each number over all 64 bits (the finaliser of SplitMix64); one to one."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@functools.cache
def _hashings() -> tuple[Shingles, Shingles]:
    # Not from a random generator: the numbers must be the same under every release of numpy.
    numbers = _mixed(np.arange(1, 2 * BANDS * ROWS + 1, dtype=np.uint64) * _ODD)
    return numbers[::2] | np.uint64(1), numbers[1::2]
