"""Where a text must not be cut: inside its numbers."""

import re
from typing import Final

_HAN: Final = "〇○零一二两三四五六七八九十百千万亿兆廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
_SIGN: Final = rf"(?:(?<![A-Za-z\d)])[-－−]|[+＋±]|(?:(?<![抱胜自])负|零下)(?=[\d{_HAN}]))"
_ARABIC: Final = r"\d+(?:[.,．]\d+)*"
# 统一一体化, 唯一一个 and 之一: the first 一 counts nothing.
_NUMERALS: Final = rf"(?:(?<![统唯])(?<!(?<!分)之)[{_HAN}]|(?<=[{_HAN}])点(?=[{_HAN}]))+"
_DIGITS: Final = rf"(?:{_ARABIC}|{_NUMERALS})+"
_NUMERAL: Final = re.compile(rf"{_SIGN}?(?:{_ARABIC}|{_NUMERALS}(?:分之{_NUMERALS})?)")
_NUMBER: Final = re.compile(
    rf"(?:第|{_SIGN})?{_DIGITS}(?:分之{_DIGITS}| ?[%％‰])?"
    rf"(?:[-－–—~～至到]{_DIGITS}(?: ?[%％‰])?)*"
)
_AROUND: Final = 40


def cuts_number(text: str, at: int) -> bool:
    """Whether position `at` lies inside a number, what belongs to it included.

    Sign (-5, 负5, 零下5), scale (12万), %, 第, 百分之 and the other end of a range belong to it.
    """
    return _inside(_NUMBER, text, at)


def cuts_numeral(text: str, at: int) -> bool:
    """Whether `at` lies inside the digits of a number, Arabic or Chinese, or behind its sign."""
    return _inside(_NUMERAL, text, at)


def _inside(pattern: re.Pattern[str], text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    first = max(0, at - _AROUND)
    window = text[first : at + _AROUND]
    return any(m.start() < at - first < m.end() for m in pattern.finditer(window))
