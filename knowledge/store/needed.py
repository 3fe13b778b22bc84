"""Which original files something in the database needs."""

from sqlalchemy import Connection, func, select, union

from knowledge.store.schema import failures, quarantined, versions


def needed_files(connection: Connection) -> dict[str, int]:
    """By SHA-256 the size of each, −1 if unknown; see `Documents.hashes`."""
    kept = select(quarantined.c.sha256).where(
        func.coalesce(quarantined.c.decision, "") != "discarded"
    )
    named = connection.execute(union(select(failures.c.sha256), kept))
    needed = {row.sha256: -1 for row in named if row.sha256 is not None}
    files = select(versions.c.sha256, versions.c.size).where(versions.c.size > 0)
    return needed | {row.sha256: row.size for row in connection.execute(files)}
