"""Files with a mark of secrecy: kept apart, decided on by people, remembered for ever."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import GRANTS, Role
from knowledge.errors import (
    DecidedAlreadyError,
    InQuarantineError,
    ReasonNeededError,
    UnknownRecordError,
)
from knowledge.ingest import Added, AddOutcome
from knowledge.model import Access, DocumentType, Metadata
from knowledge.store.quarantine import Decision, QuarantinedFile
from knowledge.store.schema import pages, passages
from tests.homes import ELDERS, LIFTS, take_out, write_texts

MARKED = "000012 机密★5年\n特急\n\n河湾县防汛备用水源分布说明\n\n备用水源共有七处，位置见附图。\n"


def _add(workbench: Workbench, name: str = "水源.txt", text: str = MARKED) -> Added:
    return workbench.ingest.upload(text.encode(), name, actor=workbench.actor)


def _only(workbench: Workbench) -> QuarantinedFile:
    (file,) = workbench.quarantine.all()
    return file


def _finds(workbench: Workbench, words: str) -> bool:
    workbench.index()
    return any(words in hit.passage.text for hit in workbench.retriever.search(words))


def _is_sound(workbench: Workbench) -> bool:
    return all(finding.is_sound for finding in workbench.doctor.examine())


def test_a_marked_file_is_kept_apart_and_nothing_of_it_is_stored(filled: Workbench) -> None:
    held = filled.documents.counts()
    added = _add(filled)
    assert added.outcome is AddOutcome.QUARANTINED
    assert (added.document_id, added.passages) == (None, 0)
    assert isinstance(added.error, InQuarantineError)
    assert "机密★5年" in str(added.error)
    file = _only(filled)
    assert (file.file_name, file.mark, file.decision) == ("水源.txt", "机密★5年", None)
    assert file.stamp.access is Access.NAMED
    assert file.stamp.made_by == filled.actor.person_id
    assert filled.originals.read(file.sha256) == MARKED.encode()
    assert filled.documents.counts() == held
    assert filled.failures.all() == []
    assert not _finds(filled, "备用水源")
    assert _is_sound(filled)


def test_it_survives_repair_and_reopening(workbench: Workbench) -> None:
    _add(workbench)
    workbench.doctor.repair()
    workbench.ingest.tidy()
    assert workbench.originals.read(_only(workbench).sha256) == MARKED.encode()


def test_the_same_bytes_make_no_second_entry(workbench: Workbench, tmp_path: Path) -> None:
    _add(workbench)
    again = _add(workbench, "别名.txt")
    path = write_texts(tmp_path / "elsewhere", {"第三份.txt": MARKED})[0]
    third = workbench.ingest.add_file(path, actor=workbench.actor)
    assert again.outcome is third.outcome is AddOutcome.QUARANTINED
    assert str(_only(workbench).id) in str(third.error)


def test_an_earlier_failure_of_the_same_source_is_forgotten(
    workbench: Workbench, tmp_path: Path
) -> None:
    path = write_texts(tmp_path, {"水源.txt": "  "})[0]
    workbench.ingest.add_file(path, actor=workbench.actor)
    path.write_text(MARKED, encoding="utf-8")
    retried = workbench.ingest.retry(workbench.failures.all()[0], actor=workbench.actor)
    assert retried.outcome is AddOutcome.QUARANTINED
    assert workbench.failures.all() == []


def test_a_released_file_is_for_named_people_only(filled: Workbench) -> None:
    _add(filled)
    file = _only(filled)
    added = filled.quarantine.release(file.id, reason=" 已解密 ", actor=filled.actor)
    assert added.outcome is AddOutcome.ADDED
    document = filled.documents.get(added.document_id or 0)
    assert document.stamp.access is Access.NAMED
    assert filled.documents.version(document.current_version).stamp.access is Access.NAMED
    assert _finds(filled, "备用水源")
    decided = _only(filled)
    assert (decided.decision, decided.reason) == (Decision.RELEASED, "已解密")
    assert decided.decided is not None
    assert decided.decided.person_id == filled.actor.person_id
    assert filled.quarantine.is_released(file.sha256, branch_id=file.stamp.branch_id)
    assert _add(filled, "又一份.txt").outcome is AddOutcome.UNCHANGED
    assert _is_sound(filled)


def test_releasing_again_adds_what_is_not_there(workbench: Workbench) -> None:
    _add(workbench)
    file = _only(workbench)
    first = workbench.quarantine.release(file.id, reason="一", actor=workbench.actor)
    second = workbench.quarantine.release(file.id, reason="二", actor=workbench.actor)
    assert (second.outcome, second.document_id) == (AddOutcome.UNCHANGED, first.document_id)
    assert _only(workbench).reason == "一"
    take_out(workbench, first.document_id or 0)
    third = workbench.quarantine.release(file.id, reason="三", actor=workbench.actor)
    assert third.outcome is AddOutcome.ADDED
    assert workbench.documents.get(third.document_id or 0).stamp.access is Access.NAMED


def test_a_marked_new_version_never_joins_a_public_document(
    filled: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "files" / "养老服务.txt"
    before = filled.documents.by_source(str(path))
    path.write_text("秘密\n" + ELDERS, encoding="utf-8")
    assert filled.ingest.add_file(path, actor=filled.actor).outcome is AddOutcome.QUARANTINED
    added = filled.quarantine.release(_only(filled).id, reason="查过", actor=filled.actor)
    assert before is not None
    assert added.document_id != before.id
    assert filled.documents.get(before.id) == before


def test_a_discarded_file_is_deleted_and_its_entry_stays(workbench: Workbench) -> None:
    _add(workbench)
    file = _only(workbench)
    workbench.quarantine.discard(file.id, reason="误传", actor=workbench.actor)
    with pytest.raises(UnknownRecordError):
        workbench.originals.read(file.sha256)
    decided = _only(workbench)
    assert (decided.decision, decided.reason) == (Decision.DISCARDED, "误传")
    assert workbench.quarantine.waiting() == []
    assert _is_sound(workbench)


def test_a_discarded_file_that_comes_back_is_quarantined_anew(workbench: Workbench) -> None:
    _add(workbench)
    first = _only(workbench)
    workbench.quarantine.discard(first.id, reason="误传", actor=workbench.actor)
    assert _add(workbench).outcome is AddOutcome.QUARANTINED
    newest, oldest = workbench.quarantine.all()
    assert (newest.decision, oldest.id) == (None, first.id)
    assert newest.id > oldest.id
    assert workbench.originals.read(first.sha256) == MARKED.encode()


def test_decisions_need_a_reason_a_person_and_an_open_entry(workbench: Workbench) -> None:
    quarantine, actor = workbench.quarantine, workbench.actor
    _add(workbench)
    file = _only(workbench)
    for decide in (quarantine.release, quarantine.discard):
        with pytest.raises(ReasonNeededError):
            decide(file.id, reason=" \n", actor=actor)
        with pytest.raises(UnknownRecordError):
            decide(file.id + 1, reason="x", actor=actor)
    assert _only(workbench).decision is None
    quarantine.discard(file.id, reason="误传", actor=actor)
    for decide in (quarantine.release, quarantine.discard):
        with pytest.raises(DecidedAlreadyError):
            decide(file.id, reason="x", actor=actor)


def test_who_may_not_decide_is_refused_and_logged(
    workbench: Workbench, caplog: pytest.LogCaptureFixture
) -> None:
    _add(workbench)
    file = _only(workbench)
    librarian = replace(workbench.actor, permissions=GRANTS[Role.LIBRARIAN])
    for decide in (workbench.quarantine.release, workbench.quarantine.discard):
        with pytest.raises(NotPermittedError):
            decide(file.id, reason="x", actor=librarian)
    assert _only(workbench).decision is None
    assert "refused" in caplog.text


def test_every_step_is_logged(workbench: Workbench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    _add(workbench)
    workbench.quarantine.discard(_only(workbench).id, reason="误传", actor=workbench.actor)
    assert "entered" in caplog.text
    assert "discarded" in caplog.text


def test_what_a_person_describes_is_no_way_around(workbench: Workbench) -> None:
    added = workbench.ingest.add(
        MARKED.encode(),
        "x.txt",
        source="upload:x.txt",
        actor=workbench.actor,
        metadata=Metadata(title="水源", type=DocumentType.REPORT),
    )
    assert added.outcome is AddOutcome.QUARANTINED


def test_a_mark_found_later_withdraws_the_document(filled: Workbench) -> None:
    document = filled.documents.find(title="电梯")[0]
    assert _finds(filled, "财政补助")
    file = filled.quarantine.withdraw(document.current_version, "秘密", actor=filled.actor)
    assert not _finds(filled, "财政补助")
    with pytest.raises(UnknownRecordError):
        filled.documents.get(document.id)
    gone = filled.documents.document_of_version(document.current_version)
    assert gone.stamp.access is Access.NAMED
    assert (file.mark, file.file_name) == ("秘密", "加装电梯通知.txt")
    assert filled.quarantine.withdraw(document.current_version, "秘密", actor=filled.actor) == file
    assert _is_sound(filled)
    again = _add(filled, "电梯.txt", LIFTS)
    assert again.outcome is AddOutcome.QUARANTINED


def test_a_withdrawn_file_is_released_as_a_new_document(filled: Workbench) -> None:
    document = filled.documents.find(title="电梯")[0]
    file = filled.quarantine.withdraw(document.current_version, "秘密", actor=filled.actor)
    added = filled.quarantine.release(file.id, reason="误判", actor=filled.actor)
    assert added.outcome is AddOutcome.ADDED
    assert added.document_id != document.id
    assert filled.documents.get(added.document_id or 0).stamp.access is Access.NAMED
    assert _finds(filled, "财政补助")


def test_no_word_of_a_withdrawn_and_discarded_file_stays(filled: Workbench) -> None:
    document = filled.documents.find(title="电梯")[0]
    file = filled.quarantine.withdraw(document.current_version, "秘密", actor=filled.actor)
    filled.quarantine.discard(file.id, reason="确属国家秘密", actor=filled.actor)
    with filled.engine.connect() as connection:
        kept = select(pages.c.text).where(pages.c.version_id == document.current_version)
        assert set(connection.execute(kept).scalars()) == {""}
        found = select(passages).where(passages.c.version_id == document.current_version)
        assert connection.execute(found).all() == []
    with pytest.raises(UnknownRecordError):
        filled.originals.read(file.sha256)
    filled.index()
    assert _is_sound(filled)
    assert filled.documents.counts()[0] == 2


def test_an_unknown_version_cannot_be_withdrawn(workbench: Workbench) -> None:
    with pytest.raises(UnknownRecordError):
        workbench.quarantine.withdraw(7, "秘密", actor=workbench.actor)


def test_entries_refer_to_people(workbench: Workbench) -> None:
    _add(workbench)
    with workbench.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
