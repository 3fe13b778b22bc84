"""Inquiries, answers, and how an accepted answer is found by the next person who asks."""

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.desk import AnswerEvidence
from knowledge.errors import InQuarantineError, UnknownRecordError
from knowledge.model import DocumentType

QUESTION = "旧楼装电梯政府给补多少？"


def test_an_accepted_answer_is_found_by_the_next_asker(filled: Workbench) -> None:
    line = filled.editing.quote(filled.retriever.search("加装电梯补助")[0].passage.id)
    bound = line.evidence[0]
    evidence = AnswerEvidence(bound.version_id, bound.spans, bound.quote)
    inquiry = filled.desk.ask(QUESTION, actor=filled.actor, read_level=2)
    answer = filled.desk.answer(
        inquiry.id, "每台最多补助20万元。", evidence=[evidence], actor=filled.actor
    )
    assert filled.desk.answers_to(inquiry.id, actor=filled.actor) == [answer]
    document = filled.desk.accept(answer, actor=filled.actor)
    filled.index()
    assert document.metadata.type is DocumentType.REFERENCE_ANSWER
    assert document.title == QUESTION
    assert filled.retriever.search(QUESTION)[0].document.id == document.id
    assert filled.desk.answers_to(inquiry.id, actor=filled.actor)[0].document_id == document.id
    assert filled.desk.all(actor=filled.actor) == [inquiry]


def test_accepting_twice_makes_one_document(filled: Workbench) -> None:
    inquiry = filled.desk.ask(QUESTION, actor=filled.actor)
    answer = filled.desk.answer(inquiry.id, "见通知原文。", evidence=[], actor=filled.actor)
    first = filled.desk.accept(answer, actor=filled.actor)
    assert filled.desk.accept(answer, actor=filled.actor).id == first.id


def test_an_unknown_inquiry_is_refused(workbench: Workbench) -> None:
    with pytest.raises(UnknownRecordError, match="inquiry 5"):
        workbench.desk.answer(5, "答复", evidence=[], actor=workbench.actor)


def test_two_questions_with_one_answer_are_two_documents(filled: Workbench) -> None:
    made = set()
    for question in (QUESTION, "全县有多少助餐点？"):
        inquiry = filled.desk.ask(question, actor=filled.actor)
        answer = filled.desk.answer(
            inquiry.id, "本馆馆藏未见相关资料。", evidence=[], actor=filled.actor
        )
        made.add(filled.desk.accept(answer, actor=filled.actor).title)
    assert made == {QUESTION, "全县有多少助餐点？"}


def test_an_answer_may_quote_a_level_alone_on_a_line(workbench: Workbench) -> None:
    inquiry = workbench.desk.ask("密级有哪些？", actor=workbench.actor)
    text = "秘密\n\n是最低的一级。"
    answer = workbench.desk.answer(inquiry.id, text, evidence=[], actor=workbench.actor)
    document = workbench.desk.accept(answer, actor=workbench.actor)
    assert document.title == "密级有哪些？"
    assert (
        workbench.desk.answers_to(inquiry.id, actor=workbench.actor)[0].document_id == document.id
    )


def test_an_answer_in_the_words_of_a_file_in_quarantine_is_refused(workbench: Workbench) -> None:
    text = "机密★1年\n\n备用水源共有七处。"
    workbench.ingest.upload(f"{text}\n".encode(), "水源.txt", actor=workbench.actor)
    inquiry = workbench.desk.ask("水源几处？", actor=workbench.actor)
    answer = workbench.desk.answer(inquiry.id, text, evidence=[], actor=workbench.actor)
    with pytest.raises(InQuarantineError):
        workbench.desk.accept(answer, actor=workbench.actor)
