"""The tables of one PDF page as lines, and what is left of the page without them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.readers.pdf_chars import Frame, loose_boxes_of
from knowledge.readers.pdf_lines import Line, Run, run_together
from knowledge.readers.pdf_rules import Rules
from knowledge.readers.pdf_tables import (
    Cell,
    Grid,
    grids_of,
    headed,
    header_rows,
    laid,
    lines_of_cell,
    row_line,
)
from knowledge.readers.pdf_text import Characters, Placed, folded, marks_of

_NOT_BLANK: Final = re.compile(r"\S")
_LITTLE: Final = 60


@dataclass(frozen=True, slots=True)
class Continued:
    """A table at the end of a page, which may go on overleaf."""

    grid: Grid
    header: str
    """Its row of column names; empty when it has none."""


@dataclass(frozen=True, slots=True)
class Tabled:
    """A page taken apart."""

    rows: tuple[Placed, ...]
    rest: Characters
    """The page with the characters of tables struck out."""
    last: Continued | None


def tabled(
    page: Characters, rules: Rules, textpage: Any, *, frame: Frame, above: Continued | None
) -> Tabled:
    """Take the tables out of a page.

    Args:
        page: its characters.
        rules: its ruling lines.
        textpage: of pypdfium2.
        frame: of the page.
        above: the table at the end of the page before.
    """
    visible = np.flatnonzero(page.inked)
    grids = grids_of(rules, page.boxes, visible)
    struck = {
        place for grid in grids for row in grid.rows for cell in row for place in cell.characters
    }
    others = page.boxes[[place for place in visible.tolist() if place not in struck]]
    rows: list[Placed] = []
    last: Continued | None = None
    for grid in grids:
        begins = _is_little(others[:, 3] <= grid.rows[0][0].top)
        goes_on = above is not None and begins and grid.continues(above.grid)
        header = above.header if goes_on and above is not None else None
        lines = headed(_lines(grid, page, textpage, frame), header=header)
        first = min(place for row in grid.rows for cell in row for place in cell.characters)
        rows += (Placed(first, line) for line in lines)
        names = lines[0].text if lines[0].kind == "header" else header or ""
        ends = _is_little(others[:, 1] >= max(cell.bottom for cell in grid.rows[-1]))
        last = Continued(grid, names) if ends else None
    return Tabled(tuple(rows), _without(page, struck), last)


def _is_little(outside: NDArray[np.bool_]) -> bool:
    """Whether it is hardly anything: a running head, a page number."""
    return int(outside.sum()) < _LITTLE


def _lines(grid: Grid, page: Characters, textpage: Any, frame: Frame) -> list[Line]:
    firsts = [row[0].characters[0] for row in grid.rows]
    sizes = loose_boxes_of(textpage, firsts, frame)
    runs = {cell: _run(cell, page) for row in grid.rows for cell in row}
    rows = laid(grid)
    depth = header_rows(rows, {cell: run.text for cell, run in runs.items()})
    made = []
    for place, (row, size) in enumerate(
        zip(grid.rows, (sizes[:, 3] - sizes[:, 1]).tolist(), strict=True)
    ):
        if place < depth - 1:
            continue
        cells = (
            _once(rows[place], runs) if depth < 2 or place >= depth else _names(rows, depth, runs)
        )
        if any(run and run.text for run in cells):
            made.append(row_line(cells, row, max(size, 1.0)))
    return made


def _once(row: Sequence[Cell | None], runs: Mapping[Cell, Run]) -> list[Run | None]:
    """The words of a row's columns; of a cell over several columns, in the first of them."""
    return [
        None if cell is None or (place and row[place - 1] is cell) else runs[cell]
        for place, cell in enumerate(row)
    ]


def _names(
    rows: Sequence[Sequence[Cell | None]], depth: int, runs: Mapping[Cell, Run]
) -> list[Run | None]:
    """The name of each column: the cells over it in the rows of the header, each once."""
    names: list[Run | None] = []
    for column in range(len(rows[0])):
        over = dict.fromkeys(cell for row in rows[:depth] if (cell := row[column]) is not None)
        parts = [runs[cell] for cell in over if runs[cell].text]
        names.append(run_together(_as_line(run) for run in parts) if parts else None)
    return names


def _as_line(run: Run) -> Line:
    return Line(run.text, 0, 0, 0, 0, 1, marks=run.marks)


def _run(cell: Cell, page: Characters) -> Run:
    return run_together(_line(places, page) for places in lines_of_cell(cell, page.boxes))


def _line(places: Sequence[int], page: Characters) -> Line:
    """One printed line of a cell; blanks between its characters are kept."""
    letters: list[str] = []
    origins: list[int] = []
    for place in places:
        between = page.text[origins[-1] + 1 : place] if origins else ""
        if between and not _NOT_BLANK.search(between):
            letters.append(" ")
            origins.append(origins[-1])
        letters.append(page.text[place])
        origins.append(place)
    fold = folded("".join(letters))
    boxes = page.boxes[list(places)]
    extent = np.concatenate((boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)))
    chosen = [origins[origin] for origin in fold.origins]
    spread = page.boxes[chosen]
    spread[:, 1], spread[:, 3] = extent[1], extent[3]
    inked = np.array([letter != " " for letter in fold.text], bool)
    marks = marks_of(spread, inked, width=page.width, height=page.height)
    left, top, right, bottom = extent.tolist()
    return Line(fold.text, left, top, right, bottom, 1.0, marks=marks)


def _without(page: Characters, struck: set[int]) -> Characters:
    """Line ends in place of the characters of tables."""
    letters = list(page.text)
    for place in struck:
        letters[place] = "\n"
    return replace(page, text="".join(letters))
