"""Tables with ruling lines on PDF pages: one line of text a row, its cells joined by tabs."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.model import BlockKind
from knowledge.readers.assembly import Cell as Named
from knowledge.readers.assembly import header_depth, header_names
from knowledge.readers.pdf_lines import MARK, Line, Run
from knowledge.readers.pdf_rules import Rules

_CLOSE: Final = 6.0
_SAME: Final = 3.0
_MOST_CELL_LINES: Final = 3
_LONGEST_NAME: Final = 20
_DEEPEST: Final = 4
_FIGURE: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle between rules, and the characters printed in it, by position."""

    left: float
    top: float
    right: float
    bottom: float
    characters: tuple[int, ...]


Row = tuple[Cell, ...]
"""Cells with one upper edge, from left to right."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of one table, downwards."""

    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[float, ...]:
        """Left edges of its columns."""
        edges: list[float] = []
        for left in sorted({cell.left for row in self.rows for cell in row}):
            if not edges or left - edges[-1] > _SAME:
                edges.append(left)
        return tuple(edges)

    def continues(self, above: "Grid") -> bool:
        """Whether it can be the rest of a table of an earlier page: it has the same columns."""
        mine, others = self.columns, above.columns
        return len(mine) == len(others) and all(
            abs(edge - other) < _SAME for edge, other in zip(mine, others, strict=True)
        )


def grids_of(rules: Rules, boxes: NDArray[np.float64], visible: NDArray[np.intp]) -> list[Grid]:
    """Find the tables of a page: at least two rows, one of them of two cells or more.

    A frame around running text is no table.

    Args:
        rules: ruling lines.
        boxes: left, top, right, bottom of every character of the page.
        visible: positions of those that leave ink.
    """
    seen = boxes[visible]
    middles = (seen[:, :2] + seen[:, 2:]) / 2
    around = rules.cells(middles)
    _close_last(around, middles, rules)
    inside = np.isfinite(around).all(axis=1)
    characters: dict[tuple[float, ...], list[int]] = defaultdict(list)
    for place, cell in zip(visible[inside].tolist(), around[inside].tolist(), strict=True):
        characters[tuple(cell)].append(place)
    rows: dict[float, list[Cell]] = defaultdict(list)
    for (left, top, right, bottom), places in characters.items():
        rows[top].append(Cell(left, top, right, bottom, tuple(places)))
    ordered = [tuple(sorted(rows[top], key=lambda cell: cell.left)) for top in sorted(rows)]
    grids = (_trimmed(group, boxes) for group in _grouped(ordered))
    return [Grid(group) for group in grids if len(group) > 1]


def _close_last(around: NDArray[np.float64], middles: NDArray[np.float64], rules: Rules) -> None:
    """Let a last row without a rule below it, as a table cut by the page's end has, end there."""
    if not len(rules.down):
        return
    reach = float(rules.down[:, 2].max())
    is_open = np.isfinite(around[:, :3]).all(axis=1) & ~np.isfinite(around[:, 3])
    around[is_open & (middles[:, 1] < reach + _SAME), 3] = reach


def _grouped(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that follow each other closely."""
    group: list[Row] = []
    reach = 0.0
    for row in rows:
        if group and row[0].top - reach > _CLOSE:
            yield group
            group = []
        reach = (
            max(cell.bottom for cell in row)
            if not group
            else max(reach, *(cell.bottom for cell in row))
        )
        group.append(row)
    if group:
        yield group


def _trimmed(group: Sequence[Row], boxes: NDArray[np.float64]) -> tuple[Row, ...]:
    """A table without the framed text above and below it; empty when nothing is left."""
    full = [place for place, row in enumerate(group) if len(row) > 1]
    if not full:
        return ()
    first, last = full[0], full[-1]
    while first > 0 and _is_short(group[first - 1], boxes):
        first -= 1
    while last < len(group) - 1 and _is_short(group[last + 1], boxes):
        last += 1
    return tuple(group[first : last + 1])


def _is_short(row: Row, boxes: NDArray[np.float64]) -> bool:
    return sum(1 for cell in row for _ in lines_of_cell(cell, boxes)) <= _MOST_CELL_LINES


def lines_of_cell(cell: Cell, boxes: NDArray[np.float64]) -> Iterator[tuple[int, ...]]:
    """The characters of each printed line of a cell."""
    line: list[int] = []
    for place in cell.characters:
        if line and not _level(boxes[line[-1]], boxes[place], boxes[line]):
            yield tuple(line)
            line = []
        line.append(place)
    if line:
        yield tuple(line)


def _level(
    before: NDArray[np.float64], box: NDArray[np.float64], line: NDArray[np.float64]
) -> bool:
    """Whether a character stands on the printed line of those before it."""
    top, bottom = float(line[:, 1].min()), float(line[:, 3].max())
    onwards = box[2] > before[0]
    return bool(onwards and top < (box[1] + box[3]) / 2 < bottom) or bool(
        onwards and box[1] < (top + bottom) / 2 < box[3]
    )


def row_line(cells: Sequence[Run | None], row: Row, size: float) -> Line:
    """Make a row: its cells' words joined by tabs, an empty cell between filled ones kept."""
    filled = [position for position, run in enumerate(cells) if run and run.text]
    texts: list[str] = []
    marks: list[bytes] = []
    for run in cells[filled[0] : filled[-1] + 1]:
        texts.append(run.text if run else "")
        marks += (bytes(MARK) if marks else b"", run.marks if run else b"")
    return Line(
        "\t".join(texts),
        row[0].left,
        row[0].top,
        max(cell.right for cell in row),
        max(cell.bottom for cell in row),
        size,
        marks=b"".join(marks),
        kind=BlockKind.ROW,
    )


def laid(grid: Grid) -> list[list[Cell | None]]:
    """For each row the cell that covers each column: a merged one stands in all that it covers."""
    columns = grid.columns
    rows: list[list[Cell | None]] = []
    for row in grid.rows:
        own: list[Cell | None] = [_over(row, left) for left in columns]
        if rows:
            top = row[0].top
            for place, above in enumerate(rows[-1]):
                if own[place] is None and above is not None and above.bottom > top + _SAME:
                    own[place] = above
        rows.append(own)
    return rows


def _over(row: Row, left: float) -> Cell | None:
    over = (cell for cell in row if cell.left - _SAME < left < cell.right - _SAME)
    return next(over, None)


def header_rows(rows: Sequence[Sequence[Cell | None]], texts: Mapping[Cell, str]) -> int:
    """How many of the first rows hold column names that stand one over another."""
    known = {cell: Named(text) for cell, text in texts.items()}
    blank = Named("")
    named = [[known[cell] if cell else blank for cell in row] for row in rows[: _DEEPEST + 1]]
    return header_depth(named, complete=True)


def headed(rows: Sequence[Line], *, header: str | None) -> list[Line]:
    """Mark the row of column names.

    Args:
        rows: of one table.
        header: the column names above it if the table goes on from an earlier page, ``""`` when it
            had none; None when it begins here.
    """
    named = _is_header(rows) if header is None else bool(header) and rows[0].text == header
    return [replace(rows[0], kind=BlockKind.HEADER), *rows[1:]] if named else list(rows)


def _is_header(rows: Sequence[Line]) -> bool:
    """Whether the first row names columns: distinct short names in all of them, and no figures."""
    table = [row.text.split("\t") for row in rows]
    names = header_names(table[0])
    if names is None or len(table) < 2 or any(len(name) > _LONGEST_NAME for name in names):
        return False
    width = max(len(cells) for cells in table[1:])
    if not all(names) or len(names) < width:
        return False
    figures = [sum(bool(_FIGURE.search(cell)) for cell in cells) for cells in table[1:]]
    return len(names) > 2 or sum(map(bool, figures)) * 2 > len(figures)
