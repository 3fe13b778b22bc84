"""What may happen around the taking up of pages: marks, races, damage, and late first pages."""

from collections.abc import Sequence
from typing import Any

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge import chunking
from knowledge.model import Access, Layer, PageText, PassageDraft
from knowledge.recognition.given import GivenRecogniser, typed
from knowledge.recognition.sheet import Sheet
from knowledge.store.passages import Passages
from knowledge.store.quarantine import Decision
from knowledge.store.recognitions import Recognitions, Tally
from tests.unit.recognition.test_recognising import NOTICE, SECOND, add, service, waiting

MARKED = ["机密★1年", *NOTICE]
OPENING = "社区书房由县图书馆统一管理，书刊由县图书馆统一配送，"


def access(bench: Workbench, version_id: int) -> tuple[Access, Access]:
    """Of a version, and of its document."""
    version = bench.documents.version(version_id)
    return version.stamp.access, bench.documents.document_of_version(version_id).stamp.access


def test_what_waits_for_its_first_page_is_public_once_it_is_read(workbench: Workbench) -> None:
    version = add(workbench, [*waiting(2), PageText(OPENING)], access=Access.NAMED)
    made, _ = service(
        workbench, {("a1", 1): typed(NOTICE), ("a1", 2): typed(SECOND)}, withhold=True
    )
    made.work(limit=1)
    assert access(workbench, version.id) == (Access.NAMED, Access.NAMED)
    assert workbench.passages.of_version(version.id) == []
    assert made.work().settled == (version.id,)
    assert access(workbench, version.id) == (Access.PUBLIC, Access.PUBLIC)
    assert any(OPENING in p.text for p in workbench.passages.of_version(version.id))


def test_a_mark_is_seen_as_soon_as_its_page_is_read(workbench: Workbench) -> None:
    version = add(workbench, waiting(5), access=Access.NAMED)
    made, recogniser = service(workbench, {("a1", 2): typed(MARKED)}, withhold=True)
    recogniser.sheets["a1", 1] = typed([])
    indexed: list[bool] = []
    worked = made.work(settled=lambda: indexed.append(True))
    assert (worked.withheld, worked.pages, indexed) == ((version.id,), 2, [True])
    assert recogniser.asked == [("a1", 1), ("a1", 2)]
    assert made.tally() == Tally()
    assert len(workbench.quarantine.waiting()) == 1


def test_what_was_released_stays_for_named_persons(workbench: Workbench) -> None:
    version = add(workbench, waiting(1), access=Access.NAMED)
    made, _ = service(workbench, {("a1", 1): typed(MARKED)}, withhold=True)
    made.work()
    (file,) = workbench.quarantine.waiting()
    workbench.quarantine._files.decide(
        file.id, Decision.RELEASED, reason="查", by=workbench.actor, at=workbench.clock()
    )
    again = add(workbench, waiting(1), access=Access.NAMED)
    assert again.id != version.id
    assert made.work().settled == (again.id,)
    assert access(workbench, again.id) == (Access.NAMED, Access.NAMED)
    assert workbench.passages.of_version(again.id)


def test_a_first_page_that_fails_keeps_its_version_hidden(workbench: Workbench) -> None:
    version = add(workbench, [*waiting(1), PageText(OPENING)], access=Access.NAMED)
    made, recogniser = service(workbench, {}, withhold=True)
    assert made.work().failed == 1
    assert access(workbench, version.id) == (Access.NAMED, Access.NAMED)
    assert workbench.passages.of_version(version.id) == []
    assert "first-page-unread" in workbench.documents.version(version.id).remarks
    recogniser.sheets["a1", 1] = typed(NOTICE)
    made.again()
    made.work()
    assert access(workbench, version.id) == (Access.PUBLIC, Access.PUBLIC)
    assert workbench.passages.of_version(version.id)
    assert workbench.documents.version(version.id).remarks == ("pages-recognised:1",)


def test_old_versions_are_looked_at_after_all_others(workbench: Workbench) -> None:
    old = add(workbench, waiting(1), access=Access.NAMED)
    add(workbench, waiting(1), sha256="b2", document_id=old.document_id)
    add(workbench, waiting(1), sha256="c3")
    sheets = {("a1", 1): typed(MARKED), ("b2", 1): typed(NOTICE), ("c3", 1): typed(SECOND)}
    made, recogniser = service(workbench, sheets, withhold=True)
    assert made.work().withheld == (old.id,)
    assert [sha256 for sha256, _ in recogniser.asked] == ["b2", "c3", "a1"]
    assert made.tally().waiting == 0


def test_a_page_let_wait_again_amid_the_taking_up_is_not_lost(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = add(workbench, waiting(2))
    made, recogniser = service(workbench, {("a1", 1): typed(NOTICE)})

    def cut(pages: Sequence[PageText]) -> list[PassageDraft]:
        monkeypatch.undo()
        assert Recognitions(workbench.engine).again() == 1
        return list(chunking.passages(pages))

    monkeypatch.setattr("knowledge.recognition.recognising.chunking.passages", cut)
    made.work()
    assert workbench.documents.pages(version.id)[1].layer is Layer.WAITING
    recogniser.sheets["a1", 2] = typed(SECOND)
    made.work()
    assert workbench.documents.pages(version.id)[1].text == SECOND[0]
    assert made.tally() == Tally(done=2)


def test_passages_replaced_while_they_are_encoded_are_encoded_anew(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = add(workbench, [PageText(OPENING), *waiting(1)])
    made, _ = service(workbench, {("a1", 2): typed(["每月更换一次。"])})
    encode = workbench.encoder.encode_passages

    def encoding(texts: Sequence[str]) -> object:
        monkeypatch.undo()
        made.work()
        return encode(texts)

    monkeypatch.setattr(workbench.encoder, "encode_passages", encoding)
    workbench.index()
    (passage,) = workbench.passages.of_version(version.id)
    assert workbench.dense is not None
    assert workbench.dense.ids().tolist() == [passage.id]


def test_passages_replaced_while_they_are_counted_are_passed_over(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = add(workbench, [PageText(OPENING), *waiting(1)])
    other = add(workbench, [PageText("图书馆每周开放六天。")], sha256="b2")
    made, _ = service(workbench, {("a1", 2): typed(["每月更换一次。"])})
    dense = workbench.dense
    assert dense is not None
    dense.encode()
    with_vector = Passages.with_vector

    def counting(passages: Passages, *given: Any) -> object:
        monkeypatch.undo()
        found = with_vector(passages, *given)
        made.work()
        return found

    monkeypatch.setattr(Passages, "with_vector", counting)
    dense.catch_up()
    (kept,) = workbench.passages.of_version(other.id)
    assert dense.ids().tolist() == [kept.id]
    workbench.index()
    (replaced,) = workbench.passages.of_version(version.id)
    assert set(dense.ids().tolist()) == {kept.id, replaced.id}


def test_a_brief_open_meanwhile_can_be_saved(workbench: Workbench) -> None:
    version = add(workbench, [PageText(OPENING), *waiting(1)])
    (old,) = workbench.passages.of_version(version.id)
    quote = workbench.editing.quote(old.id, "统一管理")
    brief = workbench.editing.create("书房", [quote], actor=workbench.actor)
    made, _ = service(workbench, {("a1", 2): typed(["每月更换一次。"])})
    made.work()
    saved = workbench.editing.save(
        brief, title="书房办法", lines=brief.statements, actor=workbench.actor
    )
    (evidence,) = saved.statements[0].evidence
    assert (evidence.quote, evidence.passage_id) == ("统一管理", None)
    assert evidence.spans == quote.evidence[0].spans


def test_an_original_that_the_system_refuses_fails_its_page_only(workbench: Workbench) -> None:
    class Refused(GivenRecogniser):
        def recognise(self, sha256: str, page: int) -> Sheet:
            if sha256 == "a1":
                raise PermissionError(13, "Permission denied", "/originals/a1")
            return super().recognise(sha256, page)

    add(workbench, waiting(1))
    good = add(workbench, waiting(1), sha256="b2")
    made, _ = service(workbench, {})
    made._recogniser = Refused({("b2", 1): typed(NOTICE)})
    worked = made.work()
    assert (worked.done, worked.failed) == (1, 1)
    assert good.id in worked.settled


def test_a_version_that_cannot_take_up_its_pages_is_in_nobodys_way(workbench: Workbench) -> None:
    bad, good = add(workbench, waiting(1)), add(workbench, waiting(1), sha256="b2")
    store = Recognitions(workbench.engine)
    page = store.next()
    assert page is not None
    store.finish(page, b"damaged", at=workbench.clock())
    made, recogniser = service(workbench, {("b2", 1): typed(NOTICE)})
    assert made.work().settled == (good.id,)
    assert made.tally() == Tally(done=1, failed=1)
    recogniser.sheets["a1", 1] = typed(SECOND)
    assert made.again() == 1
    assert made.work().settled == (bad.id,)


def test_a_first_page_read_late_describes_the_document(workbench: Workbench) -> None:
    version = add(workbench, waiting(2))
    made, recogniser = service(workbench, {("a1", 2): typed(["附件", *SECOND])})
    made.work()
    recogniser.sheets["a1", 1] = typed(NOTICE)
    made.again()
    made.work()
    about = workbench.documents.get(version.document_id)
    assert (about.title, about.metadata.number) == (NOTICE[0], "河政办发〔2024〕3号")


def test_a_scanned_cover_describes_the_document(workbench: Workbench) -> None:
    version = add(workbench, [*waiting(1), PageText("附表说明")])
    made, _ = service(workbench, {("a1", 1): typed(NOTICE)})
    made.work()
    assert workbench.documents.get(version.document_id).title == NOTICE[0]


def test_access_that_somebody_changed_meanwhile_stays(workbench: Workbench) -> None:
    version = add(workbench, waiting(1), access=Access.STAFF)
    made, _ = service(workbench, {("a1", 1): typed(NOTICE)}, withhold=True)
    made.work()
    # Of a version that is read, its document alone decides.
    assert access(workbench, version.id) == (Access.PUBLIC, Access.STAFF)
