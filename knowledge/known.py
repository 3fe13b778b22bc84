"""What the collection holds already, as the person who adds to it may know."""

from typing import Final

from knowledge.access import is_own, require_own, viewer_of
from knowledge.model import Actor, Document
from knowledge.store.documents import Documents

RELEASED: Final = "quarantine:"
"""What the source of a document begins with that was released from quarantine."""


class Known:
    """Documents that a file may belong to; what the person may not see is none of them."""

    def __init__(self, documents: Documents, actor: Actor) -> None:
        """Look for a person.

        Args:
            documents: the whole catalogue.
            actor: who adds.
        """
        self._every = documents
        self._seen = documents.seen_by(viewer_of(actor))
        self._actor = actor

    def own(self, document_id: int) -> Document:
        """The document that the person means, which is theirs to change.

        Raises:
            UnknownRecordError: they may not see it; `OtherBranchError`: another branch keeps it.
        """
        document = self._every.get(document_id)
        require_own(self._actor, document.stamp, kind="document", id=document_id)
        return document

    def from_source(self, source: str) -> Document | None:
        """The document that came from there, if it is theirs to change."""
        found = self._seen.by_source(source)
        return found if found is not None and is_own(self._actor, found.stamp) else None

    def with_bytes(self, sha256: str) -> Document | None:
        """The first document whose current version has these bytes, whoever keeps it."""
        return self._seen.by_sha256(sha256)

    def released(self, sha256: str) -> Document | None:
        """As `with_bytes`, of the person's branch alone: it was released there."""
        return self._seen.by_sha256(sha256, branch_id=self._actor.branch_id)

    def before(
        self, sha256: str, source: str, *, meant: int | None, is_described: bool
    ) -> Document | None:
        """The document that a file is, or becomes the next version of.

        Args:
            sha256: of the file.
            source: where it came from.
            meant: id of the document that the person means.
            is_described: whether they say what work it is: then they mean that one, even in the
                very words of another.
        """
        if meant is not None:
            return self.own(meant)
        if (found := self.from_source(source)) is not None or is_described:
            return found
        return self.with_bytes(sha256)

    def is_current(self, document: Document, sha256: str) -> bool:
        """Whether these are the bytes of a document's current version."""
        return self._every.version(document.current_version).sha256 == sha256
