"""One file on its way into the collection: whose it is, and who may see what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import Connection

from knowledge.clearing import Cleared, note, places
from knowledge.known import Known
from knowledge.model import Access, Actor, Document, Metadata, Reading


class Look(Enum):
    """What is done about personal data in a file that would be public."""

    DONE = auto()
    """Nothing: whoever adds it has decided."""
    TELL = auto()
    """Whoever adds it is told how much there is."""
    KEEP = auto()
    """Nobody could look through it yet: a document of its own is for staff until somebody has."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is known of a file besides its bytes."""

    name: str
    source: str
    actor: Actor
    document_id: int | None = None
    """It is meant to be a version of this document."""
    metadata: Metadata | None = None
    access: Access = Access.PUBLIC
    """Who may see it if it makes a document of its own."""
    look: Look = Look.DONE
    cleared: Cleared | None = None
    """What whoever adds it decided on personal data in it."""

    def note_clearing(self, connection: Connection, document_id: int, at: datetime) -> None:
        """Keep that decision, of the document that the file became a version of."""
        if self.cleared is not None:
            about = ("document", document_id)
            note(connection, self.cleared, about=about, actor=self.actor, at=at)

    def among(self, known: Known, sha256: str) -> Document | None:
        """The document that it is, or becomes the next version of."""
        return known.before(
            sha256, self.source, meant=self.document_id, is_described=self.metadata is not None
        )

    def seen_by(
        self, reading: Reading, existing: Document | None
    ) -> tuple[Access, tuple[str, ...]]:
        """Who may see a document of its own, with a remark on personal data in it.

        The remark is ``kept-for-staff:N`` or ``personal-data:N``, N places; there is none where
        nothing becomes public. A file of a document that is not public would itself be for staff.
        """
        level = self.access
        if existing is not None and (existing.opens_as or existing.stamp.access) is not (
            Access.PUBLIC
        ):
            level = Access.STAFF
        if self.look is Look.DONE or level is not Access.PUBLIC:
            return level, ()
        found = len(places([page.text for page in reading.pages]))
        if not found:
            return level, ()
        if self.look is Look.KEEP and existing is None:
            return Access.STAFF, (f"kept-for-staff:{found}",)
        return level, (f"personal-data:{found}",)
