"""Inserts that make a version: its document, pages, passages, and pages to be recognised."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, and_, func, insert, select

from knowledge.errors import UnknownRecordError
from knowledge.model import Access, Layer, PassageDraft, Reading, Stamp
from knowledge.store import rows
from knowledge.store.engine import new_id
from knowledge.store.schema import documents, pages, passages, recognitions, versions


def insert_document(
    connection: Connection,
    reading: Reading,
    *,
    source: str,
    stamp: Stamp,
    opens_as: Access | None = None,
) -> int:
    """Insert a document as its first reading describes it; its id."""
    values = rows.metadata_values(reading.metadata) | rows.stamp_values(stamp)
    values["opens_as"] = None if opens_as is None else opens_as.value
    grounds = rows.grounds_value(reading.grounds)
    statement = insert(documents).values(source=source, grounds=grounds, **values)
    result = connection.execute(statement)
    return new_id(result)


def insert_version(
    connection: Connection,
    document_id: int,
    *,
    reading: Reading,
    drafts: Sequence[PassageDraft],
    file: tuple[str, str, int],
    stamp: Stamp,
) -> int:
    """Insert the next version of a document with its pages and passages; its id.

    A version is kept closer than its document where its stamp is for named persons only. Else it
    is public as far as it goes, and the document alone decides.

    Raises:
        UnknownRecordError: no such document, or it was removed.
    """
    name, sha256, size = file
    if stamp.access is Access.STAFF:
        stamp = replace(stamp, access=Access.PUBLIC, shared=False)
    values = {
        "document_id": document_id,
        "number": _next_number(connection, document_id),
        "sha256": sha256,
        "size": size,
        "file_name": name,
        "media_type": reading.media_type,
        "paged": reading.paged,
        "page_count": len(reading.pages),
        "passage_count": len(drafts),
        "encoding": reading.encoding,
        "encoding_confidence": reading.encoding_confidence,
        "remarks": list(reading.remarks),
        **rows.stamp_values(stamp),
    }
    version_id = new_id(connection.execute(insert(versions).values(**values)))
    _insert_pages(connection, version_id, reading)
    _insert_passages(connection, version_id, drafts, title=reading.metadata.title or "")
    return version_id


def _next_number(connection: Connection, document_id: int) -> int:
    known = connection.execute(
        select(documents.c.id).where(
            and_(documents.c.id == document_id, documents.c.removed_at.is_(None))
        )
    ).first()
    if known is None:
        raise UnknownRecordError(kind="document", id=document_id)
    highest = connection.execute(
        select(func.max(versions.c.number)).where(versions.c.document_id == document_id)
    ).scalar()
    return (highest or 0) + 1


def _insert_pages(connection: Connection, version_id: int, reading: Reading) -> None:
    numbered = list(enumerate(reading.pages, start=1))
    values = [rows.page_values(version_id, index, page=page) for index, page in numbered]
    connection.execute(insert(pages), values)
    waiting = [
        {"version_id": version_id, "page": index, "state": "waiting"}
        for index, page in numbered
        if page.layer is Layer.WAITING
    ]
    if waiting:
        connection.execute(insert(recognitions), waiting)


def _insert_passages(
    connection: Connection, version_id: int, drafts: Sequence[PassageDraft], *, title: str
) -> None:
    if drafts:
        values = [
            rows.draft_values(version_id, ordinal, draft=draft, title=title)
            for ordinal, draft in enumerate(drafts)
        ]
        connection.execute(insert(passages), values)
