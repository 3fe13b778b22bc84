"""A small lexical index in memory: the reference that others are compared with, and for tests."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from embeddings.protocols import Ids
from knowledge.access import WHOLE, Scope
from knowledge.protocols import LexicalEntry, LexicalHit
from knowledge.tokens import names_in, names_of, tokens

_K1: Final = 1.2
_B: Final = 0.75


class MemoryLexicalIndex:
    """`LexicalIndex` in plain Python, scored by BM25 (k1 1.2, b 0.75) over every passage.

    Not persistent. A search reads one state throughout: an update replaces the state as a whole.
    """

    def __init__(self) -> None:
        self._state = _State({})

    @property
    def damage(self) -> None:
        """There is nothing on disk that could be damaged."""
        return

    def __len__(self) -> int:
        return len(self._state.entries)

    def ids(self) -> Ids:
        """Ids of all passages held, ascending."""
        return np.array(sorted(self._state.entries), dtype=np.int64)

    def update(self, *, remove: Ids, add: Iterable[LexicalEntry]) -> None:
        """Remove and add at once; an id that is added replaces what was held under it."""
        entries = dict(self._state.entries)
        for passage_id in remove.tolist():
            entries.pop(passage_id, None)
        entries.update((entry.passage_id, entry) for entry in add)
        self._state = _State(entries)

    def refresh(self) -> None:
        """Do nothing: no other process can write this index."""

    def search(self, query: str, k: int, *, scope: Scope = WHOLE) -> list[LexicalHit]:
        """Find up to `k` passages; see `LexicalIndex`. A query without words finds nothing."""
        state, weights = self._state, Counter(tokens(query))
        if not weights or k < 1:
            return []
        named = state.carriers(query)
        hits = []
        for passage_id, entry in state.entries.items():
            if scope.admits(entry.document_id, entry.facets):
                score, exact = state.score(passage_id, weights), passage_id in named
                if score > 0 or exact:
                    hits.append(LexicalHit(passage_id, score, exact))
        return sorted(hits, key=lambda hit: (not hit.exact, -hit.score, hit.passage_id))[:k]

    def frequencies(self, terms: Sequence[str]) -> list[int]:
        """How many passages hold each term."""
        return [self._state.frequency(term) for term in terms]


class _State:
    """Entries with what scoring them needs; never changed."""

    def __init__(self, entries: dict[int, LexicalEntry]) -> None:
        self.entries = entries
        self._words = {passage_id: _words(entry) for passage_id, entry in entries.items()}
        self._names = {passage_id: names_of(entry) for passage_id, entry in entries.items()}
        self._lengths = {passage_id: words.total() for passage_id, words in self._words.items()}
        self._average = sum(self._lengths.values()) / max(1, len(entries))
        self._frequency = Counter(term for words in self._words.values() for term in words)

    def carriers(self, query: str) -> set[int]:
        """Ids of the passages that carry a name in the query, the longest of each that any does."""
        found: set[int] = set()
        for possible in names_in(query):
            for name in possible:
                carriers = {id_ for id_, names in self._names.items() if name in names}
                if carriers:
                    found |= carriers
                    break
        return found

    def frequency(self, term: str) -> int:
        """How many passages hold a term."""
        return self._frequency[term]

    def score(self, passage_id: int, weights: Counter[str]) -> float:
        """BM25 of one passage; a term counts as often as the query has it."""
        words, total = self._words[passage_id], 0.0
        norm = _K1 * (1 - _B + _B * self._lengths[passage_id] / max(self._average, 1.0))
        for term, weight in weights.items():
            if times := words.get(term, 0):
                rarity = len(self.entries) - self._frequency[term] + 0.5
                rarity = math.log(1 + rarity / (self._frequency[term] + 0.5))
                total += weight * rarity * times * (_K1 + 1) / (times + norm)
        return round(total, 4)


def _words(entry: LexicalEntry) -> Counter[str]:
    parts = (entry.title, *entry.heading, entry.text)
    return Counter(token for part in parts for token in tokens(part))
