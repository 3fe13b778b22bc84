"""What a certainty is worth: measured on the questions that its weights were not fitted on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from knowledge.calibrating import Case, Kind, Numbers, counts_of, judged_by
from knowledge.weighing import Weights, certainty

BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Worth:
    """What a decision is worth on the held-back questions of one set (or of all).

    Shares are 0 … 1, NaN where no such question was asked. Accuracy and Brier score count as
    `knowledge.calibrating.fit` does: half of all questions can be answered.
    """

    dataset: str
    """The set that the questions were made for; empty: all."""
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
    """Probability that it is surer than one whose answers were removed."""
    accuracy: float
    """Share of right decisions at the threshold."""
    brier: float
    """Mean squared difference of certainty and truth: 0 the best, 0.25 a coin."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Held-back questions of about the same certainty."""

    questions: int
    predicted: float
    """Their mean certainty."""
    observed: float
    """Share of them that can be answered."""


def curve(cases: Sequence[Case], weights: Weights) -> tuple[Bin, ...]:
    """The calibration curve of the held-back questions: `BINS` of equal weight, least sure first.

    Sets and kinds count as they do for `fit`, so that half of all questions can be answered.
    """
    shown = _held_back(cases, weights)
    counts, sure, held = counts_of(shown), _sure(shown, weights), _held(shown)
    order = np.argsort(sure, kind="stable")
    reached = np.cumsum(counts[order]) / counts.sum()
    places = np.minimum((reached * BINS - 1e-9).astype(int), BINS - 1)
    bins = []
    for place in range(BINS):
        chosen = order[places == place]
        if len(chosen):
            predicted, observed = (
                float(np.average(values[chosen], weights=counts[chosen])) for values in (sure, held)
            )
            bins.append(Bin(len(chosen), predicted, observed))
    return tuple(bins)


def off(bins: Sequence[Bin]) -> float:
    """How far certainty and truth lie apart, on average over the bins: 0 … 1."""
    return math.fsum(abs(each.predicted - each.observed) for each in bins) / len(bins)


def worth(cases: Sequence[Case], weights: Weights) -> tuple[Worth, ...]:
    """What the decision is worth on the held-back half: a row for each set, and one of all."""
    shown = _held_back(cases, weights)
    names = list(dict.fromkeys(case.dataset for case in shown))
    rows = [_worth(name, [c for c in shown if c.dataset == name], weights) for name in names]
    return (*rows, _worth("", shown, weights))


def _worth(name: str, cases: Sequence[Case], weights: Weights) -> Worth:
    every, held, counts = _sure(cases, weights), _held(cases), counts_of(cases)
    sure = {kind: every[[case.kind is kind for case in cases]] for kind in Kind}
    missed = {
        kind: float((values < weights.threshold).mean()) if len(values) else math.nan
        for kind, values in sure.items()
    }
    right = (every >= weights.threshold) == (held > 0)
    return Worth(
        dataset=name,
        questions=len(cases),
        false_misses=missed[Kind.HELD],
        caught=missed[Kind.ELSEWHERE],
        caught_removed=missed[Kind.REMOVED],
        auc=_auc(sure[Kind.HELD], sure[Kind.ELSEWHERE]),
        auc_removed=_auc(sure[Kind.HELD], sure[Kind.REMOVED]),
        accuracy=float(np.average(right, weights=counts)),
        brier=float(np.average((every - held) ** 2, weights=counts)),
    )


def _held_back(cases: Sequence[Case], weights: Weights) -> list[Case]:
    return [case for case in judged_by(cases, across=weights.across) if not case.tuning]


def _sure(cases: Sequence[Case], weights: Weights) -> Numbers:
    return np.array([certainty(case.signs, weights) for case in cases], dtype=float)


def _held(cases: Sequence[Case]) -> Numbers:
    return np.array([case.kind is Kind.HELD for case in cases], dtype=float)


def _auc(higher: Numbers, lower: Numbers) -> float:
    if not len(higher) or not len(lower):
        return math.nan
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, "left") + np.searchsorted(ordered, higher, "right")
    return float(below.mean() / 2 / len(lower))
