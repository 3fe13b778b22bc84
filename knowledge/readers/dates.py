"""Dates as documents write them, Chinese and English."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from knowledge.numerals import arabic

_WIDE_DIGITS: Final = {0xFF10 + digit: str(digit) for digit in range(10)}
_ZEROS: Final = str.maketrans(dict.fromkeys("○〇零OoＯОоΟ0０", "〇"))
_YEAR: Final = r"((?:1[89]|20)\d{2}|[一二][〇○零OoＯОоΟ0０一二三四五六七八九]{3})"
_SMALL: Final = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_WRITTEN: Final = re.compile(rf"{_YEAR}\s*年(?:\s*{_SMALL}\s*月(?:\s*{_SMALL}\s*[日号])?)?")
_DIGITS: Final = re.compile(r"(?<!\d)((?:1[89]|20)\d{2})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_COMPACT: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH: Final = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_DAY_FIRST: Final = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(\d{{4}})\b", re.I)
_MONTH_FIRST: Final = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,\s*(\d{{4}})\b", re.I)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a text."""

    day: str
    """ISO, of the precision written: ``2021``, ``2021-05`` or ``2021-05-30``."""
    start: int
    end: int

    @property
    def is_full(self) -> bool:
        """True when the day itself is known."""
        return len(self.day) == len("2021-05-30")


def find_dates(text: str, *, compact: bool = False) -> list[Dated]:
    """Find dates in order.

    Args:
        text: where to look; Arabic, full-width and Chinese numerals, ``2021-05-30``,
            ``2021.5.30``, ``30 May 2021``, ``May 30, 2021``.
        compact: also read ``20210530``, as file names have it.
    """
    text = text.translate(_WIDE_DIGITS)
    patterns = (_WRITTEN, _DIGITS, _COMPACT) if compact else (_WRITTEN, _DIGITS)
    found = [
        Dated(day, match.start(), match.end())
        for pattern in patterns
        for match in pattern.finditer(text)
        if (day := _iso([_value(group) for group in match.groups() if group]))
    ]
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2))):
        for match in pattern.finditer(text):
            year, month, number = (match.group(place) for place in order)
            parts = [int(year), _MONTHS.index(month[:3].lower()) + 1, int(number)]
            if day := _iso(parts):
                found.append(Dated(day, match.start(), match.end()))
    return sorted(found, key=lambda each: (each.start, -each.end))


def dates_in(text: str, *, compact: bool = False) -> list[str]:
    """The days that `find_dates` finds, as ISO text."""
    return [dated.day for dated in find_dates(text, compact=compact)]


def is_date_line(line: str) -> bool:
    """Whether a line is nothing but one full date, as under a signature."""
    stripped = line.strip().strip("（）()").translate(_WIDE_DIGITS)
    return bool(_WRITTEN.fullmatch(stripped)) and stripped.endswith(("日", "号"))


def _iso(parts: list[int]) -> str | None:
    year, *rest = parts
    try:
        date(year, *[*rest, 1, 1][:2])
    except ValueError:
        return None
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])


def _value(part: str) -> int:
    return int(part) if part.isdecimal() else arabic(part.translate(_ZEROS))
