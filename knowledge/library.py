"""The collection as a person keeps it: describe and remove documents, try failed files again."""

from collections.abc import Callable
from datetime import datetime

from knowledge.indexing import LexicalIndexing
from knowledge.ingest import Added, Ingest
from knowledge.model import Actor, Failure, Filter, Metadata
from knowledge.store.documents import Documents
from knowledge.store.passages import Passages


class Library:
    """Changes to documents that are in the collection, with the lexical index kept in step."""

    def __init__(
        self,
        documents: Documents,
        passages: Passages,
        *,
        ingest: Ingest,
        indexing: LexicalIndexing,
        clock: Callable[[], datetime],
    ) -> None:
        self._documents = documents
        self._passages = passages
        self._ingest = ingest
        self._indexing = indexing
        self._clock = clock

    def describe(self, document_id: int, metadata: Metadata) -> None:
        """Replace what is known of the work; search knows the new title and number at once.

        The passages leave the lexical index first, so an interruption at any point is mended by
        the next catching-up.

        Raises:
            UnknownRecordError: no such document.
        """
        self._documents.get(document_id)
        passages = self._passages.ids(Filter(documents=frozenset({document_id})))
        self._indexing.forget(passages)
        self._documents.describe(document_id, metadata)
        # Once more: another process may have taken them in again with the old title meanwhile.
        self._indexing.forget(passages)
        self._indexing.catch_up()

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
