"""One statement of a brief before the gate: its evidence, and what its sources are called.

A quote seldom repeats what its document is called and by whom and when it was issued; a statement
often says so. That heals a date or a name that the quote has not, and nothing else: figures, units,
limits, negations and trends stand in the quoted words or are faults.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from briefs.gate import (
    Claim,
    Doubt,
    Fault,
    FaultType,
    Outcome,
    Place,
    Reason,
    Verdict,
    Witness,
    check,
)
from briefs.gate.reading import read
from briefs.model import Evidence, Statement, StatementKind
from knowledge.model import Metadata, Span
from knowledge.privacy import BLANK, traces

_QUOTED: Final = {FaultType.QUOTE, FaultType.FRANKENQUOTE}
_NAMED: Final = {FaultType.DATE, FaultType.NAME}
_BULLETIN: Final = re.compile(r"公报|年鉴|年报|统计|年度报告|[Yy]earbook|[Bb]ulletin|[Ss]tatistic")
_YEAR: Final = re.compile(r"\d{4}")
_NAMING: Final = 4
"""Characters behind a year that make it part of a title."""
_LONG: Final = 6
"""Characters of a title that is one without 《》, too."""
_GAP: Final = " " * len(BLANK)
"""As long as what was blanked, so that places stay."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a source is called, as a statement may call it."""

    title: str = ""
    """Title, issuer, document number and the headings above the quote."""
    issued: str = ""
    """When it was issued and takes effect, to the day or month."""
    names: frozenset[str] = frozenset()
    """Title and document number, as a statement names the source."""


NOWHERE: Final = Setting()


def claim_of(kind: StatementKind, text: str, formula: str | None) -> Claim:
    """The claim of a statement; what was blanked in it says nothing.

    Nor does a telephone number or the like of which the library speaks itself: whether it may stand
    is asked when the brief is published.
    """
    if not kind.needs_evidence:
        for trace in traces(text):
            text = text[: trace.start] + " " * (trace.end - trace.start) + text[trace.end :]
    return Claim(kind, text.replace(BLANK, _GAP), formula)


def setting_of(metadata: Metadata, heading: Sequence[str] = ()) -> Setting:
    """How a source is called."""
    named = (metadata.title, metadata.issuer, metadata.number, *metadata.authors, *heading)
    dated = (_spelt(each) for each in (metadata.issued_on, metadata.effective_on))
    title, number = metadata.title or "", metadata.number
    names = {f"《{title}》" if title else "", title if len(title) >= _LONG else "", number or ""}
    return Setting(
        "。".join(filter(None, named)), "。".join(filter(None, dated)), frozenset(names - {""})
    )


def joined(settings: Iterable[Setting]) -> Setting:
    """The settings of several pieces of evidence as one; each is said once."""
    kept = tuple(dict.fromkeys(settings))
    titles, dates = (each.title for each in kept), (each.issued for each in kept)
    return Setting(
        "\n".join(filter(None, titles)),
        "\n".join(filter(None, dates)),
        frozenset().union(*(each.names for each in kept)),
    )


@lru_cache(maxsize=4096)
def weigh(
    claim: Claim,
    texts: tuple[str, ...],
    setting: Setting = NOWHERE,
    others: tuple[str, ...] = (),
) -> Verdict:
    """What the gate says of a claim; pure, and the last few thousand answers are kept.

    `others` are the words of other sources: a quote may stand there. Their places count on after
    those of `texts`.
    """
    witnesses, sources = tuple(map(Witness, texts)), tuple(map(Witness, others))
    if claim.kind is not StatementKind.QUOTE:
        claim = _unnamed(claim, setting.names)
    verdict = check(claim, witnesses, others=sources)
    if not _is_open(verdict):
        return verdict
    title = setting.title
    if any(dated.year is not None for text in texts for dated in read(text).dates):
        title = _undated(title)
    wide = (
        check(claim, (*witnesses, Witness(title))),
        check(claim, (*witnesses, Witness(f"{title}。{setting.issued}"))),
    )
    return _healed(claim, verdict, title, wide=wide)


def is_lost(verdict: Verdict) -> bool:
    """Whether something given as a quote stands nowhere in its evidence: look in other sources."""
    return any(fault.type in _QUOTED for fault in verdict.faults)


def digest_of(line: Statement) -> str:
    """SHA-256 of all that a decision on a statement was made on."""
    quoted = [[item.version_id, item.quote] for item in line.evidence]
    told = [line.kind.value, line.text, line.formula, quoted]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def spans_within(item: Evidence, start: int, end: int) -> tuple[Span, ...]:
    """Where characters ``[start, end)`` of a quote stand on its pages.

    A quote over several pages is their words joined, here and there with a blank between
    (`briefs.evidence.words_at`). One that is not as long as its spans gives all of them.
    """
    blanks = len(item.quote) - sum(span.end - span.start for span in item.spans)
    if not 0 <= blanks < len(item.spans):
        return item.spans
    found: list[Span] = []
    at = 0
    for number, span in enumerate(item.spans):
        if number and blanks and item.quote[at : at + 1] == " ":
            at, blanks = at + 1, blanks - 1
        last = at + span.end - span.start
        low, high = max(start, at), min(end, last)
        if low < high:
            found.append(Span(span.page, span.start + low - at, span.start + high - at))
        at = last
    return tuple(found) or item.spans


def _is_open(verdict: Verdict) -> bool:
    """Whether what its sources are called may change a verdict."""
    is_named = any(fault.type in _NAMED for fault in verdict.faults)
    return is_named or any(doubt.reason is Reason.NAMED for doubt in verdict.doubts)


def _healed(
    claim: Claim, verdict: Verdict, title: str, *, wide: tuple[Verdict, Verdict]
) -> Verdict:
    """The verdict without the dates and names that the titles, and the days of issue, bear out.

    A day or a month may be the day of issue. A year may not: figures of a year are issued in the
    next one. Nor is the year of a title that of every figure below it (a report of 2025 tells of
    2024), unless it is a bulletin of that year: then a person is asked.
    """
    by_title, by_date = ({(f.type, f.statement) for f in each.faults} for each in wide)
    doubted = {(doubt.reason, doubt.statement) for doubt in wide[0].doubts}
    faults: list[Fault] = []
    doubts = [
        doubt
        for doubt in verdict.doubts
        if doubt.reason is not Reason.NAMED or (doubt.reason, doubt.statement) in doubted
    ]
    for fault in verdict.faults:
        is_day = fault.type is FaultType.DATE and "月" in fault.statement.words
        left = by_date if is_day else by_title
        # Where the quote has another name, who issued it did not therefore do it.
        is_rival = fault.type is FaultType.NAME and bool(fault.evidence)
        if fault.type not in _NAMED or is_rival or (fault.type, fault.statement) in left:
            faults.append(fault)
        elif fault.type is FaultType.DATE and not (
            is_day or _is_of_its_year(claim.text, fault.statement, title)
        ):
            doubts.append(Doubt(Reason.DATED, fault.statement, fault.evidence))
    outcome = Outcome.FAULT if faults else Outcome.NEEDS_PERSON if doubts else Outcome.SUPPORTED
    return replace(verdict, outcome=outcome, faults=tuple(faults), doubts=tuple(doubts))


def _is_of_its_year(text: str, place: Place, title: str) -> bool:
    """Whether a year is that of a bulletin, or stands in the statement as part of a title."""
    if text[place.start : place.end + _NAMING] in title:
        return True
    years = _YEAR.findall(place.words)
    lines = [line for line in title.split("\n") if any(year in line for year in years)]
    return any(_BULLETIN.search(line) for line in lines)


def _unnamed(claim: Claim, names: frozenset[str]) -> Claim:
    """The claim without the full names of its sources; places stay."""
    text = claim.text
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " " * len(name))
    return replace(claim, text=text)


def _undated(title: str) -> str:
    """A title without its dates: a quote that names a year is not to be read with another one."""
    text = read(title)
    for dated in sorted(text.dates, key=lambda each: each.start, reverse=True):
        start, end = text.span(dated.start, dated.end)
        title = f"{title[:start]} {title[end:]}"
    return title


def _spelt(date: str | None) -> str | None:
    """2022-08-16 as 2022年8月16日; None where not even the month is known."""
    parts = [int(part) for part in (date or "").split("-") if part.isdecimal()]
    if len(parts) < 2:
        return None
    return "".join(f"{part}{mark}" for part, mark in zip(parts, "年月日", strict=False))
