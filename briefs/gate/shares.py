"""Shares of a whole: 百分之六, 百分之六至九, 三分之一, 七成五, 过半."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from briefs.gate.lexicon import SCALES, Bound
from briefs.gate.numbers import DIGIT, LINK, NUMBER, value_of

_SHARE: Final = re.compile(
    rf"(?P<minus>负)?(?:(?P<base>[百千万])分之(?P<value>{NUMBER})|"
    rf"(?P<per>{NUMBER})分之(?P<part>{NUMBER}))"
)
_SHARE_TO: Final = re.compile(
    rf" ?[-~至到] ?(?P<value>{NUMBER})(?=$|[的,。;、) ]|之间|左右|以[上下])"
)
"""The other end of 百分之六至九."""
_TENTHS: Final = re.compile(
    rf"(?<![\d{DIGIT}十百千.])(?P<tenths>[一二两三四五六七八九\d])成(?P<more>[一二三四五六七八九半](?!年|"
    rf"个|月))?"
    r"(?![立为果本员功绩熟品套分人年交就长不])"
)
_HALF: Final = re.compile(
    r"(?<![多大小下上对])一半|过半数|过半(?=的|$|[,。;、])|近半数?(?=的|数|$|[,。;、])|"
    r"半数|\bhalf (?=of\b)"
)


@dataclass(frozen=True, slots=True)
class Share:
    """Such a figure, in percent."""

    start: int
    end: int
    value: Fraction
    """The lower end of a range."""
    step: Fraction
    """Worth of the last digit that is said, in percent."""
    printed: Fraction
    """The figure as written: 6 of 千分之六."""
    upper: Fraction | None = None
    bound: Bound = Bound.EXACT


def find_shares(text: str) -> Iterator[Share]:
    """Read them in a folded text; a range, 百分之六至百分之九, is one figure with two ends."""
    yield from _parts(text)
    for match in _TENTHS.finditer(text):
        value = value_of(match["tenths"])[0] * 10
        more = match["more"]
        value += 0 if not more else 5 if more == "半" else value_of(more)[0]
        yield Share(*match.span(), value, Fraction(1 if more else 10), value)
    for match in _HALF.finditer(text):
        bound = {"过": Bound.ABOVE, "近": Bound.NEARLY}.get(match.group()[0], Bound.EXACT)
        yield Share(*match.span(), Fraction(50), Fraction(5), Fraction(50), bound=bound)


def _parts(text: str) -> Iterator[Share]:
    before: Share | None = None
    for match in _SHARE.finditer(text):
        share = _part(match)
        if share is None:
            continue
        if before and match["base"] and LINK.fullmatch(text, before.end, share.start):
            before = replace(before, end=share.end, upper=share.value)
            continue
        if before:
            yield before
        end = _SHARE_TO.match(text, share.end) if match["base"] else None
        if end:
            other = _sign(match) * value_of(end["value"])[0] * _factor(match["base"])
            share = replace(share, end=end.end(), upper=other)
        before = share
    if before:
        yield before


def _part(match: re.Match[str]) -> Share | None:
    """None for 3分之二, which is no share."""
    sign = _sign(match)
    if match["base"]:
        value, step, _ = value_of(match["value"])
        factor = _factor(match["base"])
        return Share(*match.span(), sign * value * factor, step * factor, sign * value)
    if match["per"].isdecimal() and not match["part"].isdecimal():
        return None
    whole, part = value_of(match["per"])[0], value_of(match["part"])[0]
    if not whole:
        return None
    share = sign * part / whole * 100
    return Share(*match.span(), share, Fraction(5), share)


def _sign(match: re.Match[str]) -> int:
    return -1 if match["minus"] else 1


def _factor(base: str) -> Fraction:
    return Fraction(100, SCALES[base])
