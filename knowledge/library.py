"""The collection as a person keeps it: describe and confirm documents, retry and forget files.

Taking a document out of the collection takes two persons: `briefs.seconding`.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Final

from knowledge.access import require_own
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed
from knowledge.accounts.roles import Permission, require
from knowledge.errors import (
    BadDateError,
    IndexBusyError,
    MissingTitleError,
    UnknownRecordError,
)
from knowledge.failure import Failure
from knowledge.indexing import LexicalIndexing
from knowledge.ingest import Added, Ingest
from knowledge.model import Actor, Confirmation, Metadata
from knowledge.store.documents import Documents
from knowledge.store.failures import Failures

_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Library:
    """Changes to documents that are in the collection, with the lexical index kept in step."""

    def __init__(
        self,
        documents: Documents,
        failures: Failures,
        *,
        ingest: Ingest,
        indexing: LexicalIndexing,
        clock: Callable[[], datetime],
    ) -> None:
        """Make the service.

        Args:
            documents: those that the person may see.
            failures: files that could not be taken in.
            ingest: adds files.
            indexing: of words.
            clock: gives the moment of every deed.
        """
        self._documents = documents
        self._failures = failures
        self._ingest = ingest
        self._indexing = indexing
        self._clock = clock

    def describe(
        self, document_id: int, metadata: Metadata, *, actor: Actor, seen: Metadata | None = None
    ) -> None:
        """Replace what is known of the work; search knows the new title and number at once.

        Who corrects an entry has looked at it: the correction confirms it. The database logs that
        its passages are to be read anew, so an interruption at any point is mended by the next
        catching-up.

        Args:
            document_id: whose entry.
            metadata: the whole entry as it shall be.
            actor: who corrects it.
            seen: the entry that the actor had before their eyes; None does not look.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such document; `OtherBranchError`: another branch's.
            StaleEntryError: the entry is no longer what was seen; nothing is changed.
            MissingTitleError: the title is empty.
            BadDateError: a date is none.
        """
        require(actor, Permission.CATALOGUE)
        self._own(document_id, actor)
        _check(metadata)
        by = Confirmation(actor.person_id, self._clock())
        deed = Deed.by(actor, Action.DESCRIBE_DOCUMENT)
        self._documents.describe(document_id, metadata, by=by, seen=seen, deed=deed)
        # It stands, whoever else is writing: the next search takes it up.
        with suppress(IndexBusyError):
            self._indexing.catch_up()

    def confirm(
        self, document_id: int, *, actor: Actor, seen: Metadata | None = None
    ) -> Confirmation:
        """Record that the actor has looked at the entry and stands for it as it is.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such document; `OtherBranchError`: another branch's.
            StaleEntryError: the entry is no longer what was `seen`.
        """
        require(actor, Permission.CATALOGUE)
        self._own(document_id, actor)
        by = Confirmation(actor.person_id, self._clock())
        deed = Deed.by(actor, Action.CONFIRM_DOCUMENT)
        self._documents.confirm(document_id, by, seen=seen, deed=deed)
        return by

    def retry(self, failure: Failure, *, actor: Actor) -> Added:
        """Try a failed file again."""
        return self._ingest.retry(failure, actor=actor)

    def forget(self, failure_id: int, *, actor: Actor) -> None:
        """Let go of a file that could not be taken in; one that is gone changes nothing.

        Raises:
            NotPermittedError: the actor may not.
            OtherBranchError: somebody of another branch tried to add it.
        """
        require(actor, Permission.ADD)
        try:
            failure = self._failures.get(failure_id)
        except UnknownRecordError:
            return
        require_own(actor, failure.stamp, kind="failure", id=failure_id)
        deed = Deed.by(actor, Action.FORGET_FAILURE)
        self._failures.forget(failure_id, deed=deed, at=self._clock())

    def _own(self, document_id: int, actor: Actor) -> None:
        document = self._documents.get(document_id)
        require_own(actor, document.stamp, kind="document", id=document_id)


def _check(metadata: Metadata) -> None:
    if not (metadata.title or "").strip():
        raise MissingTitleError
    for value in (metadata.issued_on, metadata.effective_on, metadata.accessed_on):
        if value is not None and not _is_date(value):
            raise BadDateError(value=value)


def _is_date(value: str) -> bool:
    match = _DATE.fullmatch(value)
    try:
        return match is not None and bool(date(*(int(part or 1) for part in match.groups())))
    except ValueError:
        return False
