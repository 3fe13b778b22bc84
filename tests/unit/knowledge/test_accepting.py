"""What becomes public with an accepted answer was decided first, and is decided once."""

from dataclasses import replace

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.access import PUBLIC
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Search
from knowledge.accounts.roles import Role
from knowledge.clearing import Choice
from knowledge.desk import Answer, AnswerEvidence
from knowledge.errors import ClaimedError, NotThereError, UnknownRecordError
from knowledge.ingest import Ingest
from knowledge.model import Access
from knowledge.store.documents import Documents
from tests.homes import blanking_all, open_account

TEXT = "请联系王小明同志，手机 13812345678。"


def _answered(bench: Workbench, text: str = TEXT) -> Answer:
    inquiry = bench.desk.ask("电梯补助？", actor=bench.actor)
    return bench.desk.answer(inquiry.id, text, evidence=(), actor=bench.actor)


def _public(bench: Workbench) -> list[str]:
    documents = Documents(bench.engine, PUBLIC)
    return [
        page.text
        for document in documents.find()
        for version in documents.versions(document.id)
        for page in documents.pages(version.id)
    ]


@pytest.mark.parametrize("moment", ["add", "_point"])
def test_stopped_at_any_moment_the_first_decision_stands(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    answer, desk = _answered(workbench), workbench.desk

    def killed(*_args: object, **_named: object) -> None:
        raise KeyboardInterrupt

    owner = Ingest if moment == "add" else type(desk)
    all_of_it = blanking_all(desk.becoming_public(answer.id, actor=workbench.actor))
    with monkeypatch.context() as patch:
        patch.setattr(owner, moment, killed)
        with pytest.raises(KeyboardInterrupt):
            desk.accept(answer, actor=workbench.actor, choice=all_of_it)
    (clearing,) = workbench.clearings.of("answer", answer.id, actor=workbench.actor)
    assert (clearing.found, clearing.blanked) == (2, 2)
    assert all("王小明" not in text for text in _public(workbench))
    document = desk.accept(answer, actor=workbench.actor, choice=Choice(reason="同意"))
    assert _public(workbench) == ["请联系□□同志，手机 □□。"]
    assert workbench.clearings.of("answer", answer.id, actor=workbench.actor) == [clearing]
    (entry,) = workbench.audit.entries(Search(action=Action.ACCEPT_ANSWER), limit=9)
    assert entry.deed.details["document"] == document.id


def test_of_two_who_accept_at_once_one_decides(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, desk, actor = _answered(workbench), workbench.desk, workbench.actor
    add = Ingest.add
    made: list[int] = []

    def meanwhile(ingest: Ingest, data: bytes, name: str, **named: object) -> object:
        if not made:
            made.append(0)
            every = blanking_all([TEXT])
            made.append(desk.accept(answer, actor=actor, choice=every).id)
        return add(ingest, data, name, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Ingest, "add", meanwhile)
    document = desk.accept(answer, actor=actor, choice=Choice(reason="本人同意"))
    assert document.id == made[1]
    assert _public(workbench) == [TEXT]
    assert len(workbench.clearings.of("answer", answer.id, actor=actor)) == 1
    assert len(workbench.audit.entries(Search(action=Action.ACCEPT_ANSWER), limit=9)) == 1


def test_who_handles_an_inquiry_keeps_it(filled: Workbench) -> None:
    desk = filled.desk
    handler, other = (
        open_account(filled, name, Role.VOLUNTEER).actor for name in ("志愿甲", "志愿乙")
    )
    librarian = open_account(filled, "馆员", Role.LIBRARIAN).actor
    inquiry = desk.ask("问", actor=librarian, read_level=2)
    desk.claim(inquiry.id, actor=handler)
    with pytest.raises(ClaimedError):
        desk.judge(inquiry.id, 6, actor=other)
    with pytest.raises(ClaimedError):
        desk.close(inquiry.id, actor=other)
    desk.judge(inquiry.id, 6, actor=librarian)
    assert [each.id for each in desk.all(actor=handler)] == [inquiry.id]
    assert desk.all(actor=other) == []
    desk.answer(inquiry.id, "答", evidence=(), actor=handler)
    desk.close(inquiry.id, actor=handler)
    assert desk.inquiry(inquiry.id, actor=librarian).closed_at is not None


def test_an_answer_rests_on_words_that_stand_there_and_that_its_writer_sees(
    filled: Workbench,
) -> None:
    added = filled.ingest.upload(
        "本件：拟选址河东地块。\n".encode(), "内部.txt", actor=filled.actor, access=Access.STAFF
    )
    filled.index()
    version = filled.documents.get(added.document_id or 0).current_version
    (passage,) = filled.passages.of_version(version)
    inquiry = filled.desk.ask("问", actor=filled.actor, read_level=1)
    bound = AnswerEvidence(version, passage.spans, passage.text)
    volunteer = open_account(filled, "志愿者", Role.VOLUNTEER).actor
    for wrong in (replace(bound, quote="编造的引文"), replace(bound, spans=())):
        with pytest.raises(NotThereError):
            filled.desk.answer(inquiry.id, "答", evidence=[wrong], actor=filled.actor)
    for actor, hidden in ((volunteer, bound), (filled.actor, replace(bound, version_id=999_999))):
        with pytest.raises(UnknownRecordError):
            filled.desk.answer(inquiry.id, "答", evidence=[hidden], actor=actor)
    assert filled.desk.answers_to(inquiry.id, actor=filled.actor) == []
    answer = filled.desk.answer(inquiry.id, "答", evidence=[bound], actor=filled.actor)
    assert filled.desk.answers_to(inquiry.id, actor=filled.actor) == [answer]
    # Whoever sees the answer and not what it rests on sees no word of that.
    assert filled.desk.answers_to(inquiry.id, actor=volunteer) == [replace(answer, evidence=())]
