"""What repeats at the edges of pages: running heads, footers, and the numbers printed there."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from knowledge.readers.pdf_lines import Line
from knowledge.text import fold

_PAGE_NUMBER: Final = re.compile(
    r"[-—–―·•\s]*(?:第\s*)?([0-9０-９]{1,4}|[ivxlc]{1,6})(?:\s*页)?(?:\s*[/／]\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?"
    r"(?:\s*[,，]?\s*共\s*\d{1,4}\s*页)?[-—–―·•\s]*$",
    re.IGNORECASE,
)
_EDGE_LINES: Final = 2
_MARGIN: Final = 0.125
"""Of the page's height: the upper margin that GB/T 9704 prescribes for official documents."""


def furniture_of(pages: Sequence[Sequence[Line]], *, heights: Sequence[float]) -> list[set[int]]:
    """Find running headers, footers and page numbers: for each page the positions of such lines.

    A line in the margin of a page is furniture when the same words, digits apart, stand there on
    many pages, or when it is nothing but a number that counts up with the pages.

    Args:
        pages: the lines of each page.
        heights: of the pages, in points.
    """
    edges = [_edge(lines, height) for lines, height in zip(pages, heights, strict=True)]
    counts: Counter[str] = Counter()
    for lines, edge in zip(pages, edges, strict=True):
        counts.update({_shape(lines[position].text) for position in edge})
    with_text = sum(bool(lines) for lines in pages)
    often = max(3, with_text * 3 // 10)
    offset = _offset(_numbers(pages, edges))
    furniture: list[set[int]] = []
    for index, (lines, edge) in enumerate(zip(pages, edges, strict=True)):
        furniture.append(
            {
                position
                for position in edge
                if _is_number(lines, position, wanted=None if offset is None else index + offset)
                or (
                    counts[_shape(lines[position].text)] >= often
                    and not _PAGE_NUMBER.match(lines[position].text)
                )
            }
        )
    return furniture


def _edge(lines: Sequence[Line], height: float) -> set[int]:
    free = (position for position, line in enumerate(lines) if line.kind is None)
    order = sorted(free, key=lambda position: lines[position].top)
    margin = _MARGIN * height
    above = (position for position in order[:_EDGE_LINES] if lines[position].bottom < margin)
    below = (position for position in order[-_EDGE_LINES:] if lines[position].top > height - margin)
    return {*above, *below}


def _is_number(lines: Sequence[Line], position: int, *, wanted: int | None) -> bool:
    """Whether a line is a page number: the one `wanted`, or where none is, any."""
    match = _PAGE_NUMBER.match(lines[position].text) if len(lines) > 1 else None
    if match is None:
        return False
    number = match.group(1)
    return wanted is None or not number.isdecimal() or int(number) == wanted


def _numbers(pages: Sequence[Sequence[Line]], places: Sequence[set[int]]) -> dict[int, set[int]]:
    """By page, the numbers that stand alone in a line of its margin."""
    found: dict[int, set[int]] = {}
    for index, (lines, positions) in enumerate(zip(pages, places, strict=True)):
        for position in sorted(positions):
            match = _PAGE_NUMBER.match(lines[position].text)
            if match and match.group(1).isdecimal():
                found.setdefault(index, set()).add(int(match.group(1)))
    return found


def _offset(found: Mapping[int, set[int]]) -> int | None:
    """What is to be added to a page's place to get the number printed on it."""
    offsets = Counter(number - index for index, numbers in found.items() for number in numbers)
    if not offsets:
        return None
    offset, times = max(offsets.items(), key=lambda item: (item[1], -abs(item[0])))
    return None if times < max(2, len(found) // 2) else offset


def _shape(text: str) -> str:
    return re.sub(r"[0-9]+", "#", fold(text).replace(" ", ""))


def printed_numbers(
    pages: Sequence[Sequence[Line]], furniture: Sequence[set[int]]
) -> list[str | None]:
    """Page numbers as printed, kept only where they count up with the pages."""
    found = _numbers(pages, furniture)
    offset = _offset(found)
    if offset is None:
        return [None] * len(pages)
    return [
        str(index + offset) if index + offset in found.get(index, ()) else None
        for index in range(len(pages))
    ]


def bare_number(label: str) -> str:
    """A page label without what surrounds its number: — 1 — → 1; others unchanged."""
    match = _PAGE_NUMBER.match(label)
    return match.group(1) if match else label
