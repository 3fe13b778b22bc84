"""The running text of a version, folded for comparison, each character knowing its place."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from knowledge.model import BlockKind, Page, Span
from knowledge.text import fold_with_map

_WIDE = re.compile(
    r"[\u2014\u2018-\u201d\u2026\u2e80-\u9fff\uf900-\ufaff"
    r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uffef\U00020000-\U0003ffff]"
)
_NARROW = {
    code: code - 0xFEE0
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(first, last + 1)
}


@lru_cache(maxsize=512)
def folded(text: str) -> tuple[str, tuple[int, ...]]:
    """Fold `text`; full-width letters and digits are narrowed before blanks are judged.

    `fold` drops blanks beside anything full-width, so “２０２４ GDP” and “2024 GDP” would differ.
    """
    words, offsets = fold_with_map(text.translate(_NARROW))
    return words, tuple(offsets)


def is_wide(character: str) -> bool:
    """True for Han characters and full-width punctuation, which are set without blanks."""
    return bool(_WIDE.match(character))


def runs(page: Page) -> list[tuple[int, int]]:
    """The stretches of a page's text that are not furniture, ascending."""
    stretches, position = [], 0
    for block in page.blocks:
        if block.kind is BlockKind.FURNITURE:
            stretches.append((position, block.start))
            position = block.end
    stretches.append((position, len(page.text)))
    return [(start, end) for start, end in stretches if page.text[start:end].strip()]


class Stream:
    """Pages' running text end to end, without furniture.

    Pages that do not follow each other are kept apart by a character that no text has.
    """

    def __init__(self, pages: Sequence[Page], *, separator: str) -> None:
        self._pages: list[int] = []
        self._bases: list[int] = []
        self._offsets: list[tuple[int, ...]] = []
        self._starts: list[int] = []
        last = ""
        broken = False
        previous = pages[0].index if pages else 0
        pieces: list[str] = []
        length = 0
        for page in pages:
            broken = broken or page.index - previous > 1
            previous = page.index
            for start, end in runs(page):
                raw = page.text[start:end].strip()
                words, offsets = folded(page.text[start:end])
                joint = "" if not last or is_wide(last) or is_wide(raw[0]) else separator
                if broken:
                    joint, broken = "\0", False
                pieces += [joint, words]
                self._pages.append(page.index)
                self._bases.append(start)
                self._offsets.append(offsets)
                self._starts.append(length + len(joint))
                length += len(joint) + len(words)
                last = raw[-1]
        self._text = "".join(pieces)

    def find(self, quote: str) -> Iterator[tuple[Span, ...]]:
        """All occurrences of `quote`, in reading order."""
        wanted = folded(quote)[0]
        at = self._text.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            if not (self._splits(at) or self._splits(end)):
                yield self._spans(at, end)
            at = self._text.find(wanted, at + 1)

    def _splits(self, at: int) -> bool:
        """True when `at` lies inside what one character of the page folded to (㎡ → m2)."""
        piece = bisect_right(self._starts, at) - 1
        inside = at - self._starts[piece]
        offsets = self._offsets[piece]
        return 0 < inside < len(offsets) and offsets[inside - 1] == offsets[inside]

    def _spans(self, start: int, end: int) -> tuple[Span, ...]:
        spans = []
        first = bisect_right(self._starts, start) - 1
        for piece in range(first, len(self._starts)):
            origin, offsets = self._starts[piece], self._offsets[piece]
            if origin >= end:
                break
            low, high = max(start - origin, 0), min(end - origin, len(offsets))
            base = self._bases[piece]
            spans.append(
                Span(self._pages[piece], base + offsets[low], base + offsets[high - 1] + 1)
            )
        return tuple(spans)
