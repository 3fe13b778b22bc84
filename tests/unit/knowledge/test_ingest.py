"""Files in, documents out."""

import os
import re
import threading
import time
from pathlib import Path

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.errors import EmptyFileError, MissingFileError, NotAllowedError
from knowledge.failure import Failure
from knowledge.incoming import Look
from knowledge.ingest import AddOutcome
from knowledge.listing import list_files
from knowledge.model import (
    Access,
    DocumentType,
    Ground,
    Layer,
    Metadata,
    Origin,
    PageText,
    Reading,
)
from knowledge.store.documents import Documents
from tests.homes import ELDERS, LIFTS, fill, open_home, write_texts


def test_a_file_becomes_a_document_with_pages_and_passages(filled: Workbench) -> None:
    document = filled.documents.find(title="图书馆条例")[0]
    version = filled.documents.version(document.current_version)
    pages = filled.documents.pages(version.id)
    passages = filled.passages.of_version(version.id)
    assert (version.number, version.paged, len(pages)) == (1, False, 1)
    assert document.stamp.made_by == filled.actor.person_id
    for passage in passages:
        words = "".join(pages[s.page - 1].text[s.start : s.end] for s in passage.spans)
        assert words == passage.text


def test_the_same_bytes_change_nothing(filled: Workbench, tmp_path: Path) -> None:
    again = fill(filled, tmp_path)
    assert {report.outcome for report in again} == {AddOutcome.UNCHANGED}
    moved = write_texts(tmp_path / "elsewhere", {"copy.txt": LIFTS})[0]
    assert filled.ingest.add_file(moved, actor=filled.actor).outcome is AddOutcome.UNCHANGED
    assert len(filled.documents.find()) == 3


def test_a_changed_file_becomes_the_next_version_of_its_document(
    filled: Workbench, tmp_path: Path
) -> None:
    changed = fill(filled, tmp_path, {"养老服务.txt": ELDERS.replace("35个", "41个")})[0]
    assert changed.outcome is AddOutcome.NEW_VERSION
    assert changed.document_id is not None
    newest, oldest = filled.documents.versions(changed.document_id)
    assert (newest.number, oldest.number) == (2, 1)
    assert "35个" in filled.documents.pages(oldest.id)[0].text
    texts = [hit.passage.text for hit in filled.retriever.search("社区养老服务站")]
    assert any("41个" in text for text in texts)
    assert not any("35个" in text for text in texts)


def test_a_file_that_goes_back_is_a_version_too(filled: Workbench, tmp_path: Path) -> None:
    fill(filled, tmp_path, {"养老服务.txt": ELDERS + "新增一句话在这里。"})
    back = fill(filled, tmp_path, {"养老服务.txt": ELDERS})[0]
    assert back.outcome is AddOutcome.NEW_VERSION
    assert filled.documents.versions(back.document_id or 0)[0].number == 3


def test_a_failure_stays_visible_until_it_succeeds(workbench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7 broken")
    report = workbench.ingest.add_file(path, actor=workbench.actor)
    assert report.outcome is AddOutcome.FAILED
    failure = workbench.failures.all()[0]
    assert failure.file_name == "report.pdf"
    assert failure.reason == str(report.error)
    assert workbench.documents.find() == []
    path.write_bytes("改好的文字，一共有一句话。".encode())
    assert workbench.ingest.retry(failure, actor=workbench.actor).outcome is AddOutcome.FAILED
    path.unlink()
    kept = workbench.failures.all()[0]
    assert kept.sha256 is not None
    assert workbench.originals.read(kept.sha256).startswith("改好".encode())


def test_retrying_forgets_the_failure_once_it_is_read(workbench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("   ")
    assert workbench.ingest.add_file(path, actor=workbench.actor).outcome is AddOutcome.FAILED
    path.write_text("现在有内容了，可以收入馆藏。", encoding="utf-8")
    failure = workbench.failures.all()[0]
    assert workbench.library.retry(failure, actor=workbench.actor).outcome is AddOutcome.ADDED
    assert workbench.failures.all() == []


def _failed(home: Workbench, words: str, access: Access) -> Failure:
    """What could not be read at first, and can be by now."""

    def broken(_data: bytes, _name: str) -> Reading:
        raise EmptyFileError(name="名册.txt")

    read, home.ingest._read = home.ingest._read, broken
    home.ingest.upload(words.encode(), "名册.txt", actor=home.actor, access=access)
    home.ingest._read = read
    return home.failures.all()[0]


@pytest.mark.parametrize(
    ("chosen", "words", "becomes"),
    [
        (Access.STAFF, "全县建成社区养老服务站。\n", Access.STAFF),
        (Access.PUBLIC, "全县建成社区养老服务站。\n", Access.PUBLIC),
        # Nobody could look through it.
        (Access.PUBLIC, "联系人：王小明，电话13812345678。\n", Access.STAFF),
        (Access.STAFF, "联系人：王小明，电话13812345678。\n", Access.STAFF),
    ],
)
def test_what_is_tried_again_is_no_wider_than_it_was_meant(
    workbench: Workbench, chosen: Access, words: str, becomes: Access
) -> None:
    failure = _failed(workbench, words, chosen)
    assert failure.opens_as is chosen
    added = workbench.ingest.retry(failure, actor=workbench.actor)
    assert workbench.documents.get(added.document_id or 0).stamp.access is becomes
    is_kept = any(each.startswith("kept-for-staff:") for each in added.remarks)
    assert is_kept is (chosen is not becomes)


def test_a_file_that_failed_from_its_path_is_no_wider_either(
    workbench: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "note.txt"
    path.write_text("   ")
    workbench.ingest.add_file(path, actor=workbench.actor, access=Access.STAFF)
    path.write_text("现在有内容了，可以收入馆藏。", encoding="utf-8")
    added = workbench.ingest.retry(workbench.failures.all()[0], actor=workbench.actor)
    assert workbench.documents.get(added.document_id or 0).stamp.access is Access.STAFF


def test_who_adds_a_file_is_told_of_personal_data(workbench: Workbench, tmp_path: Path) -> None:
    texts = {"名册.txt": "联系人：王小明，电话13812345678。\n", "站.txt": "全县建成服务站。\n"}
    told = [
        workbench.ingest.add_file(path, actor=workbench.actor, look=Look.TELL).remarks
        for path in write_texts(tmp_path, texts)
    ]
    assert [[each.partition(":")[0] for each in remarks] for remarks in told] == [
        ["personal-data"],
        [],
    ]


def test_what_a_person_knows_goes_before_what_is_guessed(workbench: Workbench) -> None:
    added = workbench.ingest.add(
        LIFTS.encode(),
        "x.txt",
        source="upload:x.txt",
        actor=workbench.actor,
        metadata=Metadata(title="电梯补助", type=DocumentType.PLAN),
    )
    document = workbench.documents.get(added.document_id or 0)
    assert document.title == "电梯补助"
    assert document.metadata.type is DocumentType.PLAN
    assert document.metadata.number == "河政办发〔2023〕12号"


def test_names_never_become_paths(workbench: Workbench, tmp_path: Path) -> None:
    added = workbench.ingest.add(
        ELDERS.encode(), "../../etc/passwd.txt", source="upload:evil", actor=workbench.actor
    )
    assert added.outcome is AddOutcome.ADDED
    kept = [path.name for path in tmp_path.rglob("*") if "passwd" in path.name]
    assert kept == []


def test_folders_give_only_what_can_be_read(tmp_path: Path) -> None:
    write_texts(tmp_path / "a", {"一.txt": "x", "二.md": "y", "三.zip": "z", ".hidden.txt": "h"})
    named = tmp_path / "a" / "三.zip"
    listing = list_files([tmp_path / "a"])
    assert [path.name for path in listing.files] == ["一.txt", "二.md"]
    assert [path.name for path in listing.passed_over] == ["三.zip"]
    assert named in list_files([named]).files
    with pytest.raises(MissingFileError, match="nowhere"):
        list_files([tmp_path / "nowhere"])


def test_what_an_interruption_left_is_cleared_away(tmp_path: Path) -> None:
    workbench = open_home(tmp_path)
    fill(workbench, tmp_path)
    sha256 = workbench.originals.stage("留下的半个文件".encode())
    workbench.close()
    again = open_home(tmp_path)
    assert not (tmp_path / "home" / "originals" / ".staging" / sha256).exists()
    assert all(finding.is_sound for finding in again.doctor.examine())
    again.close()


def test_a_path_that_the_system_does_not_give_is_a_failure_too(
    workbench: Workbench, tmp_path: Path
) -> None:
    report = workbench.ingest.add_file(tmp_path, actor=workbench.actor)
    assert isinstance(report.error, NotAllowedError)
    gone = workbench.ingest.add_file(tmp_path / "gone.txt", actor=workbench.actor)
    assert isinstance(gone.error, MissingFileError)


def test_a_failed_new_version_is_tried_again_for_the_document_that_was_meant(
    filled: Workbench,
) -> None:
    meant = filled.documents.find(title="养老")[0].id
    filled.ingest.upload("另一份文献的一句话内容。".encode(), "s.txt", actor=filled.actor)
    failed = filled.ingest.upload(b"  ", "s.txt", actor=filled.actor, document_id=meant)
    assert failed.outcome is AddOutcome.FAILED
    failure = filled.failures.all()[0]
    again = filled.ingest.add(
        "修订后的养老服务情况说明。".encode(),
        "s.txt",
        source=failure.source,
        actor=filled.actor,
        document_id=meant,
    )
    assert (again.outcome, again.document_id) == (AddOutcome.NEW_VERSION, meant)
    assert filled.failures.all() == []
    assert filled.ingest.retry(failure, actor=filled.actor).outcome is AddOutcome.FAILED
    assert filled.failures.all()[0].source == failure.source


def test_a_name_from_an_old_archive_is_no_obstacle(workbench: Workbench, tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/" + "国办发.txt".encode("gbk")
    Path(os.fsdecode(raw)).write_text("关于开放时间调整的说明文字。", encoding="utf-8")
    report = workbench.ingest.add_file(Path(os.fsdecode(raw)), actor=workbench.actor)
    assert (report.outcome, report.name) == (AddOutcome.ADDED, "国办发.txt")


def test_repair_never_takes_a_file_that_is_being_added(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_home(tmp_path)
    hashes = Documents.hashes

    def while_another_adds(documents: Documents) -> dict[str, int]:
        needed = hashes(documents)
        path = write_texts(tmp_path / "late", {"新.txt": "另一进程正在添加的文献内容。"})[0]
        adding = threading.Thread(
            target=workbench.ingest.add_file, args=(path,), kwargs={"actor": workbench.actor}
        )
        adding.start()
        adding.join(0.3)
        return needed

    monkeypatch.setattr(Documents, "hashes", while_another_adds)
    other.doctor.repair()
    monkeypatch.undo()
    for _ in range(50):
        if workbench.documents.find():
            break
        time.sleep(0.1)
    assert all(finding.is_sound for finding in workbench.doctor.examine())
    assert len(workbench.documents.find()) == 1
    other.close()


def _waiting(_data: bytes, name: str) -> Reading:
    pages = (PageText("", layer=Layer.WAITING), PageText("", layer=Layer.WAITING))
    return Reading("application/pdf", True, pages, Metadata(title=name))


def test_a_scan_is_held_without_passages_until_it_is_recognised(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench.ingest, "_read", _waiting)
    added = workbench.ingest.upload(b"scan", "a.pdf", actor=workbench.actor)
    assert (added.outcome, added.passages) == (AddOutcome.ADDED, 0)
    assert added.remarks == ("pages-waiting:2",)
    version = workbench.documents.get(added.document_id or 0).current_version
    assert workbench.documents.version(version).remarks == ()
    assert [page.layer for page in workbench.documents.pages(version)] == [Layer.WAITING] * 2
    again = workbench.ingest.upload(b"scan", "b.pdf", actor=workbench.actor)
    assert again.outcome is AddOutcome.UNCHANGED


def test_neither_a_passage_nor_a_waiting_page_is_empty(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    blank = Reading("application/pdf", True, (PageText(""), PageText("", layer=Layer.UNREAD)))
    monkeypatch.setattr(workbench.ingest, "_read", lambda _data, _name: blank)
    added = workbench.ingest.upload(b"blank", "a.pdf", actor=workbench.actor)
    assert isinstance(added.error, EmptyFileError)


def test_what_a_person_knows_has_no_guessed_ground(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    grounds = tuple(
        Ground(field, Origin.PAGE, "河湾", page=1) for field in ("title", "issuer", "doi")
    )
    guessed = Metadata(title="猜的", issuer="河湾县", doi="10.1/1")
    reading = Reading("text/plain", False, (PageText("一句话。"),), guessed, grounds=grounds)
    monkeypatch.setattr(workbench.ingest, "_read", lambda _data, _name: reading)
    added = workbench.ingest.add(
        b"x",
        "a.txt",
        source="upload:a.txt",
        actor=workbench.actor,
        metadata=Metadata(title="真的", carrier="OL"),
    )
    document = workbench.documents.get(added.document_id or 0)
    assert document.metadata.title == "真的"
    assert (document.metadata.carrier, document.metadata.doi) == ("OL", "10.1/1")
    assert [ground.field for ground in document.grounds] == ["issuer", "doi"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_or_a_device_is_no_file(workbench: Workbench, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    for name in ("pipe.txt", "zero.txt"):
        added = workbench.ingest.add_file(tmp_path / name, actor=workbench.actor)
        assert isinstance(added.error, NotAllowedError)


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc%2fpasswd.txt", "..\\..\\a.txt", "/etc/passwd.txt", "a\0b.txt", "~.txt"]
)
def test_a_name_is_kept_as_words_only(workbench: Workbench, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    added = workbench.ingest.upload(ELDERS.encode(), name, actor=workbench.actor)
    assert added.outcome is AddOutcome.ADDED
    document = workbench.documents.get(added.document_id or 0)
    assert workbench.documents.version(document.current_version).file_name == name
    made = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert all(re.fullmatch("[0-9a-f]{62}|ingest.lock", path.name) for path in made)
