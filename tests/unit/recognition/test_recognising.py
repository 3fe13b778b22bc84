"""The queue of pages, and a version taking up what was read; with a recogniser that is told."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import select

from briefs.workbench.bootstrap import Workbench
from knowledge import chunking
from knowledge.errors import RecognitionUnavailableError
from knowledge.model import (
    Access,
    DocumentType,
    Ground,
    Layer,
    Metadata,
    Origin,
    PageText,
    Reading,
    Stamp,
    Version,
)
from knowledge.recognition.given import GivenRecogniser, typed
from knowledge.recognition.recognising import Recognising
from knowledge.recognition.sheet import Sheet
from knowledge.store.recognitions import Recognitions, Tally
from knowledge.store.schema import recognitions
from tests.homes import remove

NOTICE = [
    "河湾县人民政府办公室关于社区书房建设的通知",
    "河政办发〔2024〕3号",
    "各乡镇人民政府：",
    "2024年全县计划新建社区书房十二家，每家补助不超过8万元。",
    "河湾县人民政府办公室",
    "2024年3月5日",
]
SECOND = ["各乡镇应于每季度末报送进度。"]
TYPED = "一、总体要求\n社区书房免费开放。"


def waiting(count: int) -> tuple[PageText, ...]:
    return (PageText("", layer=Layer.WAITING),) * count


def add(
    bench: Workbench,
    pages: Sequence[PageText],
    sha256: str = "a1",
    title: str = "scan",
    document_id: int | None = None,
    access: Access = Access.PUBLIC,
) -> Version:
    """A file's pages in the collection, as ingest leaves them but for who may see them."""
    file_name = Ground("title", Origin.FILE_NAME, title)
    reading = Reading(
        "application/pdf",
        True,
        tuple(pages),
        Metadata(title=title, type=DocumentType.OTHER),
        remarks=("pages-without-text:1-2",),
        grounds=(file_name,),
    )
    return bench.documents.add_version(
        reading,
        () if access is Access.NAMED else chunking.passages(reading.pages),
        document_id=document_id,
        source=f"/{sha256}.pdf",
        file=(f"{title}.pdf", sha256, 1),
        stamp=Stamp(bench.actor.branch_id, access, bench.actor.person_id, bench.clock()),
        opens_as=Access.PUBLIC if access is Access.NAMED else None,
    )


def service(
    bench: Workbench, sheets: dict[tuple[str, int], Sheet], *, withhold: bool = False
) -> tuple[Recognising, GivenRecogniser]:
    recogniser = GivenRecogniser(sheets)
    made = Recognising(
        Recognitions(bench.engine),
        bench.documents,
        recogniser=recogniser,
        withhold=bench._withhold if withhold else lambda _version, _mark: False,
        lock=bench.home / "locks" / "recognition.lock",
        clock=bench.clock,
    )
    return made, recogniser


def test_a_scan_is_read_page_by_page_and_catalogued_by_its_words(workbench: Workbench) -> None:
    version = add(workbench, waiting(2))
    made, recogniser = service(workbench, {("a1", 1): typed(NOTICE), ("a1", 2): typed(SECOND)})
    seen: list[Tally] = []
    assert made.work(limit=1, progress=seen.append).pages == 1
    assert seen == [Tally(waiting=1, done=1)]
    assert workbench.documents.version(version.id).passage_count == 0
    worked = made.work()
    assert (worked.done, worked.settled) == (1, (version.id,))
    # Nothing is read twice.
    assert recogniser.asked == [("a1", 1), ("a1", 2)]
    pages = workbench.documents.pages(version.id)
    assert [page.layer for page in pages] == [Layer.RECOGNISED] * 2
    assert "每家补助不超过8万元" in pages[0].text
    assert pages[0].confidence(0, 5) == 0.98
    assert set(workbench.documents.places(version.id, [1, 2])) == {1, 2}
    about = workbench.documents.get(version.document_id)
    assert about.title == "河湾县人民政府办公室关于社区书房建设的通知"
    assert about.metadata.number == "河政办发〔2024〕3号"
    assert any(why.field == "number" and why.page == 1 for why in about.grounds)
    stored = workbench.documents.version(version.id)
    assert stored.remarks == ("pages-recognised:1-2",)
    assert stored.passage_count == len(workbench.passages.of_version(version.id)) > 0
    workbench.index()
    assert "8万元" in workbench.retriever.search("社区书房 补助", k=1)[0].passage.text


def test_what_was_read_is_let_go_once_it_is_taken_up(workbench: Workbench) -> None:
    add(workbench, waiting(1))
    made, _ = service(workbench, {("a1", 1): typed(NOTICE)})
    made.work()
    with workbench.engine.connect() as connection:
        assert connection.execute(select(recognitions.c.lines)).scalars().all() == [None]
    assert made.work().settled == ()


def test_pages_with_text_and_their_passages_stay_as_they_are(workbench: Workbench) -> None:
    version = add(
        workbench, [PageText(TYPED), *waiting(1), PageText("二、附则\n自印发之日起施行。")]
    )
    before = workbench.passages.of_version(version.id)
    made, _ = service(workbench, {("a1", 2): typed(NOTICE)})
    made.work()
    pages = workbench.documents.pages(version.id)
    assert pages[0].text == TYPED
    after = {passage.id: passage for passage in workbench.passages.of_version(version.id)}
    kept = [passage for passage in before if passage.id in after]
    assert kept
    assert all(after[passage.id].text == passage.text for passage in kept)
    assert [p.ordinal for p in after.values()] == list(range(len(after)))
    assert workbench.documents.get(version.document_id).title == "scan"


def test_evidence_refers_to_the_passage_that_now_has_its_words(workbench: Workbench) -> None:
    opening = "社区书房由县图书馆统一管理，书刊由县图书馆统一配送，"
    version = add(workbench, [PageText(opening), *waiting(1)])
    (old,) = workbench.passages.of_version(version.id)
    quote = workbench.editing.quote(old.id, "统一管理")
    brief = workbench.editing.create("书房", [quote], actor=workbench.actor)
    made, _ = service(workbench, {("a1", 2): typed(["每月更换一次。"])})
    made.work()
    (new,) = workbench.passages.of_version(version.id)
    assert new.id != old.id
    assert new.text == f"{opening}每月更换一次。"
    (evidence,) = workbench.briefs.get(brief.id).statements[0].evidence
    assert (evidence.passage_id, evidence.quote) == (new.id, "统一管理")


def test_a_page_that_fails_is_unread_until_it_is_tried_again(workbench: Workbench) -> None:
    version = add(workbench, waiting(2))
    made, recogniser = service(workbench, {("a1", 1): typed(NOTICE)})
    worked = made.work()
    assert (worked.done, worked.failed, made.tally()) == (1, 1, Tally(done=1, failed=1))
    first = workbench.documents.pages(version.id)[0]
    assert workbench.documents.version(version.id).remarks == (
        "pages-recognised:1",
        "pages-unread:2",
    )
    recogniser.sheets["a1", 2] = typed(SECOND)
    assert made.again() == 1
    assert made.work().done == 1
    pages = workbench.documents.pages(version.id)
    assert pages[0] == first
    assert pages[1].text == SECOND[0]
    assert workbench.documents.version(version.id).remarks == ("pages-recognised:1-2",)


def test_what_a_person_said_of_the_document_stays(workbench: Workbench) -> None:
    version = add(workbench, waiting(1))
    known = workbench.documents.get(version.document_id)
    assert known.grounds
    workbench.library.describe(
        known.id, Metadata(title="书房通知", type=DocumentType.PLAN), actor=workbench.actor
    )
    made, _ = service(workbench, {("a1", 1): typed(NOTICE)})
    made.work()
    about = workbench.documents.get(version.document_id).metadata
    assert (about.title, about.type) == ("书房通知", DocumentType.PLAN)


def test_a_mark_of_secrecy_keeps_the_words_out(workbench: Workbench) -> None:
    version = add(workbench, waiting(1))
    secret = {("a1", 1): typed(["机密★1年", *NOTICE])}
    made, _ = service(workbench, secret, withhold=True)
    assert made.work().withheld == (version.id,)
    assert workbench.documents.pages(version.id)[0].text == ""
    assert workbench.passages.of_version(version.id) == []


def test_a_released_file_is_taken_up_whatever_its_mark(workbench: Workbench) -> None:
    version = add(workbench, waiting(1))
    made, _ = service(workbench, {("a1", 1): typed(["机密★1年", *NOTICE])})
    assert made.work().settled == (version.id,)


def test_two_do_not_work_at_the_same_time(workbench: Workbench) -> None:
    add(workbench, waiting(1))
    made, recogniser = service(workbench, {("a1", 1): typed(NOTICE)})
    with FileLock(workbench.home / "locks" / "recognition.lock"):
        assert made.work().busy
    assert recogniser.asked == []
    assert made.work().done == 1


def test_it_stops_when_told_and_goes_on_later(workbench: Workbench) -> None:
    version = add(workbench, waiting(2))
    made, _ = service(workbench, {("a1", 1): typed(NOTICE), ("a1", 2): typed(SECOND)})
    asked = iter([False, True])
    assert made.work(stop=lambda: next(asked)).done == 1
    assert made.work().settled == (version.id,)


def test_an_interruption_before_the_taking_up_is_made_good(workbench: Workbench) -> None:
    version = add(workbench, waiting(1))
    made, recogniser = service(workbench, {("a1", 1): typed(NOTICE)})
    store = Recognitions(workbench.engine)
    page = store.next()
    assert page is not None
    store.finish(page, typed(NOTICE).pack(), at=workbench.clock())
    assert made.work().settled == (version.id,)
    assert recogniser.asked == []


def test_pages_of_removed_documents_do_not_wait(workbench: Workbench) -> None:
    version = add(workbench, waiting(3))
    made, _ = service(workbench, {})
    assert made.tally() == Tally(waiting=3)
    remove(workbench, version.document_id)
    assert made.tally() == Tally()
    assert made.work().pages == 0


def test_without_the_library_pages_keep_waiting(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(workbench, waiting(1))
    monkeypatch.setattr("knowledge.recognition.remote.find_spec", lambda _name: None)
    with pytest.raises(RecognitionUnavailableError, match="pip install rapidocr"):
        workbench.recognising.work()
    assert workbench.recognising.tally() == Tally(waiting=1)


def test_a_file_that_is_gone_fails_its_page(workbench: Workbench, tmp_path: Path) -> None:
    add(workbench, waiting(1))
    assert workbench.recognising.work().failed == 1
