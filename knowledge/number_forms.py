"""Numbers that persons have, told from other long numbers by their own rules."""

import re
from datetime import date
from typing import Final

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10x98765432"
_REGIONS: Final = frozenset(
    str(code)
    for codes in ("11-15", "21-23", "31-37", "41-46", "50-54", "61-65", "71-71", "81-83")
    for code in range(int(codes[:2]), int(codes[3:]) + 1)
)
"""First two places of an identity number: provinces by GB/T 2260, and the codes of residents."""
_MOBILE: Final = re.compile(r"1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-35-8]|8\d|9[0-35-9])\d{8}")
"""Series of the numbering plan that are given to subscribers."""
_OLD: Final = re.compile(r"(\d{2})\d{4}(\d{2})(\d{2})(\d{2})\d{3}")


def is_identity(number: str, *, checked: bool = True) -> bool:
    """Whether this is the number of an identity card (GB 11643).

    Args:
        number: 18 places, the last a digit or ``x``; or the 15 of the old form, which has no check
            digit.
        checked: the check digit must be right; where the text says that it is such a number, a
            slip of the pen is one too.
    """
    if old := _OLD.fullmatch(number):
        region, year, month, day = old.groups()
        return region in _REGIONS and _is_date(f"19{year}", month, day)
    if not re.fullmatch(r"\d{17}[\dx]", number) or number[:2] not in _REGIONS:
        return False
    if not _is_date(number[6:10], number[10:12], number[12:14]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return not checked or _CHECKS[total % 11] == number[-1]


def is_bank_card(digits: str) -> bool:
    """Whether these digits can be a card's (ISO/IEC 7812): its industry, length and check digit."""
    return digits[0] in "3456" and 15 <= len(digits) <= 19 and _luhn(digits)


def is_mobile(digits: str) -> bool:
    """Whether these eleven digits can be a mobile telephone's in mainland China."""
    return bool(_MOBILE.fullmatch(digits)) and len(set(digits[3:])) > 1


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        return 1900 <= date(int(year), int(month), int(day)).year < 2100
    except ValueError:
        return False
