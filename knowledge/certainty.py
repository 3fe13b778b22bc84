"""Whether a collection holds an answer at all: signs of a search, one probability, one decision.

A search always finds something near. Five signs that cost nothing tell an answer from a near miss
(`knowledge.weighing`); README "Answers, not nonsense" shows how well. Where nobody has calibrated
the encoder, words alone decide.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from embeddings.protocols import Vectors
from knowledge.access import Scope
from knowledge.asked import rarity
from knowledge.backdrop import Backdrop
from knowledge.explaining import split, terms_of, words_of
from knowledge.lookups import Standing, looked_up, standing
from knowledge.model import Result
from knowledge.protocols import LexicalIndex
from knowledge.synonyms import Table, no_synonyms
from knowledge.text import HAN
from knowledge.tokens import Sought, tokens
from knowledge.weighing import SHIPPED, Signs, Weights, certainty, suiting

LOOKED_AT: Final = 10
"""How many of the first results are read for the query's words."""

_HAN: Final = re.compile(f"[{HAN}]")
_HARDLY: Final = 0.5
"""Coverage below which a query in another script than its best result has no words to go by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """How it was searched."""

    scope: Scope
    """For whom, and under which filter: what it keeps out has no part in any sign."""
    vector: Vectors | None = None
    """The query's, shape ``(1, dimension)``; None where only words were compared."""
    nearest: float | None = None
    """The best cosine of the dense list, if there is one."""
    by_words: bool = True
    """False where only vectors were compared: they find no name, so none is missed."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a question found: passages that may answer it, or only near misses."""

    results: tuple[Result, ...]
    misses: tuple[Result, ...]
    """The nearest passages where `answered` is False, best first; else empty."""
    certainty: float
    """Probability, 0 … 1, that the collection holds an answer (as if half of all questions had
    one); 1 for a name that was found, 0 where nothing was found."""
    answered: bool
    unknown: tuple[str, ...] = ()
    """Runs of the query, as typed, that no passage holds."""
    signs: Signs | None = None
    """What the certainty was worked out from; None where nothing was found."""
    is_filtered: bool = False
    """True where a filter was set: all of this holds of the documents that it lets through."""

    @property
    def every(self) -> tuple[Result, ...]:
        """Results and misses."""
        return (*self.results, *self.misses)

    @property
    def not_held(self) -> str | None:
        """The title, article or document number that was looked up and is not held, as typed.

        What is answered nevertheless speaks of it.
        """
        signs = self.signs
        return None if signs is None or signs.standing is Standing.HELD else signs.name


class Judge:
    """Decides whether what a search found can answer it; safe in several threads."""

    def __init__(
        self,
        lexical: LexicalIndex,
        *,
        backdrop: Backdrop | None = None,
        fitted: Iterable[Weights] = (),
        synonyms: Table = no_synonyms,
    ) -> None:
        """Begin.

        Args:
            lexical: tells how rare a word is.
            backdrop: of the encoder that searches; None where only words are compared.
            fitted: weights made here, used before those that come with the product.
            synonyms: what counts as the same word; asked at every search.
        """
        self._lexical = lexical
        self._backdrop = backdrop
        self._synonyms = synonyms
        self._known = (*reversed(tuple(fitted)), *SHIPPED)

    def judge(
        self,
        query: str,
        results: Sequence[Result],
        *,
        k: int,
        searched: Searched,
    ) -> Findings:
        """Give the first `k` of what `query` found as results, or all of them as misses.

        Args:
            query: as typed.
            results: best first; at least `LOOKED_AT` where there are as many.
            k: how many to give.
            searched: how they were found.
        """
        every = tuple(results[:k])
        held = self._held(query, searched.scope)
        unknown = split(query, held)[1]
        is_filtered = not searched.scope.selection.is_open
        if not every:
            return Findings((), (), 0.0, False, unknown, is_filtered=is_filtered)
        signs = self._signs(query, results, searched=searched, held=held)
        weights = self._weights(signs)
        # What has no word asks for nothing.
        sure = certainty(signs, weights) if terms_of(query) else 0.0
        if sure < weights.threshold:
            return Findings((), every, sure, False, unknown, signs, is_filtered)
        return Findings(every, (), sure, True, unknown, signs, is_filtered)

    def signs(
        self,
        query: str,
        results: Sequence[Result],
        *,
        searched: Searched,
    ) -> Signs:
        """Read the signs of a search; arguments as for `judge`."""
        held = self._held(query, searched.scope)
        return self._signs(query, results, searched=searched, held=held)

    def unknown(self, query: str, scope: Scope) -> tuple[str, ...]:
        """Runs of the query, as typed, that no passage within the scope holds in any form."""
        return split(query, self._held(query, scope))[1]

    def _signs(
        self, query: str, results: Sequence[Result], *, searched: Searched, held: frozenset[str]
    ) -> Signs:
        worth = self._rarity(terms_of(query), searched.scope)
        whole = math.fsum(worth.values()) or 1.0
        synonyms, first = self._synonyms(), results[:LOOKED_AT]
        sought = Sought(chain(worth, *map(tokens, synonyms.others(query))))
        read = [synonyms.widened(query, words_of(result, sought)) for result in first]
        coverage = max((_share(worth, each) / whole for each in read), default=0.0)
        common: frozenset[str] = frozenset().union(*read)
        texts = [result.passage.text for result in first]
        nearest, name = searched.nearest, looked_up(query) if searched.by_words else None
        return Signs(
            coverage=coverage,
            together=_share(worth, common) / whole,
            unknown=1 - _share(worth, held) / whole,
            nearness=nearest,
            lift=self._lift(searched.vector, nearest, chinese=any(map(_is_chinese, texts[:1]))),
            # One result in the query's own script, and words could have met.
            across=nearest is not None
            and coverage < _HARDLY
            and bool(_HAN.search(query)) not in map(_is_chinese, texts),
            exact=any(result.parts.get("exact", 0) > 0 for result in results[:1]),
            name=name,
            standing=Standing.HELD if name is None else self._standing(name, first),
        )

    def _weights(self, signs: Signs) -> Weights:
        name = self._backdrop.encoder if self._backdrop and signs.lift is not None else None
        found = suiting(self._known, encoder=name, across=signs.across)
        found = found or suiting(self._known, encoder=name, across=False)
        words_alone = next(each for each in self._known if each.encoder is None)
        return found or words_alone

    def _lift(
        self, vector: Vectors | None, nearest: float | None, *, chinese: bool
    ) -> float | None:
        if self._backdrop is None or vector is None or nearest is None:
            return None
        return nearest - self._backdrop.nearness(vector, chinese=chinese)

    def _standing(self, name: str, first: Sequence[Result]) -> Standing:
        return standing(first, (name, *self._synonyms().variants(name)))

    def _held(self, query: str, scope: Scope) -> frozenset[str]:
        """The words of a query that any passage holds, in the form typed or another one."""
        synonyms = self._synonyms()
        forms = (token for other in synonyms.others(query) for token in tokens(other))
        words = list(dict.fromkeys([*tokens(query), *forms]))
        times = zip(words, self._lexical.frequencies(words, scope=scope), strict=True)
        return synonyms.widened(query, frozenset(word for word, count in times if count))

    def _rarity(self, terms: Sequence[str], scope: Scope) -> dict[str, float]:
        # A word is no rarer for a filter, but what is hidden tells nothing of itself.
        everywhere = Scope(scope.viewer)
        total = self._lexical.count(scope=everywhere)
        frequencies = self._lexical.frequencies(terms, scope=everywhere)
        return {term: rarity(total, times) for term, times in zip(terms, frequencies, strict=True)}


def _is_chinese(text: str) -> bool:
    return len(_HAN.findall(text)) > len(text) / 5


def _share(worth: dict[str, float], words: frozenset[str]) -> float:
    return math.fsum(value for term, value in worth.items() if term in words)
