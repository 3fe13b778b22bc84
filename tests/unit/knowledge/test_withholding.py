"""A mark of secrecy that is found late: what is withheld, what stays, and what is deleted."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from briefs.errors import ClosedSourceError, DiscardedSourceError
from briefs.model import Brief
from briefs.workbench.bootstrap import Workbench
from knowledge.desk import AnswerEvidence
from knowledge.errors import UnknownRecordError
from knowledge.ingest import Added, AddOutcome
from knowledge.model import (
    Access,
    Document,
    DocumentType,
    Layer,
    Metadata,
    PageText,
    Reading,
    Version,
)
from knowledge.store.quarantine import Decision
from knowledge.store.schema import documents
from tests.homes import open_home

WAITS = PageText("", layer=Layer.WAITING)
STORES = "河湾县备用水源共有七处，由县水务部门统一保管。"
OPEN = "河湾县公共图书馆每周开放六十小时，节假日照常。"


def _scan(
    bench: Workbench,
    data: bytes = b"scan",
    *,
    pages: Sequence[PageText] = (WAITS, PageText(STORES)),
    document_id: int | None = None,
    metadata: Metadata | None = None,
) -> Added:
    """Add a file whose pages are these, as a reader would give them."""
    reading = Reading(
        "application/pdf",
        True,
        tuple(pages),
        Metadata(title="水源说明", number="河水〔2024〕2号", type=DocumentType.OTHER),
    )
    read, bench.ingest._read = bench.ingest._read, lambda _data, _name: reading
    try:
        name = f"{data.decode()}.pdf"
        return bench.ingest.add(
            data,
            name,
            source=f"/{name}" if metadata is None else f"/{metadata.title}",
            actor=bench.actor,
            document_id=document_id,
            metadata=metadata,
        )
    finally:
        bench.ingest._read = read


def _text(bench: Workbench, name: str, text: str, source: str | None = None) -> Added:
    data = f"{text}\n".encode()
    return bench.ingest.add(data, name, source=source or f"/{name}", actor=bench.actor)


def _document(bench: Workbench, added: Added) -> Document:
    return bench.documents.get(added.document_id or 0)


def _current(bench: Workbench, added: Added) -> Version:
    return bench.documents.version(_document(bench, added).current_version)


def _open_scan(bench: Workbench) -> Version:
    """A scan with a typed first page, in which nobody has seen the mark yet."""
    added = _scan(bench, pages=[PageText(STORES)])
    return _current(bench, added)


def _brief(bench: Workbench, version: Version) -> Brief:
    passage = bench.passages.of_version(version.id)[0]
    quote = bench.editing.quote(passage.id, "备用水源共有七处")
    return bench.editing.create("水源", [quote], actor=bench.actor)


def _is_sound(bench: Workbench) -> bool:
    bench.index()
    return all(finding.is_sound for finding in bench.doctor.examine())


def test_what_may_bear_a_mark_is_nobodys_until_it_was_looked_at(workbench: Workbench) -> None:
    added = _scan(workbench)
    assert (added.outcome, added.passages) == (AddOutcome.ADDED, 0)
    version = _current(workbench, added)
    assert version.stamp.access is _document(workbench, added).stamp.access is Access.NAMED
    assert workbench.passages.of_version(version.id) == []
    later = _scan(workbench, b"later", pages=[PageText(""), WAITS, PageText(STORES)])
    assert later.passages == 0
    open_ = _scan(workbench, b"open", pages=[PageText(STORES), WAITS])
    assert open_.passages > 0
    assert _current(workbench, open_).stamp.access is Access.PUBLIC
    assert _is_sound(workbench)


def test_a_public_document_stays_public_while_its_new_version_waits(workbench: Workbench) -> None:
    first = _text(workbench, "a.txt", OPEN)
    added = _scan(workbench, document_id=first.document_id)
    assert _document(workbench, added).stamp.access is Access.PUBLIC
    assert _current(workbench, added).stamp.access is Access.NAMED


def test_a_marked_version_leaves_the_clean_one(workbench: Workbench) -> None:
    first = _text(workbench, "a.txt", OPEN)
    clean = _current(workbench, first)
    _scan(workbench, document_id=first.document_id)
    marked = _current(workbench, first)
    assert workbench._withhold(marked, "机密★1年")
    document = _document(workbench, first)
    assert (document.current_version, document.stamp.access) == (clean.id, Access.PUBLIC)
    assert workbench.documents.version(marked.id).stamp.access is Access.NAMED
    assert workbench.documents.version(clean.id).stamp.access is Access.PUBLIC
    workbench.index()
    assert "六十小时" in workbench.retriever.search("每周开放")[0].passage.text
    # It waits for recognition no more.
    assert workbench.recognising.tally().total == 0
    (file,) = workbench.quarantine.waiting()
    workbench.quarantine.discard(file.id, reason="误传", actor=workbench.actor)
    assert _document(workbench, first) == document
    with pytest.raises(UnknownRecordError):
        workbench.originals.read(marked.sha256)
    assert _is_sound(workbench)


def test_a_later_version_survives_a_mark_on_an_older_one(workbench: Workbench) -> None:
    added = _scan(workbench)
    old = _current(workbench, added)
    _text(workbench, "b.txt", OPEN, source="/scan.pdf")
    assert workbench._withhold(old, "秘密")
    document = _document(workbench, added)
    assert document.current_version != old.id
    assert document.stamp.access is Access.PUBLIC


def test_every_version_of_the_bytes_is_withheld(workbench: Workbench) -> None:
    one = _open_scan(workbench)
    added = _scan(workbench, pages=[PageText(STORES)], metadata=Metadata(title="同一文件"))
    twin = _current(workbench, added)
    assert twin.sha256 == one.sha256
    assert twin.document_id != one.document_id
    assert workbench._withhold(one, "秘密")
    assert workbench.documents.find() == []
    accesses = {workbench.documents.version(id_).stamp.access for id_ in (one.id, twin.id)}
    assert accesses == {Access.NAMED}


def test_a_released_file_is_not_published_by_its_twin(workbench: Workbench) -> None:
    added = _scan(workbench)
    version = _current(workbench, added)
    workbench._withhold(version, "秘密")
    (file,) = workbench.quarantine.waiting()
    workbench.quarantine._files.decide(
        file.id,
        Decision.RELEASED,
        reason="查过",
        by=workbench.actor,
        at=workbench.clock(),
    )
    again = _scan(workbench)
    settled = _current(workbench, again)
    with workbench.engine.begin() as connection:
        connection.execute(documents.update().values(access="public"))
    assert not workbench._withhold(settled, "秘密")
    assert _document(workbench, again).stamp.access is Access.NAMED


def test_a_cited_file_is_discarded_with_every_quote(workbench: Workbench) -> None:
    version = _open_scan(workbench)
    passage = workbench.passages.of_version(version.id)[0]
    brief = _brief(workbench, version)
    inquiry = workbench.desk.ask("水源几处？", actor=workbench.actor)
    bound = AnswerEvidence(version.id, passage.spans, passage.text)
    workbench.desk.answer(inquiry.id, "见说明。", evidence=[bound], actor=workbench.actor)
    workbench._withhold(version, "秘密")
    (file,) = workbench.quarantine.waiting()
    workbench.quarantine.discard(file.id, reason="确属国家秘密", actor=workbench.actor)
    (evidence,) = workbench.briefs.get(brief.id).statements[0].evidence
    assert (evidence.passage_id, evidence.quote) == (None, "")
    (answer,) = workbench.desk.answers_to(inquiry.id, actor=workbench.actor)
    assert answer.evidence[0].quote == ""
    gone = workbench.documents.document_of_version(version.id)
    assert gone.metadata == Metadata(title="—", type=DocumentType.OTHER)
    assert gone.grounds == ()
    # The brief is not published before it is mended.
    with pytest.raises(ClosedSourceError, match="Statement 1"):
        workbench.publishing.publish(brief.id, actor=workbench.actor)
    now = workbench.briefs.get(brief.id)
    with pytest.raises(DiscardedSourceError, match="Statement 1"):
        workbench.editing.check(now)
    # All else of it can be changed meanwhile.
    now = workbench.editing.save(
        now, title="水源（改）", lines=now.statements, actor=workbench.actor
    )
    assert "备用水源共有七处" not in repr(now)
    assert (
        workbench.editing.save(now, title="水源", lines=(), actor=workbench.actor).statements == ()
    )
    assert _is_sound(workbench)


def test_an_interrupted_discarding_is_made_good(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _text(workbench, "a.txt", f"机密★1年\n\n{STORES}")
    (file,) = workbench.quarantine.waiting()

    def killed(_among: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workbench.ingest, "drop_unreferenced", killed)
    with pytest.raises(KeyboardInterrupt):
        workbench.quarantine.discard(file.id, reason="误传", actor=workbench.actor)
    picture = workbench.home / "cache" / "pages" / f"{file.sha256[:32]}-x.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"x")
    assert workbench.originals.is_intact(file.sha256)
    again = open_home(tmp_path)
    try:
        assert again.originals.is_intact(file.sha256) is None
        assert not picture.exists()
    finally:
        again.close()


def test_pictures_go_with_what_is_withheld_or_discarded(workbench: Workbench) -> None:
    version = _open_scan(workbench)
    picture = workbench.home / "cache" / "pages" / f"{version.sha256[:32]}-x.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"x")
    workbench._withhold(version, "秘密")
    assert not picture.exists()
    picture.write_bytes(b"x")
    (file,) = workbench.quarantine.waiting()
    workbench.quarantine.discard(file.id, reason="误传", actor=workbench.actor)
    assert not picture.exists()


def test_what_is_closed_is_not_published_and_says_which_statement(
    filled: Workbench, caplog: pytest.LogCaptureFixture
) -> None:
    version = _open_scan(filled)
    open_ = filled.editing.quote(filled.retriever.search("养老服务站")[0].passage.id)
    brief = _brief(filled, version)
    brief = filled.editing.save(
        brief, title="水源", lines=[open_, *brief.statements], actor=filled.actor
    )
    edition = filled.publishing.publish(brief.id, actor=filled.actor)
    assert all(reference.access_is_open for reference in edition.publication.references)
    filled._withhold(version, "秘密")
    assert f"brief {brief.id} cites file" in caplog.text
    changed = filled.editing.save(
        filled.briefs.get(brief.id), title="水源（改）", lines=brief.statements, actor=filled.actor
    )
    with pytest.raises(ClosedSourceError, match=f"Statement 2 of brief {brief.id}"):
        filled.publishing.publish(changed.id, actor=filled.actor)
    waiting = filled.quarantine.waiting()
    assert [each.id for each in filled.briefs_citing(waiting)[waiting[0].id]] == [brief.id]
    # Its edition still has the words, so it is named even when the draft has them no more.
    filled.editing.save(changed, title="水源（改）", lines=[open_], actor=filled.actor)
    assert [each.id for each in filled.briefs_citing(waiting)[waiting[0].id]] == [brief.id]
    assert filled.publishing.publish(brief.id, actor=filled.actor).number == 2


def test_two_released_files_of_one_name_are_two_documents(workbench: Workbench) -> None:
    for words in (STORES, OPEN):
        data = f"机密★1年\n\n{words}\n".encode()
        workbench.ingest.upload(data, "s.txt", actor=workbench.actor)
    second, first = workbench.quarantine.waiting()
    made = [
        workbench.quarantine.release(file.id, reason="查过", actor=workbench.actor)
        for file in (first, second, first, second)
    ]
    assert [each.outcome for each in made] == [AddOutcome.ADDED] * 2 + [AddOutcome.UNCHANGED] * 2
    assert made[0].document_id == made[2].document_id != made[1].document_id
    assert len(workbench.documents.find()) == 2


def test_what_comes_from_the_same_place_later_is_a_document_of_its_own(
    workbench: Workbench,
) -> None:
    public = _text(workbench, "s.txt", OPEN)
    _text(workbench, "s.txt", f"机密★1年\n\n{STORES}")
    (file,) = workbench.quarantine.waiting()
    released = workbench.quarantine.release(file.id, reason="查过", actor=workbench.actor)
    later = _text(workbench, "s.txt", f"{OPEN}另有停车位三十个。")
    assert later.outcome is AddOutcome.NEW_VERSION
    assert later.document_id == public.document_id != released.document_id
    assert _document(workbench, later).stamp.access is Access.PUBLIC
    # The released bytes themselves are known wherever they lie.
    known = _text(workbench, "s.txt", f"机密★1年\n\n{STORES}")
    assert (known.outcome, known.document_id) == (AddOutcome.UNCHANGED, released.document_id)
    assert _is_sound(workbench)


def test_only_one_document_entry_is_blanked(workbench: Workbench) -> None:
    version = _open_scan(workbench)
    kept = _text(workbench, "a.txt", OPEN)
    workbench._withhold(version, "秘密")
    (file,) = workbench.quarantine.waiting()
    workbench.quarantine.discard(file.id, reason="误传", actor=workbench.actor)
    with workbench.engine.connect() as connection:
        titles = set(connection.execute(select(documents.c.title)).scalars())
    assert titles == {"—", _document(workbench, kept).title}
