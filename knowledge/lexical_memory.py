"""A small lexical index in memory: the reference that others are compared with, and for tests."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, TypeAlias

import numpy as np

from embeddings.protocols import Ids
from knowledge.access import Scope
from knowledge.asked import Asked, Choice, asked, names_asked, rarity, shares
from knowledge.protocols import LexicalEntry, LexicalHit
from knowledge.synonyms import Table, no_synonyms
from knowledge.tokens import names_of, tokens

_K1: Final = 1.2
_B: Final = 0.75
_Rarity: TypeAlias = Callable[[str], float]


class MemoryLexicalIndex:
    """`LexicalIndex` in plain Python, scored by BM25 (k1 1.2, b 0.75) over what a viewer may see.

    Not persistent. A search reads one state throughout: an update replaces the state as a whole.
    """

    def __init__(self, *, synonyms: Table = no_synonyms) -> None:
        """Start empty; `synonyms` is asked at every search."""
        self._synonyms = synonyms
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

    def search(self, query: str, k: int, *, scope: Scope) -> list[LexicalHit]:
        """Find up to `k` passages; see `LexicalIndex`. A query without words finds nothing."""
        state, synonyms = self._state, self._synonyms()
        words = asked(query, synonyms)
        if words.is_empty or k < 1:
            return []
        within, seen = state.within(scope), state.within(Scope(scope.viewer))
        rarity_of = partial(state.rarity, seen=seen)
        named = state.carriers(names_asked(query, synonyms), within=within)
        hits = []
        for passage_id in within:
            score, exact = state.score(passage_id, words, rarity_of), passage_id in named
            if score > 0 or exact:
                hits.append(LexicalHit(passage_id, score, exact))
        return sorted(hits, key=lambda hit: (not hit.exact, -hit.score, hit.passage_id))[:k]

    def frequencies(self, terms: Sequence[str], *, scope: Scope) -> list[int]:
        """How many passages within the scope hold each term."""
        state = self._state
        return state.frequencies(terms, within=state.within(scope))

    def count(self, *, scope: Scope) -> int:
        """How many passages the scope admits."""
        return len(self._state.within(scope))


class _State:
    """Entries with what scoring them needs; never changed."""

    def __init__(self, entries: dict[int, LexicalEntry]) -> None:
        self.entries = entries
        self._words = {passage_id: _words(entry) for passage_id, entry in entries.items()}
        self._names = {passage_id: names_of(entry) for passage_id, entry in entries.items()}
        self._lengths = {passage_id: words.total() for passage_id, words in self._words.items()}
        self._average = sum(self._lengths.values()) / max(1, len(entries))

    def within(self, scope: Scope) -> list[int]:
        """Ids of the passages that a scope admits."""
        return [
            id_ for id_, each in self.entries.items() if scope.admits(each.document_id, each.facets)
        ]

    def carriers(self, possible: Iterable[Sequence[str]], *, within: Sequence[int]) -> set[int]:
        """Those of `within` that carry a name asked for, the longest of each that any does."""
        found: set[int] = set()
        for longest_first in possible:
            for name in longest_first:
                carriers = {id_ for id_ in within if name in self._names[id_]}
                if carriers:
                    found |= carriers
                    break
        return found

    def frequencies(self, terms: Sequence[str], *, within: Sequence[int]) -> list[int]:
        """How many of the passages `within` hold each term."""
        return [sum(term in self._words[id_] for id_ in within) for term in terms]

    def rarity(self, term: str, *, seen: Sequence[int]) -> float:
        """What a term weighs among the passages `seen`."""
        return rarity(len(seen), *self.frequencies([term], within=seen))

    def score(self, passage_id: int, query: Asked, rarity_of: _Rarity) -> float:
        """BM25 of one passage; of a word in several forms, the form that scores most."""
        total = self._sum(passage_id, query.plain, rarity_of)
        for choice in query.choices:
            total += self._best(passage_id, choice, rarity_of)
        return round(total, 4)

    def _best(self, passage_id: int, choice: Choice, rarity_of: _Rarity) -> float:
        """The form that scores most; one that was not typed, only if it stands there whole."""
        held = self._words[passage_id]
        return max(
            share * self._sum(passage_id, form, rarity_of)
            for n, (form, share) in enumerate(
                zip(choice, shares(choice, rarity=rarity_of), strict=True)
            )
            if not n or form.keys() <= held.keys()
        )

    def _sum(self, passage_id: int, weights: Counter[str], rarity_of: _Rarity) -> float:
        """A term counts as often as the query has it."""
        words, total = self._words[passage_id], 0.0
        norm = _K1 * (1 - _B + _B * self._lengths[passage_id] / (self._average or 1.0))
        for term, weight in weights.items():
            if times := words.get(term, 0):
                total += weight * rarity_of(term) * times * (_K1 + 1) / (times + norm)
        return total


def _words(entry: LexicalEntry) -> Counter[str]:
    parts = (entry.title, *entry.heading, entry.text)
    return Counter(token for part in parts for token in tokens(part))
