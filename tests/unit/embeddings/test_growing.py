"""An index grows by segments, and what happens meanwhile is neither lost nor undone."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings.exact import ExactIndex
from embeddings.growing import GrowingIndex, Plan, Sizes, make_segment
from tests.contracts.growing import TINY
from tests.contracts.vector_index import CORNERS, DIMENSION, ids_of

SMALL = Sizes(exact=20, tail=8, segment=64)


def grown(folder: Path, count: int, *, sizes: Sizes = SMALL) -> GrowingIndex:
    """Ids from 0 on, each with the corner of its number, divided as far as is due."""
    index = GrowingIndex(DIMENSION, sizes=sizes)
    ids = np.arange(count, dtype=np.int64)
    index.add(ids, CORNERS[ids % 16])
    return made(index, folder)


def made(index: GrowingIndex, folder: Path) -> GrowingIndex:
    while (plan := index.plan()) is not None:
        index = index.adopted(plan, make_segment(plan, folder))
    return index


def planned(index: GrowingIndex) -> Plan:
    plan = index.plan()
    assert plan is not None
    return plan


def lengths(index: GrowingIndex) -> tuple[int, list[int]]:
    return len(index.tail), sorted(len(part.segment) for part in index.parts)


def test_up_to_the_limit_it_is_exact(tmp_path: Path) -> None:
    assert lengths(grown(tmp_path, 20)) == (20, [])
    assert lengths(grown(tmp_path, 21)) == (0, [21])


def test_a_large_addition_makes_full_segments(tmp_path: Path) -> None:
    assert lengths(grown(tmp_path, 150)) == (0, [22, 64, 64])


def test_segments_are_united_as_their_sizes_double(tmp_path: Path) -> None:
    index = grown(tmp_path, 21)
    sizes = []
    for start in range(100, 190, 10):
        ids = np.arange(start, start + 10, dtype=np.int64)
        index.add(ids, CORNERS[ids % 16])
        index = made(index, tmp_path)
        sizes.append(lengths(index)[1])
    assert sizes[:4] == [[10, 21], [20, 21], [10, 20, 21], [61]]
    assert sizes[4:] == [[10, 61], [20, 61], [10, 20, 61], [40, 61], [10, 40, 61]]
    assert len(index) == 111


def test_a_worn_segment_is_made_anew(tmp_path: Path) -> None:
    index = grown(tmp_path, 150)
    index.remove(index.parts[0].live.ids[:33])
    assert index.is_due()
    index = made(index, tmp_path)
    # 31 are left of it, and unite with the small one.
    assert lengths(index) == (0, [53, 64])
    assert len(index) == 117


def test_an_index_that_shrank_is_exact_again(tmp_path: Path) -> None:
    index = grown(tmp_path, 21)
    index.remove(np.arange(5, 21, dtype=np.int64))
    index = made(index, tmp_path)
    assert lengths(index) == (5, [])
    assert index.search(CORNERS[:1], 9)[0][0, 0] == 0


def test_what_was_removed_meanwhile_stays_removed(tmp_path: Path) -> None:
    index = grown(tmp_path, 21)
    index.add(np.arange(30, 52, dtype=np.int64), CORNERS[np.arange(22) % 16])
    plan = planned(index)
    assert {3, 35} <= set(plan.ids.tolist())
    segment = make_segment(plan, tmp_path)
    # One of the tail, one of the segment that is replaced.
    index.remove(ids_of(3, 35))
    index = index.adopted(plan, segment)
    assert not {3, 35} & set(index.ids().tolist())
    assert not {3, 35} & set(index.search(CORNERS, 99)[0].ravel().tolist())
    assert index.search(CORNERS, 9, allowed=ids_of(3, 35))[0].shape == (16, 0)
    assert len(index) == 41


def test_what_was_removed_and_added_again_meanwhile_is_held_once(tmp_path: Path) -> None:
    index = grown(tmp_path, 21)
    index.add(np.arange(30, 52, dtype=np.int64), CORNERS[np.arange(22) % 16])
    plan = planned(index)
    segment = make_segment(plan, tmp_path)
    index.remove(ids_of(3, 35))
    index.add(ids_of(3, 35), CORNERS[[3, 5]])
    index = index.adopted(plan, segment)
    assert len(index) == 43
    assert sorted(index.search(CORNERS[:1], 99)[0][0].tolist()) == index.ids().tolist()


def test_what_was_added_meanwhile_is_found(tmp_path: Path) -> None:
    index = grown(tmp_path, 20)
    index.add(ids_of(70), CORNERS[:1])
    plan = planned(index)
    index.add(ids_of(71), CORNERS[[15]])
    index = index.adopted(plan, make_segment(plan, tmp_path))
    assert index.tail.ids().tolist() == [71]
    assert 71 in index.search(CORNERS[[15]], 3)[0]


def test_a_plan_that_came_to_nothing_is_forgotten(tmp_path: Path) -> None:
    index = grown(tmp_path, 20)
    index.add(ids_of(70), CORNERS[:1])
    planned(index)
    index.remove(ids_of(4))
    index.add(ids_of(4), CORNERS[[4]])
    plan = planned(index)
    assert 4 in plan.ids
    index = index.adopted(plan, make_segment(plan, tmp_path))
    assert lengths(index) == (0, [21])


def test_adopting_leaves_the_index_before_as_it_was(tmp_path: Path) -> None:
    index = grown(tmp_path, 20)
    index.add(ids_of(70), CORNERS[:1])
    plan = planned(index)
    after = index.adopted(plan, make_segment(plan, tmp_path))
    after.remove(ids_of(70))
    assert lengths(index) == (21, [])
    assert index.search(CORNERS[:1], 21, allowed=ids_of(70))[0].tolist() == [[70]]


def test_other_segments_keep_the_ids_held_here(tmp_path: Path) -> None:
    theirs = grown(tmp_path, 40)
    theirs.add(ids_of(99), CORNERS[:1])
    mine = GrowingIndex(DIMENSION, sizes=SMALL)
    ids = np.arange(5, 50, dtype=np.int64)
    mine.add(ids, CORNERS[ids % 16])
    mine.remove(ids_of(7, 8))
    taken = mine.divided_as([(part.segment, ids_of(9)) for part in theirs.parts])
    assert taken.ids().tolist() == mine.ids().tolist()
    # What they removed is held here still, and what they never had is in the tail.
    assert taken.tail.ids().tolist() == [9, *range(40, 50)]
    assert sorted(taken.search(CORNERS[:1], 99)[0][0].tolist()) == mine.ids().tolist()


def test_a_frozen_copy_stays_as_it_is(tmp_path: Path) -> None:
    index = grown(tmp_path, 25)
    index.add(ids_of(70), CORNERS[:1])
    copy = index.frozen()
    index.remove(ids_of(70, 3))
    assert {3, 70} <= set(copy.search(CORNERS[:1], 99)[0][0].tolist())
    copy.remove(ids_of(4))
    assert 4 in index.search(CORNERS[:1], 99)[0][0]


def test_a_remembered_filter_is_forgotten_with_each_change(tmp_path: Path) -> None:
    index = grown(tmp_path, 25)
    allowed = np.arange(0, 80, 2, dtype=np.int64)
    allowed.setflags(write=False)

    def found() -> list[int]:
        return sorted(index.search(CORNERS[:1], 99, allowed=allowed)[0][0].tolist())

    assert found() == list(range(0, 25, 2))
    index.remove(ids_of(4))
    index.add(ids_of(70), CORNERS[:1])
    assert found() == [*(i for i in range(0, 25, 2) if i != 4), 70]


def test_a_filter_that_can_be_written_to_is_not_remembered(tmp_path: Path) -> None:
    index = grown(tmp_path, 25)
    allowed = ids_of(2, 4)
    index.search(CORNERS[:1], 9, allowed=allowed)
    allowed[:] = (1, 3)
    assert sorted(index.search(CORNERS[:1], 9, allowed=allowed)[0][0].tolist()) == [1, 3]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "plan", "adopt", "take"]),
        st.sets(st.integers(0, 40), max_size=12),
    ),
    max_size=14,
)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_happens_between_plan_and_adoption_it_agrees_with_the_reference(
    tmp_path: Path, steps: list[tuple[str, set[int]]]
) -> None:
    index, reference = GrowingIndex(DIMENSION, sizes=TINY), ExactIndex(DIMENSION)
    plan: Plan | None = None
    for action, numbers in steps:
        ids = ids_of(*sorted(numbers))
        if action == "add":
            new = np.setdiff1d(ids, reference.ids())
            for each in (index, reference):
                each.add(new, CORNERS[new % 16])
        elif action == "remove":
            assert index.remove(ids) == reference.remove(ids)
        elif action == "plan":
            plan = index.plan()
        elif action == "adopt" and plan is not None:
            index, plan = index.adopted(plan, make_segment(plan, tmp_path)), None
        elif action == "take":
            known = [(part.segment, ids[ids % 2 == 0]) for part in index.parts]
            index, plan = index.divided_as(known), None
        assert index.ids().tolist() == reference.ids().tolist()
        for allowed in (None, ids):
            found = index.search(CORNERS, 50, allowed=allowed)
            expected = reference.search(CORNERS, 50, allowed=allowed)
            assert found[0].tolist() == expected[0].tolist()
            assert found[1].tolist() == expected[1].tolist()


def test_a_full_disk_leaves_no_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = grown(tmp_path, 20)
    index.add(ids_of(70), CORNERS[:1])
    plan = planned(index)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("embeddings.growing.sync_file", full)
    with pytest.raises(OSError, match="No space"):
        make_segment(plan, tmp_path)
    assert not list(tmp_path.glob("segment-*"))
    assert len(index) == 21
