"""What repeats at the edges of pages: running heads, footers, and the numbers printed there."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from knowledge.readers.pdf_lines import Line
from knowledge.text import fold

_PAGE_NUMBER: Final = re.compile(
    r"[-—–―·•\s]*(?:第\s*)?([0-9０-９]{1,4}|[ivxlc]{1,6})(?:\s*页)?(?:\s*[/／]\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?"
    r"(?:\s*[,，]?\s*共\s*\d{1,4}\s*页)?[-—–―·•\s]*$",
    re.IGNORECASE,
)
_EDGE_LINES: Final = 2


def furniture_of(pages: Sequence[Sequence[Line]]) -> list[set[int]]:
    """Find running headers, footers and page numbers: for each page the positions of such lines.

    A line at a page's edge is furniture when the same words, digits apart, stand at the edge of
    many pages, or when it is nothing but a page number.
    """
    edges = [_edge(lines) for lines in pages]
    counts: Counter[str] = Counter()
    for lines, edge in zip(pages, edges, strict=True):
        counts.update({_shape(lines[position].text) for position in edge})
    with_text = sum(bool(lines) for lines in pages)
    often = max(3, with_text * 3 // 10)
    furniture: list[set[int]] = []
    for lines, edge in zip(pages, edges, strict=True):
        furniture.append(
            {
                position
                for position in edge
                if counts[_shape(lines[position].text)] >= often
                or (len(lines) > 1 and _PAGE_NUMBER.match(lines[position].text))
            }
        )
    return furniture


def _edge(lines: Sequence[Line]) -> set[int]:
    free = (position for position, line in enumerate(lines) if line.kind is None)
    order = sorted(free, key=lambda position: lines[position].top)
    return {*order[:_EDGE_LINES], *order[-_EDGE_LINES:]}


def _shape(text: str) -> str:
    return re.sub(r"[0-9]+", "#", fold(text).replace(" ", ""))


def printed_numbers(
    pages: Sequence[Sequence[Line]], furniture: Sequence[set[int]]
) -> list[str | None]:
    """Page numbers as printed, kept only where they count up with the pages."""
    found: dict[int, int] = {}
    for index, (lines, positions) in enumerate(zip(pages, furniture, strict=True)):
        for position in sorted(positions):
            match = _PAGE_NUMBER.match(lines[position].text)
            if match and match.group(1).isdecimal():
                found.setdefault(index, int(match.group(1)))
    offsets = Counter(number - index for index, number in found.items())
    if not offsets:
        return [None] * len(pages)
    offset, times = max(offsets.items(), key=lambda item: (item[1], -abs(item[0])))
    if times < max(2, len(found) // 2):
        return [None] * len(pages)
    agreeing = {index for index, number in found.items() if number - index == offset}
    return [str(index + offset) if index in agreeing else None for index in range(len(pages))]


def bare_number(label: str) -> str:
    """A page label without what surrounds its number: — 1 — → 1; others unchanged."""
    match = _PAGE_NUMBER.match(label)
    return match.group(1) if match else label
