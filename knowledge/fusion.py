"""Two candidate lists into one, by a convex combination of normalised scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from knowledge.errors import BadWeightError
from knowledge.protocols import LexicalHit


@dataclass(frozen=True, slots=True)
class Fused:
    """One passage of the fused list."""

    passage_id: int
    score: float
    """The sum of `parts`: 0 … 2."""
    lexical_rank: int | None
    """1 for the best of the lexical list; None when it is not in it."""
    dense_rank: int | None
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """``lexical`` and ``dense``, already weighted, and ``exact`` (1 for a whole name)."""


def fuse(
    lexical: Sequence[LexicalHit], dense: Sequence[tuple[int, float]], *, weight: float
) -> list[Fused]:
    """Fuse the candidate lists of one query.

    A lexical score is divided by the query's best; a dense score is scaled between the query's
    best (1) and its last candidate (0); a passage that a list lacks has 0 there. Exact hits come
    first, then falling scores, ties by ascending id. The order of either list does not matter; of
    an id given twice its best counts.

    Args:
        lexical: lexical candidates, scores not negative.
        dense: ids and inner products.
        weight: share of the dense side, 0 … 1.

    Raises:
        BadWeightError: `weight` is outside 0 … 1.
    """
    if not 0 <= weight <= 1:
        raise BadWeightError(weight=weight)
    hits = sorted(lexical, key=lambda hit: (not hit.exact, -hit.score, hit.passage_id))
    pairs = sorted(dense, key=lambda pair: (-pair[1], pair[0]))
    words = {hit.passage_id: hit for hit in reversed(hits)}
    meaning = dict(reversed(pairs))
    word_shares = _scaled({id_: hit.score for id_, hit in words.items()}, lowest=0.0)
    meaning_shares = _scaled(meaning, lowest=min(meaning.values(), default=0.0))
    word_ranks = _ranks([hit.passage_id for hit in hits])
    meaning_ranks = _ranks([passage_id for passage_id, _ in pairs])
    fused = []
    for passage_id in words.keys() | meaning.keys():
        parts = {
            "lexical": (1 - weight) * word_shares.get(passage_id, 0.0),
            "dense": weight * meaning_shares.get(passage_id, 0.0),
            "exact": float(passage_id in words and words[passage_id].exact),
        }
        ranks = word_ranks.get(passage_id), meaning_ranks.get(passage_id)
        fused.append(Fused(passage_id, sum(parts.values()), *ranks, MappingProxyType(parts)))
    return sorted(fused, key=lambda one: (-one.parts["exact"], -one.score, one.passage_id))


def _scaled(scores: Mapping[int, float], *, lowest: float) -> dict[int, float]:
    """Bring scores from `lowest` … best to 0 … 1; when all are equal, each is the best."""
    width = max(scores.values(), default=0.0) - lowest
    if width <= 0:
        return dict.fromkeys(scores, 1.0)
    return {passage_id: (score - lowest) / width for passage_id, score in scores.items()}


def _ranks(ids: Sequence[int]) -> dict[int, int]:
    return {passage_id: rank for rank, passage_id in enumerate(dict.fromkeys(ids), start=1)}
