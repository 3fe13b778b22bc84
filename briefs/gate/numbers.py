"""Numbers as a text writes them: 1,234.5, 三千五百, 零点五."""

import re
from fractions import Fraction
from typing import Final

from knowledge.numerals import arabic

DIGIT: Final = "〇零一二两三四五六七八九壹贰叁肆伍陆柒捌玖廿卅"
# Bounded: a text may be digits by the thousand, and so long a figure is none.
HAN_NUMBER: Final = f"(?:[{DIGIT}十拾][{DIGIT}十百千万亿拾佰仟]{{0,24}}(?:点[{DIGIT}]{{1,12}})?)"
ARABIC_NUMBER: Final = (
    r"(?:\d{1,3}(?:,\d{3}){1,8}(?:\.\d{1,20})?(?![\d])|\d{1,24}(?:\.\d{1,20})?(?!\d))"
)
NUMBER: Final = f"(?:{ARABIC_NUMBER}|{HAN_NUMBER})"
LINK: Final = re.compile(r" ?(?:-|~|至|到|to) ?")
"""Between the ends of a range."""
_TAIL: Final = re.compile(r"([十百千万亿]+)$")


def value_of(numeral: str) -> tuple[Fraction, Fraction, bool]:
    """Value, worth of the last digit, and whether it is written in Chinese.

    Args:
        numeral: what `NUMBER` matches.
    """
    if numeral[0].isdecimal():
        plain = numeral.replace(",", "")
        decimals = len(plain.partition(".")[2])
        return Fraction(plain), Fraction(1, 10**decimals), False
    whole, _, decimals_han = numeral.partition("点")
    value, step = Fraction(arabic(whole)), Fraction(1)
    if decimals_han:
        step = Fraction(1, 10 ** len(decimals_han))
        digits = "".join(str(arabic(digit)) for digit in decimals_han)
        return value + int(digits) * step, step, True
    tail = _TAIL.search(whole)
    if tail and len(whole) > len(tail.group()):
        step = Fraction(arabic("一" + tail.group()))
    return value, step, True
