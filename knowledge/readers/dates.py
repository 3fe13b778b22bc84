"""Dates as Chinese documents write them."""

import re
from datetime import date
from typing import Final

from knowledge.numerals import arabic

_ZEROS: Final = str.maketrans(dict.fromkeys("○〇零OoＯОоΟ0０", "〇"))
_YEAR: Final = r"((?:1[89]|20)\d{2}|[一二][〇○零OoＯОоΟ0０一二三四五六七八九]{3})"
_SMALL: Final = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_WRITTEN: Final = re.compile(rf"{_YEAR}\s*年(?:\s*{_SMALL}\s*月(?:\s*{_SMALL}\s*[日号])?)?")
_DIGITS: Final = re.compile(r"(?<!\d)((?:1[89]|20)\d{2})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_COMPACT: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")


def dates_in(text: str, *, compact: bool = False) -> list[str]:
    """Find dates in order, as ISO text of the precision written: ``2021-05`` or ``2021-05-30``.

    Args:
        text: where to look; Arabic and Chinese numerals, ``2021-05-30``, ``2021.5.30``.
        compact: also read ``20210530``, as file names have it.
    """
    found: list[tuple[int, str]] = []
    patterns = (_WRITTEN, _DIGITS, _COMPACT) if compact else (_WRITTEN, _DIGITS)
    for pattern in patterns:
        for match in pattern.finditer(text):
            if iso := _iso([group for group in match.groups() if group]):
                found.append((match.start(), iso))
    return [iso for _, iso in sorted(found)]


def is_date_line(line: str) -> bool:
    """Whether a line is nothing but one full date, as under a signature."""
    stripped = line.strip().strip("（）()")
    return bool(_WRITTEN.fullmatch(stripped)) and stripped.endswith(("日", "号"))


def _iso(parts: list[str]) -> str | None:
    year, *rest = (_value(part) for part in parts)
    try:
        date(year, *[*rest, 1, 1][:2])
    except ValueError:
        return None
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])


def _value(part: str) -> int:
    return int(part) if part.isdecimal() else arabic(part.translate(_ZEROS))
