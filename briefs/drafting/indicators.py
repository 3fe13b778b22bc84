"""The figures of a sentence, each with what it is of: indicator, period, place and basis 口径.

By rule, and only where the rules are sure: a figure whose indicator, year or place nothing tells is
left out. Built on what the gate reads.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from briefs.gate.dates import Dated
from briefs.gate.lexicon import Bound, Way, either
from briefs.gate.naming import mentions
from briefs.gate.periods import date_of
from briefs.gate.quantities import Quantity
from briefs.gate.reading import Text, read
from briefs.gate.words import Family
from briefs.model import Evidence
from knowledge.model import Document, DocumentType
from knowledge.text import fold

NATION: Final = "全国"
_TURNS: Final = {Family.TREND, Family.BASE}
_FEW: Final = 100
_LEFT_OUT: Final = {"h", "month", "workday", "age", "times"}
"""Spans of time are limits and ages, seldom indicators."""
_NO_FIGURES: Final = {DocumentType.LAW, DocumentType.STANDARD}
_SCOPE: Final = re.compile(
    "^(?:(?:全[国省市区县州镇乡]|[我本][国省市区县州镇]|全年|全社会(?=.{6})|年末|年底|月末|末|底|初|截至|其中|我们|"
    "共有|共|总共|累计|合计|全部|实际|实现|完成|达到|已经|已|现有|约|预计|经济总量|当年|去年|今年|上年|有))+"
)
_TAIL: Final = re.compile(
    "(?:分别|达到|达|为|是|约|共|实现|完成|约为|合计|总计|突破|超过|人民币|增加到|提高到|"
    "上升到|下降到|降低到|占|约占)+$"
)
_BASES: Final = (
    "常住人口 户籍人口 户籍 常住 不含税 含税 当年价 现价 可比价 不变价 市区 市辖区 城区 "
    "初步核算 初步统计 初步测算 快报 最终核实 最终核算 年报 普查 修订 累计 当月 当期 剔除 同口径 "
    "可比口径 规模以上 限额以上 名义 实际 城镇登记 城镇调查"
)
_BASIS: Final = re.compile(either(_BASES))
_BRACKETED: Final = re.compile(r"\([^()]{1,20}\)")
_PRICES: Final = "可比价格 可比价 不变价格 不变价 可比口径 同口径 当年价格 当年价 现价"
_ASIDE: Final = re.compile(f"按?(?:{either(_PRICES)})(?:计算|计|测算)?")
_PLANNED: Final = re.compile(
    "目标|预期|计划|规划|力争|确保|预计|拟|将|争取|安排|要求|应当|不得|可以|如果"
)
_PARTS: Final = re.compile(
    "其中|平均|人均|户均|每|最[高低大小多少]|分别|比重|占|以来|前[一二三四五六七八九十\\d]"
)
_WORD: Final = re.compile(r"[\u4e00-\u9fffa-z()·]{3,24}")
_SPEAKS: Final = re.compile("公报|年鉴|统计|普查|概况|情况")
_STATE: Final = re.compile("国务院|国家|中华人民共和国|全国")
_PLACE: Final = re.compile(
    "^(?:中共)?([\u4e00-\u9fff]{2,9}?(?:特别行政区|自治区|自治州|自治县|省|市|州|县|区|旗))"
)
_OWN: Final = re.compile("全[省市区县州]|[我本][省市区县州]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with what it is of."""

    indicator: str
    """As the source words it, folded, without scope and verbs."""
    period: tuple[int, int | None, int | None]
    """Year, and the first and last month of a part of it."""
    place: str
    basis: tuple[str, ...]
    """Words of its sentence that say how it was counted."""
    quantity: Quantity
    words: str
    """Figure and unit as they stand there."""
    document: Document
    evidence: Evidence
    """Its sentence."""

    @property
    def key(self) -> tuple[object, ...]:
        """What figures must share to be compared."""
        each = self.quantity
        change = None if each.reaches else each.way
        return (self.indicator, each.dimension, change, each.base, self.period, self.place)


def figures_in(
    evidence: Evidence, document: Document, *, heading: Iterable[str] = ()
) -> list[Figure]:
    """The figures of one sentence whose indicator, year and place are certain, in order.

    Args:
        evidence: the sentence.
        document: its source.
        heading: the headings above it; the nearest that names one year dates what has no date.
    """
    if document.metadata.type in _NO_FIGURES:
        return []
    text = read(evidence.quote)
    year = _year_of(document, heading)
    return list(_figures(text, year, document, evidence))


def _figures(
    text: Text, year: int | None, document: Document, evidence: Evidence
) -> Iterator[Figure]:
    for each in text.quantities:
        start, _ = text.sentence(each.start)
        if (
            not _is_plain(each)
            or _is_spelt(text, each)
            or _PLANNED.search(text.words[start : each.end + 3])
        ):
            continue
        first, _ = text.clause(each.start)
        indicator = _indicator(text, each, first)
        period = _period(text, each, year)
        place = _place(text, each, document)
        if indicator is None or period is None or place is None:
            continue
        low, high = text.span(*each.core)
        yield Figure(
            indicator,
            period,
            place,
            _basis(text.words, start, each.end),
            each,
            text.raw[low:high],
            document,
            evidence,
        )


def _basis(words: str, start: int, end: int) -> tuple[str, ...]:
    """How it was counted: said before it in its sentence, or in brackets right behind it."""
    behind = _BRACKETED.match(words, end)
    return tuple(dict.fromkeys(_BASIS.findall(words[start : behind.end() if behind else end])))


def _is_plain(each: Quantity) -> bool:
    return (
        each.bound is Bound.EXACT
        and each.upper is None
        and not each.is_article
        and bool(each.dimension)
        and not each.dimension.startswith("第")
        and each.dimension not in _LEFT_OUT
        and each.base in {None, Way.YEAR}
    )


def _is_spelt(text: Text, each: Quantity) -> bool:
    """两个市场, 八项规定: a small figure in characters is seldom a statistic."""
    is_spelt = not any(character.isdecimal() for character in text.words[slice(*each.core)])
    return is_spelt and each.value < _FEW and each.dimension not in {"%", "pp"}


def _indicator(text: Text, each: Quantity, first: int) -> str | None:
    """The noun before the figure in its clause, else in the clause before."""
    words = _bare(text, first, each.start)
    if not words and first > 1 and text.classes[first - 1] == "p":
        before, _ = text.clause(first - 2)
        held = [q.start for q in text.quantities if before <= q.start < first]
        # 常住人口41.6万人，比上年增长0.8%: the growth is of what the figure before it is of.
        if not held or (each.way is not None and len(held) == 1):
            words = _bare(text, before, min([first, *held]))
    return words if _WORD.fullmatch(words) and not _PARTS.search(words) else None


def _bare(text: Text, start: int, end: int) -> str:
    """Words of a stretch without dates, trend words, names of places, scope and verbs."""
    taken = [(d.start, d.end) for d in text.dates] + [
        (w.start, w.end) for w in text.closed if w.family in _TURNS
    ]
    taken += [(n.start, n.end) for n in mentions(text.words, text.classes) if not n.ending]
    kept = "".join(
        text.words[at]
        for at in range(start, end)
        if not any(low <= at < high for low, high in taken)
    )
    kept = _ASIDE.sub("", kept).strip(" ,、:的")
    return _TAIL.sub("", _SCOPE.sub("", kept)).strip(" ,、:的")


def _period(
    text: Text, each: Quantity, year: int | None
) -> tuple[int, int | None, int | None] | None:
    dated = date_of(text, each.start)
    if dated is None:
        return None if year is None else (year, None, None)
    if dated.word or dated.day is not None or dated.bound is not Bound.EXACT:
        return None
    own = dated.year or year
    if own is None or (dated.until is not None and dated.month is None):
        return None
    return own, dated.month, dated.until if dated.month is not None else None


def _year_of(document: Document, heading: Iterable[str]) -> int | None:
    """The year of figures whose sentence names none: the nearest heading's, else the title's.

    The year in the title of a report 报告 is when it was given, not what it tells of.
    """
    for words in (*reversed(tuple(heading)), document.title):
        if words == document.title and not _SPEAKS.search(words):
            return None
        dates: list[Dated] = [d for d in read(words).dates if d.year is not None]
        if len(dates) == 1 and "报告" not in words:
            only = dates[0]
            return only.year if only.month is None and only.until is None else None
    return None


def _place(text: Text, each: Quantity, document: Document) -> str | None:
    """The last place named before the figure in its sentence, else the source's own."""
    start, _ = text.sentence(each.start)
    before = [
        named for named in mentions(text.words, text.classes) if start <= named.start < each.start
    ]
    if NATION in text.words[start : each.start]:
        return NATION
    if before and not _OWN.search(text.words[before[-1].end : each.start]):
        return before[-1].name
    for words in (document.metadata.issuer, document.title):
        bare = re.sub(r"^[\d年度\s]+", "", fold(words or ""))
        if _STATE.search(bare):
            return NATION
        if found := _PLACE.search(bare):
            return found.group(1)
    return None
