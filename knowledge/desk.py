"""The desk: inquiries, their answers, and how an accepted answer becomes a document."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, insert, select, update

from knowledge.access import viewer_of
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.errors import BadLevelError
from knowledge.accounts.register import LEVELS
from knowledge.accounts.roles import Permission, require
from knowledge.askers import Asker, Askers
from knowledge.clearing import UNDECIDED, Choice, clear, note
from knowledge.errors import ClaimedError, UnknownRecordError
from knowledge.ingest import Ingest, source_of_answer
from knowledge.inquiries import (
    Answer,
    AnswerEvidence,
    Inquiry,
    answer_in,
    answer_of,
    check,
    in_hand,
    inquiry_in,
    inquiry_of,
    texts_of,
    with_seen,
)
from knowledge.model import Access, Actor, Document, DocumentType, Metadata, Stamp
from knowledge.store import rows
from knowledge.store.documents import Documents
from knowledge.store.engine import new_id, writing
from knowledge.store.inquiries import seen_answers, seen_inquiries
from knowledge.store.schema import answers, inquiries

__all__ = ["Answer", "AnswerEvidence", "Desk", "Inquiry"]

_INQUIRY: Final = "inquiry"
_ANSWER: Final = "answer"


class Desk:
    """Takes inquiries and answers; safe in several threads and processes.

    An inquiry is for the staff and volunteers of its branch. Who may not see one – another
    branch's, or one above their READ level – is told that there is none.
    """

    def __init__(
        self,
        engine: Engine,
        documents: Documents,
        *,
        ingest: Ingest,
        askers: Askers,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self._documents = documents
        self._ingest = ingest
        self._askers = askers
        self._clock = clock

    def ask(
        self,
        question: str,
        *,
        actor: Actor,
        read_level: int | None = None,
        asker: Asker | None = None,
    ) -> Inquiry:
        """Record an inquiry, and apart from it who asks.

        Raises:
            NotPermittedError: the actor may not.
            BadLevelError: there is no such READ level.
            ConsentNeededError: the asker did not agree to be kept; nothing is recorded.
        """
        require(actor, Permission.ANSWER)
        _check_level(read_level)
        at = self._clock()
        stamp = Stamp(actor.branch_id, Access.STAFF, actor.person_id, at)
        with self._writer.begin() as connection:
            asker_id = None if asker is None else self._askers.keep(connection, asker, stamp=stamp)
            result = connection.execute(
                insert(inquiries).values(
                    question=question.strip(),
                    read_level=read_level,
                    asker_id=asker_id,
                    **rows.stamp_values(stamp),
                )
            )
            id_ = new_id(result)
            enter(connection, Deed.by(actor, Action.ASK, kind=_INQUIRY, record=id_), at=at)
        return Inquiry(id_, question.strip(), read_level, stamp)

    def judge(self, inquiry_id: int, read_level: int, *, actor: Actor) -> None:
        """Say how hard an inquiry is; above their own level it passes out of the actor's sight.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such inquiry, or the actor may not see it.
            ClaimedError: somebody else has it, and the actor is no librarian of its branch.
            BadLevelError: there is no such READ level.
        """
        require(actor, Permission.ANSWER)
        _check_level(read_level)
        with self._writer.begin() as connection:
            in_hand(connection, inquiry_id, actor)
            self._set(connection, inquiry_id, read_level=read_level)
            deed = Deed.by(actor, Action.JUDGE_INQUIRY, kind=_INQUIRY, record=inquiry_id)
            enter(connection, deed, at=self._clock())

    def claim(self, inquiry_id: int, *, actor: Actor) -> Inquiry:
        """Take an inquiry to answer it; of two at the same moment one gets it.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such inquiry, or the actor may not see it.
            ClaimedError: somebody else has it.
        """
        require(actor, Permission.ANSWER)
        with self._writer.begin() as connection:
            inquiry = inquiry_in(connection, inquiry_id, actor)
            if inquiry.handled_by not in {None, actor.person_id}:
                raise ClaimedError(id=inquiry_id)
            if inquiry.handled_by is None:
                self._set(connection, inquiry_id, handled_by=actor.person_id)
                deed = Deed.by(actor, Action.CLAIM_INQUIRY, kind=_INQUIRY, record=inquiry_id)
                enter(connection, deed, at=self._clock())
            return inquiry_in(connection, inquiry_id, actor)

    def answer(
        self, inquiry_id: int, text: str, *, evidence: Sequence[AnswerEvidence], actor: Actor
    ) -> Answer:
        """Record an answer with what it rests on.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such inquiry or version, or the actor may not see it.
            NotThereError: a quote is not where its evidence says; nothing is recorded.
        """
        require(actor, Permission.ANSWER)
        check(evidence, self._documents.seen_by(viewer_of(actor)))
        at = self._clock()
        stored = [[item.version_id, rows.spans_value(item.spans), item.quote] for item in evidence]
        with self._writer.begin() as connection:
            inquiry = inquiry_in(connection, inquiry_id, actor)
            stamp = Stamp(inquiry.stamp.branch_id, Access.STAFF, actor.person_id, at)
            result = connection.execute(
                insert(answers).values(
                    inquiry_id=inquiry_id,
                    text=text.strip(),
                    evidence=stored,
                    **rows.stamp_values(stamp),
                )
            )
            answer_id = new_id(result)
            self._prolong(connection, inquiry_id, at)
            deed = Deed.by(actor, Action.ANSWER, kind=_ANSWER, record=answer_id)
            enter(connection, deed, at=at)
        return Answer(answer_id, inquiry_id, text.strip(), tuple(evidence), None, stamp)

    def close(self, inquiry_id: int, *, actor: Actor) -> None:
        """Finish with an inquiry: its asker is kept for a while from now on, then erased.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such inquiry, or the actor may not see it.
            ClaimedError: somebody else has it, and the actor is no librarian of its branch.
        """
        require(actor, Permission.ANSWER)
        at = self._clock()
        with self._writer.begin() as connection:
            if in_hand(connection, inquiry_id, actor).closed_at is not None:
                return
            self._set(connection, inquiry_id, closed_at=at)
            self._prolong(connection, inquiry_id, at)
            deed = Deed.by(actor, Action.CLOSE_INQUIRY, kind=_INQUIRY, record=inquiry_id)
            enter(connection, deed, at=at)

    def becoming_public(self, answer_id: int, *, actor: Actor) -> tuple[str, str]:
        """What `accept` would make public: the question, which becomes the title, and the answer.

        `knowledge.clearing.places` finds in it what tells who somebody is. Once that was decided,
        both are as they were decided.

        Raises:
            NotPermittedError: the actor may not accept answers.
            UnknownRecordError: no such answer, or the actor may not see it.
        """
        require(actor, Permission.CATALOGUE)
        with self._engine.connect() as connection:
            return texts_of(connection, answer_id, actor)

    def accept(self, answer: Answer, *, actor: Actor, choice: Choice = UNDECIDED) -> Document:
        """Make an answer a document of type *reference answer*, found like any other.

        What is blanked is blanked in the answer itself too; the question stays at the desk as it
        was asked. The decision is kept before anything can become public, and stands: whoever
        accepts again, after an interruption or at the same moment as somebody else, gets the same
        document in the words that were decided first, whatever they choose.

        Args:
            answer: of the desk.
            actor: who accepts it.
            choice: what is to become of the places that tell who somebody is.

        Raises:
            UnknownRecordError: no such answer, or the actor may not see it.
            NotPermittedError: the actor may not.
            PersonalDataError: it tells who somebody is, and nothing was decided on that.
            UnreadableError: it has no words, or those of a file in quarantine.
        """
        require(actor, Permission.CATALOGUE)
        with self._engine.connect() as connection:
            accepted = answer_in(connection, answer.id, actor).document_id
        if accepted is not None and (present := self._documents.many([accepted])):
            return present[accepted]
        title, public = self._decide(answer.id, choice, actor=actor)
        added = self._ingest.add(
            f"{public}\n".encode(),
            f"answer-{answer.id}.txt",
            source=source_of_answer(answer.id),
            actor=actor,
            metadata=Metadata(
                title=title,
                type=DocumentType.REFERENCE_ANSWER,
                issued_on=self._clock().date().isoformat(),
            ),
            permission=Permission.CATALOGUE,
        )
        if added.error is not None:
            raise added.error
        if added.document_id is None:
            raise UnknownRecordError(kind="answer", id=answer.id)
        self._point(answer.id, added.document_id, actor=actor)
        return self._documents.get(added.document_id)

    def _decide(self, answer_id: int, choice: Choice, *, actor: Actor) -> tuple[str, str]:
        """Title and text as they may become public, kept with the decision on them."""
        with self._writer.begin() as connection:
            texts = texts_of(connection, answer_id, actor)
            this = answers.c.id == answer_id
            decided = connection.execute(select(answers.c.title).where(this)).scalar()
            if decided is not None:
                return texts
            cleared = clear(texts, choice)
            title, public = cleared.texts
            connection.execute(update(answers).where(this).values(title=title, text=public))
            note(connection, cleared, about=(_ANSWER, answer_id), actor=actor, at=self._clock())
        return title, public

    def _point(self, answer_id: int, document_id: int, *, actor: Actor) -> None:
        """Keep which document an answer is; of two who accept it at once one does."""
        changed = (
            update(answers)
            .where(answers.c.id == answer_id, answers.c.document_id.is_distinct_from(document_id))
            .values(document_id=document_id)
        )
        with self._writer.begin() as connection:
            if connection.execute(changed).rowcount:
                deed = Deed.by(actor, Action.ACCEPT_ANSWER)
                deed = deed.of(_ANSWER, answer_id, document=document_id)
                enter(connection, deed, at=self._clock())

    def inquiry(self, inquiry_id: int, *, actor: Actor) -> Inquiry:
        """One inquiry.

        Raises:
            UnknownRecordError: no such inquiry, or the actor may not see it.
        """
        with self._engine.connect() as connection:
            return inquiry_in(connection, inquiry_id, actor)

    def answers_to(self, inquiry_id: int, *, actor: Actor) -> list[Answer]:
        """The answers to an inquiry that the actor may see, oldest first.

        Of the evidence they get what stands in versions that they may see.

        Raises:
            UnknownRecordError: no such inquiry, or the actor may not see it.
        """
        query = (
            select(answers)
            .where(answers.c.inquiry_id == inquiry_id, *seen_answers(actor))
            .order_by(answers.c.id)
        )
        with self._engine.connect() as connection:
            inquiry_in(connection, inquiry_id, actor)
            found = [answer_of(row) for row in connection.execute(query)]
        return with_seen(found, self._documents.seen_by(viewer_of(actor)))

    def all(self, *, actor: Actor) -> list[Inquiry]:
        """The inquiries that the actor may see, newest first."""
        query = select(inquiries).where(*seen_inquiries(actor)).order_by(inquiries.c.id.desc())
        with self._engine.connect() as connection:
            return [inquiry_of(row) for row in connection.execute(query)]

    def _set(self, connection: Connection, inquiry_id: int, **values: object) -> None:
        connection.execute(update(inquiries).where(inquiries.c.id == inquiry_id).values(**values))

    def _prolong(self, connection: Connection, inquiry_id: int, at: datetime) -> None:
        asker = select(inquiries.c.asker_id).where(inquiries.c.id == inquiry_id)
        self._askers.prolong(connection, connection.execute(asker).scalar(), at=at)


def _check_level(read_level: int | None) -> None:
    if read_level is not None and read_level not in LEVELS:
        raise BadLevelError()
