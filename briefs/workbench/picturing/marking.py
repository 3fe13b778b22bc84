"""Marks in an address; a page's text cut into pieces to typeset, with the cited words marked."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.model import Block, BlockKind, Page, Span

MOST_MARKS: Final = 40
"""More in one address is nobody's citation."""

_MARK: Final = re.compile(r"([0-9]{1,6}):([0-9]{1,9})-([0-9]{1,9})")
_LINE_END: Final = re.compile(r"(?s)(.)\n(?=(.))")
_JOIN = "\0"  # the stored text has no control characters


@dataclass(frozen=True, slots=True)
class Run:
    """Words that are marked or not."""

    text: str
    marked: bool = False
    first: bool = False
    """True for the first marked run of the page."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, paragraph, row or furniture, ready to typeset."""

    kind: BlockKind
    level: int | None
    runs: tuple[Run, ...]


def marks_of(values: Iterable[str]) -> tuple[Span, ...]:
    """The spans written as ``2:10-48``; anything else is ignored, and what exceeds `MOST_MARKS`."""
    found: list[Span] = []
    for value in values:
        if (match := _MARK.fullmatch(value)) and len(found) < MOST_MARKS:
            page, start, end = (int(part) for part in match.groups())
            found.append(Span(page, start, end))
    return tuple(found)


def valid_marks(page: Page, marks: Sequence[Span]) -> tuple[Span, ...]:
    """Those of `marks` that lie on the page, wholly inside its text, in their order."""
    return tuple(
        mark
        for mark in marks
        if mark.page == page.index and 0 <= mark.start < mark.end <= len(page.text)
    )


def marked_words(page: Page, marks: Sequence[Span]) -> str:
    """The words under `marks`, joined as they are read."""
    text = _flowing(page.text)
    words = "…".join(
        text[m.start : m.end].replace(_JOIN, "").strip() for m in valid_marks(page, marks)
    )
    return " ".join(words.split())


def pieces(page: Page, marks: Sequence[Span]) -> list[Piece]:
    """The page's text in order; line ends inside a block are joined, blank stretches left out.

    Text between blocks is kept as paragraphs; a page without blocks has one paragraph a line.
    """
    merged = _merged(valid_marks(page, marks))
    text = _flowing(page.text)
    found: list[Piece] = []
    seen = False
    for block in _covering(page):
        runs: list[Run] = []
        for start, end, marked in _cuts(block, merged):
            words = text[start:end].replace(_JOIN, "")
            if words:
                runs.append(Run(words, marked, first=marked and not seen))
                seen = seen or marked
        if any(run.text.strip() for run in runs):
            found.append(Piece(block.kind, block.level, tuple(runs)))
    return found


def _covering(page: Page) -> Iterator[Block]:
    at = 0
    for block in page.blocks:
        yield from _lines(page.text, at, block.start)
        yield block
        at = block.end
    yield from _lines(page.text, at, len(page.text))


def _lines(text: str, start: int, end: int) -> Iterator[Block]:
    for match in re.finditer(r"[^\n]+", text[start:end]):
        yield Block(BlockKind.PARAGRAPH, start + match.start(), start + match.end())


def _cuts(block: Block, marks: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    at = block.start
    for start, end in marks:
        if end <= at or start >= block.end:
            continue
        start, end = max(start, at), min(end, block.end)  # noqa: PLW2901 – clipped to the block
        yield at, start, False
        yield start, end, True
        at = end
    yield at, block.end, False


def _merged(marks: Sequence[Span]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((mark.start, mark.end) for mark in marks):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _flowing(text: str) -> str:
    """The text at its old length, line ends made blanks, or `_JOIN` between wide characters."""

    def joined(match: re.Match[str]) -> str:
        before, after = match.groups()
        return before + (_JOIN if _is_wide(before) and _is_wide(after) else " ")

    return _LINE_END.sub(joined, text).replace("\n", " ")


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’…—"
