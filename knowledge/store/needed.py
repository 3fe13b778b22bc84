"""Which original files something in the database needs."""

from sqlalchemy import func, select, union

from knowledge.access import Viewer
from knowledge.store.prepared import Cursor, Prepared
from knowledge.store.schema import documents, failures, quarantined, versions
from knowledge.store.scoping import visible


def needed_files(cursor: Cursor, viewer: Viewer) -> dict[str, int]:
    """By SHA-256 the size of each, −1 if unknown; see `Documents.hashes`."""
    failed = select(failures.c.sha256).where(*visible(failures, viewer))
    kept = select(quarantined.c.sha256).where(
        func.coalesce(quarantined.c.decision, "") != "discarded", *visible(quarantined, viewer)
    )
    named = Prepared(union(failed, kept)).rows(cursor)
    needed = {sha256: -1 for (sha256,) in named if sha256 is not None}
    of_seen = select(documents.c.id).where(*visible(documents, viewer))
    files = select(versions.c.sha256, versions.c.size).where(
        versions.c.size > 0, versions.c.document_id.in_(of_seen), *visible(versions, viewer)
    )
    return needed | dict(Prepared(files).rows(cursor))
