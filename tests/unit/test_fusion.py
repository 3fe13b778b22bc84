"""The fusion of two candidate lists."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import BadWeightError
from knowledge.fusion import fuse
from knowledge.protocols import LexicalHit

ids = st.integers(0, 30)
lexical_lists = st.lists(
    st.builds(LexicalHit, ids, st.integers(0, 400).map(lambda n: n / 8), st.booleans()),
    max_size=20,
    unique_by=lambda hit: hit.passage_id,
)
dense_lists = st.lists(
    st.tuples(ids, st.integers(-64, 64).map(lambda n: n / 64)),
    max_size=20,
    unique_by=lambda pair: pair[0],
)
weights = st.integers(0, 8).map(lambda n: n / 8)


def test_the_sum_of_both_sides() -> None:
    lexical = [LexicalHit(1, 10.0), LexicalHit(2, 5.0)]
    dense = [(2, 0.9), (3, 0.8), (4, 0.7)]
    fused = fuse(lexical, dense, weight=0.6)
    assert [one.passage_id for one in fused] == [2, 1, 3, 4]
    assert [one.score for one in fused] == pytest.approx([0.7309, 0.4037, 0.2981, 0.0], abs=1e-4)
    parts = {"lexical": 0.1346, "dense": 0.5963, "exact": 0.0}
    assert fused[0].parts == pytest.approx(parts, abs=1e-4)
    assert [(one.lexical_rank, one.dense_rank) for one in fused] == [
        (2, 1),
        (1, None),
        (None, 2),
        (None, 3),
    ]


def test_the_scale_of_either_side_does_not_matter() -> None:
    lexical, dense = [(1, 10.0), (2, 5.0), (3, 4.0)], [(3, 0.9), (4, 0.8), (1, 0.7)]
    fused = fuse([LexicalHit(*pair) for pair in lexical], dense, weight=0.6)
    again = fuse(
        [LexicalHit(id_, 7 * score) for id_, score in lexical],
        [(id_, 0.5 + score / 20) for id_, score in dense],
        weight=0.6,
    )
    assert [one.score for one in again] == pytest.approx([one.score for one in fused])


def test_what_the_dense_list_does_not_reach_has_its_own_dense_score() -> None:
    lexical = [LexicalHit(1, 10.0), LexicalHit(2, 9.0)]
    dense = [(3, 0.9), (4, 0.8)]
    near = fuse(lexical, dense, weight=0.9, others={1: 0.1, 2: 0.79})
    assert [one.passage_id for one in near] == [3, 2, 4, 1]
    assert near[1].dense_rank is None, "it is still in one list only"
    guessed = fuse(lexical, dense, weight=0.9)
    places = {one.passage_id: place for place, one in enumerate(guessed)}
    assert places[1] < places[2], "without them both count as the last of the list"


def test_words_that_cannot_meet_are_no_disadvantage() -> None:
    lexical = [LexicalHit(1, 10.0), LexicalHit(2, 9.0), LexicalHit(3, 8.0)]
    dense = [(8, 0.95), (1, 0.9), (2, 0.5), (9, 0.3), (3, 0.2)]
    assert [one.passage_id for one in fuse(lexical, dense, weight=0.5)] == [1, 2, 8, 3, 9]
    across = [one.passage_id for one in fuse(lexical, dense, weight=0.5, foreign={8, 9})]
    assert across[:3] == [1, 8, 2]
    assert across.index(9) > across.index(2), "being foreign alone is no advantage"


def test_where_all_or_none_are_foreign_it_makes_no_difference() -> None:
    lexical, dense = [LexicalHit(1, 10.0), LexicalHit(2, 5.0)], [(2, 0.9), (3, 0.8)]
    expected = fuse(lexical, dense, weight=0.6)
    assert fuse(lexical, dense, weight=0.6, foreign={1, 2, 3}) == expected
    assert fuse(lexical, dense, weight=0.6, foreign={7}) == expected


def test_exact_hits_stand_before_all_others() -> None:
    lexical = [LexicalHit(9, 0.1, exact=True), LexicalHit(1, 10.0)]
    fused = fuse(lexical, [(1, 0.9), (2, 0.1)], weight=1.0)
    assert [one.passage_id for one in fused] == [9, 1, 2]
    assert fused[0].parts["exact"] == 1.0
    assert fused[0].lexical_rank == 1


def test_ties_fall_by_id() -> None:
    lexical = [LexicalHit(3, 1.0), LexicalHit(1, 1.0), LexicalHit(2, 1.0)]
    fused = fuse(lexical, [(3, 0.5), (2, 0.5), (1, 0.5)], weight=0.5)
    assert [one.passage_id for one in fused] == [1, 2, 3]


def test_nothing_gives_nothing() -> None:
    assert fuse([], [], weight=0.5) == []


def test_of_an_id_given_twice_the_best_counts() -> None:
    fused = fuse([LexicalHit(1, 2.0), LexicalHit(1, 4.0)], [(1, 0.1), (1, 0.9)], weight=0.5)
    assert [(one.passage_id, one.score) for one in fused] == [(1, 1.0)]


@pytest.mark.parametrize("weight", [-0.1, 1.1, 60, float("nan")])
def test_a_weight_outside_its_range_is_refused(weight: float) -> None:
    with pytest.raises(BadWeightError, match="between 0 and 1"):
        fuse([], [], weight=weight)


@settings(deadline=None)
@given(lexical_lists, dense_lists, weights, st.randoms(use_true_random=False))
def test_the_order_given_does_not_matter(
    lexical: list[LexicalHit],
    dense: list[tuple[int, float]],
    weight: float,
    shuffling: random.Random,
) -> None:
    expected = fuse(lexical, dense, weight=weight)
    shuffling.shuffle(lexical)
    shuffling.shuffle(dense)
    assert fuse(lexical, dense, weight=weight) == expected


@settings(deadline=None)
@given(
    lexical_lists,
    dense_lists,
    weights,
    st.dictionaries(ids, st.integers(-64, 64).map(lambda n: n / 64)),
    st.sets(ids),
)
def test_bounds_and_completeness(
    lexical: list[LexicalHit],
    dense: list[tuple[int, float]],
    weight: float,
    others: dict[int, float],
    foreign: set[int],
) -> None:
    fused = fuse(lexical, dense, weight=weight, others=others, foreign=foreign)
    everyone = {hit.passage_id for hit in lexical} | {passage_id for passage_id, _ in dense}
    assert {one.passage_id for one in fused} == everyone
    assert len(fused) == len(everyone)
    for one in fused:
        assert 0 <= one.score <= 2 + 1e-9
        assert one.score == pytest.approx(sum(one.parts.values()))
        assert 0 <= one.parts["lexical"] + one.parts["dense"] <= 1 + 1e-9
    exact = [one.parts["exact"] for one in fused]
    assert exact == sorted(exact, reverse=True)


@settings(deadline=None)
@given(lexical_lists)
def test_a_lexical_list_alone_keeps_its_order(lexical: list[LexicalHit]) -> None:
    ranked = sorted(lexical, key=lambda hit: (not hit.exact, -hit.score, hit.passage_id))
    fused = fuse(lexical, [], weight=0.0)
    assert [one.passage_id for one in fused] == [hit.passage_id for hit in ranked]
    assert [one.lexical_rank for one in fused] == list(range(1, len(ranked) + 1))


@settings(deadline=None)
@given(dense_lists)
def test_a_dense_list_alone_keeps_its_order(dense: list[tuple[int, float]]) -> None:
    ranked = sorted(dense, key=lambda pair: (-pair[1], pair[0]))
    fused = fuse([], dense, weight=1.0)
    assert [one.passage_id for one in fused] == [passage_id for passage_id, _ in ranked]
    assert [one.dense_rank for one in fused] == list(range(1, len(ranked) + 1))


@settings(deadline=None)
@given(lexical_lists.filter(bool), dense_lists, weights, st.data())
def test_a_better_lexical_score_never_lowers_a_passage(
    lexical: list[LexicalHit], dense: list[tuple[int, float]], weight: float, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(lexical) - 1))
    hit = lexical[place]
    better = LexicalHit(hit.passage_id, hit.score + data.draw(st.integers(0, 50)), hit.exact)
    changed = [*lexical[:place], better, *lexical[place + 1 :]]

    def rank(hits: list[LexicalHit]) -> int:
        fused = fuse(hits, dense, weight=weight)
        return [one.passage_id for one in fused].index(hit.passage_id)

    assert rank(changed) <= rank(lexical)
