"""The XLSX file: one sheet for each table, the same bytes every time."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side

from briefs.workbench.demo.package import stable
from knowledge.model import Metadata

_THIN = Side(style="thin", color="999999")


def xlsx_bytes(tables: Sequence[tuple[str, str]], metadata: Metadata, *, mark: str) -> bytes:
    """Set `tables` as a workbook; the same tables give the same bytes.

    Args:
        tables: name of the sheet and the table as CSV: its title, a line on who made it, the
            column names, the rows, and a note as its last line.
        metadata: goes into the file's properties.
        mark: as well.
    """
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, table in tables:
        _add_sheet(book, name, list(csv.reader(io.StringIO(table))))
    properties = book.properties
    properties.title, properties.description = metadata.title, mark
    properties.creator = "、".join(metadata.authors)
    properties.created = datetime.fromisoformat(metadata.issued_on or "")
    buffer = io.BytesIO()
    book.save(buffer)
    return stable(buffer.getvalue())


def _add_sheet(book: Any, name: str, rows: Sequence[Sequence[str]]) -> None:
    sheet = book.create_sheet(name)
    width = len(rows[2])
    for cells in rows:
        sheet.append([int(cell) if cell.isdecimal() else cell for cell in cells])
    last = len(rows)
    for row in (1, 2, last):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment("center")
    sheet["A2"].font = Font(size=9, color="666666")
    sheet.cell(last, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height, sheet.row_dimensions[last].height = 26, 46
    for row in sheet.iter_rows(min_row=3, max_row=last - 1):
        for cell in row:
            cell.border = Border(_THIN, _THIN, _THIN, _THIN)
            if cell.row in (3, last - 1):
                cell.font = Font(bold=True)
            if isinstance(cell.value, int):
                cell.number_format = "#,##0"
    for column in "ABCDEFG"[:width]:
        sheet.column_dimensions[column].width = 17
    sheet.freeze_panes = "B4"
