"""Threads search while the index grows, and processes share what was made."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from embeddings import kept
from embeddings.errors import SnapshotError
from embeddings.growing import Plan, Sizes, make_segment
from embeddings.kept import KeptIndex, Shape
from embeddings.segment import Segment
from embeddings.snapshot import save_snapshot
from tests.contracts.vector_index import CORNERS, DIMENSION, ids_of

SMALL = Sizes(exact=20, tail=8, segment=64)
_SOON = 10.0


def opened(folder: Path) -> KeptIndex:
    """As each process opens it."""
    return KeptIndex(
        folder / "index",
        fingerprint="a",
        dimension=DIMENSION,
        lock=folder / "index.lock",
        sizes=SMALL,
    )


def add(index: KeptIndex, *ids: int) -> None:
    index.add(ids_of(*ids), CORNERS[ids_of(*ids) % 16])


def found(index: KeptIndex) -> list[int]:
    """All that a search finds."""
    return sorted(index.search(CORNERS[:1], 999)[0][0].tolist())


def aside() -> None:
    """Wait for the thread that grows an index."""
    for thread in threading.enumerate():
        if thread.name == "growing":
            thread.join(_SOON)


class Halted:
    """Making a segment, or writing a snapshot, stops in the middle until it is let go on."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()

    def wait(self) -> None:
        self.reached.set()
        assert self.go_on.wait(_SOON)

    def make(self, plan: Plan, folder: Path) -> Segment | None:
        self.wait()
        return make_segment(plan, folder)

    def save(self, *given: object, **named: object) -> None:
        self.wait()
        save_snapshot(*given, **named)  # type: ignore[arg-type]


@contextmanager
def running(work: Callable[[], object], halted: Halted) -> Iterator[None]:
    """Work in a thread, halted in its middle while the block runs."""
    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert halted.reached.wait(_SOON)
        yield
    finally:
        halted.go_on.set()
        thread.join(_SOON)
    assert not thread.is_alive()


@pytest.fixture
def halted() -> Halted:
    return Halted()


def test_it_searches_adds_and_removes_while_a_segment_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, halted: Halted
) -> None:
    index = opened(tmp_path)
    add(index, *range(30))
    monkeypatch.setattr(kept, "make_segment", halted.make)
    with running(index.grow, halted):
        assert index.shape == Shape(30, 0, 0, is_growing=True, is_due=True)
        assert found(index) == list(range(30))
        assert index.remove(ids_of(3)) == 1
        add(index, 50)
        expected = [*(i for i in range(30) if i != 3), 50]
        assert found(index) == expected
        # Who would save finds another at it, and does not wait.
        assert not index.save()
    assert index.shape == Shape(exact=1, divided=29, segments=1, is_growing=False)
    assert found(index) == expected
    assert found(opened(tmp_path)) == expected


def test_it_searches_adds_and_removes_while_it_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, halted: Halted
) -> None:
    index = opened(tmp_path)
    add(index, *range(10))
    monkeypatch.setattr(kept, "save_snapshot", halted.save)
    with running(index.save, halted):
        index.remove(ids_of(3))
        add(index, 50)
        assert found(index) == [0, 1, 2, 4, 5, 6, 7, 8, 9, 50]
    # The snapshot is that of the moment when saving began.
    assert found(opened(tmp_path)) == list(range(10))


def test_many_threads_search_while_it_changes_and_grows(tmp_path: Path) -> None:
    index = opened(tmp_path)
    add(index, *range(100))
    is_over = threading.Event()
    faults: list[object] = []

    def look() -> None:
        # Ids below 100 always stay; from 1000 on they come and go; 500 is removed before.
        queries = CORNERS[:4]
        while not is_over.is_set():
            ids, _ = index.search(queries, 999)
            if len(set(ids[0].tolist())) != ids.shape[1] or not set(range(100)) <= set(ids[0]):
                faults.append(ids[0])
            if 500 in ids:
                faults.append(500)

    add(index, 500)
    index.remove(ids_of(500))
    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(12):
        add(index, *range(1000 + 30 * turn, 1030 + 30 * turn))
        index.grow_aside()
        index.remove(np.arange(1000 + 30 * turn, 1020 + 30 * turn, dtype=np.int64))
        index.save()
    index.finish()
    is_over.set()
    for thread in threads:
        thread.join(_SOON)
    assert faults == []
    assert len(index) == 220
    assert index.shape.segments


def test_a_filter_holds_while_ids_come_and_go(tmp_path: Path) -> None:
    index = opened(tmp_path)
    add(index, *range(40))
    index.grow()
    allowed = np.arange(0, 60, 3, dtype=np.int64)
    allowed.setflags(write=False)
    for gone in (3, 30):
        index.remove(ids_of(gone))
        ids, _ = index.search(CORNERS[:1], 999, allowed=allowed)
        assert gone not in ids
        assert np.isin(ids, allowed).all()


def test_another_process_takes_segments_over_and_keeps_its_own_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    add(first, *range(30))
    add(second, *range(4, 34))
    second.remove(ids_of(10))
    assert first.grow() == 1
    monkeypatch.setattr(kept, "make_segment", None)
    assert second.grow() == 0
    assert second.shape == Shape(exact=4, divided=25, segments=1, is_growing=False)
    assert found(second) == [*range(4, 10), *range(11, 34)]
    # What it did not know of is added as always.
    add(second, 0, 1, 2, 3)
    assert len(second) == 33


def test_what_one_process_removed_does_not_come_back_by_another(tmp_path: Path) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    add(first, *range(30))
    add(second, *range(30))
    first.grow()
    second.remove(ids_of(5))
    assert second.save()
    assert 5 not in found(second)
    assert 5 not in found(opened(tmp_path))
    # The first has not heard of it; where it saves, the next start compares with SQL anyway.
    first.remove(ids_of(5))
    first.save()
    assert 5 not in found(opened(tmp_path))


def test_saving_takes_over_what_another_made_anew(tmp_path: Path) -> None:
    first = opened(tmp_path)
    add(first, *range(30))
    first.grow()
    second = opened(tmp_path)
    second.remove(np.arange(16, dtype=np.int64))
    assert second.grow() == 1
    # The file that the first one maps is gone by now.
    add(first, 30)
    assert first.save()
    assert found(first) == list(range(31))
    assert found(opened(tmp_path)) == list(range(31))


def test_a_little_is_left_for_the_next_start(tmp_path: Path) -> None:
    index = opened(tmp_path)
    add(index, *range(200))
    assert index.save()
    manifest = tmp_path / "index" / "manifest.json"
    before = manifest.read_bytes()
    add(index, 300, 301)
    index.remove(ids_of(4))
    assert index.save()
    assert manifest.read_bytes() == before
    again = opened(tmp_path)
    # It counts on from what the next start makes up.
    again.remove(ids_of(4))
    add(again, 300, 301, 302)
    assert again.save()
    assert found(opened(tmp_path)) == [*(i for i in range(200) if i != 4), 300, 301, 302]
    manifest.unlink()
    assert again.save()
    assert manifest.exists()


def test_a_second_process_does_not_wait_for_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = opened(tmp_path)
    add(index, *range(30))
    monkeypatch.setattr(kept, "_SAVING", 0.0)
    monkeypatch.setattr(kept, "_PATIENCE", 0.0)
    with FileLock(tmp_path / "index.lock"):
        assert index.grow() == 0
        assert not index.save()
        index.grow_aside()
        index.finish()
    assert index.shape == Shape(30, 0, 0, is_growing=False, is_due=True)


@pytest.mark.parametrize(
    "fault", [OSError(28, "No space left on device"), SnapshotError(reason="torn"), MemoryError()]
)
def test_a_failure_leaves_the_index_working_and_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
) -> None:
    index = opened(tmp_path)
    add(index, *range(30))

    def fail(*_: object) -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(kept, "make_segment", fail)
        index.grow_aside()
        aside()
        assert index.shape.problem == (str(fault) or "MemoryError")
        assert not index.shape.is_growing
        assert "could not be divided" in caplog.text
        assert found(index) == list(range(30))
        # It is not tried again at once.
        caplog.clear()
        index.grow_aside()
        aside()
        assert caplog.text == ""
    assert index.grow() == 1
    assert index.shape.problem is None


def test_a_crash_before_the_manifest_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = opened(tmp_path)
    add(index, *range(30))
    index.save()

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(kept, "save_snapshot", crash)
        with pytest.raises(KeyboardInterrupt):
            index.grow()
    assert list((tmp_path / "index").glob("segment-*"))
    again = opened(tmp_path)
    assert found(again) == list(range(30))
    again.grow()
    assert found(opened(tmp_path)) == list(range(30))
    assert len(list((tmp_path / "index").glob("*.faiss"))) == 2


def test_the_switch_is_announced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    index = opened(tmp_path)
    add(index, *range(30))
    with caplog.at_level(logging.INFO):
        index.grow()
    assert "30 vectors in 1 segments, 0 compared one by one" in caplog.text


def test_a_damaged_snapshot_is_told_and_starts_empty(tmp_path: Path) -> None:
    index = opened(tmp_path)
    add(index, *range(30))
    index.grow()
    (segment,) = (tmp_path / "index").glob("segment-*")
    segment.write_bytes(b"")
    again = opened(tmp_path)
    assert again.damage == "an index file is damaged"
    assert len(again) == 0
    add(again, *range(30))
    again.grow()
    assert opened(tmp_path).damage is None


def test_a_save_in_another_thread_delays_growing_and_does_not_prevent_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, halted: Halted
) -> None:
    index = opened(tmp_path)
    add(index, *range(30))
    with monkeypatch.context() as patched:
        patched.setattr(kept, "save_snapshot", halted.save)
        with running(index.save, halted):
            index.grow_aside()
            assert index.shape.segments == 0
    aside()
    assert index.shape.segments == 1


def test_finishing_waits_for_whoever_is_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, halted: Halted
) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    for index in (first, second):
        add(index, *range(30))
    monkeypatch.setattr(kept, "make_segment", halted.make)
    with running(first.grow, halted):
        finishing = threading.Thread(target=second.finish)
        finishing.start()
        finishing.join(0.2)
        assert finishing.is_alive()
    finishing.join(_SOON)
    # It took over what the first one made.
    assert second.shape == Shape(0, 30, 1, is_growing=False)
    assert len(list((tmp_path / "index").glob("segment-*"))) == 1
