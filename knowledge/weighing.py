"""How sure a search may be that it found an answer: its signs, weighed into one probability.

A logistic model; `knowledge.calibrating` fits it on judged sets. Weights belong to one encoder, as
every encoder has cosines of its own.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from embeddings.durable import write_durably
from knowledge.errors import BadWeightsError
from knowledge.lookups import Standing

COSINES: Final = ("nearness", "lift")
SIGNS: Final = ("coverage", "together", "unknown", *COSINES)
"""Names of the signs that are weighed, as `Weights` has them."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of one search when it is done, each 0 … 1 but for the cosines."""

    coverage: float
    """Largest share of the query's words that one of the first results holds, rare words more."""
    together: float
    """The same share for the first results together."""
    unknown: float
    """The same share for the words that no passage which may be found holds."""
    nearness: float | None = None
    """Cosine of the nearest passage; None where only words were compared."""
    lift: float | None = None
    """`nearness` less the mean cosine to unrelated sentences in the language of what was found."""
    across: bool = False
    """All first results are in another script than the query, so that words cannot meet."""
    exact: bool = False
    """The best result carries a whole name that the query has."""
    name: str | None = None
    """The name that the query is a look-up of, as typed; None where it asks."""
    standing: Standing = Standing.HELD
    """What the first results have of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A fitted logistic model; the certainty is 1 / (1 + e^-x) of its weighted sum x."""

    encoder: str | None
    """What the name of the encoder begins with whose cosines it was fitted on; None: words."""
    across: bool = False
    """For queries in another script than what they find: only cosines count."""
    base: float
    coverage: float = 0.0
    together: float = 0.0
    unknown: float = 0.0
    nearness: float = 0.0
    lift: float = 0.0
    threshold: float
    """Certainty below which nothing was found."""


# Fitted by `knowledge.calibrating` on the tuning half of five judged sets, 300 questions of each
# kind and set: encyclopaedia in Chinese, in traditional characters and mixed with English, epidemic
# policy, lay questions of law. README "Answers, not nonsense" has the figures of the other half.
LEXICAL: Final = Weights(
    encoder=None, base=-1.21, coverage=6.08, together=0.13, unknown=-2.61, threshold=0.16
)
BUNDLED: Final = Weights(
    encoder="multilingual-e5-small",
    base=-34.89,
    coverage=4.41,
    together=0.41,
    unknown=0.7,
    nearness=34.55,
    lift=26.76,
    threshold=0.188,
)
ACROSS: Final = Weights(
    encoder="multilingual-e5-small",
    across=True,
    base=-34.37,
    nearness=38.66,
    lift=28.94,
    threshold=0.171,
)
FILE_NAME: Final = "certainty.json"
"""Of a home: weights fitted there."""
_ALL: Final = 0.999
_NO_WORD: Final = 0.02
"""Certainty, at the most, where no document holds any word of the query: none of the 1,500
answerable questions asked was such, and one in thirty of another set's."""
_EVERY_WORD: Final = 0.5
"""Certainty, at the least, where one passage holds every word of the query: who types a few words
wants to see it, though few words lie far from any passage by meaning."""
SHIPPED: Final = (BUNDLED, ACROSS, LEXICAL)
"""Those that come with the product."""


def certainty(signs: Signs, weights: Weights) -> float:
    """Probability that the collection holds an answer, 0 … 1.

    1 for a name that was found, 0 for one that was looked up and is not held.
    """
    if signs.exact or signs.standing is Standing.ABSENT:
        return float(signs.exact)
    x = weights.base + weights.coverage * signs.coverage + weights.together * signs.together
    x += weights.unknown * signs.unknown
    x += weights.nearness * (signs.nearness or 0.0) + weights.lift * (signs.lift or 0.0)
    sure = 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))
    if signs.coverage >= _ALL:
        return max(sure, _EVERY_WORD)
    return min(sure, _NO_WORD) if signs.unknown >= _ALL and not signs.across else sure


def suiting(known: Iterable[Weights], *, encoder: str | None, across: bool) -> Weights | None:
    """The first of `known` that was fitted for an encoder of this name; None: for words alone."""
    return next(
        (each for each in known if _suits(each, encoder) and each.across is across),
        None,
    )


def read_weights(path: Path) -> tuple[Weights, ...]:
    """Weights that `write_weights` wrote; none where nothing is at `path`.

    Raises:
        BadWeightsError: the file is damaged.
    """
    try:
        rows = json.loads(path.read_text("utf-8"))
        return tuple(Weights(**row) for row in rows)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise BadWeightsError(path=path, reason=error) from error


def write_weights(path: Path, fitted: Iterable[Weights]) -> None:
    """Keep weights, in place of what was kept before."""
    rows = [asdict(each) for each in fitted]
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    write_durably(path, text.encode())


def _suits(weights: Weights, encoder: str | None) -> bool:
    if weights.encoder is None or encoder is None:
        return weights.encoder is encoder
    return encoder.startswith(weights.encoder)
