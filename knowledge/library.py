"""The collection as a person keeps it: describe, confirm and remove documents, retry files."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from knowledge.errors import BadDateError, MissingTitleError
from knowledge.indexing import LexicalIndexing
from knowledge.ingest import Added, Ingest
from knowledge.model import Actor, Confirmation, Failure, Metadata
from knowledge.store.documents import Documents

_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Library:
    """Changes to documents that are in the collection, with the lexical index kept in step."""

    def __init__(
        self,
        documents: Documents,
        *,
        ingest: Ingest,
        indexing: LexicalIndexing,
        clock: Callable[[], datetime],
    ) -> None:
        self._documents = documents
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
            UnknownRecordError: no such document.
            StaleEntryError: the entry is no longer what was seen; nothing is changed.
            MissingTitleError: the title is empty.
            BadDateError: a date is none.
        """
        _check(metadata)
        by = Confirmation(actor.person_id, self._clock())
        self._documents.describe(document_id, metadata, by=by, seen=seen)
        self._indexing.catch_up()

    def confirm(
        self, document_id: int, *, actor: Actor, seen: Metadata | None = None
    ) -> Confirmation:
        """Record that the actor has looked at the entry and stands for it as it is.

        Raises:
            UnknownRecordError: no such document.
            StaleEntryError: the entry is no longer what was `seen`.
        """
        by = Confirmation(actor.person_id, self._clock())
        self._documents.confirm(document_id, by, seen=seen)
        return by

    def remove(self, document_id: int) -> None:
        """Take a document out of the collection; briefs that cite it still open its pages.

        Raises:
            UnknownRecordError: no such document.
        """
        self._documents.remove(document_id, at=self._clock())
        self._indexing.catch_up()

    def retry(self, failure: Failure, *, actor: Actor) -> Added:
        """Try a failed file again."""
        return self._ingest.retry(failure, actor=actor)


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
