"""Figures with their units: Arabic and Chinese numerals, shares, ranges, ordinals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from briefs.gate.lexicon import AFTER, BEFORE, NOT_UNITS, SCALES, UNIT, UNITS, Bound, Way, either
from briefs.gate.loose import find_loose
from briefs.gate.numbers import ARABIC_NUMBER, HAN_NUMBER, LINK, NUMBER, value_of
from briefs.gate.shares import find_shares
from briefs.gate.signs import Per, balance, is_sign, per

_NUMERAL: Final = re.compile(
    rf"(?<![\d.])(?P<minus>(?<![\d%a-z)\0-])-|(?<![正欠担抱胜承背])负|零下)?"
    rf"(?P<coin>us\$|hk\$|\$|€|£|¥|usd ?|rmb ?)?"
    rf"(?:(?P<arabic>{ARABIC_NUMBER})|(?P<han>{HAN_NUMBER}))"
)
_SCALE: Final = re.compile(
    r" ?(?:trillion|billion|million|thousand)\b|(?:[十百千]?万亿|[十百千]?亿|"
    r"[十百千]?万|[百](?!分)|千(?![米克瓦伏升卡赫])|十)"
)
_COINS: Final = {"us$": "usd", "$": "usd", "usd": "usd", "hk$": "hkd", "€": "eur", "£": "gbp",
                 "¥": "cny", "rmb": "cny"}  # fmt: skip
_DOUBLED: Final = re.compile(
    r"翻了?(?P<times>[一两二三四五\d])番|\b(?P<word>doubled|tripled|quadrupled)\b"
)
_ORDINAL: Final = re.compile(
    rf"(?P<last>倒数)?第(?P<value>{NUMBER})(?P<unit>[条款项章节届次位名批期个轮号天]|小时)?|"
    rf"(?P<session>{NUMBER})(?P<of>届|中全会)|党的(?P<congress>[十二三]+)大"
    r"|\b(?P<latin>\d{1,3})(?:st|nd|rd|th)\b"
    r"|\b(?P<word>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b(?! half| quarter)"
)
_TOLD_APART: Final = {"条", "款", "项", "章", "节", "天", "小时"}
"""What is counted so is no other: 第三条 is not 第三款."""
_ENGLISH: Final = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_WORDS: Final = {
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
_SPELT: Final = re.compile(
    rf"\b(?P<value>{either(' '.join(_ENGLISH))})\b(?=[ -])(?<!the two)(?<!these two)(?<!those two)"
)
_PREFIX: Final = {
    bound: re.compile(
        rf"(?:{either(words)})(?:了|有|达|到|为|人民币|每(?:小时|[年月日人户个台次])|"
        rf" ?(?:a|of|the))?[ (]?$"
    )
    for bound, words in BEFORE.items()
}
_PREFIX_ANY: Final = re.compile(
    rf"(?:{either(' '.join(BEFORE.values()))})(?:了|有|达|到|为|人民币|每(?:小时|"
    rf"[年月日人户个台次])| ?(?:a|of|the))?[ (]?$"
)
_NO_PREFIX: Final = re.compile(
    r"(?:附近|最近|邻近|靠近|满足|大于|扩大|充满|圆满|未超|预约|节约|公约|条约|相近|亲近|贴近)$"
)
_SUFFIX: Final = {bound: re.compile(rf" ?(?:{either(words)})") for bound, words in AFTER.items()}
_NO_SUFFIX: Final = re.compile(
    r" ?(?:内[部容地外涵设阁需生在]|起[来草步诉到点施]|前[款项述列提期往来景后三四]|"
    r"后[续来者果勤期]|余[额年]|多[个种项元样次数层方式]|上下[班级游楼]|"
    r"以下[简称列]|以上[各述地])"
)
_PER: Final = re.compile(r"(?:每|/)(?:秒|小时|日|天|月|年|人|户|亩|吨|平方米|立方米|公里|千瓦时)")
_FAR: Final = re.compile(r"(至少|最少|至多|最多)[\u4e00-\u9fff]{1,5}$")
"""至少开放56小时: the limit stands before the verb."""
_WORD: Final = {Bound.AT_MOST, Bound.AT_LEAST, Bound.BELOW, Bound.ABOVE}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure; `start` and `end` enclose its unit and the words that bound it."""

    start: int
    end: int
    value: Fraction
    """In the unit that its dimension counts in; the lower end of a range."""
    step: Fraction
    """Worth of the last printed digit, in the same unit."""
    dimension: str
    """“cny”, “%”, “m2” …, a measure word; empty where nothing is said."""
    printed: Fraction
    """The figure as printed, without 万 and the unit."""
    core: tuple[int, int]
    """Where figure and unit stand."""
    upper: Fraction | None = None
    """The other end of a range."""
    bound: Bound = Bound.EXACT
    bounded: tuple[int, int] | None = None
    """Where the word stands that bounds it."""
    is_article: bool = False
    """一个: hardly a figure."""
    way: Way | None = None
    """Where it says which way something moved, or by how much."""
    reaches: bool = False
    """增至: the figure that was reached, not the change."""
    base: Way | None = None
    """同比 or 环比."""
    worth: Fraction = Fraction(1)
    """What one of the printed figure is: 10,000 for 万元."""
    balance: int = 0
    """-1 for what was lost (亏损), 1 for what was left over (盈余), else 0."""
    per: Per = ("", "")
    """Per what time and per whom: 每年, 人均."""
    is_vague: bool = False
    """上万, 数十万: anything from `value` to below `upper`."""


@dataclass(frozen=True, slots=True)
class _Raw:
    start: int
    end: int
    value: Fraction
    step: Fraction
    scale: int
    has_more: bool
    is_han: bool
    coin: str = ""


def find_quantities(text: str, taken: list[tuple[int, int]]) -> list[Quantity]:
    """Read the figures of a folded text in order, but for what stands in `taken`."""
    free = _masked(text, taken)
    found = list(_special(free))
    free = _masked(free, [(each.start, each.end) for each in found])
    found += _plain(free)
    ordered = sorted(found, key=lambda each: each.start)
    ends = [0, *(each.end for each in ordered)]
    made = [
        _counted(text, _bounded(text, q, end), end) for q, end in zip(ordered, ends, strict=False)
    ]
    # 一年 may be any year, 一年以上 is a figure.
    return [replace(q, is_article=q.is_article and q.bound is Bound.EXACT) for q in made]


def _counted(text: str, found: Quantity, after: int) -> Quantity:
    """Add whether it was lost or left over, and per what it is counted."""
    if found.dimension.startswith("第"):
        return found
    span = found.core[0], max(found.core[1], found.end)
    lost = balance(text, span[0], after=after)
    return replace(found, balance=lost, per=per(text, span, after=after))


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


def _special(text: str) -> Iterator[Quantity]:
    for share in find_shares(text):
        span = share.start, share.end
        made = Quantity(*span, share.value, share.step, "%", share.printed, core=span)
        yield replace(made, upper=share.upper, bound=share.bound)
    for match in _DOUBLED.finditer(text):
        names = {"doubled": 2, "tripled": 3, "quadrupled": 4}
        doubled = names[match["word"]] if match["word"] else 2 ** value_of(match["times"])[0]
        times = Fraction(doubled)
        made = _made(match, times, step=Fraction(1), dimension="times", printed=times)
        yield replace(made, reaches=True)
    yield from _ordinals(text)
    yield from _loose(text)


def _loose(text: str) -> Iterator[Quantity]:
    for each in find_loose(text):
        dimension, factor = _dimension(each.unit)
        span = each.start, each.end + len(each.unit)
        low = factor * each.low
        made = Quantity(*span, low, factor, dimension, each.low, core=span, worth=factor)
        if each.high is not None:
            made = replace(made, upper=each.high * factor, is_vague=True)
        yield made


def _ordinals(text: str) -> Iterator[Quantity]:
    for match in _ORDINAL.finditer(text):
        numeral = match["value"] or match["session"] or match["congress"] or match["latin"]
        unit = match["unit"] or match["of"] or ("大" if match["congress"] else "")
        value = value_of(numeral)[0] if numeral else Fraction(_WORDS[match["word"]])
        if match["congress"] and value < 10:
            continue
        dimension = f"第{unit}" if unit in _TOLD_APART else "第"
        dimension += "倒" if match["last"] else ""
        yield _made(match, value, step=Fraction(1), dimension=dimension, printed=value)


def _made(
    match: re.Match[str], value: Fraction, *, step: Fraction, dimension: str, printed: Fraction
) -> Quantity:
    span = match.span()
    return Quantity(*span, value, step, dimension, printed, core=span)


def _raws(text: str) -> Iterator[_Raw]:
    at = 0
    while match := _NUMERAL.search(text, at):
        numeral = match["arabic"] or match["han"]
        value, step, is_han = value_of(numeral)
        end, scale, has_more = match.end(), 1, False
        if text[end : end + 1] in "多余几" and text[end : end + 1]:
            has_more, end = True, end + 1
        scaled = _SCALE.match(text, end)
        if scaled and not (is_han and scaled.group() == "十"):
            scale, end = SCALES[scaled.group().strip()], scaled.end()
            if text[end : end + 1] in "多余" and text[end : end + 1]:
                has_more, end = True, end + 1
        coin = _COINS.get((match["coin"] or "").strip(), "")
        start = match.start()
        if match["minus"] == "-" and not is_sign(text, start, after=at if start else 0):
            start += 1
        elif match["minus"]:
            value = -value
        yield _Raw(start, end, value, step, scale, has_more, is_han, coin)
        at = end
    for word in _SPELT.finditer(text):
        value = Fraction(_ENGLISH[word["value"]])
        yield _Raw(*word.span(), value, Fraction(1), 1, has_more=False, is_han=False)


def _plain(text: str) -> Iterator[Quantity]:
    raws = sorted(_raws(text), key=lambda raw: raw.start)
    position = 0
    while position < len(raws):
        raw = raws[position]
        position += 1
        unit, end = _unit_at(text, raw)
        following = raws[position] if position < len(raws) else None
        if following and (joined := _range(text, (raw, unit, end), following)):
            position += 1
            yield joined
            continue
        if raw.is_han and not unit and not _stands_alone(text, raw):
            continue
        yield _quantity(raw, unit, end)


def _stands_alone(text: str, raw: _Raw) -> bool:
    """Whether a Chinese numeral without a unit is a figure at all: 一百二十, not 三农."""
    word = text[raw.start : raw.end]
    return raw.end - raw.start >= 3 and any(unit in word for unit in "十百千万亿")


def _unit_at(text: str, raw: _Raw) -> tuple[str, int]:
    at = raw.end + (text[raw.end : raw.end + 1] in {" ", "-"})
    if raw.coin:
        return "", raw.end
    match = UNIT.match(text, at)
    if match is None or (NOT_UNITS.match(text, at) and len(match.group()) < 2):
        return "", raw.end
    unit, end = match.group(), match.end()
    if per := _PER.match(text, end):
        return unit, per.end()
    if (
        unit == "个"
        and (longer := UNIT.match(text, end))
        and longer.group() in {"月", "小时", "百分点"}
    ):
        return unit + longer.group(), longer.end()
    return unit, end


def _range(text: str, first: tuple[_Raw, str, int], second: _Raw) -> Quantity | None:
    raw, unit, end = first
    link = LINK.match(text, end)
    if link is None or link.end() != second.start or raw.value < 0:
        return None
    other, other_end = _unit_at(text, second)
    if unit and _dimension(unit)[0] != _dimension(other)[0] and (other or "-" not in link.group()):
        return None
    if raw.is_han and second.is_han and not other:
        return None
    scale = raw.scale if raw.scale > 1 or unit else second.scale
    low = _quantity(replace(raw, scale=scale), unit or other, end)
    high = _quantity(second, other or unit, other_end)
    if high.value <= low.value:
        return None
    return replace(low, end=other_end, core=(low.start, other_end), upper=high.value)


def _dimension(unit: str) -> tuple[str, Fraction]:
    dimension, factor = UNITS.get(unit, ("", Fraction(1)))
    return dimension or unit, factor


def _quantity(raw: _Raw, unit: str, end: int) -> Quantity:
    dimension, factor = _dimension(unit)
    if raw.coin:
        dimension = raw.coin
    worth = factor * raw.scale
    end = max(end, raw.end)
    counted = unit in {"", "个"} or UNITS[unit][0] in {"", "人"}
    made = Quantity(
        raw.start, end, raw.value * worth, raw.step * worth, dimension, raw.value,
        core=(raw.start, end), worth=worth,
        is_article=raw.is_han and raw.value == raw.scale == 1 and (counted or dimension == "month"),
    )  # fmt: skip
    return (
        replace(made, bound=Bound.ABOVE, bounded=(raw.end - 1, raw.end)) if raw.has_more else made
    )


def _bounded(text: str, found: Quantity, after: int) -> Quantity:
    """Widen a figure by the word before or behind it that bounds it."""
    lead = text[max(after, found.start - 22) : found.start]
    if (match := _PREFIX_ANY.search(lead)) and not _NO_PREFIX.search(
        lead[: match.end()].rstrip(" (")
    ):
        bound = next(
            b
            for b, pattern in _PREFIX.items()
            if (m := pattern.search(lead)) and m.start() == match.start()
        )
        start = found.start - len(lead) + match.start()
        behind = _behind(text, found)
        # 约50%以上: the limit says more.
        if bound is Bound.ABOUT and behind and behind[0] in _WORD:
            return replace(
                found, start=start, end=behind[1], bound=behind[0], bounded=(found.end, behind[1])
            )
        end = behind[1] if behind else found.end
        return replace(found, start=start, end=end, bound=bound, bounded=(start, found.start))
    clause = text[max(after, found.start - 10) : found.start]
    if match := _FAR.search(clause):
        bound = Bound.AT_LEAST if match.group(1) in "至少最少" else Bound.AT_MOST
        start = found.start - len(clause) + match.start()
        return replace(found, bound=bound, bounded=(start, start + 2))
    if behind := _behind(text, found):
        return replace(found, end=behind[1], bound=behind[0], bounded=(found.end, behind[1]))
    return found


def _behind(text: str, found: Quantity) -> tuple[Bound, int] | None:
    if _NO_SUFFIX.match(text, found.end):
        return None
    is_time = found.dimension in {"h", "month", "workday", "age"}
    for bound, pattern in _SUFFIX.items():
        if match := pattern.match(text, found.end):
            word = match.group().strip()
            if word in {"前", "后", "以前", "以后", "之前", "之后", "内"} and not is_time:
                continue
            return bound, match.end()
    return None
