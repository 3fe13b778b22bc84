"""What a branch has of a file by its bytes, and how its words are deleted when it is discarded."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, delete, select, update

from knowledge.model import Metadata
from knowledge.store import rows
from knowledge.store.likenesses import Likenesses
from knowledge.store.references import redirect
from knowledge.store.schema import (
    answers,
    documents,
    failures,
    metadata,
    pages,
    passages,
    quarantined,
    recognitions,
    vectors,
    versions,
)

_NO_TITLE: Final = "—"
"""Of a document whose every word was deleted."""
UNQUOTED: Final = "unquoted"
"""In a column's info: the function that takes a text of it and ids of versions, and gives the text
without what is quoted from these; for columns that hold more than one quote."""

QUOTING: Final = "quoting"
"""In a column's info: the function that takes ids of versions, and gives the condition under which
a row's text is a quotation from these as a whole."""


def bearing(sha256: str, branch_ids: Sequence[int]) -> ColumnElement[bool]:
    """Versions that have these bytes, of documents that these branches keep."""
    kept = select(documents.c.id).where(documents.c.branch_id.in_(branch_ids))
    return and_(versions.c.sha256 == sha256, versions.c.document_id.in_(kept))


def not_withheld(document_id: int) -> Select[Any]:
    """Versions of a document whose file nobody has yet to decide on or has discarded."""
    keeper = select(documents.c.branch_id).where(documents.c.id == document_id).scalar_subquery()
    undecided = select(quarantined.c.sha256).where(
        quarantined.c.decision.is_(None), quarantined.c.branch_id == keeper
    )
    return (
        select(versions.c.id, versions.c.access)
        .where(
            versions.c.document_id == document_id,
            versions.c.size > 0,
            versions.c.sha256.not_in(undecided),
        )
        .order_by(versions.c.number.desc())
    )


def wipe(connection: Connection, sha256: str, *, branch_id: int) -> None:
    """Delete the words of a branch's versions that have these bytes; their size 0 says it."""
    found = connection.execute(
        select(versions.c.id, versions.c.document_id).where(bearing(sha256, [branch_id]))
    ).all()
    ids = [row.id for row in found]
    bears = versions.c.id.in_(ids)
    of_file = (failures.c.sha256 == sha256, failures.c.branch_id == branch_id)
    connection.execute(delete(failures).where(*of_file))
    words = select(passages.c.id).where(passages.c.version_id.in_(ids))
    redirect(connection, dict.fromkeys(connection.execute(words).scalars()))
    connection.execute(delete(vectors).where(vectors.c.passage_id.in_(words)))
    for table in (passages, recognitions):
        connection.execute(delete(table).where(table.c.version_id.in_(ids)))
    for version_id in ids:
        Likenesses.forget(version_id, connection)
    blank: dict[str, Any] = {
        "label": None,
        "text": "",
        "blocks": [],
        "places": None,
        "recognised": None,
    }
    connection.execute(update(pages).where(pages.c.version_id.in_(ids)).values(**blank))
    gone = {"passage_count": 0, "size": 0, "remarks": []}
    connection.execute(update(versions).where(bears).values(**gone))
    _unquote(connection, ids)
    for document_id in sorted({row.document_id for row in found}):
        if not connection.execute(not_withheld(document_id)).all():
            entry = rows.metadata_values(Metadata(title=_NO_TITLE)) | {"grounds": None}
            this = documents.c.id == document_id
            connection.execute(update(documents).where(this).values(**entry))


def _unquote_column(
    connection: Connection, column: Column[Any], version_ids: Sequence[int]
) -> None:
    table = column.table
    keys = list(table.primary_key)
    for *key, text in connection.execute(select(*keys, column)).all():
        blanked = column.info[UNQUOTED](text, version_ids)
        if blanked != text:
            this = (each == value for each, value in zip(keys, key, strict=True))
            connection.execute(update(table).where(*this).values({column.name: blanked}))


def _unquote(connection: Connection, version_ids: Sequence[int]) -> None:
    """Blank what is quoted from versions, in whatever table: evidence of briefs and of answers."""
    for table in metadata.sorted_tables:
        if "quote" in table.columns:
            quoting = table.c.version_id.in_(version_ids)
            connection.execute(update(table).where(quoting).values(quote=""))
        for column in table.columns:
            if UNQUOTED in column.info:
                _unquote_column(connection, column, version_ids)
            if QUOTING in column.info:
                is_quoted = column.info[QUOTING](version_ids)
                connection.execute(update(table).where(is_quoted).values({column.name: ""}))
    for row in connection.execute(select(answers.c.id, answers.c.evidence)).all():
        kept = [[id_, spans, "" if id_ in version_ids else q] for id_, spans, q in row.evidence]
        if kept != row.evidence:
            of_it = update(answers).where(answers.c.id == row.id)
            connection.execute(of_it.values(evidence=kept))
