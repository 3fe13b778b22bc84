"""Inquiries and answers of the desk: what they are, and how they are read for a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from knowledge.access import is_own
from knowledge.accounts.roles import Permission
from knowledge.errors import ClaimedError, NotThereError, UnknownRecordError
from knowledge.model import Actor, Span, Stamp
from knowledge.store import rows
from knowledge.store.documents import Documents
from knowledge.store.inquiries import seen_answers, seen_inquiries
from knowledge.store.schema import answers, inquiries
from knowledge.text import fold

_SHOWN: Final = 40
"""Characters of a quote that an error repeats."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question put to the desk; who asked is kept apart (`knowledge.askers`)."""

    id: int
    question: str
    read_level: int | None
    """Effort on the READ scale, 1 to 6; None until it was judged."""
    stamp: Stamp
    handled_by: int | None = None
    """The person who claimed it."""
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnswerEvidence:
    """The words of one version on which an answer rests."""

    version_id: int
    spans: tuple[Span, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk replied; once accepted it is a document too."""

    id: int
    inquiry_id: int
    text: str
    evidence: tuple[AnswerEvidence, ...]
    document_id: int | None
    """Its document; None until it is accepted."""
    stamp: Stamp


def inquiry_in(connection: Connection, inquiry_id: int, actor: Actor) -> Inquiry:
    """An inquiry within a transaction.

    Raises:
        UnknownRecordError: no such inquiry, or the actor may not see it.
    """
    query = select(inquiries).where(inquiries.c.id == inquiry_id, *seen_inquiries(actor))
    row = connection.execute(query).first()
    if row is None:
        raise UnknownRecordError(kind="inquiry", id=inquiry_id)
    return inquiry_of(row)


def in_hand(connection: Connection, inquiry_id: int, actor: Actor) -> Inquiry:
    """An inquiry that nobody else handles, or that the actor looks after as a librarian.

    Raises:
        UnknownRecordError: no such inquiry, or the actor may not see it.
        ClaimedError: somebody else handles it, and the actor is no librarian of its branch.
    """
    inquiry = inquiry_in(connection, inquiry_id, actor)
    is_librarian = Permission.READ_STAFF in actor.permissions and is_own(actor, inquiry.stamp)
    if inquiry.handled_by not in {None, actor.person_id} and not is_librarian:
        raise ClaimedError(id=inquiry_id)
    return inquiry


def texts_of(connection: Connection, answer_id: int, actor: Actor) -> tuple[str, str]:
    """Title and text of an answer: as decided, else the question and what was answered.

    Raises:
        UnknownRecordError: no such answer, or the actor may not see it.
    """
    answer = answer_in(connection, answer_id, actor)
    question = inquiry_in(connection, answer.inquiry_id, actor).question
    decided = select(answers.c.title).where(answers.c.id == answer_id)
    return connection.execute(decided).scalar() or question, answer.text


def answer_in(connection: Connection, answer_id: int, actor: Actor) -> Answer:
    """An answer within a transaction.

    Raises:
        UnknownRecordError: no such answer, or the actor may not see it.
    """
    query = select(answers).where(answers.c.id == answer_id, *seen_answers(actor))
    row = connection.execute(query).first()
    if row is None:
        raise UnknownRecordError(kind="answer", id=answer_id)
    return answer_of(row)


def inquiry_of(row: Row[Any]) -> Inquiry:
    """An inquiry from a row of the table."""
    return Inquiry(
        row.id,
        row.question,
        row.read_level,
        rows.stamp_of(row),
        handled_by=row.handled_by,
        closed_at=row.closed_at,
    )


def answer_of(row: Row[Any]) -> Answer:
    """An answer from a row of the table, with all of its evidence."""
    return Answer(
        row.id,
        row.inquiry_id,
        row.text,
        tuple(
            AnswerEvidence(version_id, rows.spans_of(spans), quote)
            for version_id, spans, quote in row.evidence
        ),
        row.document_id,
        rows.stamp_of(row),
    )


def check(evidence: Sequence[AnswerEvidence], documents: Documents) -> None:
    """Prove that every quote stands where it says; width, capitals and blanks do not matter.

    Args:
        evidence: of an answer that is to be recorded.
        documents: the catalogue as its writer sees it.

    Raises:
        UnknownRecordError: no such version for them.
        NotThereError: other words stand there.
    """
    for each in evidence:
        pages = {page.index: page.text for page in documents.pages(each.version_id)}
        if not pages:
            raise UnknownRecordError(kind="version", id=each.version_id)
        words = (pages.get(span.page, "")[span.start : span.end] for span in each.spans)
        if not _bare(each.quote) or _bare(each.quote) != _bare("".join(words)):
            raise NotThereError(quote=each.quote[:_SHOWN])


def with_seen(found: Iterable[Answer], documents: Documents) -> list[Answer]:
    """The answers with the evidence that stands in what a viewer may see.

    Args:
        found: answers that they may see.
        documents: the catalogue as they see it.
    """
    every = list(found)
    keys = {key for answer in every for each in answer.evidence for key in _pages_of(each)}
    seen = documents.page_labels(sorted(keys)).keys()
    return [
        replace(answer, evidence=tuple(e for e in answer.evidence if seen >= set(_pages_of(e))))
        for answer in every
    ]


def _pages_of(evidence: AnswerEvidence) -> list[tuple[int, int]]:
    return [(evidence.version_id, span.page) for span in evidence.spans]


def _bare(text: str) -> str:
    return "".join(fold(text).split())
