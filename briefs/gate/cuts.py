"""What stands just before words that were cut out of their sentence, and turns them."""

import re
from typing import Final

from briefs.gate.reading import read
from briefs.gate.words import Family

_BETWEEN: Final = re.compile(
    r"[\s“”\"'‘’《]*(?:在|将|对|把|以|被|再|予以|能够|可以|擅自|随意|全面|完全|全部|、)?[\s“”\"'‘’《]*"
)
"""What may stand between a negation and what it turns."""


def turned_at(sentence: str, start: int) -> tuple[int, int] | None:
    """Where the negation stands that turns what begins at `start`, or is cut there; None for none.

    ``不得|出售``, ``不|得出售`` and ``尚未全面|完成``; 未成年人 is no negation.
    """
    text = read(sentence)
    for word in text.closed:
        if word.family is not Family.NEGATION:
            continue
        first, last = text.span(word.start, word.end)
        if first < start and (last >= start or _BETWEEN.fullmatch(sentence[last:start])):
            return first, last
    return None
