"""Which words of a passage answer to the query, marked for the eye."""

import html
import re
from collections.abc import Iterator

from knowledge.text import HAN, fold, fold_with_map
from knowledge.tokens import tokens

_HAN = re.compile(f"[{HAN}]")
_EMPTY = frozenset("的了吗呢和与及或在是之")
"""Particles: a pair with one of them says nothing of the subject."""


def highlighted(text: str, query: str) -> str:
    """HTML of `text` with the query's words in ``<mark>``; everything is escaped."""
    pieces, end = [], 0
    for start, stop in marks(text, query):
        pieces.append(html.escape(text[end:start]))
        pieces.append(f"<mark>{html.escape(text[start:stop])}</mark>")
        end = stop
    pieces.append(html.escape(text[end:]))
    return "".join(pieces)


def marks(text: str, query: str) -> list[tuple[int, int]]:
    """Where words of the query stand in `text`: ascending spans that do not touch.

    Width, capitals and variant forms do not matter. Of Chinese, pairs of characters count; a single
    character only when the query has no pair.
    """
    folded, offsets = fold_with_map(text)
    found = sorted(
        (offsets[start], offsets[end - 1] + 1)
        for word in _terms(query)
        for start, end in _occurrences(word, folded)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def coverage(text: str, query: str) -> int:
    """How many of the query's words stand in `text`."""
    folded = fold(text)
    return sum(any(True for _ in _occurrences(word, folded)) for word in _terms(query))


def _terms(query: str) -> list[str]:
    words = list(dict.fromkeys(tokens(query)))
    many = [word for word in words if len(word) > 1 and not _EMPTY & set(word)]
    return many or words


def _occurrences(word: str, folded: str) -> Iterator[tuple[int, int]]:
    whole = not _HAN.match(word)
    at = folded.find(word)
    while at >= 0:
        end = at + len(word)
        inside = whole and (_joins(folded, at) or _joins(folded, end))
        if not inside:
            yield at, end
        at = folded.find(word, at + 1)


def _joins(text: str, at: int) -> bool:
    """True when position `at` lies inside a Latin word or a number."""
    around = text[max(at - 1, 0) : at + 1]
    return len(around) == 2 and around.isalnum() and not _HAN.search(around)
