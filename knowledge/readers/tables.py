"""XLSX and CSV: every row a block that names its columns."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import PurePath
from typing import Any, Final

import openpyxl

from knowledge.errors import EmptyFileError, TooLargeError
from knowledge.model import BlockKind, PageText, Reading
from knowledge.readers.assembly import (
    Cell,
    PageBuilder,
    column_names,
    header_depth,
    is_figure,
    once,
    row_text,
)
from knowledge.readers.encoding import decode
from knowledge.readers.guard import check_package, check_text_size, library_failures
from knowledge.readers.metadata import Catalogued, Hints, catalogue
from knowledge.readers.sheets import Merges, written

_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DELIMITERS: Final = ",\t;|"
_MOST_ROWS: Final = 200_000
_MOST_COLUMNS: Final = 1_000
_HEADER_WITHIN: Final = 12
_LONGEST_TITLE: Final = 80


class TableReader:
    """Reads XLSX and CSV; each sheet is a part labelled with its name.

    Hidden sheets are read too, with the remark ``hidden-sheet:NAME``. Formulas whose values the
    file does not hold have no words: ``formulas-without-values:NAME``.
    """

    suffixes = frozenset({".xlsx", ".xlsm", ".csv"})

    def read(self, data: bytes, name: str) -> Reading:
        """Read a workbook or a table; see `knowledge.protocols.Reader`."""
        if PurePath(name).suffix.lower() == ".csv":
            return self._csv(data, name)
        check_package(data, name, expected="XLSX", member="xl/workbook.xml")
        with library_failures(name):
            sheets = [(page, remarks) for page, remarks in _sheets(data, name) if page.text]
        if not sheets:
            raise EmptyFileError(name=name)
        pages = tuple(page for page, _ in sheets)
        remarks = tuple(f"{remark}:{page.label}" for page, each in sheets for remark in each)
        known = _known(pages, name)
        return Reading(
            _MEDIA_TYPE, False, pages, known.metadata, remarks=remarks, grounds=known.grounds
        )

    def _csv(self, data: bytes, name: str) -> Reading:
        decoded = decode(data, name)
        check_text_size(len(decoded.text), name)
        with library_failures(name):
            rows = ([Cell(text) for text in row] for row in _csv_rows(decoded.text))
            page = _table(rows, name, label=None)
        if not page.text:
            raise EmptyFileError(name=name)
        known = _known((page,), name)
        return Reading(
            "text/csv",
            False,
            (page,),
            known.metadata,
            decoded.encoding,
            decoded.remarks,
            known.grounds,
            decoded.confidence,
        )


def _known(pages: Sequence[PageText], name: str) -> Catalogued:
    first = pages[0]
    above = [
        first.text[block.start : block.end]
        for block in first.blocks[:3]
        if block.kind is BlockKind.HEADING
    ]
    return catalogue(pages, name, hints=Hints(title=above[0] if above else None, table=True))


def _csv_rows(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(10_000_000)
    lines = text[:20_000].splitlines()[:50]
    delimiter = max(_DELIMITERS, key=lambda mark: _fitness(lines, mark))
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _fitness(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """How many lines a delimiter divides, and how many of them alike."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
    return sum(widths.values()), max(widths.values(), default=0)


def _sheets(data: bytes, name: str) -> Iterator[tuple[PageText, tuple[str, ...]]]:
    """Each sheet of cells, and what is to be remarked on it."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            # The stated size of a sheet is often wrong, and a wrong one hides rows.
            sheet.reset_dimensions()
            merges = Merges(sheet, data)
            remarks = {
                "hidden-sheet": sheet.sheet_state != "visible",
                "formulas-without-values": merges.uncalculated > 0,
            }
            page = _table(_sheet_rows(sheet, merges), name, label=sheet.title)
            yield page, tuple(remark for remark, holds in remarks.items() if holds)
    finally:
        book.close()


def _sheet_rows(sheet: Any, merges: Merges) -> Iterator[list[Cell]]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [Cell(written(cell)) for cell in row[:_MOST_COLUMNS]]
        yield merges.filled(number, cells)


def _table(rows: Iterable[list[Cell]], name: str, *, label: str | None) -> PageText:
    builder = PageBuilder()
    filled = (row for row in map(_trimmed, rows) if row)
    head = list(islice(filled, 2 * _HEADER_WITHIN))
    start, depth = _header(head)
    names = column_names(head[start : start + depth])
    _add_above(builder, head[:start])
    below = chain(head[start + depth :], filled)
    for number, row in enumerate(below, start=start + depth):
        if number >= _MOST_ROWS:
            raise TooLargeError(name=name, size=f"over {number:,} rows", limit=f"{_MOST_ROWS:,}")
        builder.add(BlockKind.ROW, row_text(names, [cell.text for cell in once(row)]))
        check_text_size(builder.size, name)
    return builder.page(label=label)


def _trimmed(row: list[Cell]) -> list[Cell]:
    """A row without the blank cells at its end."""
    width = next((place for place in range(len(row), 0, -1) if row[place - 1].text.strip()), 0)
    return row[:width]


def _header(head: Sequence[list[Cell]]) -> tuple[int, int]:
    """Where the column names begin, and how many rows they take; (0, 0) for a table without."""
    for start in range(min(len(head), _HEADER_WITHIN)):
        words = _words(head[start])
        if len(words) > 1 and all(map(is_figure, words)):
            break
        if depth := header_depth(head[start:], complete=False):
            return start, depth
    return _titles(head), 0


def _titles(head: Sequence[list[Cell]]) -> int:
    return int(bool(head) and len(head) > 1 and len(_words(head[0])) == 1 < len(_words(head[1])))


def _words(row: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in once(row) if cell.text.strip()]


def _add_above(builder: PageBuilder, rows: Sequence[Sequence[Cell]]) -> None:
    """Rows above the header: a single cell there is a title, others stay rows without names."""
    for row in rows:
        words = _words(row)
        if len(words) == 1 and not builder.size and len(words[0]) <= _LONGEST_TITLE:
            builder.add(BlockKind.HEADING, " ".join(words[0].split()), level=1)
        else:
            builder.add(BlockKind.ROW, row_text((), words))
