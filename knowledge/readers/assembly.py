"""Builds the text of a page and its blocks, line by line."""

from collections.abc import Sequence

from knowledge.model import Block, BlockKind, PageText
from knowledge.text import clean


class PageBuilder:
    """Collects paragraphs, headings, rows and furniture; joins them by line ends."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._size = 0

    def add(self, kind: BlockKind, text: str, *, level: int | None = None) -> None:
        """Append one block; blank text adds nothing, blanks at its ends are dropped."""
        words = clean(text).strip()
        if not words:
            return
        if self._parts:
            self._size += 1
        self._parts.append(words)
        self._blocks.append(Block(kind, self._size, self._size + len(words), level))
        self._size += len(words)

    @property
    def size(self) -> int:
        """Characters collected."""
        return self._size

    def page(self, *, label: str | None = None) -> PageText:
        """Give the page collected so far."""
        return PageText("\n".join(self._parts), label, tuple(self._blocks))


def row_text(names: Sequence[str], cells: Sequence[str]) -> str:
    """Write a table row with its column names, ``列名：值；列名：值``, without empty cells."""
    pairs: list[str] = []
    for position, cell in enumerate(cells):
        value = " ".join(clean(cell).split())
        column = names[position] if position < len(names) else ""
        if value:
            pairs.append(f"{column}：{value}" if column else value)
    return "；".join(pairs)


def header_names(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Give the column names if a row can be the header: at least two, distinct, no figures."""
    names = tuple(" ".join(clean(cell).split()) for cell in cells)
    filled = [name for name in names if name]
    if len(filled) < 2 or len(set(filled)) < len(filled) or any(map(_is_figure, filled)):
        return None
    return names


def _is_figure(text: str) -> bool:
    bare = text.translate({ord(mark): None for mark in " ,.%％-－+/:：年月日"})
    return bare.isdecimal()


def lines_of(page: PageText, *, furniture: bool = False) -> list[str]:
    """The lines of a page in order; furniture only when asked for."""
    lines: list[str] = []
    for block in page.blocks:
        if furniture or block.kind is not BlockKind.FURNITURE:
            lines.extend(page.text[block.start : block.end].split("\n"))
    return lines
