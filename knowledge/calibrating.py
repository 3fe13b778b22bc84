"""Judged sets → how sure a search may be: fits the weights of `knowledge.weighing`.

Three kinds of question are asked of a collection that holds one set:

- *held*: a question of that set, whose answers are there;
- *removed*: the same question, with every document that was judged to answer it kept from the
  search by a filter. Hard, and not quite fair: what is left may be of the same subject, or answer
  it though no judge said so; and how rare a word is still counts the documents left out;
- *elsewhere*: a question that was made for another set.

Where a set mixes Chinese and English, its questions are also asked of the other language alone:
held if an answer is written in it, then removed. Weights are fitted on a fixed half of the
questions; `knowledge.reliability` measures on the other half.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from knowledge.evaluation import SOURCE
from knowledge.filter import Filter
from knowledge.judged import Half, JudgedSet, half_of
from knowledge.lookups import Standing
from knowledge.model import Mode
from knowledge.retrieval import Retriever
from knowledge.store.documents import Documents
from knowledge.text import HAN
from knowledge.weighing import COSINES, SIGNS, Signs, Weights, certainty

FALSE_MISSES: Final = 0.03
"""Share of the answerable questions of the tuning half that may be told “not found”."""
HARD: Final = 0.3
"""Share of the unanswerable questions' weight that those with the answers removed have."""
FEW: Final = 50
WORDS_ALONE: Final = ("coverage", "together", "unknown")
_HAN: Final = re.compile(f"[{HAN}]")
_STEPS: Final = 50
_RIDGE: Final = 1e-3

Numbers = npt.NDArray[np.float64]


class Kind(StrEnum):
    """Whether a question can be answered."""

    HELD = "held"
    REMOVED = "removed"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Case:
    """One question asked."""

    dataset: str
    """The set that the question was made for."""
    kind: Kind
    tuning: bool
    """True in the half that weights are fitted on."""
    signs: Signs


def is_tuning(query_id: str) -> bool:
    """Whether a question belongs to the half that is tuned on: fixed for all times."""
    return half_of(query_id) is Half.TUNING


def ask_all(
    held: JudgedSet,
    others: Sequence[JudgedSet],
    *,
    retriever: Retriever,
    documents: Documents,
    mode: Mode,
    limit: int,
) -> Iterator[Case]:
    """Ask up to `limit` questions of each kind of a collection that holds one set.

    Args:
        held: the set that `documents` hold, and nothing else.
        others: sets whose questions it cannot answer; they share the limit.
        retriever: searches them.
        documents: as `knowledge.evaluation.load` added them.
        mode: `Mode.LEXICAL` for weights of words alone.
        limit: at least 1.
    """
    by_source = {each.source: each.id for each in documents.find()}
    ids = frozenset(by_source.values())
    texts = {each.id: each.text for each in held.corpus}
    foreign = frozenset(
        id_
        for source, id_ in by_source.items()
        if not _HAN.search(texts[source.removeprefix(SOURCE)])
    )
    for query_id, query in _some(held, limit):
        answers = {by_source[f"{SOURCE}{name}"] for name in held.qrels[query_id]}
        signs = _asked(retriever, query, mode=mode)
        yield Case(held.name, Kind.HELD, is_tuning(query_id), signs)
        signs = _asked(retriever, query, mode=mode, only=ids - answers)
        yield Case(held.name, Kind.REMOVED, is_tuning(query_id), signs)
        abroad = foreign if _HAN.search(query) else ids - foreign
        if mode is not Mode.LEXICAL and answers & abroad:
            signs = _asked(retriever, query, mode=mode, only=abroad)
            yield Case(held.name, Kind.HELD, is_tuning(query_id), signs)
            signs = _asked(retriever, query, mode=mode, only=abroad - answers)
            yield Case(held.name, Kind.REMOVED, is_tuning(query_id), signs)
    for other in others:
        for query_id, query in _some(other, -(-limit // len(others)), salt=held.name):
            signs = _asked(retriever, query, mode=mode)
            yield Case(other.name, Kind.ELSEWHERE, is_tuning(query_id), signs)


def fit(cases: Sequence[Case], *, encoder: str | None, across: bool = False) -> Weights:
    """Fit a logistic model on the tuning half, and choose its threshold there.

    Every set counts alike, answerable and unanswerable questions count alike. Newton's method with
    a small ridge.

    Args:
        cases: of all sets; all of them with cosines, or `encoder` is None.
        encoder: whose cosines they have; None fits words alone.
        across: fit those of another script than what they found, by cosines alone.
    """
    chosen = [
        case
        for case in judged_by(cases, across=across)
        # A name decides by itself.
        if case.tuning and not case.signs.exact and case.signs.standing is not Standing.ABSENT
    ]
    names = WORDS_ALONE if encoder is None else COSINES if across else SIGNS
    signs = np.array([[getattr(case.signs, name) for name in names] for case in chosen], float)
    held = np.array([case.kind is Kind.HELD for case in chosen], float)
    base, values = _logistic(signs, held, counts=counts_of(chosen))
    fitted = dict(zip(names, (round(value, 2) for value in values), strict=True))
    made = Weights(encoder=encoder, across=across, base=round(base, 2), threshold=0.0, **fitted)
    sure = [certainty(case.signs, made) for case in chosen if case.kind is Kind.HELD]
    threshold = float(np.quantile(sure, FALSE_MISSES))
    return replace(made, threshold=round(threshold, 3))


def judged_by(cases: Sequence[Case], *, across: bool) -> list[Case]:
    """Those that the weights for another script decide, or those that the others do."""
    return [case for case in cases if case.signs.across is across]


def counts_of(cases: Sequence[Case]) -> Numbers:
    """How much each case counts: held as much as the rest, and within a kind all sets alike.

    A set with fewer than `FEW` questions of a kind counts for as many as it has.
    """
    keys = [(case.dataset, case.kind) for case in cases]
    sizes = Counter(keys)
    each = np.array([1 / max(sizes[key], FEW) for key in keys], dtype=float)
    shares = {Kind.HELD: 1.0, Kind.REMOVED: HARD, Kind.ELSEWHERE: 1 - HARD}
    for kind, share in shares.items():
        those = np.array([key[1] is kind for key in keys], dtype=bool)
        each[those] *= 1000 * share / (each[those].sum() or 1.0)
    return each


def _asked(
    retriever: Retriever, query: str, *, mode: Mode, only: frozenset[int] = frozenset()
) -> Signs:
    findings = retriever.ask(query, 1, mode=mode, selection=Filter(documents=only), collapse=False)
    return findings.signs or Signs(0.0, 0.0, 1.0, 0.0, 0.0)


def _some(judged: JudgedSet, limit: int, *, salt: str = "") -> list[tuple[str, str]]:
    """The first `limit` questions in an order that has nothing to do with the file's."""
    order = {id_: hashlib.sha256(f"{salt}:{id_}".encode()).digest() for id_ in judged.queries}
    return sorted(judged.queries.items(), key=lambda pair: order[pair[0]])[:limit]


def _logistic(signs: Numbers, held: Numbers, *, counts: Numbers) -> tuple[float, list[float]]:
    middle, width = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    rows = np.column_stack([np.ones(len(signs)), (signs - middle) / width])
    values = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        sure = 1 / (1 + np.exp(-np.clip(rows @ values, -60, 60)))
        slope = rows.T @ (counts * (held - sure)) - _RIDGE * values
        bend = (rows * (counts * sure * (1 - sure))[:, None]).T @ rows
        values += np.linalg.solve(bend + _RIDGE * np.eye(len(values)), slope)
    real = values[1:] / width
    return float(values[0] - real @ middle), [float(value) for value in real]
