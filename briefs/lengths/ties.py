"""Statements that may not be parted from the one before them: its limits, and what points back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from briefs.model import StatementKind
from knowledge.text import fold


class Bond(StrEnum):
    """How a statement hangs on the one before it."""

    LIMIT = "limit"
    """但, 前提是, 其中, 除…外, 上述, 该: neither may stand without the other."""
    BACK = "back"
    """据此, 两者, 这些: it may not stand without the other, which may stand without it."""


class Told(Protocol):
    """A statement or a line, as far as this room looks at it."""

    @property
    def kind(self) -> StatementKind:
        """What it is."""

    @property
    def text(self) -> str:
        """Its words."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two statements that belong together, by their places, counted from 0."""

    first: int
    """What is said."""
    second: int
    """What limits it, or points back to it."""
    bond: Bond
    word: str
    """By which the second is known, folded: ``但``."""


_LIMIT: Final = re.compile(
    r"(?:但(?!丁|愿|凡|书)|然而|不过(?![分度问夜])|只是|可是|却(?!步)|尽管如此|即便如此|虽然如此|"
    r"(?:其|其中的)?(?:前提(?:条件)?|条件)(?:是|为)|仅限|仅适用|只适用|例外的?(?:是|情况)|"
    r"(?:需要?|应当?|值得|必须|须)(?:注意|说明|指出|强调|警惕)的?是?|"
    r"反之|相反|其中|除(?!夕)[^，,。；;]{1,40}?(?:之外|以外|外)|上述|前述|以上|上表|上图|该(?!不该))"
    r"|(?:however|but|yet|nevertheless|nonetheless|provided|except|unless|only if|"
    r"of (?:these|which|them)|among (?:these|them)|the (?:above|said|former|latter)|that said|"
    r"on the other hand|by contrast|even so|subject to|with the exception)(?![a-z])"
)
_BACK: Final = re.compile(
    r"(?:据此|由此|为此|对此|因此|因而|前者|后者|[两二三]者|这(?![儿边])|那(?:么|些|时)|此(?:[项类举种]|外的)|"
    r"其(?![中他它实次余]|[一二三四五]|前提|条件)|同期|同时期)"
    r"|(?:this|these|that|those|such|both|therefore|thus|hence|it|they)(?![a-z])"
)
_OPENING: Final = re.compile(
    r"[\s\"'“”‘’「『《〈（(\[【〔—–\-·*•]*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．](?!\d)\s*)?[\s\"“‘「『]*"
)


def tied(lines: Sequence[Told]) -> tuple[Tie, ...]:
    """The pairs that may not be parted, in order.

    A statement is tied to the sentence before it under the same heading when it begins with a word
    that limits what was said or points back to it: that is read off its first words alone, whatever
    the width, case or variant of its characters. Tables and figures are passed over where there is
    a sentence before them, and are never tied to what stands before.
    """
    return tuple(_ties(lines))


def _ties(lines: Sequence[Told]) -> Iterator[Tie]:
    sentence: int | None = None
    shown: int | None = None
    for place, line in enumerate(lines):
        if line.kind is StatementKind.HEADING:
            sentence = shown = None
            continue
        if line.kind in {StatementKind.TABLE, StatementKind.FIGURE}:
            shown = place
            continue
        first = shown if sentence is None else sentence
        found = bond_of(line.text)
        if found is not None and first is not None:
            yield Tie(first, place, *found)
        sentence = place


def bond_of(text: str) -> tuple[Bond, str] | None:
    """How a text hangs on what stands before it, and its word for that; None where it does not."""
    folded = fold(text)
    start = _OPENING.match(folded)
    at = start.end() if start else 0
    for bond, pattern in ((Bond.LIMIT, _LIMIT), (Bond.BACK, _BACK)):
        if found := pattern.match(folded, at):
            return bond, found.group()
    return None
