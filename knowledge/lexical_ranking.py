"""Queries of the tantivy index for what is asked, and the best passages by them."""

from collections import Counter
from collections.abc import Sequence
from itertools import repeat
from typing import Final

import tantivy

from knowledge.asked import Asked, Choice, shares
from knowledge.lexical_scope import Clause, unscored
from knowledge.lexical_state import Weighing
from knowledge.protocols import LexicalHit

MOST_TERMS: Final = 400
"""Of a longer query only the rarest count, and no other form of a word."""
_SCORE_DIGITS: Final = 4
_LAST_DIGIT: Final = 1.5e-4
"""Scores nearer than this differ by the rounding of the last digit kept, or not at all."""
_FEW: Final = 2_000
"""Passages that are scored one by one; more are scored a stretch of the index at a time."""
_MOST_ADDED: Final = 100
"""Clauses that are added one upon the other."""


class Ranking:
    """Ranks the passages of one state for one viewer."""

    def __init__(self, schema: tantivy.Schema, weighing: Weighing, *, within: list[Clause]) -> None:
        """Begin.

        Args:
            schema: of the index.
            weighing: what words weigh.
            within: clauses that admit the passages of the scope.
        """
        self._schema = schema
        self._weighing = weighing
        self._within = within

    def carrying(self, names: tantivy.Query, query: Asked, k: int) -> list[LexicalHit]:
        """The best of those that carry a name, as exact hits, with or without a word."""
        must = [*self._within, (tantivy.Occur.Must, names)]
        return self._best(_adding(must, self._words(query)), k, exact=True)

    def ranked(self, query: Asked, k: int) -> list[LexicalHit]:
        """The best by words alone.

        The engine passes over what cannot rank only where words have one form; so passages that
        hold another form are ranked apart. Each passage's score is the higher of the two.
        """
        typed = self._words(query.as_typed)
        hits = self._best(_within(self._within, typed), k, exact=False)
        forms = [self._whole(form) for choice in query.choices for form in choice[1:]]
        holding = tantivy.Query.boolean_query(forms)
        held = self._weighing.searcher.search(holding, limit=1)
        # The engine's type stubs leave the count out.
        if not forms or not (count := held.count):  # type: ignore[attr-defined]
            return hits
        must = [*self._within, (tantivy.Occur.Must, unscored(holding))]
        restricted = (_adding if count <= _FEW else _within)(must, self._words(query))
        more = self._best(restricted, k, exact=False)
        best = {hit.passage_id: hit for hit in sorted([*hits, *more], key=lambda hit: hit.score)}
        return self._ordered(list(best.values()))[:k]

    def _whole(self, form: Counter[str]) -> Clause:
        every = self._clauses(form, tantivy.Occur.Must)
        return tantivy.Occur.Should, tantivy.Query.boolean_query(every)

    def _words(self, query: Asked) -> list[Clause]:
        weights = query.plain
        if len(weights) > MOST_TERMS:
            frequency = {term: self._weighing.frequency(term) for term in weights}
            every = self._weighing.searcher.num_docs
            rarest = sorted(weights, key=lambda term: (frequency[term] or every, term))
            weights = Counter({term: weights[term] for term in rarest[:MOST_TERMS]})
        choices = [self._choice(choice) for choice in query.choices]
        return [*self._clauses(weights, tantivy.Occur.Should), *choices]

    def _choice(self, choice: Choice) -> Clause:
        weighed = shares(choice, rarity=self._weighing.rarity)
        occurs = (tantivy.Occur.Should, *repeat(tantivy.Occur.Must, len(choice) - 1))
        forms = [
            tantivy.Query.boost_query(
                tantivy.Query.boolean_query(self._clauses(form, occur)), share
            )
            for form, occur, share in zip(choice, occurs, weighed, strict=True)
        ]
        return tantivy.Occur.Should, tantivy.Query.disjunction_max_query(forms)

    def _clauses(self, weights: Counter[str], occur: tantivy.Occur) -> list[Clause]:
        return [(occur, self._term(term, weight)) for term, weight in weights.items()]

    def _term(self, value: str, times: int) -> tantivy.Query:
        term = tantivy.Query.term_query(self._schema, "words", value, "freq")
        weight = times * self._weighing.boost(value)
        return term if weight == 1 else tantivy.Query.boost_query(term, float(weight))

    def _best(self, query: tantivy.Query, k: int, *, exact: bool) -> list[LexicalHit]:
        """Search so that equal scores fall by id, also across the last place.

        The engine breaks ties by place on disk, so it is asked for more until a lower score
        appears.
        """
        searcher, limit = self._weighing.searcher, k + 16
        while True:
            found = searcher.search(query, limit=min(limit, searcher.num_docs), count=False)
            scores = self._levelled([round(score, _SCORE_DIGITS) for score, _ in found.hits])
            if len(scores) < limit or scores[-1] < scores[k - 1]:
                break
            limit *= 4
        ranked = sorted(
            zip(scores, ids_at(searcher, found), strict=True), key=lambda hit: (-hit[0], hit[1])
        )
        return [LexicalHit(passage_id, score, exact) for score, passage_id in ranked[:k]]

    def _ordered(self, hits: Sequence[LexicalHit]) -> list[LexicalHit]:
        falling = sorted(hits, key=lambda hit: -hit.score)
        scores = self._levelled([hit.score for hit in falling])
        level = [
            LexicalHit(hit.passage_id, score, hit.exact)
            for hit, score in zip(falling, scores, strict=True)
        ]
        return sorted(level, key=lambda hit: (-hit.score, hit.passage_id))

    def _levelled(self, falling: list[float]) -> list[float]:
        """Make scores equal that only the rounding of the viewer's own weights sets apart.

        Else two equal passages would come in one order or the other by what is hidden.
        """
        if not self._weighing.is_own:
            return falling
        level: list[float] = []
        for score in falling:
            is_same = bool(level) and level[-1] - score < _LAST_DIGIT
            level.append(level[-1] if is_same else score)
        return level


def _within(must: Sequence[Clause], words: Sequence[Clause]) -> tantivy.Query:
    """Passages that all of `must` admit and that have any of the words."""
    query = tantivy.Query.boolean_query(list(words))
    return tantivy.Query.boolean_query([*must, (tantivy.Occur.Must, query)]) if must else query


def _adding(must: Sequence[Clause], words: Sequence[Clause]) -> tantivy.Query:
    """The few passages that all of `must` admit, with the scores of the words they have.

    Of several optional clauses the engine scores 4,096 passages around each one asked for, of a
    single clause that passage alone: up to three times as fast for 1,000 passages.
    """
    query = tantivy.Query.boolean_query(list(must))
    if len(words) > _MOST_ADDED:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *words])
    for clause in words:
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), clause])
    return query


def ids_at(searcher: tantivy.Searcher, found: tantivy.SearchResult) -> list[int]:
    """Ids of the passages found, in their order."""
    values = searcher.fast_field_values("id", [address for _, address in found.hits])
    return [int(value) for value in values if value is not None]
