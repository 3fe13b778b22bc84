"""A heading, or the title, before the statements that it stands over."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from briefs.gate.figures import check_figures, report_missing
from briefs.gate.findings import Case
from briefs.gate.model import Doubt, Fault, FaultType, Outcome, Place, Reason, Verdict, Witness
from briefs.gate.periods import check_dates
from briefs.gate.reading import Text, read, stands
from briefs.gate.turning import check_turns
from briefs.gate.words import Family

_COUNT: Final = r"[一二两三四五六七八九十\d]+"
_OWN: Final = re.compile(
    rf"^\s*(?:第{_COUNT}[章节部分篇编]+|[（(]{_COUNT}[)）]|{_COUNT}(?:[、．)）]|[.](?!\d))|"
    r"\d{1,2}(?:\.\d{1,2}){0,3}\s+(?=\D)|[一二三四五六七八九十]是)"
    rf"|{_COUNT}(?:点|条|个|项|大|种|类|方面|个方面|方面的)?"
    r"(?:建议|对策|启示|做法|经验|问题|方面|思考|判断|特点|趋势|原因|结论|要点|看点)"
    r"|(?:(?:19|20)\d\d年)?第\d+期|总第?\d+期|附件?[录表图]?\s*\d+|[图表]\s*\d+"
)
"""What a heading counts of the brief itself: its own number, 三点建议, 2026年第3期."""
_ENDS: Final = "。；！"
_FIGURES: Final = {FaultType.NUMBER, FaultType.UNIT, FaultType.COMPARATOR, FaultType.DATE}
_TOLD: Final = re.compile(
    r"增[长加幅速至到]|减少|上升|下[降跌滑]|上涨|[涨跌降]幅|回[升落]|持平|翻番|不变|"
    r"rose|fell|grew|increase|decrease|decline|drop"
)
"""Trends that tell what was; 提升 and 加快 in a heading mostly say what is to be done."""


@lru_cache(maxsize=1024)
def check_heading(text: str, below: tuple[str, ...]) -> Verdict:
    """Check what a heading says against the statements below it that may be published.

    A figure, a date, a limit or a trend that none of them says, a negation that they have not, and
    a whole sentence that is none of them needs a person: a heading rests on no evidence of its own,
    so nothing is certain. What counts parts of the brief itself is left alone. Pure.

    Args:
        text: the heading, or the title.
        below: the statements of its section, or of the brief; what their sources are called.

    Returns:
        ``NEEDS_PERSON`` with doubts, else ``SUPPORTED``. Places count characters of `text`.
    """
    if text.rstrip().endswith(tuple(_ENDS)):
        return _sentence(text, below)
    bare = _OWN.sub(lambda match: " " * len(match.group()), text)
    if not _says(read(bare)):
        return Verdict(Outcome.SUPPORTED)
    case = Case.of(bare, map(Witness, below))
    for missing in check_figures(case):
        report_missing(case, missing)
    check_dates(case)
    check_turns(case)
    doubts = {
        (doubt.statement.start, doubt.statement.end): doubt
        for doubt in (*map(_doubt, filter(_counts, case.faults)), *case.doubts)
        if doubt.reason is not Reason.WORDING or _TOLD.search(doubt.statement.words)
    }
    found = tuple(doubts[place] for place in sorted(doubts))
    return Verdict(Outcome.NEEDS_PERSON if found else Outcome.SUPPORTED, (), _own(found))


def _sentence(text: str, below: Sequence[str]) -> Verdict:
    """Of a heading that is a sentence: it must be one of those below it."""
    words = text.strip().rstrip(_ENDS)
    if any(stands(read(words).words, read(each)) for each in below):
        return Verdict(Outcome.SUPPORTED)
    start = text.index(words)
    place = Place(words, start, start + len(words))
    return Verdict(Outcome.NEEDS_PERSON, (), (Doubt(Reason.HEADED, place),))


def _says(text: Text) -> bool:
    words = (Family.TREND, Family.COMPARED, Family.NEGATION)
    figures = any(not each.is_article for each in text.quantities)
    return figures or bool(text.dates) or any(word.family in words for word in text.closed)


def _counts(fault: Fault) -> bool:
    if fault.type in _FIGURES:
        return True
    return bool(fault.evidence) or (
        fault.type is FaultType.TREND and bool(_TOLD.search(fault.statement.words))
    )


def _doubt(fault: Fault) -> Doubt:
    return Doubt(Reason.HEADED, fault.statement)


def _own(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """Without places in the statements below: a reader is led to sources alone."""
    return tuple(replace(doubt, reason=Reason.HEADED, evidence=()) for doubt in doubts)
