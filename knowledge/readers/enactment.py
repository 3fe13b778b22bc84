"""The notes under a law's title that say who passed, published and amended it, and when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.headings import structure_of
from knowledge.readers.dates import find_dates
from knowledge.readers.findings import Printed
from knowledge.text import HAN

_LINES: Final = 16
_VERBS: Final = re.compile(r"修正|修订|通过|公布|批准|发布|施行|实施|生效")
_STARTS: Final = re.compile(r"[（(《]|根据|(?:19|20)\d\d\s*年|[^，。]{0,30}《")
_ORDER: Final = re.compile(rf"([{HAN}]{{2,20}}?)令\s*(?:\d{{4}}\s*年\s*)?第\s*\d{{1,5}}\s*号")
_OPENED: Final = "（("
_CLOSED: Final = "）)"


class Verb(StrEnum):
    """What was done to a law on a day."""

    MADE = "made"
    """Passed, published or approved as a new text."""
    REVISED = "revised"
    """修订: the whole text anew."""
    AMENDED = "amended"
    """修正: some articles; the rest keep the days of their first version."""
    IN_FORCE = "in-force"


@dataclass(frozen=True, slots=True)
class Act:
    """One deed of a note, e.g. 2018年10月26日第十三届全国人大常委会第六次会议修正."""

    verb: Verb
    day: str
    line: Printed
    words: str
    """From the day to the next day."""

    @property
    def order(self) -> tuple[str, str] | None:
        """The organ and the number of the order it was done by: 国务院, 国务院令第711号."""
        match = _ORDER.search(self.words)
        return None if match is None else (match.group(1), re.sub(r"\s+", "", match.group()))


def acts_of(head: Sequence[Printed]) -> list[Act]:
    """The acts that the notes among a document's first lines tell of, in order."""
    return [act for line in _notes(head) for act in _acts(line)]


def last_change(acts: Sequence[Act]) -> Act | None:
    """The latest act that made or changed the text; the later one of a day."""
    changes = [act for act in acts if act.verb is not Verb.IN_FORCE]
    return max(changes, key=lambda act: act.day, default=None)


def _notes(head: Sequence[Printed]) -> Iterator[Printed]:
    """Notes, lines that belong to one bracket joined."""
    opened: Printed | None = None
    for each in head[:_LINES]:
        if structure_of(each.text) is not None or "".join(each.text.split()) in {"目录", "序言"}:
            break
        line = Printed(f"{opened.text}\n{each.text}", opened.page) if opened else each
        unclosed = sum(map(line.text.count, _OPENED)) > sum(map(line.text.count, _CLOSED))
        if unclosed and line.text.count("\n") < _LINES:
            opened = line
        else:
            opened = None
            if _STARTS.match(line.text):
                yield line
    if opened is not None:
        yield opened


def _acts(line: Printed) -> Iterator[Act]:
    dates = [dated for dated in find_dates(line.text) if dated.is_full]
    ends = [*(dated.start for dated in dates), len(line.text)][1:]
    for dated, end in zip(dates, ends, strict=False):
        words = line.text[dated.end : end]
        verbs = _VERBS.findall(words.split("。")[0])
        from_day = line.text[: dated.start].rstrip().endswith("自")
        if verbs:
            yield Act(_verb(verbs, from_day), dated.day, line, line.text[dated.start : end].strip())


def _verb(verbs: list[str], from_day: bool) -> Verb:
    if from_day or verbs[0] in {"施行", "实施", "生效"}:
        return Verb.IN_FORCE
    if "修正" in verbs:
        return Verb.AMENDED
    return Verb.REVISED if "修订" in verbs else Verb.MADE
