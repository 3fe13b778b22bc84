"""The gate on hard pairs written by hand, and on pairs made by rule, each with one thing wrong."""

from collections import Counter
from pathlib import Path

import pytest

from briefs.gate import check
from tests.benchmarks.gate import Figures, make, measure
from tests.gate_hard import HardPair, hard_pairs
from tests.gate_mutants import TYPES, mutants

HARD = list(hard_pairs())


def measured(folder: Path | None, *, count: int) -> Figures:
    true = list(make(folder, count=count))
    return measure(true, list(mutants(true, seed=7)))


def caught(figures: Figures, kind: str) -> float:
    return figures.caught[kind] / figures.mutated[kind]


@pytest.mark.parametrize("sort", sorted({pair.sort for pair in HARD}))
def test_hard_pairs_are_told_right(sort: str) -> None:
    some = [pair for pair in HARD if pair.sort == sort]
    assert len(some) >= 60
    assert 0.4 <= sum(pair.type is None for pair in some) / len(some) <= 0.6
    assert [pair.id for pair in some if not _is_right(pair)] == []


def _is_right(pair: HardPair) -> bool:
    return pair.is_right(check(pair.claim, pair.witnesses, others=pair.others))


def test_every_type_of_fault_has_a_hard_pair() -> None:
    # A sign is told as part of its number.
    types = {*TYPES, "quote", "frankenquote", "misattributed"} - {"sign"}
    assert {pair.type for pair in HARD} >= types


def test_pairs_of_own_texts() -> None:
    figures = measured(None, count=1200)
    assert figures.true.total() >= 250
    assert figures.faulted.total() <= 0.01 * figures.true.total(), figures.faulted
    assert figures.caught.total() >= 0.98 * figures.mutated.total()


def test_pairs_of_real_texts(shared: Path) -> None:
    figures = measured(shared / "data", count=2000)
    assert figures.true.total() >= 1500
    assert figures.faulted.total() <= 0.005 * figures.true.total(), figures.faulted
    low = {kind: round(caught(figures, kind), 3) for kind in TYPES if caught(figures, kind) < 0.95}
    assert low == {}


def test_the_same_seed_makes_the_same_pairs() -> None:
    one, two = (list(make(None, count=60, seed=3)) for _ in range(2))
    assert one == two
    assert len(Counter(pair.rule for pair in one)) > 5
