"""Days, months, quarters, years and other periods, Chinese and English."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from briefs.gate.lexicon import Bound
from knowledge.numerals import arabic

_YEAR: Final = r"(?:1[5-9]\d\d|20\d\d|21\d\d|[一二][〇零一二三四五六七八九]{3})"
_SMALL: Final = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_TO: Final = r" ?(?:-|~|至|到|to) ?"
_PART: Final = (
    rf"第?[一二三四1-4]季度|[一二三四]季度|上半年|下半年|前三个?季度|前[两二]个?季度|"
    rf"{_SMALL}月?(?:-|~|至|到){_SMALL}月(?!\d{{1,2}}日)"
)
_WRITTEN: Final = re.compile(
    rf"(?<![\d.])(?P<year>{_YEAR}) ?年度?(?: ?(?:(?P<part>{_PART})|"
    rf"(?P<month>{_SMALL}) ?月(?:份)?(?: ?(?P<day>{_SMALL}) ?[日号](?!文))?))?"
)
_DAYS: Final = re.compile(
    rf"(?<![\d.第])(?P<month>{_SMALL})月(?P<day>{_SMALL})(?:日|号|(?={_TO}{_SMALL}日))"
)
_MONTH: Final = re.compile(rf"(?<![\d.个第])(?P<month>{_SMALL})月(?:份|(?!{_SMALL}日))")
_PARTS: Final = re.compile(rf"(?<![\d.])(?:{_PART})")
_NUMERIC: Final = re.compile(
    r"(?<![\d.])(?P<year>(?:19|"
    r"20)\d\d)(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)"
)
_YEARS: Final = re.compile(
    rf"(?<![\d.])(?P<year>{_YEAR})年?{_TO}(?P<until>{_YEAR})(?:年|\b(?![\d万亿元人家%]))"
)
_BARE: Final = re.compile(
    r"(?<![\d.,a-z$-])(?P<year>(?:19[5-9]|20[0-4])\d)(?![\d%]|,\d|\.\d| ?(?:million|"
    r"billion|people|yuan))(?=$|[\s,.;:)(、。|])"
)
_DECADE: Final = re.compile(rf"(?P<value>{_SMALL})(?P<unit>年代|世纪)")
_PLAN: Final = re.compile(r"十[一二三四五]五(?=规划|时期|期间|以来|末|[\"“”'、,。]|$)")
_RELATIVE: Final = re.compile(
    r"今年|去年|上年|前年|明年|本年度?|上月|本月|上季度|本季度|上一年度?|\b(?:last|"
    r"this|next) (?:year|month|quarter)\b"
)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NAMED: Final = rf"(?:{'|'.join(_MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_ENGLISH: Final = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?(?P<month>{_NAMED})(?: "
    rf"(?P<late>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?(?:,? (?P<year>(?:19|20)\d\d))?\b"
)
_HALF_YEAR: Final = re.compile(
    r"\b(?:the )?(?P<which>first|second|third|fourth) (?P<what>half|quarter)(?: "
    r"of(?: the year)?)?(?: (?P<year>(?:19|20)\d\d))?|\bq(?P<q>[1-4])(?: "
    r"(?P<qyear>(?:19|20)\d\d))?"
)
_BEFORE: Final = {
    Bound.AT_MOST: re.compile(r"(?:截至|截止|截至到|不晚于|不迟于|as of |by (?:the end of )?)$"),
    Bound.AT_LEAST: re.compile(r"(?:自从?|从|since |不早于)$"),
    Bound.BELOW: re.compile(r"(?:before |prior to )$"),
    Bound.ABOVE: re.compile(r"(?:after )$"),
}
_AFTER: Final = {
    Bound.AT_LEAST: re.compile(r"(?:起|以来)"),
    Bound.BELOW: re.compile(r"(?:年?底前|末前|之前|以前|前(?!后|提|期|往|三|款))"),
    Bound.ABOVE: re.compile(r"(?:之后|以后|以上|后(?!续|者|来))"),
}
_EDGE: Final = re.compile(r"年?(?P<edge>初|底|末|中)(?!级|心|国|央|期|小|学|考|等|型|医)")


@dataclass(frozen=True, slots=True)
class Dated:
    """A day or a period; parts that are not said are None."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    until: int | None = None
    """Last month of a period within a year; last year where no month is said."""
    word: str = ""
    """去年, 90年代, 十四五: what is no day of a calendar."""
    bound: Bound = Bound.EXACT
    edge: str = ""
    """Beginning or end of it: 2024年末."""


def find_dates(text: str) -> list[Dated]:
    """Read the dates of a folded text in order; what overlaps an earlier pattern is left out."""
    found: list[Dated] = []
    free = text
    for reader in (
        _ranges,
        _numeric,
        _written,
        _english,
        _halves,
        _days,
        _parts,
        _single,
        _others,
        _bare,
    ):
        for dated in reader(free):
            found.append(dated)
            free = free[: dated.start] + "\0" * (dated.end - dated.start) + free[dated.end :]
    return [_bounded(text, dated) for dated in sorted(found, key=lambda each: each.start)]


def _number(numeral: str | None) -> int | None:
    return None if numeral is None else arabic(numeral)


def _ranges(text: str) -> Iterator[Dated]:
    for match in _YEARS.finditer(text):
        yield Dated(*match.span(), year=_number(match["year"]), until=_number(match["until"]))


def _numeric(text: str) -> Iterator[Dated]:
    for match in _NUMERIC.finditer(text):
        if int(match["month"]) <= 12 and int(match["day"]) <= 31:
            yield Dated(*match.span(), int(match["year"]), int(match["month"]), int(match["day"]))


def _written(text: str) -> Iterator[Dated]:
    for match in _WRITTEN.finditer(text):
        month, until = _months(match["part"]) if match["part"] else (_number(match["month"]), None)
        yield Dated(*match.span(), _number(match["year"]), month, _number(match["day"]), until)


def _months(part: str) -> tuple[int, int]:
    if part in {"上半年", "下半年"}:
        return (1, 6) if part[0] == "上" else (7, 12)
    if part.startswith("前"):
        return 1, 9 if "三" in part else 6
    if part.endswith("季度"):
        quarter = arabic(part.removeprefix("第").removesuffix("季度"))
        return 3 * quarter - 2, 3 * quarter
    first, last = re.split(r"[-~至到]", part.replace("月", ""))
    return arabic(first), arabic(last)


def _english(text: str) -> Iterator[Dated]:
    for match in _ENGLISH.finditer(text):
        day = match["day"] or match["late"]
        # “may” is more often a verb.
        if match["month"] == "may" and not (day or match["year"]):
            continue
        month = next(n for n, name in enumerate(_MONTHS, 1) if name[:3] == match["month"][:3])
        year = int(match["year"]) if match["year"] else None
        yield Dated(*match.span(), year, month, int(day) if day else None)


def _halves(text: str) -> Iterator[Dated]:
    for match in _HALF_YEAR.finditer(text):
        year = match["year"] or match["qyear"]
        number = (
            int(match["q"])
            if match["q"]
            else ("first", "second", "third", "fourth").index(match["which"]) + 1
        )
        length = 6 if match["what"] == "half" else 3
        last = number * length
        yield Dated(*match.span(), int(year) if year else None, last - length + 1, None, last)


def _days(text: str) -> Iterator[Dated]:
    for match in _DAYS.finditer(text):
        month, day = arabic(match["month"]), arabic(match["day"])
        if month <= 12 and day <= 31:
            yield Dated(*match.span(), None, month, day)


def _parts(text: str) -> Iterator[Dated]:
    for match in _PARTS.finditer(text):
        month, until = _months(match.group())
        yield Dated(*match.span(), None, month, None, until)


def _single(text: str) -> Iterator[Dated]:
    for match in _MONTH.finditer(text):
        if (month := arabic(match["month"])) <= 12:
            yield Dated(*match.span(), None, month)


def _others(text: str) -> Iterator[Dated]:
    for match in _DECADE.finditer(text):
        yield Dated(*match.span(), word=f"{arabic(match['value'])}{match['unit']}")
    for match in _PLAN.finditer(text):
        yield Dated(*match.span(), word=match.group())
    for match in _RELATIVE.finditer(text):
        yield Dated(*match.span(), word=match.group())


def _bare(text: str) -> Iterator[Dated]:
    for match in _BARE.finditer(text):
        yield Dated(*match.span(), int(match["year"]))


def _bounded(text: str, dated: Dated) -> Dated:
    edge = _EDGE.match(text, dated.end) if dated.day is None else None
    if edge:
        dated = replace(dated, end=edge.end(), edge="末" if edge["edge"] == "底" else edge["edge"])
    for bound, pattern in _AFTER.items():
        if match := pattern.match(text, dated.end):
            return replace(dated, end=match.end(), bound=bound)
    lead = text[max(0, dated.start - 16) : dated.start]
    for bound, pattern in _BEFORE.items():
        if match := pattern.search(lead):
            return replace(dated, start=dated.start - len(match.group()), bound=bound)
    return dated
