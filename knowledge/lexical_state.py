"""One state of the tantivy index, what was counted in it, and what words weigh for a viewer.

The engine weighs a word by all passages, those that a viewer may not see and those removed but not
yet merged away included. Where anything is hidden, each word is raised or lowered to what it weighs
among the passages seen. The average length of a passage stays the engine's, of all passages, for it
takes no other: of 20,000 passages, 200 hidden ones of ordinary length moved no score by more than
0.06 %, and 200 three times as long by up to 1 % (with the engine's own weights, 4 and 5 %).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import tantivy

from knowledge.access import Viewer
from knowledge.asked import rarity
from knowledge.lexical_scope import Conditions

_MOST_COUNTS: Final = 100_000
"""Remembered of one state; then all are forgotten."""


class State:
    """What the index holds as of one commit; safe in several threads."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self.searcher = searcher
        self.conditions = Conditions(schema, searcher)
        self._counts: dict[tuple[Viewer, str | None], int] = {}

    def count(self, viewer: Viewer) -> int:
        """How many passages a viewer may see; removed ones do not count."""
        return self._remembered(viewer, None)

    def frequency(self, term: str, *, viewer: Viewer) -> int:
        """How many of them hold a term."""
        return self._remembered(viewer, term)

    def weighing(self, viewer: Viewer) -> "Weighing":
        """What words weigh for a viewer: as the engine has it where nothing is hidden."""
        is_own = bool(self.conditions.hidden(viewer)) and (
            self.conditions.are_some_removed or self.count(viewer) < self.searcher.num_docs
        )
        return Weighing(self, viewer, is_own)

    def _remembered(self, viewer: Viewer, term: str | None) -> int:
        key = (viewer, term)
        # Asked once: another thread may forget between two looks.
        known = self._counts.get(key)
        if known is None:
            if len(self._counts) >= _MOST_COUNTS:
                self._counts.clear()
            known = self._counts[key] = self._counted(viewer, term)
        return known

    def _counted(self, viewer: Viewer, term: str | None) -> int:
        if term is None:
            return self.conditions.admitted(self.conditions.outside(viewer))
        return self.conditions.holding(term, viewer=viewer)


@dataclass(frozen=True, slots=True)
class Weighing:
    """What words weigh in one state for one viewer."""

    state: State
    viewer: Viewer
    is_own: bool
    """Whether it differs from the engine's."""

    @property
    def searcher(self) -> tantivy.Searcher:
        """Of the state."""
        return self.state.searcher

    def frequency(self, term: str) -> int:
        """How many passages hold a term: of those seen, or of all as the engine counts them."""
        if self.is_own:
            return self.state.frequency(term, viewer=self.viewer)
        return self.searcher.doc_freq("words", term)

    def rarity(self, term: str) -> float:
        """What a term weighs."""
        every = self.state.count(self.viewer) if self.is_own else self.searcher.num_docs
        return rarity(every, self.frequency(term))

    def boost(self, term: str) -> float:
        """What the engine's score of a term is to be multiplied with."""
        if not self.is_own:
            return 1.0
        engine = _engines_rarity(self.state.conditions.ever, self.searcher.doc_freq("words", term))
        return self.rarity(term) / engine if engine else 1.0


def _engines_rarity(passages: int, times: int) -> float:
    """As `rarity`, with the 32 bits of the engine: for a word of every passage it differs much."""
    one, half = np.float32(1), np.float32(0.5)
    odds = (np.float32(max(passages - times, 0)) + half) / (np.float32(times) + half)
    return float(np.log(one + odds))
