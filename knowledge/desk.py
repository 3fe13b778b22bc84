"""The desk: inquiries, their answers, and how an accepted answer becomes a document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from knowledge.accounts.roles import Permission, require
from knowledge.errors import UnknownRecordError
from knowledge.ingest import Ingest, source_of_answer
from knowledge.model import Access, Actor, Document, DocumentType, Metadata, Span, Stamp
from knowledge.store import rows
from knowledge.store.documents import Documents
from knowledge.store.engine import new_id, writing
from knowledge.store.schema import answers, inquiries


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question put to the desk."""

    id: int
    question: str
    read_level: int | None
    """Effort on the READ scale, 1 to 6; None until it was judged."""
    stamp: Stamp


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


class Desk:
    """Takes inquiries and answers; safe in several threads."""

    def __init__(
        self,
        engine: Engine,
        documents: Documents,
        *,
        ingest: Ingest,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self._documents = documents
        self._ingest = ingest
        self._clock = clock

    def ask(self, question: str, *, actor: Actor, read_level: int | None = None) -> Inquiry:
        """Record an inquiry.

        Raises:
            NotPermittedError: the actor may not.
        """
        require(actor, Permission.ANSWER)
        stamp = Stamp(actor.branch_id, Access.STAFF, actor.person_id, self._clock())
        values = {"question": question.strip(), "read_level": read_level}
        with self._writer.begin() as connection:
            result = connection.execute(
                insert(inquiries).values(**values, **rows.stamp_values(stamp))
            )
        return Inquiry(new_id(result), question.strip(), read_level, stamp)

    def answer(
        self, inquiry_id: int, text: str, *, evidence: Sequence[AnswerEvidence], actor: Actor
    ) -> Answer:
        """Record an answer with what it rests on.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such inquiry.
        """
        require(actor, Permission.ANSWER)
        self.inquiry(inquiry_id)
        stamp = Stamp(actor.branch_id, Access.STAFF, actor.person_id, self._clock())
        stored = [[item.version_id, rows.spans_value(item.spans), item.quote] for item in evidence]
        with self._writer.begin() as connection:
            result = connection.execute(
                insert(answers).values(
                    inquiry_id=inquiry_id,
                    text=text.strip(),
                    evidence=stored,
                    **rows.stamp_values(stamp),
                )
            )
        answer_id = new_id(result)
        return Answer(answer_id, inquiry_id, text.strip(), tuple(evidence), None, stamp)

    def accept(self, answer: Answer, *, actor: Actor) -> Document:
        """Make an answer a document of type *reference answer*, found like any other.

        Raises:
            UnknownRecordError: no such inquiry.
            NotPermittedError: the actor may not.
            UnreadableError: it has no words, or those of a file in quarantine.
        """
        require(actor, Permission.CATALOGUE)
        inquiry = self.inquiry(answer.inquiry_id)
        added = self._ingest.add(
            f"{answer.text}\n".encode(),
            f"answer-{answer.id}.txt",
            source=source_of_answer(answer.id),
            actor=actor,
            metadata=Metadata(
                title=inquiry.question,
                type=DocumentType.REFERENCE_ANSWER,
                issued_on=self._clock().date().isoformat(),
            ),
            permission=Permission.CATALOGUE,
        )
        if added.error is not None:
            raise added.error
        if added.document_id is None:
            raise UnknownRecordError(kind="answer", id=answer.id)
        with self._writer.begin() as connection:
            connection.execute(
                update(answers)
                .where(answers.c.id == answer.id)
                .values(document_id=added.document_id)
            )
        return self._documents.get(added.document_id)

    def inquiry(self, inquiry_id: int) -> Inquiry:
        """One inquiry.

        Raises:
            UnknownRecordError: no such inquiry.
        """
        with self._engine.connect() as connection:
            row = connection.execute(select(inquiries).where(inquiries.c.id == inquiry_id)).first()
        if row is None:
            raise UnknownRecordError(kind="inquiry", id=inquiry_id)
        return Inquiry(row.id, row.question, row.read_level, rows.stamp_of(row))

    def answers_to(self, inquiry_id: int) -> list[Answer]:
        """The answers to an inquiry, oldest first."""
        query = select(answers).where(answers.c.inquiry_id == inquiry_id).order_by(answers.c.id)
        with self._engine.connect() as connection:
            found = connection.execute(query).all()
        return [
            Answer(
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
            for row in found
        ]

    def all(self) -> list[Inquiry]:
        """All inquiries, newest first."""
        with self._engine.connect() as connection:
            found = connection.execute(select(inquiries).order_by(inquiries.c.id.desc())).all()
        return [Inquiry(r.id, r.question, r.read_level, rows.stamp_of(r)) for r in found]
