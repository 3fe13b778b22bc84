"""Printed pages as text: reading order, paragraphs, headings, and the place of every character.

The same for pages with a text layer and for pages that recognition read: both are lines with their
places.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.model import Block, BlockKind, Layer, PageText, Recognised
from knowledge.places import Places
from knowledge.readers.layout import in_reading_order, is_upright, levelled
from knowledge.readers.paragraphs import Paragraph, levels_of, paragraphs, shape_of
from knowledge.readers.pdf_lines import MARK, Line, ends_open
from knowledge.readers.running_heads import furniture_of, printed_numbers


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The lines printed on one page, as it is displayed."""

    width: float
    height: float
    """In points (1/72 inch)."""
    lines: tuple[Line, ...]
    """In the order of the file, or in any order."""
    label: str | None = None
    """Its number as the file states it; else the number printed on it is looked for."""
    layer: Layer = Layer.TEXT


def page_texts(pages: Sequence[PrintedPage]) -> tuple[PageText, ...]:
    """Turn printed pages into text, one for one.

    Lines are put into reading order (columns, full-width bands, vertical writing) and joined into
    paragraphs; what repeats at the edges of the pages is furniture, so give the pages of a file
    together. A paragraph that may go on overleaf ends with a blank if its script has blanks.
    `PageText.places` has a box for every printed character, `recognised` the confidence of each
    line that has one. A line's text must be clean (`knowledge.text.clean`) and without line ends.
    """
    ordered = [in_reading_order(_marked(page), width=page.width) for page in pages]
    furniture = furniture_of(ordered, heights=[page.height for page in pages])
    numbers = printed_numbers(ordered, furniture)
    lying = [
        levelled(lines, width=page.width) if is_upright(lines) else lines
        for lines, page in zip(ordered, pages, strict=True)
    ]
    shape = shape_of(lying)
    made = [
        paragraphs(lines, edge, shape=shape) for lines, edge in zip(lying, furniture, strict=True)
    ]
    headings = [part.size for parts in made for part in parts if part.kind is BlockKind.HEADING]
    levels = levels_of(headings)
    return tuple(
        _page_text(replace(page, label=page.label or number), parts, levels)
        for page, parts, number in zip(pages, made, numbers, strict=True)
    )


def _marked(page: PrintedPage) -> list[Line]:
    """The lines that have words, each with its marks."""
    return [
        line if line.marks or not line.boxes else replace(line, marks=_marks(page, line))
        for line in page.lines
        if line.text
    ]


def _marks(page: PrintedPage, line: Line) -> bytes:
    return Places.of(page.width, page.height, boxes=line.boxes).steps


def _page_text(page: PrintedPage, parts: Sequence[Paragraph], levels: dict[float, int]) -> PageText:
    texts: list[str] = []
    marks: list[bytes] = []
    blocks: list[Block] = []
    recognised: list[Recognised] = []
    size = 0
    for part in parts:
        text = part.run.text
        level = levels[part.size] if part.kind is BlockKind.HEADING else None
        blocks.append(Block(part.kind, size, size + len(text), level))
        recognised.extend(
            Recognised(size + sure.start, size + sure.end, sure.confidence)
            for sure in part.run.recognised
        )
        after = " " if part.kind is BlockKind.PARAGRAPH and ends_open(text) else ""
        texts.append(text + after)
        marks += (part.run.marks, bytes(MARK * (len(after) + 1)))
        size += len(text) + len(after) + 1
    steps = b"".join(marks)[: -MARK or None]
    places = Places(page.width, page.height, steps)
    return PageText(
        "\n".join(texts), page.label, tuple(blocks), page.layer, places, tuple(recognised)
    )
