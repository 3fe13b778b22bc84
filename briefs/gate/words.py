"""Words that point one way or the other: trends, comparisons, bases of comparison, negations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from briefs.gate.lexicon import BASES, COMPARED, NEGATION, TRENDS, Way, either


class Family(StrEnum):
    """Words of a family answer the same question; each points its own way."""

    TREND = "trend"
    COMPARED = "compared"
    BASE = "base"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a closed class, where it stands, and which way it points."""

    start: int
    end: int
    family: Family
    way: Way


_OPPOSITES: Final = (
    {Way.UP, Way.DOWN, Way.FLAT, Way.WIDER, Way.NARROWER},
    {Way.FASTER, Way.SLOWER},
    {Way.HIGHER, Way.LOWER, Way.UP, Way.DOWN},
    {Way.YEAR, Way.MONTH, Way.START, Way.MEAN},
)
_ALIKE: Final = (
    {Way.UP, Way.WIDER, Way.HIGHER},
    {Way.DOWN, Way.NARROWER, Way.LOWER},
)
_NO_TREND: Final = re.compile(
    r"以[上下](?:简称|统称|称|所|各|几|方面)|(?<=可)以[上下]|除以[上下]|"
    r"增长[点极率]|增加值|提高认识|下行(?!压)|增速换挡|升级|提升机|下降沿|扩大会议|"
    r"加速器|提速降费|减速机|改善型"
    r"|lower house|rise to the|flat(?:s|-)|slow food|high-growth|growing season"
)


def _pattern(table: dict[Way, str]) -> re.Pattern[str]:
    groups = "|".join(f"(?P<{way.name}>{_either(words)})" for way, words in table.items())
    return re.compile(groups)


def _either(words: str) -> str:
    parts = either(words).split("|")
    return "|".join(rf"\b{re.escape(p)}\b" if p[0].isascii() else p for p in parts)


_PATTERNS: Final = {
    Family.BASE: _pattern(BASES),
    Family.TREND: _pattern(TRENDS),
    Family.COMPARED: _pattern(COMPARED),
}

BASED: Final = _PATTERNS[Family.BASE]
"""比上年, 环比: their year is no date."""


def find_words(text: str, taken: list[tuple[int, int]]) -> list[Word]:
    """Read them in order; those inside `taken` (bounds of figures) are not read again."""
    found = [*_read(text, Family.BASE), *_negations(text)]
    blocked = [*taken, *((word.start, word.end) for word in found if word.family is Family.BASE)]
    blocked += [match.span() for match in _NO_TREND.finditer(text)]
    for family in (Family.TREND, Family.COMPARED):
        for word in _read(text, family):
            if not any(start < word.end and word.start < end for start, end in blocked):
                found.append(word)
    found = [w for w in found if not (w.family is Family.NEGATION and _inside(w, taken))]
    return sorted(found, key=lambda word: (word.start, word.family))


def opposed(left: Way, right: Way) -> bool:
    """Whether two ways answer the same question differently."""
    if left is right or any({left, right} <= alike for alike in _ALIKE):
        return False
    return any({left, right} <= opposites for opposites in _OPPOSITES)


def agree(left: Way, right: Way) -> bool:
    """Whether two ways are the same, however worded."""
    return left is right or any({left, right} <= alike for alike in _ALIKE)


def _inside(word: Word, taken: list[tuple[int, int]]) -> bool:
    return any(start < word.end and word.start < end for start, end in taken)


def _read(text: str, family: Family) -> Iterator[Word]:
    for match in _PATTERNS[family].finditer(text):
        yield Word(*match.span(), family, Way[match.lastgroup or ""])


def _negations(text: str) -> Iterator[Word]:
    for match in NEGATION.finditer(text):
        if match.lastgroup != "none":
            yield Word(*match.span(), Family.NEGATION, Way.NOT)
