"""Tables as a statement's text: the caption, then one line a row, cells apart by tabs.

::

    各馆到馆人次
    馆名⇥到馆人次（万）
    城东馆⇥12
    城西馆⇥8

The first row names the columns. What people paste is taken too: rows of a spreadsheet (tabs) and
Markdown's tables (bars, with a line of dashes under the names), with or without a caption above.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from briefs.errors import NoTableError, RaggedTableError

_DASHES: Final = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_BAR: Final = re.compile(r"(?<!\\)\|")
_FEWEST: Final = 2
"""Columns; what has one is a list."""
_FIGURE: Final = re.compile(
    r"[约近超逾≈<>≤≥]?\s*[-+−－±]?\s*(?:[¥￥$€£]\s*)?[\d０-９][\d０-９,，.．]*"
    r"(?:\s*[-–—~～至]\s*[\d０-９][\d０-９,，.．]*)?\s*"
    r"(?:[%％‰]|[十百千万亿]*[\u4e00-\u9fff]{0,4}|[a-zA-Z]{0,8})[\d²³]?"
)
_Y: Final = r"(?:1[5-9]|20|21)\d\d"
_DATE: Final = re.compile(
    rf"{_Y}(?:\s*年度?)?(?:\s*\d{{1,2}}月(?:份|\d{{1,2}}日)?|[-./]\d{{1,2}}(?:[-./]\d{{1,2}})?)?"
    rf"|{_Y}年?\s*[-–—~～至]\s*{_Y}年?|\d{{1,2}}月(?:份|\d{{1,2}}日)?|[12]\d?\s*[上下]半年"
)
_NOTHING: Final = re.compile(r"[-–—…./／*]*|无|n/?a", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, or the caption, and where it stands: characters ``[start, end)`` of the text."""

    text: str
    start: int
    end: int

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure, with or without its unit; a date is none."""
        return bool(_FIGURE.fullmatch(self.text)) and not self.is_date

    @property
    def is_date(self) -> bool:
        """Whether it is a year, a month or a day."""
        return bool(_DATE.fullmatch(self.text))

    @property
    def says_nothing(self) -> bool:
        """Whether it is blank or a dash."""
        return bool(_NOTHING.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class Table:
    """A table, all of whose rows have as many cells as its header."""

    caption: str
    """May be empty."""
    header: tuple[str, ...]
    """Names of the columns, two at the least."""
    rows: tuple[tuple[str, ...], ...]
    """One at the least."""

    @property
    def figures(self) -> tuple[bool, ...]:
        """Of each column whether it holds figures, and so is set flush right."""
        return tuple(
            _holds_figures([Cell(row[at], 0, 0) for row in self.rows])
            for at in range(len(self.header))
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with the place of each of its cells in the text."""

    caption: Cell
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def figures(self) -> tuple[bool, ...]:
        """As `Table.figures`."""
        return tuple(
            _holds_figures([row[at] for row in self.rows]) for at in range(len(self.header))
        )


def table_of(text: str) -> Table:
    """Read a table: as a statement holds it, as a spreadsheet pastes it, or in Markdown.

    Cells are stripped; blank lines behind the caption and Markdown's line of dashes are left out.
    A first line without a cell's end is the caption.

    Raises:
        NoTableError: there is no header with a row below it, or only one column.
        RaggedTableError: a row has more or fewer cells than the header.
    """
    grid = grid_of(text)
    return Table(
        grid.caption.text,
        tuple(cell.text for cell in grid.header),
        tuple(tuple(cell.text for cell in row) for row in grid.rows),
    )


def text_of(table: Table) -> str:
    """The text that a statement holds; `table_of` reads it back.

    Raises:
        NoTableError: as `table_of`.
        RaggedTableError: as `table_of`.
    """
    lines = [[table.caption], table.header, *table.rows]
    text = "\n".join("\t".join(_flat(cell) for cell in line) for line in lines)
    grid_of(text)
    return text


def grid_of(text: str) -> Grid:
    """As `table_of`, with the place of each cell; raises as it does."""
    lines = [line for line in _lines(text) if line]
    caption = Cell("", 0, 0)
    if lines and len(lines[0]) == 1:
        caption, lines = lines[0][0], lines[1:]
    lines = [line for line in lines if len(line) > 1 or line[0].text]
    if len(lines) < 2 or len(lines[0]) < _FEWEST:
        raise NoTableError
    header, *rows = lines
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise RaggedTableError(row=number, found=len(row), wanted=len(header))
    return Grid(caption, tuple(header), tuple(map(tuple, rows)))


def _lines(text: str) -> Iterator[list[Cell]]:
    at = 0
    for line in text.split("\n"):
        if "\t" in line:
            yield list(_cells(text, at, [*_ends(line, "\t")]))
        elif line.strip().startswith("|"):
            if not _DASHES.fullmatch(line.strip()):
                yield list(_barred(text, at, line))
        else:
            yield [_cell(text, at, at + len(line))]
        at += len(line) + 1


def _ends(line: str, mark: str) -> Iterator[int]:
    yield from (at for at, character in enumerate(line) if character == mark)
    yield len(line)


def _cells(text: str, start: int, ends: Sequence[int]) -> Iterator[Cell]:
    at = start
    for end in ends:
        yield _cell(text, at, start + end)
        at = start + end + 1


def _barred(text: str, start: int, line: str) -> Iterator[Cell]:
    marks = [match.start() for match in _BAR.finditer(line)]
    if line.rstrip() != line[: marks[-1] + 1]:
        marks.append(len(line))
    for one, two in pairwise(marks):
        yield _cell(text, start + one + 1, start + two)


def _cell(text: str, start: int, end: int) -> Cell:
    words = text[start:end]
    bare = words.strip()
    at = start + (words.index(bare) if bare else 0)
    return Cell(bare.replace("\\|", "|"), at, at + len(bare))


def _holds_figures(cells: Sequence[Cell]) -> bool:
    """Whether there are figures and nothing else but dashes."""
    kept = [cell for cell in cells if not cell.says_nothing]
    return bool(kept) and all(cell.is_figure for cell in kept)


def _flat(cell: str) -> str:
    return " ".join(cell.split())
