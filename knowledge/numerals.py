"""Chinese numerals as they stand in article numbers and headings."""

from typing import Final

_DIGITS: Final = {
    **{digit: value for value, digit in enumerate("〇一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **{"○": 0, "两": 2, "兩": 2, "貳": 2, "陸": 6},
}
_UNITS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS: Final = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
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
