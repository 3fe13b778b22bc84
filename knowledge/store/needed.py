"""Which original files something in the database needs."""

from sqlalchemy import Connection, func, select, union

from knowledge.access import Viewer
from knowledge.store.schema import documents, failures, quarantined, versions
from knowledge.store.scoping import visible


def needed_files(connection: Connection, viewer: Viewer) -> dict[str, int]:
    """By SHA-256 the size of each, −1 if unknown; see `Documents.hashes`."""
    failed = select(failures.c.sha256).where(*visible(failures, viewer))
    kept = select(quarantined.c.sha256).where(
        func.coalesce(quarantined.c.decision, "") != "discarded", *visible(quarantined, viewer)
    )
    named = connection.execute(union(failed, kept))
    needed = {row.sha256: -1 for row in named if row.sha256 is not None}
    of_seen = select(documents.c.id).where(*visible(documents, viewer))
    files = select(versions.c.sha256, versions.c.size).where(
        versions.c.size > 0, versions.c.document_id.in_(of_seen), *visible(versions, viewer)
    )
    return needed | {row.sha256: row.size for row in connection.execute(files)}
