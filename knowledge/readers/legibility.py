"""How far the characters of a page's text layer can be the words that are printed on it."""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from knowledge.readers.plausible import is_familiar
from knowledge.text import HAN, fold

LEGIBLE: Final = 0.7
"""A page of a lower score is recognised from its picture."""
# Scripts that the desk's sources are in: Latin, Greek, Cyrillic, kana, hangul and Han.
_USUAL: Final = re.compile(
    f"[A-Za-z\u00aa-\u024f\u0370-\u052f\u1e00-\u1fff\u3040-\u30ff\uac00-\ud7a3{HAN}]"
)
_HAN: Final = re.compile(f"[{HAN}]")
_CHARACTER_SETS: Final = ("gb2312", "big5", "shift_jis", "euc_kr")
_LOST: Final = frozenset({"Co", "Cn", "Cs", "Cc"})
_INVISIBLE: Final = frozenset(" \t\r\n\u3000\u00a0\u0002\ufffe\u00ad\ufeff\u200b")
_ENOUGH_HAN: Final = 30
_LEAST_FAMILIAR: Final = 0.15
_FEW_LETTERS: Final = 4


class _Kind(IntEnum):
    """What a character says about the text layer that has it."""

    BLANK = 0
    WRONG = 1
    STRANGE = 2
    """A letter that a wrong font map gives."""
    COMMON = 3
    """One of the commonest Han characters."""
    HAN = 4
    KANA = 5
    LETTER = 6
    OTHER = 7


@dataclass(frozen=True, slots=True)
class Legibility:
    """What was counted on one page."""

    visible: int
    """Characters that leave ink."""
    score: float
    """The share of them that can be right, 0 … 1; 1.0 for a page without any."""

    @property
    def is_legible(self) -> bool:
        """Whether the characters are kept as the page's text."""
        return self.score >= LEGIBLE


def legibility_of(text: str, *, unmapped: float = 0.0) -> Legibility:
    """Judge a page's characters.

    Wrong are private-use, replacement, control and unassigned characters, letters of scripts
    that no source of the desk is in, and Han characters that no national character set has. Where
    there are thirty Han or more, one in seven must be among the commonest: a shifted character map
    gives Han characters, but not those.

    Args:
        text: all characters of a page, in any order, as the file gives them.
        unmapped: the share of them whose typeface does not say which characters they are.
    """
    found = [0] * len(_Kind)
    for character, times in Counter(text).items():
        found[_kind(character)] += times
    visible = sum(found) - found[_Kind.BLANK]
    if not visible:
        return Legibility(0, 1.0)
    strange = found[_Kind.STRANGE]
    score = 1.0 - max((found[_Kind.WRONG] + strange) / visible, unmapped)
    letters = visible - found[_Kind.WRONG] - found[_Kind.OTHER]
    if letters >= _FEW_LETTERS:
        score = min(score, 1.0 - strange / letters)
    return Legibility(visible, min(score, _familiarity(found)))


def _familiarity(found: Sequence[int]) -> float:
    """1.0 for running Chinese, less where its commonest characters are rare; 1.0 for too little."""
    han = found[_Kind.COMMON] + found[_Kind.HAN]
    if han < _ENOUGH_HAN or found[_Kind.KANA] * 10 > han:
        return 1.0
    return min(1.0, found[_Kind.COMMON] / han / _LEAST_FAMILIAR * LEGIBLE)


@functools.cache
def _kind(character: str) -> _Kind:
    if character in _INVISIBLE:
        return _Kind.BLANK
    if character == "\ufffd" or unicodedata.category(character) in _LOST:
        return _Kind.WRONG
    if not character.isalpha():
        return _Kind.OTHER
    if not _USUAL.match(character):
        return _Kind.STRANGE
    if _HAN.match(character):
        return _han_kind(character)
    return _Kind.KANA if "\u3040" <= character <= "\u30ff" else _Kind.LETTER


def _han_kind(character: str) -> _Kind:
    if is_familiar(fold(character)):
        return _Kind.COMMON
    known = any(_has(name, character) for name in _CHARACTER_SETS)
    return _Kind.HAN if known else _Kind.STRANGE


def _has(character_set: str, character: str) -> bool:
    try:
        unicodedata.normalize("NFKC", character).encode(character_set)
    except UnicodeEncodeError:
        return False
    return True
