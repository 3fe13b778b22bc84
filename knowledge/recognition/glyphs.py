"""Where each character of a recognised line stands in the line's picture.

Recognition tells for each character roughly where it looked; the ink tells the rest.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Profile = NDArray[np.float32]

_FAINT: Final = 0.12
"""Ink below this share of a line's darkest is paper, noise or the shine of the other side."""
_OUTSIDE: Final = 0.006
"""Share of a line's ink that may lie above it, and below: specks, tails of the next line."""
_PULL: Final = 0.1
_LOWEST: Final = 0.55
"""A line is taken to be at least this share of its picture's height: 一 has no height."""


def rows(ink: Profile) -> tuple[int, int]:
    """First and last + 1 row of a line's letters.

    Args:
        ink: darkness of each point of the line's picture, as `ink_of` gives it.
    """
    high = ink.shape[0]
    total = np.cumsum(ink.sum(axis=1))
    if total[-1] <= 0:
        return 0, high
    top = int(np.searchsorted(total, _OUTSIDE * total[-1]))
    bottom = int(np.searchsorted(total, (1 - _OUTSIDE) * total[-1])) + 1
    missing = round(_LOWEST * high) - (bottom - top)
    if missing > 0:
        top, bottom = top - missing // 2, bottom + missing - missing // 2
    return max(top - 1, 0), min(bottom + 1, high)


def ink_of(picture: Picture) -> Profile:
    """How much each point differs from the paper, 0 … 1; light letters on dark count as well."""
    grey = picture.mean(axis=2, dtype=np.float32)
    differs = np.abs(grey - np.median(grey))
    darkest = float(np.percentile(differs, 99))
    if darkest < 1:
        return np.zeros_like(grey)
    shares = differs / darkest
    shares[shares < _FAINT] = 0
    found: Profile = np.minimum(shares, 1).astype(np.float32)
    return found


def cells(ink: Profile, centres: Sequence[float]) -> list[tuple[float, float]]:
    """Left and right edge of each character.

    Between two characters the cut goes where there is least ink; then each cell is drawn in to its
    ink.

    Args:
        ink: as `ink_of` gives it, rows of the letters only.
        centres: about where each character stands, ascending.
    """
    profile = ink.sum(axis=0)
    wide = len(profile)
    cuts = [0, *(_cut(profile, a, b) for a, b in pairwise(centres)), wide]
    found: list[tuple[float, float]] = []
    for number, centre in enumerate(centres):
        left, right = cuts[number], max(cuts[number + 1], cuts[number] + 1)
        inked = np.flatnonzero(profile[left:right])
        if not len(inked):
            half = 0.25 * ink.shape[0]
            found.append((max(centre - half, left), min(centre + half, right)))
            continue
        found.append((left + float(inked[0]), left + float(inked[-1]) + 1))
    return [(left, max(right, left + 1)) for left, right in found]


def _cut(profile: Profile, left: float, right: float) -> int:
    """The column of least ink between two centres, the one nearest their middle."""
    first, last = int(left), min(int(right) + 1, len(profile))
    between = profile[first:last]
    if len(between) < 2:
        return min(max(round((left + right) / 2), 0), len(profile))
    middle = (left + right) / 2
    columns = np.arange(first, first + len(between))
    # A pull to the middle: the hollow of a 。 is as blank as the gap before it.
    pull = np.abs(columns + 0.5 - middle) / max(right - left, 1.0)
    return int(columns[np.argmin(between + _PULL * len(between) * pull)])
