"""A home's database copied as it was at one moment, and what the copy says of itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

_COUNTED: Final = ("documents", "versions", "pages", "passages", "briefs", "editions", "audit")
_SIGNED_IN: Final = ("sessions", "attempts", "links")
"""Tables that a restored home does not have: nobody is signed in to it."""
_NEEDED: Final = """
    SELECT sha256 FROM versions WHERE size > 0
    UNION SELECT sha256 FROM failures WHERE sha256 IS NOT NULL
    UNION SELECT sha256 FROM quarantined WHERE coalesce(decision, '') <> 'discarded'
"""


def counts_of(database: Path) -> dict[str, int]:
    """Rows of the tables that matter, by name; a table that is not there has none."""
    with closing(_reading(database)) as connection:
        present = tables_of(connection)
        return {
            table: connection.execute(
                f"SELECT count(*) FROM {table}"  # noqa: S608  # nosec B608 – constants
            ).fetchone()[0]
            for table in _COUNTED
            if table in present
        }


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use, and look at the copy.

    Raises:
        sqlite3.DatabaseError: the copy is not sound.
    """
    # All pages in one step read one snapshot of the write-ahead log: writers go on meanwhile,
    # whereas a backup in small steps begins anew whenever somebody writes.
    with closing(_reading(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
    for fault in unsound(target):
        raise sqlite3.DatabaseError(fault)


def unsound(database: Path) -> Iterator[str]:
    """What is wrong with a database, in SQLite's own words; nothing where it is sound."""
    try:
        with closing(_reading(database)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        yield f"{database.name}: {error}"
        return
    if answer != "ok" or orphan is not None:
        yield f"{database.name}: {answer if answer != 'ok' else 'a record refers to none'}"


def facts_of(database: Path) -> dict[str, Any]:
    """``revision``, ``counts`` and ``last_entry``, as a state of a backup keeps them."""
    with closing(_reading(database)) as connection:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        last = None
        if "audit" in tables_of(connection):
            row = connection.execute("SELECT digest FROM audit ORDER BY id DESC LIMIT 1").fetchone()
            last = row[0] if row else None
    return {"revision": revision, "counts": counts_of(database), "last_entry": last}


def holds_entry(database: Path, digest: str | None) -> bool:
    """Whether a database's log of deeds has an entry of this digest; None stands for no entry."""
    if digest is None:
        return True
    with closing(_reading(database)) as connection:
        if "audit" not in tables_of(connection):
            return False
        found = connection.execute("SELECT 1 FROM audit WHERE digest = ?", (digest,)).fetchone()
        return found is not None


def needed_by(database: Path) -> list[str]:
    """SHA-256 of every original that a database speaks of, ascending."""
    with closing(_reading(database)) as connection:
        return sorted(row[0] for row in connection.execute(_NEEDED))


def tables_of(connection: sqlite3.Connection) -> set[str]:
    """Names of a database's tables."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {row[0] for row in rows}


def _reading(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)


def sign_out_everybody(database: Path) -> None:
    """Empty the tables of whoever is signed in, or was about to be."""
    with closing(sqlite3.connect(database)) as connection, connection:
        present = tables_of(connection)
        for table in _SIGNED_IN:
            if table in present:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  # nosec B608 – constants
