"""Where a clause and a sentence end, in either language."""

import re
from typing import Final

from briefs.gate.reading import Text

STOP: Final = re.compile(r"[。;!?\n]|\.(?=\s|$)")
PAUSE: Final = re.compile(r"[。;!?\n,:()\[\]【】|\t]|\.(?=\s|$)")
"""An enumeration, 截留、挪用, is not parted."""


def within(marks: re.Pattern[str], text: Text, at: int) -> tuple[int, int]:
    """What stands around a position from one mark to another."""
    first = max((match.end() for match in marks.finditer(text.words, 0, at)), default=0)
    last = marks.search(text.words, at)
    return first, last.start() if last else len(text.words)
