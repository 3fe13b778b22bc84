"""Indexes beside a database that is not the one they were made of, and repairs that are refused."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from briefs.workbench.bootstrap import Workbench
from embeddings.protocols import Ids, Vectors
from knowledge.access import Scope
from knowledge.filter import Filter
from knowledge.health import Check
from knowledge.indexing import Change
from knowledge.model import Mode
from knowledge.store import selected
from knowledge.store.changes import Mark
from knowledge.store.passages import Passages
from knowledge.store.selected import Selected
from tests.homes import open_home

LOST = "东河镇社区食堂开业通告。\n\n老年人凭证就餐享受八折优惠。"
NEW = "西山乡水库除险加固工程简报。\n\n大坝渗漏处理已经完成。"


def add(home: Workbench, words: str) -> set[int]:
    """Ids of the passages of a document added now."""
    before = set(home.passages.ids().tolist())
    home.ingest.add(words.encode(), "a.txt", source=f"upload:{words[:4]}", actor=home.actor)
    return set(home.passages.ids().tolist()) - before


@pytest.fixture
def restored(filled: Workbench, tmp_path: Path) -> Iterator[Workbench]:
    """The indexes hold LOST; the database put back never did, and has NEW under the same ids."""
    copy = tmp_path / "copy.db"
    database = filled.home / "zhiku.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    lost = add(filled, LOST)
    filled.index()
    filled.close()
    for path in filled.home.glob("zhiku.db*"):
        path.unlink()
    shutil.copy(copy, database)
    home = open_home(tmp_path)
    home.ingest.drop_unreferenced()
    assert add(home, NEW) == lost
    yield home
    home.close()


def words_of(home: Workbench, query: str) -> list[int]:
    hits = home.lexical.search(query, 9, scope=Scope(home.passages.viewer))
    return [hit.passage_id for hit in hits]


def agrees(home: Workbench) -> bool:
    return all(finding.is_sound and not finding.waiting for finding in home.doctor.examine())


def test_ids_that_a_restored_database_uses_anew_get_their_own_words_and_vectors(
    restored: Workbench, tmp_path: Path
) -> None:
    restored.index()
    assert words_of(restored, "食堂") == []
    assert words_of(restored, "水库")
    for mode in (Mode.DENSE, Mode.LEXICAL):
        (best, *_) = restored.retriever.search("水库除险加固", mode=mode)
        assert "水库" in best.passage.text
    assert agrees(restored)
    again = open_home(tmp_path)
    assert again.dense is not None
    assert not again.dense.catch_up()
    assert agrees(again)
    again.close()


def test_the_doctor_compares_vectors(restored: Workbench) -> None:
    assert restored.dense is not None
    restored.dense.encode()
    restored.lexical_indexing.catch_up()
    found = {f.check: f.faults for f in restored.doctor.examine() if not f.is_sound}
    new = sorted(restored.passages.ids().tolist())[-len(found[Check.DENSE]) :]
    assert found == {Check.DENSE: tuple(f"vector:{id_}" for id_ in new)}
    assert restored.doctor.repair()
    assert agrees(restored)


def test_a_snapshot_of_another_state_is_proved_once(
    restored: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restored.index()
    read: list[int] = []
    vectors = Passages.vectors

    def reading(self: Passages, encoder_id: int, ids: Ids) -> Vectors:
        read.extend(ids.tolist())
        return vectors(self, encoder_id, ids)

    monkeypatch.setattr(Passages, "vectors", reading)
    again = open_home(tmp_path)
    assert again.dense is not None
    again.dense.catch_up()
    assert read == []
    again.close()


def test_vectors_that_changed_unseen_are_replaced_in_full(filled: Workbench) -> None:
    filled.refresh()
    assert filled.dense is not None
    dimension = filled.encoder.dimension
    other = np.eye(1, dimension, dtype="<f2").tobytes()
    with filled.engine.begin() as connection:
        connection.execute(
            text("UPDATE vectors SET vector = :v WHERE passage_id = 2"), {"v": other}
        )
    assert filled.dense.catch_up() == Change()
    assert filled.dense.differing().tolist() == [2]
    assert filled.dense.catch_up(in_full=True) == Change(1, 1)
    assert filled.dense.differing().tolist() == []


def test_what_another_process_takes_in_at_that_moment_is_seen(
    filled: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.refresh()
    other = open_home(tmp_path)
    add(other, LOST)
    refresh = filled.lexical.refresh

    def refreshing() -> None:
        refresh()
        other.lexical_indexing.catch_up()

    monkeypatch.setattr(filled.lexical, "refresh", refreshing)
    filled.refresh()
    monkeypatch.undo()
    filled.refresh()
    assert words_of(filled, "食堂")
    other.close()


def test_passages_that_go_while_they_are_read_are_not_counted(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.refresh()
    assert filled.dense is not None
    add(filled, LOST)
    filled.dense.encode()
    vectors = Passages.vectors

    def removing(self: Passages, encoder_id: int, ids: Ids) -> Vectors:
        with filled.engine.begin() as connection:
            for id_ in ids.tolist():
                connection.execute(text("DELETE FROM vectors WHERE passage_id = :i"), {"i": id_})
        return vectors(self, encoder_id, ids)

    monkeypatch.setattr(Passages, "vectors", removing)
    assert filled.dense.catch_up() == Change()


def test_an_index_that_another_process_left_empty_is_filled(
    filled: Workbench, tmp_path: Path
) -> None:
    filled.refresh()
    (filled.home / "index" / "lexical" / "format.json").write_text("{", encoding="utf-8")
    other = open_home(tmp_path)
    assert len(other.lexical) == 0
    other.close()
    add(filled, LOST)
    filled.refresh()
    assert filled.lexical.ids().tolist() == filled.passages.ids().tolist()


@pytest.mark.parametrize("lock", ["lexical", "dense", "dense-files"])
def test_a_repair_that_another_process_prevents_is_not_said_to_be_done(
    filled: Workbench, tmp_path: Path, lock: str
) -> None:
    filled.close()
    (saved,) = (filled.home / "index" / "dense").rglob("*.faiss")
    saved.write_bytes(b"")
    home, other = open_home(tmp_path), open_home(tmp_path)
    with home.engine.begin() as connection:
        connection.execute(text("DELETE FROM vectors WHERE passage_id = 1"))
    assert other.dense is not None
    held = {
        "lexical": other.lexical_indexing._lock,
        "dense": other.dense._file_lock,
        "dense-files": other.dense._index._file_lock,
    }[lock]
    doctor = home.doctor
    with held:
        assert not doctor.repair()
    assert any(finding.faults for finding in doctor.examine())
    assert doctor.repair()
    assert not any(finding.faults or finding.waiting for finding in doctor.examine())
    home.close()
    other.close()


def test_a_repair_describes_every_passage_anew(filled: Workbench) -> None:
    (entry,) = filled.house.indexed.entries(np.array([1], dtype=np.int64))
    wrong = replace(entry, title="幽灵")
    filled.lexical.update(remove=np.array([], dtype=np.int64), add=[wrong])
    assert words_of(filled, "幽灵") == [1]
    filled.doctor.repair()
    assert words_of(filled, "幽灵") == []


def test_a_vector_of_a_wrong_length_does_not_stop_searches(
    filled: Workbench, tmp_path: Path
) -> None:
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE vectors SET vector = x'00' WHERE passage_id = 2"))
    filled.close()
    shutil.rmtree(filled.home / "index" / "dense")
    again = open_home(tmp_path)
    assert again.retriever.search("公共图书馆")
    assert again.dense is not None
    assert 2 not in again.dense.ids()
    again.doctor.repair()
    assert 2 in again.dense.ids()
    again.close()


def test_selections_are_remembered_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selected, "_ROOM", 100)
    kept, now = Selected(), Mark(1, 1)
    first, second, third = (Filter(documents=frozenset({n})) for n in (1, 2, 3))
    kept.get(first, now)
    for selection in (first, second):
        kept.keep(selection, now, np.arange(6, dtype=np.int64))
    assert kept.get(first, now) is not None
    kept.keep(third, now, np.arange(6, dtype=np.int64))
    assert kept.get(second, now) is None
    assert kept.get(first, now) is not None
    kept.keep(second, now, np.arange(99, dtype=np.int64))
    assert kept.get(first, now) is None
    assert kept.get(second, now) is not None
