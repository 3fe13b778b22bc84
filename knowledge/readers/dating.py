"""When a document was issued and from when it is in force, with the words that say so."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from knowledge.model import DocumentType, Origin
from knowledge.readers.dates import dates_in, find_dates, is_date_line
from knowledge.readers.enactment import Act, Verb, last_change
from knowledge.readers.findings import Found, Material, Printed
from knowledge.readers.organs import Signature

_MOST_DAYS_TO_PUBLICATION: Final = 183
_LABELLED: Final = re.compile(r"(?:成文日期|发文日期|签发日期)\s*[：:]\s*(\S[^\n]{0,30})")
_PUBLISHED: Final = re.compile(
    r"(?:^|[\s|（(])(?:发布日期|发布时间|公布日期|日期|时间)\s*[：:]\s*(\S[^\n]{0,30})"
)
_DAY_AND_TIME: Final = re.compile(r"(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}日?\s*\d{1,2}:\d\d")
_PAPER_DAY: Final = re.compile(r"《[^《》]{2,14}(?:报|刊|杂志)\s*》\s*[（(]?\s*(.{8,14})")
_SUBTITLE: Final = re.compile(r"[—－―-]{2}\s*\S.{6,16}在.{4,40}(?:会议|大会|论坛).{0,4}$")
_YEARLY: Final = re.compile(r"((?:19|20)\d\d)年.{0,20}政府工作报告$")
_IN_FORCE: Final = re.compile(
    r"自\s*([^，。；自]{4,20}?)\s*(?:之日)?起(?:正式)?(?:施行|实施|执行|生效)"
)
_ON_PUBLICATION: Final = re.compile(r"公布|发布|印发|颁布|下发")


def find_issued(
    material: Material,
    title: Found,
    signature: Signature | None,
    *,
    acts: Sequence[Act],
    kind: DocumentType | None,
) -> Found | None:
    """The day of issue; for a law that of its latest change."""
    named = _in_name(material.name)
    if kind is DocumentType.LAW and (found := _of_law(material, named, acts)):
        return found
    if found := _labelled(material.head, _LABELLED):
        return found
    if signature:
        return signature.line.gives(signature.day)
    if kind is DocumentType.OFFICIAL and (change := last_change(acts)):
        return change.line.gives(change.day, change.words)
    spoken = _spoken(material, title) or _in_paper(material)
    return spoken or named or _published(material)


def find_effective(material: Material, issued: Found | None, acts: Sequence[Act]) -> Found | None:
    """The day from which it is in force: 自2018年1月1日起施行; the last such sentence counts.

    A day that is stated goes before that of publication (自公布之日起施行). None for a law whose
    latest change is an amendment (修正): its text keeps the day of its first version.
    """
    change = last_change(acts)
    if change is not None and change.verb is Verb.AMENDED:
        return None
    stated = on_publication = None
    for line in material.edges:
        for match in _IN_FORCE.finditer(line.text):
            if found := dates_in(match.group(1)):
                stated = line.gives(found[-1], match.group())
            elif issued and _ON_PUBLICATION.search(match.group(1)) and "后" not in match.group(1):
                on_publication = line.gives(issued.value, match.group())
    begun = [act.line.gives(act.day, act.words) for act in acts if act.verb is Verb.IN_FORCE]
    return stated or (begun[-1] if begun else on_publication)


def _of_law(material: Material, named: Found | None, acts: Sequence[Act]) -> Found | None:
    """A file's name may tell the day of publication, which follows the printed ones soon."""
    change = last_change(acts)
    signed = next((line for line in material.head[1:] if is_date_line(line.text)), None)
    printed = change.line.gives(change.day, change.words) if change else None
    if signed is not None:
        printed = signed.gives(dates_in(signed.text)[0])
    if named and (printed is None or _soon_after(printed.value, named.value)):
        return named
    return printed


def _soon_after(earlier: str, later: str) -> bool:
    between = (date.fromisoformat(later) - date.fromisoformat(earlier)).days
    return 0 < between <= _MOST_DAYS_TO_PUBLICATION


def _in_name(name: str) -> Found | None:
    full = [dated for dated in find_dates(name, compact=True) if dated.is_full]
    if not full:
        return None
    last = full[-1]
    return Found(last.day, name[last.start : last.end], Origin.FILE_NAME)


def _labelled(lines: Sequence[Printed], label: re.Pattern[str]) -> Found | None:
    for line in lines:
        if (match := label.search(line.text)) and (found := dates_in(match.group(1))):
            return line.gives(found[0], match.group())
    return None


def _spoken(material: Material, title: Found) -> Found | None:
    """A report given at a meeting: the day below its title, else the year in the title."""
    for line in material.head[:8]:
        if _SUBTITLE.match(line.text) and (found := dates_in(line.text)):
            return line.gives(found[0])
    match = _YEARLY.search(title.value)
    return Found(match.group(1), title.words, title.origin, title.page) if match else None


def _in_paper(material: Material) -> Found | None:
    for line in (*material.tail, *material.head):
        if (match := _PAPER_DAY.search(line.text)) and (found := dates_in(match.group(1))):
            return line.gives(found[0], match.group())
    return None


def _published(material: Material) -> Found | None:
    """What the web page says of its own publication."""
    hints = material.hints
    if hints.issued_on:
        return Found(hints.issued_on, hints.issued_on, Origin.PROPERTIES)
    if found := _labelled(material.edges, _PUBLISHED):
        return found
    for text in hints.around:
        stamped = _PUBLISHED.search(text) or _DAY_AND_TIME.match(text)
        if stamped and (days := dates_in(stamped.group())):
            return Found(days[0], stamped.group(), Origin.PROPERTIES)
    return next(
        (
            line.gives(dates_in(match.group())[0], match.group())
            for line in material.head[:6]
            if (match := _DAY_AND_TIME.match(line.text)) and dates_in(match.group())
        ),
        None,
    )
