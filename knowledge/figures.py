"""Other ways of writing the numbers of a query: Chinese or Arabic numerals, another order."""

import re
from collections.abc import Iterator
from typing import Final

from knowledge.numerals import NUMERAL_CHARACTERS, arabic, chinese
from knowledge.synonyms import Same
from knowledge.text import HAN, fold

_DIGIT: Final = f"[\\d{NUMERAL_CHARACTERS}]"
# Bounded, and whole runs only: what is typed may be digits by the thousand.
_N: Final = f"(?<!{_DIGIT}){_DIGIT}{{1,12}}"
_MOST_ARTICLES: Final = 20
"""Of a range; a longer one is looked up by its first and last."""
_HYPHEN: Final = re.compile(r"第? *(?<!\d)(\d{1,12}) *- *(\d{1,12}) *条")
_RANGE: Final = re.compile(f"第? *({_N}) *条? *[至到~-] *第? *({_N}) *条")
_LIST: Final = re.compile(f"第? *({_N})((?: *[、,和及] *第? *{_N}){{1,{_MOST_ARTICLES}}}) *条")
_IN_BRACKETS: Final = re.compile(f"[\\[(【〈<{{] *({_N}) *年? *[\\])】〉>}}] *第? *({_N}) *号")
_MISPLACED: Final = re.compile(
    r"(?<!\d)((?:19|20)\d\d) *年? *[\[(【〈<{] *(\d{1,12}) *[\])】〉>}] *号"
)
_HYPHEN_YEAR: Final = re.compile(rf"(?<=[{HAN}])((?:19|20)\d\d) *- *(\d{{1,4}})$")
"""云汀政发2022-15; with 号 behind it, it is read as it stands."""
_NUMBER_FIRST: Final = re.compile(
    f"(?:((?:19|20)\\d\\d) *年)? *第? *({_N}) *号 *(\\w{{0,12}}?)(令|公告)(?!第)"
)
_COUNTED: Final = re.compile(
    f"(?<![\\da-z.])(\\d{{1,8}})(?=[年月日天个人元万亿倍岁周次级名户])"
    f"|(?<![{NUMERAL_CHARACTERS}])([{NUMERAL_CHARACTERS}]{{2,9}})(?=[年月日天个人元倍岁周次级名户])"
)
_SHARE: Final = re.compile(f"(?<![\\d.])(\\d{{1,3}})%|百分之([{NUMERAL_CHARACTERS}]{{1,5}})(?!点)")
_YEAR: Final = range(1000, 3000)


def written_otherwise(query: str) -> list[str]:
    """The query with articles and document numbers in the form in which names are looked up.

    第35-1条 is 第35条之1 or a range; 第十条至第十二条 also means the eleventh; 国务院第711号令 is
    国务院令第711号; 〔二〇二三〕一号 is 〔2023〕1号, as is 2023-1 at the end. Empty where
    nothing is to be rewritten.
    """
    folded = fold(query)
    number = _MISPLACED.sub(r"\1年\2号", _IN_BRACKETS.sub(_bracketed, folded))
    number = _HYPHEN_YEAR.sub(r"\1年\2号", _NUMBER_FIRST.sub(_number_last, number))
    inserted = _HYPHEN.sub(r"第\1条之\2", number)
    several = _LIST.sub(_listed, _RANGE.sub(_ranged, number))
    forms = dict.fromkeys((inserted, several))
    return [form for form in forms if form != folded]


def figures(query: str) -> Iterator[Same]:
    """Numbers of a query that may be written otherwise: 30日 and 三十日, 5% and 百分之五."""
    folded = fold(query)
    for match in _COUNTED.finditer(folded):
        unit = folded[match.end()]
        other = _spelling(match.group(), of_year=unit == "年")
        if other is not None:
            yield Same(match.start(), match.group() + unit, (other + unit,))
    for match in _SHARE.finditer(folded):
        digits, numeral = match.groups()
        value = _value(digits or numeral)
        if value is not None:
            share = f"百分之{chinese(value)}" if digits else f"{value}%"
            yield Same(match.start(), match.group(), (share,))


def _spelling(typed: str, *, of_year: bool) -> str | None:
    value = _value(typed)
    if value is None:
        return None
    of_digits = of_year and value in _YEAR
    spelt = _digit_by_digit(value) if of_digits else chinese(value)
    if typed.isdecimal():
        return spelt
    # Two numbers in a row (八九十) are no numeral.
    return str(value) if typed.replace("零", "〇") == spelt.replace("零", "〇") else None


def _digit_by_digit(value: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value))


def _value(numeral: str) -> int | None:
    try:
        value = arabic(numeral)
    except ValueError:
        return None
    return value if value < 10**8 else None


def _bracketed(match: re.Match[str]) -> str:
    year, number = (_value(part) for part in match.groups())
    known = year in _YEAR and number is not None
    return f"[{year}]{number}号" if known else match.group()


def _ranged(match: re.Match[str]) -> str:
    first, last = (_value(part) for part in match.groups())
    if first is None or last is None or not first < last < first + _MOST_ARTICLES:
        return match.group()
    return "、".join(f"第{number}条" for number in range(first, last + 1))


def _listed(match: re.Match[str]) -> str:
    numbers = re.findall(_N, match.group())
    return "、".join(f"第{number}条" for number in numbers)


def _number_last(match: re.Match[str]) -> str:
    year, number, issuer, kind = match.groups()
    return f"{issuer}{kind}{year}年第{number}号" if year else f"{issuer}{kind}第{number}号"
