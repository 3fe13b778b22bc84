"""XLSX and CSV: every row a block that names its columns."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Final

import openpyxl

from knowledge.errors import EmptyFileError, TooLargeError
from knowledge.model import BlockKind, Metadata, PageText, Reading
from knowledge.readers.assembly import PageBuilder, header_names, row_text
from knowledge.readers.encoding import decode
from knowledge.readers.guard import check_package, check_text_size, library_failures
from knowledge.readers.metadata import Hints, describe

_DELIMITERS: Final = ",\t;|"
_MOST_ROWS: Final = 200_000
_MOST_COLUMNS: Final = 1_000
_HEADER_WITHIN: Final = 12


class TableReader:
    """Reads XLSX and CSV; each sheet is a part labelled with its name."""

    suffixes = frozenset({".xlsx", ".xlsm", ".csv"})

    def read(self, data: bytes, name: str) -> Reading:
        """Read a workbook or a table; see `knowledge.protocols.Reader`."""
        if PurePath(name).suffix.lower() == ".csv":
            return self._csv(data, name)
        check_package(data, name, expected="XLSX", member="xl/workbook.xml")
        with library_failures(name):
            pages = tuple(page for page in _sheets(data, name) if page.text)
        if not pages:
            raise EmptyFileError(name=name)
        media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return Reading(media_type, False, pages, _metadata(pages, name))

    def _csv(self, data: bytes, name: str) -> Reading:
        decoded = decode(data, name)
        check_text_size(len(decoded.text), name)
        with library_failures(name):
            page = _table(_csv_rows(decoded.text), name, label=None)
        if not page.text:
            raise EmptyFileError(name=name)
        metadata = _metadata((page,), name)
        return Reading("text/csv", False, (page,), metadata, decoded.encoding, decoded.remarks)


def _metadata(pages: Sequence[PageText], name: str) -> Metadata:
    first = pages[0]
    above = [
        first.text[block.start : block.end]
        for block in first.blocks[:3]
        if block.kind is BlockKind.HEADING
    ]
    sample = [page.text[:2000] for page in pages[:3]]
    return describe(sample, name, hints=Hints(title=above[0] if above else None, table=True))


def _csv_rows(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(10_000_000)
    lines = text[:20_000].splitlines()[:50]
    delimiter = max(_DELIMITERS, key=lambda mark: _fitness(lines, mark))
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _fitness(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """How many lines a delimiter divides, and how many of them alike."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
    return sum(widths.values()), max(widths.values(), default=0)


def _sheets(data: bytes, name: str) -> Iterator[PageText]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            # The stated size of a sheet is often wrong, and a wrong one hides rows.
            sheet.reset_dimensions()
            rows = ([_written(cell) for cell in row[:_MOST_COLUMNS]] for row in sheet.iter_rows())
            yield _table(rows, name, label=sheet.title)
    finally:
        book.close()


def _table(rows: Iterable[list[str]], name: str, *, label: str | None) -> PageText:
    builder = PageBuilder()
    names: tuple[str, ...] = ()
    waiting: list[list[str]] = []
    found = False
    for number, cells in enumerate(rows):
        if number >= _MOST_ROWS:
            raise TooLargeError(name=name, size=f"over {number:,} rows", limit=f"{_MOST_ROWS:,}")
        if not any(cell.strip() for cell in cells):
            continue
        if found:
            builder.add(BlockKind.ROW, row_text(names, cells))
        elif header := header_names(cells):
            _add_above(builder, waiting)
            names, found = header, True
        else:
            waiting.append(cells)
            found = len(waiting) >= _HEADER_WITHIN
            if found:
                _add_above(builder, waiting)
        check_text_size(builder.size, name)
    if not found or (names and not builder.size):
        _add_above(builder, [*waiting, list(names)])
    return builder.page(label=label)


def _add_above(builder: PageBuilder, rows: list[list[str]]) -> None:
    """Rows above the header: a single cell there is a title, others stay rows without names."""
    for cells in rows:
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) == 1 and not builder.size and len(filled[0]) <= 80:
            builder.add(BlockKind.HEADING, " ".join(filled[0].split()), level=1)
        else:
            builder.add(BlockKind.ROW, row_text((), cells))


def _written(cell: Any) -> str:
    """Write a cell's value as a person would."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")[:16]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _number(value, str(cell.number_format or ""))
    return str(value)


def _number(value: float | Decimal, number_format: str) -> str:
    pattern, percent, _ = number_format.split(";", 1)[0].partition("%")
    if percent:
        decimals = len(pattern.partition(".")[2])
        return f"{format(round(float(value) * 100, max(decimals, 2)), '.15g')}%"
    return str(value) if isinstance(value, int) else format(value, ".15g")
