"""Dates as reference managers write them."""

import re
from typing import Final

from knowledge.csl import PartialDate

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_NUMBERS: Final = re.compile(
    r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?)?\s*[月日]?(?:[/T ~].*)?/*"
)
_WORDS: Final = re.compile(
    r"(?:(\d{1,2})\s+)?([A-Za-z]{3,9})\.?(?:\s+(\d{1,2}))?,?\s+(\d{4})", re.ASCII
)


def date_of(written: str) -> PartialDate | None:
    """``2023/05/07``, ``2023-05``, ``2023年5月7日``, ``7 May 2023``, ``May 2023``; else None."""
    text = written.strip()
    if found := _NUMBERS.fullmatch(text):
        return _date(*(int(part) if part else None for part in found.groups()))
    if found := _WORDS.fullmatch(text):
        before, month, after, year = found.groups()
        day = before or after
        return _date(int(year), month_of(month), int(day) if day else None)
    return None


def month_of(written: str) -> int | None:
    """``May``, ``may``, ``5`` or ``05``; None for anything else."""
    text = written.strip().lower()
    if text.isdecimal() and 1 <= int(text) <= 12:
        return int(text)
    return _MONTHS.get(text[:3])


def _date(year: int | None, month: int | None = None, day: int | None = None) -> PartialDate | None:
    if not year:
        return None
    parts = [f"{year:04}", *(f"{part:02}" for part in (month, day if month else None) if part)]
    # A day that does not exist says nothing; its month may still be right.
    return next(
        (known for n in (3, 2, 1) if (known := PartialDate.parse("-".join(parts[:n])))), None
    )
