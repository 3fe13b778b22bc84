"""Persons of a statement against those of its evidence.

They are known by what stands beside them (主任, 表示), or by standing where another stands there.
"""

import re
from collections.abc import Iterator
from typing import Final

from briefs.gate.findings import Case, Found
from briefs.gate.gazetteer import DEEDS, SURNAMES, TITLES
from briefs.gate.lexicon import either
from briefs.gate.model import FaultType
from briefs.gate.reading import Text
from knowledge.text import HAN

_PERSON: Final = re.compile(
    rf"(?:{either(TITLES)})(?P<after>[{HAN}]{{2,3}}?)(?={either(DEEDS)}|[,、。;(]|在|对|向|为|等|$)"
    rf"|(?P<before>[{HAN}]{{2,3}}?)(?=(?:副|总|原|首席|高级|"
    rf"第一)?(?:{either(TITLES)}|{either(DEEDS)}))"
)


def check_persons(case: Case) -> None:
    """Names of persons, known by what stands beside them or by what they replace."""
    for match in _PERSON.finditer(case.text.words):
        group = "after" if match["after"] else "before"
        name = match[group]
        if name[0] not in SURNAMES or any(name in text.words for text in case.texts):
            continue
        if any(name[:2] in text.words for text in case.texts) and len(name) == 3:
            continue
        person = _replaced(case, match.span(group))
        if person:
            case.fault(FaultType.NAME, match.span(group), [person])
    for start, end in _strange(case):
        person = _replaced(case, (start, end))
        if person:
            case.fault(FaultType.NAME, (start, end), [person])


def _strange(case: Case) -> Iterator[tuple[int, int]]:
    """Runs of two or three characters that begin like a person's name and that no witness has."""
    words = case.text.words
    at = 0
    while at < len(words) - 1:
        if words[at] in SURNAMES and not any(words[at : at + 2] in t.words for t in case.texts):
            for length in (3, 2):
                after = words[at + length : at + length + 2]
                is_run = _is_plain(case.text, at, at + length) and len(after) == 2
                if is_run and any(after in text.words for text in case.texts):
                    yield at, at + length
                    break
        at += 1


def _is_plain(text: Text, start: int, end: int) -> bool:
    """Whether all characters are Han and content."""
    run = text.words[start:end]
    return text.classes[start:end] == "c" * len(run) and all("\u4e00" <= c <= "\u9fff" for c in run)


def _replaced(case: Case, span: tuple[int, int]) -> Found | None:
    """The person of the evidence who stands where the statement has another."""
    left, right = (
        case.text.words[max(0, span[0] - 2) : span[0]],
        case.text.words[span[1] : span[1] + 2],
    )
    if not left and not right:
        return None
    for witness, text in enumerate(case.texts):
        at = text.words.find(right) if right else len(text.words)
        while at >= 0:
            for length in (2, 3):
                start = at - length
                run = text.words[start:at] if start >= 0 else ""
                before = text.words[max(0, start - 2) : max(0, start)]
                if run and run[0] in SURNAMES and before == left and _is_plain(text, start, at):
                    return Found(witness, start, at)
            at = text.words.find(right, at + 1) if right else -1
    return None
