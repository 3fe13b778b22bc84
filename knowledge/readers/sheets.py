"""Cells of a worksheet as Excel displays them: numbers, dates, merged cells."""

import io
import re
import zipfile
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from openpyxl.utils import range_boundaries

from knowledge.readers.assembly import Cell

_MERGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_UNCALCULATED: Final = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f[^<>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_MOST_MERGES: Final = 20_000
_WIDEST: Final = 1_000
# What a number's format may hold beside its digits: signs of money, literals, colours, padding.
_LITERALS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DECIMAL: Final = re.compile(r"[#0?,]*[#0?](?:\.([0#?]+))?(%)?$")
_UNIT: Final = re.compile(r'"([^"]*)"\s*$')
_LARGEST: Final = 1e15
_LONGEST_FORMAT: Final = 200
_ERRORS: Final = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"}
)


class Merges:
    """The merged cells of one sheet; ask for its rows in order."""

    def __init__(self, sheet: Any, data: bytes) -> None:
        """Take a read-only sheet, which does not know them itself, and its whole file."""
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            xml = package.read(sheet._worksheet_path)
        self.uncalculated = len(_UNCALCULATED.findall(xml))
        """How many formulas stand in the sheet without the value they last gave."""
        found = (match.group(1).decode() for match in _MERGE.finditer(xml))
        ranges = [range_boundaries(ref) for ref, _ in zip(found, range(_MOST_MERGES), strict=False)]
        self._waiting = sorted(ranges, key=lambda bounds: bounds[1], reverse=True)
        self._active: list[tuple[tuple[int, int, int, int], Cell]] = []

    def filled(self, number: int, row: list[Cell]) -> list[Cell]:
        """Put each merged cell into every place of this row (counted from 1) that it covers."""
        self._active = [(bounds, cell) for bounds, cell in self._active if bounds[3] >= number]
        while self._waiting and self._waiting[-1][1] <= number:
            bounds = self._waiting.pop()
            column = bounds[0] - 1
            if bounds[1] == number and column < len(row):
                self._active.append((bounds, row[column]))
        for (left, _, right, _), cell in self._active:
            if not cell.text:
                continue
            end = min(right, _WIDEST)
            row.extend(Cell("") for _ in range(len(row), end))
            row[left - 1 : end] = [cell] * (end - left + 1)
        return row


def written(cell: Any) -> str:
    """Write a cell's value as Excel displays it; errors of a formula are no words."""
    value = cell.value
    if value is None or value in _ERRORS:
        return ""
    number_format = str(cell.number_format or "")[:_LONGEST_FORMAT]
    if isinstance(value, datetime):
        return _moment(value, number_format.lower())
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _number(value, number_format)
    return str(value)


def _moment(value: datetime, number_format: str) -> str:
    """A date to the precision that its format shows."""
    shown = _LITERALS.sub("", number_format)
    if value.time() != time():
        return value.isoformat(" ")[:16]
    if "d" in shown or "y" not in shown:
        return value.date().isoformat()
    return value.strftime("%Y-%m" if "m" in shown else "%Y")


def _number(value: float | Decimal, number_format: str) -> str:
    positive = number_format.split(";", 1)[0]
    pattern = _LITERALS.sub("", positive).strip(" ¥$￥€()-+")
    shown = _DECIMAL.match(pattern)
    if not shown or abs(float(value)) >= _LARGEST:
        return str(value) if isinstance(value, int) else format(value, ".15g")
    decimals, percent = shown.groups()
    number = Decimal(repr(value) if isinstance(value, float) else value) * (100 if percent else 1)
    step = Decimal(1).scaleb(-len(decimals or ""))
    rounded = number.quantize(step, rounding=ROUND_HALF_UP)
    if decimals and not decimals.endswith("0"):
        rounded = rounded.normalize()
    unit = _UNIT.search(positive)
    grouped = "," if "," in pattern else ""
    return f"{rounded:{grouped}f}{percent or ''}{unit.group(1) if unit else ''}"
