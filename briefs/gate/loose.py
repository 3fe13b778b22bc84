"""Figures that are not counted out: 半年, 上万人次, 数十万元, 几千人."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from briefs.gate.lexicon import NOT_UNITS, SCALES, UNIT

_HALF: Final = re.compile(
    r"(?<![一两二三四五六七八九十\d个多大小前上下过后每年月天时])半(?P<unit>年(?!度|报)|个月|个?小时|天)"
)
_SCALE: Final = r"(?:[十百千]?万亿|[十百千]?[万亿]|[百十](?!分)|千(?![米克瓦伏升卡赫]))"
_VAGUE: Final = re.compile(
    rf"(?:(?P<many>成百上千|成千上万)|(?P<up>(?<![以线网之路海水陆地马桌会身世史础])上)|"
    rf"(?:(?<![总人次多少户件指册岁系代量参函倍位字])数|(?<![十百千万亿\d])几))"
    rf"(?P<scale>(?(many)|{_SCALE}))(?P<more>余|多)?(?= ?(?P<unit>{UNIT.pattern}))"
)
_MANY: Final = {"成百上千": (100, 10_000), "成千上万": (1000, 100_000)}


@dataclass(frozen=True, slots=True)
class Loose:
    """Such a figure, without its unit."""

    start: int
    end: int
    """Where its unit begins."""
    unit: str
    low: Fraction
    high: Fraction | None
    """What it stays below; None for a half, which is exact."""


def find_loose(text: str) -> Iterator[Loose]:
    """Read them in a folded text: halves of a time, then those by the hundred and thousand."""
    for match in _HALF.finditer(text):
        yield Loose(match.start(), match.start("unit"), match["unit"], Fraction(1, 2), None)
    for match in _VAGUE.finditer(text):
        if NOT_UNITS.match(text, match.start("unit")):
            continue
        if match["many"]:
            low, high = _MANY[match["many"]]
        else:
            scale = SCALES[match["scale"]]
            low, high = (scale if match["up"] else 2 * scale), 10 * scale
        end, unit = match.start("unit"), match["unit"]
        yield Loose(match.start(), end, unit, Fraction(low), Fraction(high))
