"""A snapshot is whole, or it is not used."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings import snapshot
from embeddings.durable import sha256_of
from embeddings.errors import SnapshotError
from embeddings.faiss_index import FaissIndex
from embeddings.growing import GrowingIndex, Sizes, make_segment
from embeddings.snapshot import (
    MANIFEST,
    load_snapshot,
    open_segments,
    read_manifest,
    save_snapshot,
)

DIMENSION = 8


class Crash(BaseException):
    """The machine stops here; nothing may catch it."""


def index_of(count: int) -> GrowingIndex:
    generator = np.random.default_rng(count)
    vectors = generator.standard_normal((count, DIMENSION)).astype(np.float32)
    index = GrowingIndex(DIMENSION)
    index.add(np.arange(count, dtype=np.int64) * 3, vectors)
    return index


def content_of(index: GrowingIndex) -> tuple[list[int], bytes]:
    queries = np.eye(DIMENSION, dtype=np.float32)
    return index.ids().tolist(), index.search(queries, 100)[1].tobytes()


def load(folder: Path) -> GrowingIndex:
    return load_snapshot(folder, fingerprint="a", dimension=DIMENSION)


def test_what_was_saved_is_loaded_and_the_old_file_goes(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "索引"
    save_snapshot(index_of(3), folder, fingerprint="a")
    save_snapshot(index_of(5), folder, fingerprint="a")
    assert content_of(load(folder)) == content_of(index_of(5))
    names = {path.name for path in folder.iterdir()}
    assert len(names) == 2
    assert MANIFEST in names


def test_an_empty_index_is_saved_too(tmp_path: Path) -> None:
    save_snapshot(GrowingIndex(DIMENSION), tmp_path, fingerprint="a")
    assert len(load(tmp_path)) == 0


def test_saving_the_same_again_changes_nothing(tmp_path: Path) -> None:
    save_snapshot(index_of(4), tmp_path, fingerprint="a")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    save_snapshot(index_of(4), tmp_path, fingerprint="a")
    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def change(folder: Path, **values: object) -> None:
    """Write another manifest, sealed as it should be."""
    path = folder / MANIFEST
    content = {**json.loads(path.read_text()), **values}
    del content["seal"]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    path.write_text(json.dumps({**content, "seal": hashlib.sha256(text.encode()).hexdigest()}))


def change_tail(folder: Path, **values: object) -> None:
    tail = json.loads((folder / MANIFEST).read_text())["tail"]
    change(folder, tail={**tail, **values})


def break_seal(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(path.read_text().replace('"count": 3', '"count": 4'))


def cut_short(folder: Path) -> None:
    for path in folder.glob("*.faiss"):
        os.truncate(path, 90)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: (folder / MANIFEST).unlink(), "none yet"),
        (lambda folder: (folder / MANIFEST).write_text("{"), "manifest is damaged"),
        (lambda folder: (folder / MANIFEST).write_text("[]"), "manifest is damaged"),
        (lambda folder: (folder / MANIFEST).write_text("{}"), "manifest is damaged"),
        (lambda folder: change(folder, format=99), "format is 99"),
        (lambda folder: change(folder, fingerprint="b"), "another encoder"),
        (lambda folder: change(folder, dimension=9), "dimension is 9"),
        (lambda folder: change(folder, format=1), "an older release"),
        (break_seal, "manifest is damaged"),
        (lambda folder: change_tail(folder, count=4), "not what its manifest says"),
        (lambda folder: change_tail(folder, file="../elsewhere"), "manifest is damaged"),
        (lambda folder: change_tail(folder, file=7), "manifest is damaged"),
        (lambda folder: change(folder, extra=1), "manifest is damaged"),
        (lambda folder: [path.unlink() for path in folder.glob("*.faiss")], "missing"),
        (cut_short, "is damaged"),
    ],
)
def test_the_reason_is_told(tmp_path: Path, spoil: Callable[[Path], Any], reason: str) -> None:
    save_snapshot(index_of(3), tmp_path, fingerprint="a")
    spoil(tmp_path)
    with pytest.raises(SnapshotError, match=reason):
        load(tmp_path)


def test_another_encoder_or_dimension_is_refused(tmp_path: Path) -> None:
    save_snapshot(index_of(3), tmp_path, fingerprint="a")
    with pytest.raises(SnapshotError, match="another encoder"):
        load_snapshot(tmp_path, fingerprint="b", dimension=DIMENSION)
    with pytest.raises(SnapshotError, match="dimension"):
        load_snapshot(tmp_path, fingerprint="a", dimension=DIMENSION + 1)


def test_a_flipped_bit_anywhere_is_found(tmp_path: Path) -> None:
    save_snapshot(index_of(3), tmp_path, fingerprint="a")
    expected = content_of(load(tmp_path))
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        for place in range(len(whole)):
            broken = bytearray(whole)
            broken[place] ^= 1 << (place % 8)
            path.write_bytes(broken)
            try:
                loaded = load(tmp_path)
            except SnapshotError:
                continue
            # A flip among the manifest's blanks may mean nothing; then nothing may change.
            assert path.name == MANIFEST
            assert content_of(loaded) == expected
        path.write_bytes(whole)


class Disk:
    """Stops at the n-th file operation and forgets what was never flushed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, stop_at: int) -> None:
        self.operations = 0
        self._stop_at = stop_at
        self._flushed: set[int] = set()
        self._patch(monkeypatch, os, "replace")
        self._patch(monkeypatch, os, "fsync")
        self._patch(monkeypatch, os, "unlink")
        self._patch(monkeypatch, Path, "unlink")
        self._patch(monkeypatch, Path, "write_bytes")
        self._patch(monkeypatch, Path, "mkdir")
        self._patch(monkeypatch, FaissIndex, "save")

    def _patch(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def operation(*arguments: Any, **options: Any) -> Any:
            self._count()
            result = original(*arguments, **options)
            if name == "fsync":
                self._flushed.add(os.fstat(arguments[0]).st_ino)
            self._count()
            return result

        monkeypatch.setattr(owner, name, operation)

    def _count(self) -> None:
        if self.operations == self._stop_at:
            raise Crash
        self.operations += 1

    def lose_power(self, folder: Path, *, kept: set[int], share: float) -> None:
        """Cut files that were written but not flushed to a share of their length."""
        for path in folder.iterdir():
            status = path.stat()
            if status.st_ino not in self._flushed | kept:
                os.truncate(path, int(status.st_size * share))


@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("had_old", [True, False])
def test_a_crash_at_any_moment_leaves_old_or_new_or_none(
    tmp_path: Path, had_old: bool, share: float
) -> None:
    old, new = content_of(index_of(3)), content_of(index_of(6))
    outcomes = set()
    stop_at = 0
    while True:
        folder = tmp_path / str(stop_at)
        folder.mkdir()
        if had_old:
            save_snapshot(index_of(3), folder, fingerprint="a")
        kept = {path.stat().st_ino for path in folder.iterdir()}
        with pytest.MonkeyPatch.context() as monkeypatch:
            disk = Disk(monkeypatch, stop_at=stop_at)
            try:
                save_snapshot(index_of(6), folder, fingerprint="a")
                finished = True
            except Crash:
                finished = False
        disk.lose_power(folder, kept=kept, share=share)
        try:
            found = content_of(load(folder))
        except SnapshotError:
            assert not had_old
            outcomes.add("none")
        else:
            assert found in (old, new)
            outcomes.add("new" if found == new else "old")
        save_snapshot(index_of(6), folder, fingerprint="a")
        assert content_of(load(folder)) == new
        assert len(list(folder.iterdir())) == 2
        if finished:
            break
        stop_at += 1
    assert stop_at > 15
    assert outcomes == ({"old", "new"} if had_old else {"none", "new"})


def divided(folder: Path) -> GrowingIndex:
    """Forty vectors in a segment and four in the tail, of which two and one were removed."""
    index = GrowingIndex(DIMENSION, sizes=Sizes(exact=8, tail=4, segment=64))
    generator = np.random.default_rng(7)
    vectors = generator.standard_normal((44, DIMENSION)).astype(np.float32)
    index.add(np.arange(40, dtype=np.int64), vectors[:40])
    plan = index.plan()
    assert plan is not None
    index = index.adopted(plan, make_segment(plan, folder))
    index.add(np.arange(40, 44, dtype=np.int64), vectors[40:])
    index.remove(np.array([3, 17, 41], dtype=np.int64))
    return index


def test_a_divided_index_comes_back_without_what_was_removed(tmp_path: Path) -> None:
    index = divided(tmp_path)
    save_snapshot(index, tmp_path, fingerprint="a")
    again = load(tmp_path)
    assert content_of(again) == content_of(index)
    assert len(again.parts) == 1
    assert (len(again.tail), len(again)) == (3, 41)
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: os.truncate(path, 90)])
def test_a_segment_that_is_damaged_or_gone_is_noticed(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    save_snapshot(divided(tmp_path), tmp_path, fingerprint="a")
    (segment,) = tmp_path.glob("segment-*")
    spoil(segment)
    with pytest.raises(SnapshotError, match=r"missing|damaged"):
        load(tmp_path)


def test_two_files_with_one_id_do_not_belong_together(tmp_path: Path) -> None:
    save_snapshot(divided(tmp_path), tmp_path, fingerprint="a")
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    twice = [{**piece, "removed": [3]} for piece in manifest["segments"] * 2]
    change(tmp_path, segments=twice)
    with pytest.raises(SnapshotError, match="do not belong together"):
        load(tmp_path)


def test_a_segment_deleted_under_a_running_index_is_left_out(tmp_path: Path) -> None:
    index = divided(tmp_path)
    (segment,) = tmp_path.glob("segment-*")
    segment.unlink()
    save_snapshot(index, tmp_path, fingerprint="a")
    assert load(tmp_path).ids().tolist() == [40, 42, 43]


def test_an_open_segment_is_not_looked_at_again(tmp_path: Path) -> None:
    index = divided(tmp_path)
    save_snapshot(index, tmp_path, fingerprint="a")
    manifest = read_manifest(tmp_path, fingerprint="a", dimension=DIMENSION)
    mine = [part.segment for part in index.parts]
    ((opened, removed),) = open_segments(tmp_path, manifest, known=mine)
    assert opened is mine[0]
    assert removed.tolist() == [3, 17]
    ((another, _),) = open_segments(tmp_path, manifest)
    assert another is not opened


def test_a_file_that_another_process_deletes_at_that_moment_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = divided(tmp_path)
    save_snapshot(index, tmp_path, fingerprint="a")
    manifest = read_manifest(tmp_path, fingerprint="a", dimension=DIMENSION)

    def deleted(path: Path) -> str:
        path.unlink()
        return sha256_of(path)

    monkeypatch.setattr(snapshot, "sha256_of", deleted)
    for look in (lambda: load(tmp_path), lambda: open_segments(tmp_path, manifest)):
        with pytest.raises(SnapshotError, match="missing"):
            look()


def test_a_snapshot_carries_the_state_of_its_collection(tmp_path: Path) -> None:
    save_snapshot(index_of(3), tmp_path, fingerprint="a", state="一")
    assert read_manifest(tmp_path, fingerprint="a", dimension=DIMENSION).state == "一"
