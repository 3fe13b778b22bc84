"""What stands behind kept and noted passages, as one viewer sees it today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from knowledge.access import Viewer
from knowledge.model import Span
from knowledge.store.engine import chunks
from knowledge.store.schema import documents, versions
from knowledge.store.scoping import visible


class SourceState(StrEnum):
    """What a source is worth today."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    """Its document has a newer version."""
    REMOVED = "removed"
    """Its document was taken out of the collection."""
    DISCARDED = "discarded"
    """Its file was discarded: no word of it is left."""


@dataclass(frozen=True, slots=True)
class Source:
    """A version of a document."""

    document_id: int
    version_id: int
    title: str
    """The document's, as the catalogue has it today."""
    issued_on: str | None
    paged: bool
    """Whether its pages can be turned to."""
    state: SourceState

    @property
    def is_there(self) -> bool:
        """Whether its pages can be opened and its words be quoted now."""
        return self.state in {SourceState.CURRENT, SourceState.SUPERSEDED}


def meet(one: Sequence[Span], other: Sequence[Span]) -> bool:
    """Whether two places of one version have any character in common."""
    return any(a.page == b.page and a.start < b.end and b.start < a.end for a in one for b in other)


def sources_of(
    connection: Connection, version_ids: Iterable[int], *, viewer: Viewer
) -> dict[int, Source]:
    """The sources of these versions by version; what the viewer may not see is left out.

    A source is seen when both the document and the version are.
    """
    found: dict[int, Source] = {}
    for chunk in chunks(sorted(set(version_ids))):
        query = (
            select(
                versions.c.id,
                versions.c.document_id,
                versions.c.paged,
                versions.c.size,
                documents.c.title,
                documents.c.issued_on,
                documents.c.current_version_id,
                documents.c.removed_at,
            )
            .join(documents, documents.c.id == versions.c.document_id)
            .where(
                versions.c.id.in_(chunk),
                *visible(documents, viewer),
                *visible(versions, viewer),
            )
        )
        for row in connection.execute(query):
            if row.size == 0:
                state = SourceState.DISCARDED
            elif row.removed_at is not None:
                state = SourceState.REMOVED
            elif row.current_version_id != row.id:
                state = SourceState.SUPERSEDED
            else:
                state = SourceState.CURRENT
            found[row.id] = Source(
                row.document_id, row.id, row.title, row.issued_on, row.paged, state
            )
    return found
