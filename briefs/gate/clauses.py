"""Where a clause and a sentence end, in either language."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Final

from briefs.gate.reading import Text

STOP: Final = re.compile(r"[。;!?\n]|\.(?=\s|$)")
PAUSE: Final = re.compile(r"[。;!?\n,:()\[\]【】|\t]|\.(?=\s|$)")
"""An enumeration, 截留、挪用, is not parted."""


def within(marks: re.Pattern[str], text: Text, at: int) -> tuple[int, int]:
    """What stands around a position from one mark to another."""
    starts, ends = _marked(marks, text.words)
    before, behind = bisect_right(ends, at), bisect_left(starts, at)
    return (
        ends[before - 1] if before else 0,
        starts[behind] if behind < len(starts) else len(text.words),
    )


@lru_cache(maxsize=1024)
def _marked(marks: re.Pattern[str], words: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    found = list(marks.finditer(words))
    return tuple(match.start() for match in found), tuple(match.end() for match in found)
