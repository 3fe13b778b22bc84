"""Chinese numerals as they stand in article numbers and headings."""

from typing import Final

_DIGITS: Final = {
    **{digit: value for value, digit in enumerate("〇一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **{"○": 0, "两": 2, "兩": 2, "貳": 2, "陸": 6},
}
_UNITS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS: Final = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_WRITTEN_UNITS: Final = ((10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))
_SHORTHANDS: Final = {"廿": "二十", "卅": "三十"}

NUMERAL_CHARACTERS: Final = "".join([*_DIGITS, *_UNITS, *_MYRIADS, *_SHORTHANDS])
"""Every character a Chinese numeral may have; for use inside a regular expression's brackets."""


def arabic(numeral: str) -> int:
    """Give the value of a whole numeral: 三十五 → 35, 二〇二三 → 2023, １２ → 12.

    Digits of any width pass through; digits in a row without units are read one by one.

    Raises:
        ValueError: it is empty or no numeral.
    """
    text = "".join(_SHORTHANDS.get(character, character) for character in numeral.strip())
    if text.isdecimal():
        return int(text)
    if not text or not set(text) <= {*_DIGITS, *_UNITS, *_MYRIADS}:
        raise ValueError(f"not a numeral: {numeral!r}")
    if set(text) <= set(_DIGITS):
        return int("".join(str(_DIGITS[character]) for character in text))
    return _with_units(text)


def _with_units(text: str) -> int:
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            # 十五 and 百五 begin with the unit itself: one is understood.
            section += (digit or 1) * _UNITS[character]
            digit = 0
        elif character in "万萬":
            total += (section + digit or 1) * _MYRIADS[character]
            section = digit = 0
        else:
            total = (total + section + digit or 1) * _MYRIADS[character]
            section = digit = 0
    return total + section + digit


def chinese(value: int) -> str:
    """Write a whole number below 100,000,000 as a Chinese numeral: 35 → 三十五, 108 → 一百零八.

    The inverse of `arabic`.

    Raises:
        ValueError: it is negative or too large.
    """
    if not 0 <= value < 10**8:
        raise ValueError(f"no numeral is written for {value}")
    numeral = _written(value)
    return numeral.removeprefix("一") if numeral.startswith("一十") else numeral


def _written(value: int) -> str:
    if value < 10:
        return "零一二三四五六七八九"[value]
    unit, name = next(pair for pair in _WRITTEN_UNITS if value >= pair[0])
    count, rest = divmod(value, unit)
    if not rest:
        return f"{_written(count)}{name}"
    return f"{_written(count)}{name}{'零' if rest < unit // 10 else ''}{_written(rest)}"
