"""What the doctor finds, and what it can mend."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from briefs.workbench.bootstrap import Workbench
from knowledge.health import Check, Finding
from knowledge.protocols import LexicalEntry
from tests.homes import ELDERS, open_home


def _faults(workbench: Workbench) -> dict[Check, Finding]:
    return {f.check: f for f in workbench.doctor.examine() if not f.is_sound}


def test_a_sound_home_has_no_faults(filled: Workbench) -> None:
    findings = list(filled.doctor.examine())
    assert {finding.check for finding in findings} == set(Check)
    counted = {finding.check for finding in findings if finding.counted}
    assert counted == set(Check) - {Check.EDITIONS}
    assert all(f.is_sound and not f.waiting for f in findings)


def test_lost_indexes_are_rebuilt(filled: Workbench, tmp_path: Path) -> None:
    filled.close()
    shutil.rmtree(tmp_path / "home" / "index")
    again = open_home(tmp_path)
    doctor, held = again.doctor, len(again.passages.ids())
    assert [f.waiting for f in doctor.examine() if f.waiting] == [held, held]
    doctor.repair()
    assert all(f.is_sound and not f.waiting for f in doctor.examine())
    again.close()


def test_a_flipped_byte_in_an_index_is_found_and_mended(filled: Workbench, tmp_path: Path) -> None:
    filled.close()
    (saved,) = (tmp_path / "home" / "index" / "dense").rglob("*.faiss")
    data = bytearray(saved.read_bytes())
    data[len(data) // 2] ^= 1
    saved.write_bytes(data)
    again = open_home(tmp_path)
    doctor = again.doctor
    assert [f.faults for f in doctor.examine() if f.faults] == [("an index file is damaged",)]
    doctor.repair()
    assert all(f.is_sound and not f.waiting for f in doctor.examine())
    again.close()


def test_a_ghost_in_the_index_is_found_and_driven_out(filled: Workbench) -> None:
    ghost = LexicalEntry(987, 1, "幽灵", (), "不在数据库里的段落")
    filled.lexical.update(remove=filled.passages.ids()[:1], add=[ghost])
    assert {f.check: f.waiting for f in filled.doctor.examine() if f.waiting} == {Check.LEXICAL: 2}
    filled.doctor.repair()
    assert not any(f.waiting for f in filled.doctor.examine())


@pytest.mark.parametrize("damage", ["damaged", "missing"])
def test_a_bad_original_is_named_and_needs_a_person(filled: Workbench, damage: str) -> None:
    sha256 = next(iter(filled.documents.hashes()))
    path = filled.home / "originals" / sha256[:2] / sha256[2:]
    if damage == "damaged":
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    else:
        path.unlink()
    finding = _faults(filled)[Check.ORIGINALS]
    assert finding.faults == (f"{damage}:{sha256}",)
    assert not finding.can_repair


def test_a_passage_that_left_its_page_is_found(filled: Workbench) -> None:
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE passages SET text = '改过' WHERE id = 1"))
    assert _faults(filled)[Check.SPANS].faults == ("passage:1",)


def test_passages_without_vectors_are_counted(workbench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("只有一句话的材料，还没有编码。", encoding="utf-8")
    workbench.ingest.add_file(path, actor=workbench.actor)
    assert {f.check for f in workbench.doctor.examine() if f.waiting} == {
        Check.LEXICAL,
        Check.VECTORS,
    }
    assert _faults(workbench) == {}
    workbench.doctor.repair()
    assert not any(f.waiting for f in workbench.doctor.examine())
    assert np.array_equal(workbench.passages.ids(), np.array([1]))
    assert _faults(workbench) == {}


@pytest.mark.parametrize(
    ("check", "damage", "fault"),
    [
        (Check.DATABASE, "UPDATE documents SET current_version_id = 2 WHERE id = 1", "document:1"),
        (Check.DATABASE, "UPDATE versions SET page_count = 7 WHERE id = 2", "version:2"),
        (Check.DATABASE, "UPDATE versions SET passage_count = 0 WHERE id = 2", "version:2"),
        (Check.CHANGES, "DELETE FROM sqlite_sequence WHERE name = 'changes'", "counter:changes"),
        (Check.CHANGES, "DROP TRIGGER log_document_changed", "trigger:log_document_changed"),
        (Check.GROUPS, "UPDATE documents SET group_id = 1 WHERE id = 3", "document:3"),
        (Check.QUEUE, "UPDATE pages SET layer = 'waiting' WHERE version_id = 2", "page:2:1"),
        (
            Check.QUEUE,
            "INSERT INTO recognitions (version_id, page, state) VALUES (1, 1, 'waiting')",
            "page:1:1",
        ),
    ],
)
def test_what_does_not_agree_within_the_database_is_named(
    filled: Workbench, check: Check, damage: str, fault: str
) -> None:
    with filled.engine.begin() as connection:
        connection.execute(text(damage))
    found = _faults(filled)
    assert {each: finding.faults for each, finding in found.items()} == {check: (fault,)}
    assert not found[check].can_repair


def test_a_vector_of_a_wrong_length_is_named_and_made_anew(
    filled: Workbench, tmp_path: Path
) -> None:
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE vectors SET vector = x'00' WHERE passage_id = 2"))
    finding = _faults(filled)[Check.VECTORS]
    assert finding.faults == ("vector:2",)
    assert finding.can_repair
    filled.doctor.repair()
    assert _faults(filled) == {}
    assert filled.dense is not None
    assert 2 in filled.dense.encoded()


def test_an_original_that_nothing_refers_to_is_named_and_deleted(filled: Workbench) -> None:
    sha256 = hashlib.sha256(b"left").hexdigest()
    path = filled.home / "originals" / sha256[:2] / sha256[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"left")
    finding = _faults(filled)[Check.ORIGINALS]
    assert finding.faults == (f"unreferenced:{sha256}",)
    assert finding.can_repair
    filled.doctor.repair()
    assert not path.exists()
    assert _faults(filled) == {}


def test_a_passage_of_no_version_is_found(filled: Workbench) -> None:
    with closing(sqlite3.connect(filled.home / "zhiku.db")) as careless:
        careless.execute("UPDATE passages SET version_id = 99 WHERE id = 1")
        careless.commit()
    assert "foreign-key:passages:1" in _faults(filled)[Check.DATABASE].faults


def test_a_damaged_lexical_index_is_named_and_made_anew(filled: Workbench, tmp_path: Path) -> None:
    filled.close()
    words = next((tmp_path / "home" / "index" / "lexical" / "tantivy").glob("*.term"))
    words.write_bytes(words.read_bytes()[:-1] + b"?")
    again = open_home(tmp_path)
    assert set(_faults(again)) == {Check.LEXICAL}
    again.doctor.repair()
    assert [f for f in again.doctor.examine() if f.waiting] == []
    again.close()


def test_a_passage_that_the_dense_index_lost_is_counted(filled: Workbench) -> None:
    filled.refresh()
    assert filled.dense is not None
    filled.dense._index.remove(np.array([2]))
    assert {f.check: f.waiting for f in filled.doctor.examine() if f.waiting} == {Check.DENSE: 1}
    filled.doctor.repair()
    assert not any(f.waiting for f in filled.doctor.examine())


def test_documents_alike_are_in_the_group_that_their_likeness_makes(
    filled: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "副本.txt"
    path.write_text(ELDERS + "另附名单。", encoding="utf-8")
    filled.ingest.add_file(path, actor=filled.actor)
    assert Check.GROUPS not in _faults(filled)
    filled.index()
    assert [document.group for document in filled.documents.find()] == [3, 3, None, None]
    assert _faults(filled) == {}


def test_a_description_that_waits_is_counted(filled: Workbench) -> None:
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE documents SET title = '另一标题' WHERE id = 3"))
    waiting = {f.check: f.waiting for f in filled.doctor.examine() if f.waiting}
    assert waiting == {Check.LEXICAL: len(filled.passages.of_version(3))}
    filled.doctor.repair()
    assert not any(f.waiting for f in filled.doctor.examine())
