"""Which words of a passage answer to the query, marked for the eye."""

import html
from collections.abc import Iterable

from knowledge.explaining import bridges_of, occurrences, spans_of, terms_of
from knowledge.text import fold


def highlighted(text: str, query: str, *, same: Iterable[str] = ()) -> str:
    """HTML of `text` with the query's words in ``<mark>``; everything is escaped."""
    pieces, end = [], 0
    for start, stop in marks(text, query, same=same):
        pieces.append(html.escape(text[end:start]))
        pieces.append(f"<mark>{html.escape(text[start:stop])}</mark>")
        end = stop
    pieces.append(html.escape(text[end:]))
    return "".join(pieces)


def marks(text: str, query: str, *, same: Iterable[str] = ()) -> list[tuple[int, int]]:
    """Where words of the query stand in `text`: ascending spans that do not touch.

    Width, capitals and variant forms do not matter. Of Chinese, pairs of characters count; a single
    character only when the query has no pair. Question words are not marked.

    Args:
        text: as the source has it.
        query: as typed.
        same: words that the search took for the same as words of the query; marked whole.
    """
    typed = (*terms_of(query), *bridges_of(query))
    return spans_of([*typed, *filter(None, map(fold, same))], text)


def coverage(text: str, query: str) -> int:
    """How many of the query's words stand in `text`."""
    folded = fold(text)
    return sum(any(True for _ in occurrences(word, folded)) for word in terms_of(query))
