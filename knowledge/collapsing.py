"""Nearly the same passage of several documents of a group: shown once, the others named."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from knowledge.fusion import Fused
from knowledge.model import Document, Passage, Version
from knowledge.shingles import Shingles, are_alike, letters, shingles
from knowledge.store.finding import Found

_SAME_SCORE: Final = 1e-6
"""Relative: the lexical index counts with 32 bits."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One hit that is shown, and the documents that it stands for."""

    fused: Fused
    passage: Passage
    document: Document
    version: Version
    alike: tuple[Document, ...] = ()


@dataclass(slots=True)
class _Pile:
    """Hits with nearly the same words, best first, of each document one."""

    hits: list[Hit]
    words: str = ""
    """Of the first, as `letters` gives them; they and the rest are for documents in a group."""
    runs: Shingles | None = None
    documents: set[int] = field(default_factory=set)

    def is_like(self, runs: Shingles) -> bool:
        """Whether a text of these runs belongs here."""
        if self.runs is None:
            self.runs = shingles(self.words)
        return are_alike(self.runs, runs)


class Collapsing:
    """Takes hits best first, and piles up those of one group that say the same.

    Of one document each pile has one hit: passages of one document stay apart, however like.
    """

    def __init__(self, size: int, *, collapse: bool = True) -> None:
        """Begin with nothing.

        Args:
            size: how many piles to keep, at least 1.
            collapse: False makes a pile of every hit.
        """
        self.size = size
        self._collapse = collapse
        self._piles: list[_Pile] = []
        self._grouped: dict[int, list[_Pile]] = {}

    @property
    def is_full(self) -> bool:
        """True when there are as many piles as wanted: no hit begins another."""
        return len(self._piles) >= self.size

    @property
    def groups(self) -> frozenset[int]:
        """The groups of the piles: when full, no hit of any other can matter."""
        return frozenset(self._grouped)

    def clear(self) -> None:
        """Begin anew."""
        self._piles.clear()
        self._grouped.clear()

    def take(self, fused: Fused, found: Found) -> None:
        """Add the next best hit; when full, only to a pile that is there."""
        hit = Hit(fused, found.passage, found.document, found.version)
        group = hit.document.group if self._collapse else None
        if group is None:
            if not self.is_full:
                self._piles.append(_Pile([hit]))
            return
        beside = self._grouped.get(group, [])
        if self.is_full and not beside:
            return
        words = letters(hit.passage.text)
        pile = _like(beside, words, hit.document.id)
        if pile is None:
            if self.is_full:
                return
            pile = _Pile([], words)
            self._piles.append(pile)
            self._grouped[group] = [*beside, pile]
        pile.hits.append(hit)
        pile.documents.add(hit.document.id)

    def chosen(self) -> list[Hit]:
        """The hit to show of each pile, best first."""
        return [_shown(pile.hits) for pile in self._piles]


def _like(piles: Sequence[_Pile], words: str, document_id: int) -> _Pile | None:
    """The first pile of the same words, else of nearly the same, that lacks the document."""
    others = [pile for pile in piles if document_id not in pile.documents]
    for pile in others:
        if pile.words == words:
            return pile
    if not others:
        return None
    runs = shingles(words)
    return next((pile for pile in others if pile.is_like(runs)), None)


def _shown(pile: Sequence[Hit]) -> Hit:
    """The best; among those of equal score the one issued last."""
    best = pile[0]
    for each in pile[1:]:
        is_equal = math.isclose(each.fused.score, best.fused.score, rel_tol=_SAME_SCORE)
        if is_equal and _issued(each) > _issued(best):
            best = each
    others = tuple(each.document for each in pile if each is not best)
    return replace(best, alike=others)


def _issued(hit: Hit) -> str:
    return hit.document.metadata.issued_on or ""
