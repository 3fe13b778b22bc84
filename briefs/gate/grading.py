"""How well a figure of the evidence bears out one of a statement."""

import re
from dataclasses import replace
from enum import IntEnum
from fractions import Fraction
from typing import Final

from briefs.gate.lexicon import UNITS, Bound, Way
from briefs.gate.quantities import Quantity
from briefs.gate.reading import Text

_HEDGE: Final = Fraction(1, 20)
"""What “about” may take in."""
_MORE: Final = Fraction(1, 5)
"""What “more than” may leave out."""
_ROUNDED: Final = Fraction(1, 100)
"""What a person is asked about where nothing says “about”."""
_UPWARD: Final = {Bound.AT_LEAST, Bound.ABOVE}
_FALLING: Final = {Way.DOWN, Way.NARROWER, Way.LOWER}


class Grade(IntEnum):
    """How well a figure of the evidence bears one out."""

    NOT = 0
    ROUNDED = 1
    HEDGED = 2
    SAME = 3


def counted(dimension: str) -> bool:
    """Whether it is a measure word."""
    return dimension in {"个", "人"} or (dimension in UNITS and not UNITS[dimension][0])


def comparable(each: Quantity, other: Quantity, text: Text) -> bool:
    """Whether two figures count the same kind of thing."""
    one, two = each.dimension, other.dimension
    if one == two or {one, two} == {"times", "%"}:
        return True
    if "第" in {one, two}:
        return one.startswith("第") and two.startswith("第")
    if "个" in {one, two}:
        return {one, two} - {"个"} <= {""} or all(counted(d) or not d for d in (one, two))
    if one and two:
        return False
    if not one:
        return counted(two) or each.printed == other.printed
    is_plain = each.worth == 1 or each.value == other.value
    return (counted(one) and is_plain) or _headed(each, text)


def _headed(each: Quantity, text: Text) -> bool:
    """Whether the unit stands elsewhere, as in the head of a table: 单位：万元."""
    dimension = each.dimension
    units = [u for u, (of, _) in UNITS.items() if of == dimension or (not of and u == dimension)]
    for unit in units:
        factor = UNITS[unit][1]
        for scale, times in {"": 1, "万": 10**4, "亿": 10**8, "千": 1000, "百": 100}.items():
            if factor * times == each.worth and re.search(
                f"(?<![万亿千百]){scale}{unit}", text.words
            ):
                return True
    return False


def _times(each: Quantity) -> Fraction:
    """As a multiple of what was before: 增长1倍 and 翻一番 are 2."""
    if each.dimension == "%":
        return 1 + each.value / 100 if each.way is Way.UP and not each.reaches else each.value / 100
    return each.value + (1 if each.way is Way.UP and not each.reaches else 0)


def direction(each: Quantity) -> int | None:
    """1 for up or more, -1 for down or less; None for 减少-5%, which may mean either."""
    sign = -1 if each.value < 0 else 1
    falls = each.balance < 0 or (each.way in _FALLING and not each.reaches)
    if falls:
        return None if sign < 0 else -1
    return sign


def grade(each: Quantity, other: Quantity) -> Grade:
    """How well `other`, of the evidence, bears out the value of `each`; signs may be words."""
    if each.dimension.endswith("倒") != other.dimension.endswith("倒"):
        return Grade.NOT
    if each.is_vague or other.is_vague:
        return _vague(each, other)
    if each.balance * other.balance < 0 and each.value * other.value > 0:
        return Grade.NOT
    if each.value * other.value < 0 and each.upper is other.upper is None:
        ways = {direction(each), direction(other)}
        if len(ways - {None}) > 1:
            return Grade.NOT
        each, other = (
            replace(q, value=abs(q.value), printed=abs(q.printed)) for q in (each, other)
        )
    return _graded(each, other)


def _vague(each: Quantity, other: Quantity) -> Grade:
    """数十万 is borne out by 35万, and 35万 not by 数十万."""
    if each.is_vague and other.is_vague:
        return Grade.SAME if (each.value, each.upper) == (other.value, other.upper) else Grade.NOT
    if other.is_vague or each.upper is None:
        return Grade.NOT
    return Grade.HEDGED if each.value <= other.value < each.upper else Grade.NOT


def _graded(each: Quantity, other: Quantity) -> Grade:
    if "times" in {each.dimension, other.dimension} and each.upper is other.upper is None:
        return Grade.SAME if _times(each) == _times(other) else Grade.NOT
    if (each.upper is None) != (other.upper is None):
        return Grade.NOT
    is_bare = bool(each.dimension) != bool(other.dimension) and (each.dimension or each.step <= 1)
    if is_bare and each.printed == other.printed:
        return Grade.SAME
    if each.value == other.value and each.upper == other.upper:
        return Grade.SAME
    if each.upper is not None or each.dimension.startswith("第"):
        return Grade.NOT
    return _rounded(each, other)


def _rounded(each: Quantity, other: Quantity) -> Grade:
    value, real = each.value, other.value
    if not real or not value or (value > 0) != (real > 0):
        return Grade.NOT
    off = abs(value - real) / abs(real)
    hedged = _hedged(each, real, coarse(each))
    # What is hedged already may be hedged again, but coarser.
    fits = other.bound is Bound.EXACT or (
        other.bound in {Bound.ABOUT, each.bound} and coarse(each) > coarse(other)
    )
    if hedged and fits and off <= (_MORE if each.bound in _UPWARD else _HEDGE):
        return Grade.HEDGED
    printed = abs(value - real) <= each.step / 2 and each.step > other.step
    return Grade.ROUNDED if printed and off <= _ROUNDED and each.bound is other.bound else Grade.NOT


def coarse(each: Quantity) -> Fraction:
    """Worth of the last digit that is no zero: 10 for 60, 0.1亿 for 1.2亿."""
    step = each.step
    while step and each.value % (step * 10) == 0 and step * 10 <= abs(each.value):
        step *= 10
    return step


def _hedged(each: Quantity, real: Fraction, step: Fraction) -> bool:
    if each.bound is Bound.ABOUT:
        return abs(each.value - real) <= step / 2
    if each.bound in {Bound.NEARLY, Bound.BELOW}:
        return each.value - step <= real < each.value
    if each.bound in _UPWARD:
        return each.value < real <= each.value + step
    return False
