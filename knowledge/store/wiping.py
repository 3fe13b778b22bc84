"""Deleted words, gone from the database's files and not from its tables alone."""

import sqlite3
from collections.abc import Iterable

from sqlalchemy import Engine, Table
from sqlalchemy.engine.interfaces import DBAPICursor


def wipe(engine: Engine, tables: Iterable[Table]) -> bool:
    """Write some tables anew without what was deleted or replaced in them, and empty the log.

    SQLite overwrites what it deletes (`secure_delete`), but not the copies that it left in free
    places of a page when it moved rows; older states of pages stand in the write-ahead log too. So
    a table is emptied, which overwrites its pages whole, and filled again, in one transaction:
    others wait to write as long as that takes, and the rest of the database is not touched. Its
    triggers are put aside meanwhile: its rows are the same afterwards. Backups are other files.

    Args:
        engine: the database.
        tables: those in which words were deleted or replaced.

    Returns:
        False where somebody used the database for so long, or the disk was so full, that it could
        not be done: to be called again.
    """
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        # Rows refer to others that are away for a moment; it can be said outside transactions only.
        cursor.execute("PRAGMA foreign_keys = OFF")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            for table in tables:
                _rewrite(cursor, table.name)
            cursor.execute("COMMIT")
        finally:
            raw.rollback()
            cursor.execute("PRAGMA foreign_keys = ON")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    except sqlite3.OperationalError:
        return False
    finally:
        raw.close()


def _rewrite(cursor: DBAPICursor, name: str) -> None:
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? ORDER BY name",
        (name,),
    )
    triggers = cursor.fetchall()
    for trigger, _ in triggers:
        cursor.execute(f"DROP TRIGGER {trigger}")
    # The name is the schema's own.
    cursor.execute(f"CREATE TEMP TABLE wiped AS SELECT * FROM {name}")  # noqa: S608  # nosec B608
    cursor.execute(f"DELETE FROM {name}")  # noqa: S608  # nosec B608
    cursor.execute(f"INSERT INTO {name} SELECT * FROM wiped")  # noqa: S608  # nosec B608
    cursor.execute("DROP TABLE wiped")
    for _, again in triggers:
        cursor.execute(again)
