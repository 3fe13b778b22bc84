"""Judged sets → how sure a search may be: fits `knowledge.certainty`, and shows what it is worth.

Three kinds of question: one whose answer is held; the same one where the passages that answer it
are kept from the search (hard: what is left may be of the same subject, or even answer it); one
that was made for another set. The weights are fitted on a fixed half of the questions; every
figure is of the other half.
"""

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from knowledge.certainty import COSINES, SIGNS, Signs, Weights, certainty
from knowledge.evaluation import SOURCE
from knowledge.judged import JudgedSet
from knowledge.model import Filter, Mode
from knowledge.retrieval import Retriever
from knowledge.store.documents import Documents
from knowledge.text import HAN

FALSE_MISSES: Final = 0.02
"""Share of the answerable questions of the tuning half that may be told “not found”."""
HARD: Final = 0.3
"""Share of the unanswerable questions' weight that those with the answers removed have."""
WORDS_ALONE: Final = ("coverage", "together", "unknown")
BINS: Final = 10
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


@dataclass(frozen=True, slots=True)
class Worth:
    """What a decision is worth on the held-back questions of one set (or of all)."""

    dataset: str
    questions: int
    false_misses: float
    """Share of the answerable that were told “not found”."""
    caught: float
    """Share of another set's questions that were told so."""
    caught_removed: float
    """Share of the questions with their answers removed that were told so."""
    auc: float
    """Probability that an answerable question is surer than another set's question."""
    auc_removed: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Held-back questions of about the same certainty."""

    questions: int
    predicted: float
    """Their mean certainty."""
    observed: float
    """Share of them that can be answered."""


def is_tuning(query_id: str) -> bool:
    """Whether a question belongs to the half that is tuned on: fixed for all times."""
    return hashlib.sha256(query_id.encode()).digest()[0] & 1 == 0


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
    chosen = [case for case in _fitting(cases, across) if case.tuning and not case.signs.exact]
    names = WORDS_ALONE if encoder is None else COSINES if across else SIGNS
    signs = np.array([[getattr(case.signs, name) for name in names] for case in chosen], float)
    held = np.array([case.kind is Kind.HELD for case in chosen], float)
    base, values = _logistic(signs, held, counts=_counts(chosen))
    fitted = dict(zip(names, (round(value, 2) for value in values), strict=True))
    made = Weights(encoder=encoder, across=across, base=round(base, 2), threshold=0.0, **fitted)
    sure = [certainty(case.signs, made) for case in chosen if case.kind is Kind.HELD]
    threshold = float(np.quantile(sure, FALSE_MISSES))
    return replace(made, threshold=round(threshold, 3))


def curve(cases: Sequence[Case], weights: Weights) -> tuple[Bin, ...]:
    """The calibration curve of the held-back questions: `BINS` of equal weight, least sure first.

    Sets and kinds count as they do for `fit`, so that half of all questions can be answered.
    """
    shown = [case for case in _fitting(cases, weights.across) if not case.tuning]
    counts = _counts(shown)
    sure = np.array([_sureness(case, weights) for case in shown])
    held = np.array([case.kind is Kind.HELD for case in shown], float)
    order = np.argsort(sure, kind="stable")
    reached = np.cumsum(counts[order]) / counts.sum()
    places = np.minimum((reached * BINS - 1e-9).astype(int), BINS - 1)
    bins = []
    for place in range(BINS):
        chosen = order[places == place]
        if len(chosen):
            weight = counts[chosen]
            predicted, observed = (
                float(np.average(v[chosen], weights=weight)) for v in (sure, held)
            )
            bins.append(Bin(len(chosen), predicted, observed))
    return tuple(bins)


def worth(cases: Sequence[Case], weights: Weights) -> tuple[Worth, ...]:
    """What the decision is worth on the held-back half: a row for each set, and one of all."""
    shown = [case for case in _fitting(cases, weights.across) if not case.tuning]
    names = list(dict.fromkeys(case.dataset for case in shown))
    rows = [_worth(name, [c for c in shown if c.dataset == name], weights) for name in names]
    return (*rows, _worth("", shown, weights))


def _worth(name: str, cases: Sequence[Case], weights: Weights) -> Worth:
    sure = {
        kind: np.array([_sureness(case, weights) for case in cases if case.kind is kind])
        for kind in Kind
    }
    missed = {
        kind: float((values < weights.threshold).mean()) if len(values) else math.nan
        for kind, values in sure.items()
    }
    return Worth(
        dataset=name,
        questions=len(cases),
        false_misses=missed[Kind.HELD],
        caught=missed[Kind.ELSEWHERE],
        caught_removed=missed[Kind.REMOVED],
        auc=_auc(sure[Kind.HELD], sure[Kind.ELSEWHERE]),
        auc_removed=_auc(sure[Kind.HELD], sure[Kind.REMOVED]),
    )


def _asked(
    retriever: Retriever, query: str, *, mode: Mode, only: frozenset[int] = frozenset()
) -> Signs:
    findings = retriever.ask(query, 1, mode=mode, selection=Filter(documents=only), collapse=False)
    return findings.signs or Signs(0.0, 0.0, 1.0, 0.0, 0.0)


def _some(judged: JudgedSet, limit: int, *, salt: str = "") -> list[tuple[str, str]]:
    """The first `limit` questions in an order that has nothing to do with the file's."""
    order = {id_: hashlib.sha256(f"{salt}:{id_}".encode()).digest() for id_ in judged.queries}
    return sorted(judged.queries.items(), key=lambda pair: order[pair[0]])[:limit]


def _fitting(cases: Sequence[Case], across: bool) -> list[Case]:
    return [case for case in cases if case.signs.across is across]


def _sureness(case: Case, weights: Weights) -> float:
    return 1.0 if case.signs.exact else certainty(case.signs, weights)


def _counts(cases: Sequence[Case]) -> Numbers:
    """How much each case counts: sets alike, and held as much as the rest."""
    keys = [(case.dataset, case.kind) for case in cases]
    sizes = {key: keys.count(key) for key in set(keys)}
    shares = {Kind.HELD: 1.0, Kind.REMOVED: HARD, Kind.ELSEWHERE: 1 - HARD}
    return np.array([1000 * shares[key[1]] / sizes[key] for key in keys])


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


def _auc(higher: Numbers, lower: Numbers) -> float:
    if not len(higher) or not len(lower):
        return math.nan
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, "left") + np.searchsorted(ordered, higher, "right")
    return float(below.mean() / 2 / len(lower))
