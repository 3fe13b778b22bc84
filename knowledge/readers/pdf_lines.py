"""Printed lines with the place of each character, and how they run together; no PDF library."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from knowledge.model import BlockKind, Recognised
from knowledge.places import Box
from knowledge.text import HAN

MARK: Final = 8
"""Bytes of `Line.marks` a character."""
_JOINS_WITHOUT_BLANK: Final = f"[{HAN}\u2018-\u201d\u3000-\u303f\uff00-\uffef·—…]"
_WIDE_LEFT: Final = re.compile(_JOINS_WITHOUT_BLANK + "$")
_WIDE_RIGHT: Final = re.compile("^" + _JOINS_WITHOUT_BLANK)
_SPACED_OUT: Final = re.compile(
    rf"(?<=[{HAN}，。、：；！？（）《》“”…０-９]) (?=[{HAN}，。、：；！？（）《》“”…０-９])"
)
_FIRST_HAN: Final = "\u3007"
_NEIGHBOURS: Final = re.compile(rf"[{HAN}] ?(?=[{HAN}])")
FINISHED: Final = tuple("。！？；：”’）》】.!?:;")
"""How a sentence ends."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; places in points from the upper left corner of the page as displayed."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    """Height of its letters' line box: the type size, nearly."""
    boxes: tuple[Box | None, ...] = ()
    """One a character of `text`; empty where `marks` has them, or nothing is known."""
    confidence: float | None = None
    """How sure recognition is of the line, 0 … 1; None for a text layer."""
    marks: bytes = field(default=b"", repr=False)
    """The boxes as `Places.steps` keeps them: far quicker than `boxes` for a whole book."""
    kind: BlockKind | None = None
    """`BlockKind.ROW` or `BlockKind.HEADER` for a row of a table, which stands alone."""

    @property
    def is_upright(self) -> bool:
        """Whether it is a column of vertical writing."""
        height = self.bottom - self.top
        return len(self.text) > 1 and height > max(2 * (self.right - self.left), 1.5 * self.size)


@dataclass(frozen=True, slots=True)
class Run:
    """Lines run together: their words, their marks, and how sure recognition is of each."""

    text: str
    marks: bytes
    recognised: tuple[Recognised, ...] = ()


def blank_places(text: str) -> list[int]:
    """Positions of the blanks that space out Chinese (关 于 红 军), where most letters have one."""
    if not text or max(text) < _FIRST_HAN:
        return []
    pairs = _NEIGHBOURS.findall(text)
    spaced = sum(pair.endswith(" ") for pair in pairs)
    if spaced <= 3 or spaced * 2 <= len(pairs):
        return []
    return [match.start() for match in _SPACED_OUT.finditer(text)]


def run_together(lines: Iterable[Line]) -> Run:
    """Join lines: Chinese without a blank, words with one, broken words without their hyphen."""
    text = ""
    marks: list[bytes] = []
    recognised: list[Recognised] = []
    for line in lines:
        if text.endswith("-") and line.text[:1].islower() and text[-2:-1].isalpha():
            text = text[:-1]
            marks[-1] = marks[-1][:-MARK]
        elif text and line.text and not _meet(text, line.text):
            text += " "
            marks.append(bytes(MARK))
        start = len(text)
        text += line.text
        marks.append(line.marks or bytes(MARK * len(line.text)))
        if line.confidence is not None and line.text:
            recognised.append(Recognised(start, len(text), line.confidence))
    sure = _within(recognised, len(text)) if recognised else ()
    return Run(text, b"".join(marks), sure)


def _meet(left: str, right: str) -> bool:
    return bool(_WIDE_LEFT.search(left) or _WIDE_RIGHT.match(right))


def _within(recognised: Sequence[Recognised], size: int) -> tuple[Recognised, ...]:
    """Ranges that a dropped hyphen made overlap, cut at the next one's start."""
    ends = [*(following.start for following in recognised[1:]), size]
    return tuple(
        Recognised(one.start, min(one.end, end), one.confidence)
        for one, end in zip(recognised, ends, strict=True)
        if one.start < min(one.end, end)
    )


def ends_open(text: str) -> bool:
    """Whether words that go on elsewhere need a blank in between."""
    return bool(text) and not text.endswith(FINISHED) and not _WIDE_LEFT.search(text)
