"""What turns a figure or divides it: a minus, 亏损 or 盈余, and per what it is counted."""

import re
from typing import Final

from briefs.gate.lexicon import UNIT

_LED: Final = r"(?:总?额)?(?:了|为|达到?|约|近|超过?|高达|共|人民币|:| )*$"
_LOSS: Final = re.compile(rf"(?:净?亏损|亏|赤字|逆差|净流出){_LED}")
_GAIN: Final = re.compile(rf"(?:盈余|盈利|顺差|净流入|结余|利润){_LED}")
_TIMES: Final = "半年|年|季度|季|月|周|星期|日|天|小时"
_TIME: Final = re.compile(rf"(?:每一?个?|按|/)(?P<per>{_TIMES})|(?P<mean>[年季月周日])均")
_HEAD: Final = re.compile(r"(?:每个?|/)(?P<per>[百千万]?人|名|位|户)|(?P<mean>[人户])均")
_ALIKE: Final = {"季度": "季", "星期": "周", "天": "日", "名": "人", "位": "人"}
_STOPS: Final = re.compile(r"[,;。!?、:\n]")
_RANGE: Final = re.compile(rf" ?(?:{UNIT.pattern})? ?")

Per = tuple[str, str]
"""Per what time a figure is counted, and per whom; empty where nothing is said."""


def is_sign(text: str, at: int, *, after: int) -> bool:
    """Whether the dash at `at` is a minus and not that of a range or a name: -5℃, 净利润-1.2亿元.

    Args:
        text: a folded text.
        at: position of the dash.
        after: where the figure before it ends; 0 for none.
    """
    if after and _RANGE.fullmatch(text[after:at]):
        return False
    before = text[at - 1 : at]
    if not before or not before.isalpha():
        return True
    # 附件-3 names a thing; what has decimals or a unit counts.
    numeral = re.match(r"-[\d,]+(\.\d+)?(?: ?[万亿千百十])*", text[at:])
    if numeral is None:
        return True
    end = at + numeral.end()
    return bool(numeral[1] or UNIT.match(text, end) or re.match(r" ?[~至到-]", text[end:]))


def balance(text: str, start: int, *, after: int) -> int:
    """-1 for what was lost (亏损), 1 for what was left over (盈余), 0 where neither is said."""
    lead = text[max(after, start - 12) : start]
    return -1 if _LOSS.search(lead) else 1 if _GAIN.search(lead) else 0


def per(text: str, span: tuple[int, int], *, after: int) -> Per:
    """Per what a figure is counted: words before it in its clause, or just behind it."""
    start, end = span
    pauses = [match.end() for match in _STOPS.finditer(text, after, start)]
    lead = text[pauses[-1] if pauses else after : start]
    tail = text[start : end + 4]
    return _last(_TIME, lead, tail), _last(_HEAD, lead, tail)


def _last(pattern: re.Pattern[str], lead: str, tail: str) -> str:
    before = list(pattern.finditer(lead))
    behind = re.search(rf"\d[^\d,;。]{{0,6}}?(?:{pattern.pattern})", tail)
    found = before[-1] if before else behind
    if found is None:
        return ""
    word = str(found["per"] or found["mean"])
    return _ALIKE.get(word, word)


def says(text: str, word: str) -> bool:
    """Whether a text counts anything per that time or per those heads, or names that time."""
    return any(
        _ALIKE.get(match["per"] or match["mean"], match["per"] or match["mean"]) == word
        for pattern in (_TIME, _HEAD)
        for match in pattern.finditer(text)
    )
