"""Opening SQLite the one right way, and bringing a home of any age to today's tables."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

from knowledge.errors import BadHomeError

BUSY_TIMEOUT_MS = 15_000
_CHUNK = 500
_WRITES = "zhiku_writes"
_MIGRATIONS = Path(__file__).parent / "migrations"


def open_engine(path: Path) -> Engine:
    """Open the database at `path`, creating the file if there is none.

    Write-ahead log, foreign keys on, deleted words overwritten, and a busy timeout, on every
    connection. `writing` gives the engine for changes.

    Raises:
        BadHomeError: the file is no SQLite database or cannot be opened.
    """
    # What is stored must not get into a log with the message of an error.
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"check_same_thread": False}, hide_parameters=True
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DatabaseError as error:
        engine.dispose()
        raise BadHomeError(path=path.parent, reason=str(error.orig)) from error
    return engine


def writing(engine: Engine) -> Engine:
    """The same database with transactions that take the write lock at once.

    A transaction that reads first and writes later could otherwise fail half-way because another
    process wrote in between; SQLite's busy timeout does not help there.
    """
    return engine.execution_options(**{_WRITES: True})


def migrate(engine: Engine) -> None:
    """Bring the tables to today's form; does nothing when they have it.

    Raises:
        BadHomeError: the database was made by a newer Zhiku.
    """
    if _has_newest(engine):
        return
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in {s.revision for s in scripts.walk_revisions()}:
        raise BadHomeError(
            path=Path(str(engine.url.database)).parent,
            reason=f"its tables ({present}) are newer than this Zhiku",
        )
    with writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _has_newest(engine: Engine) -> bool:
    """Whether the newest step was taken: spares alembic, which takes a while to import.

    Steps lie in files named after their revisions, ``v0001_…``, each later than the one before.
    """
    newest = max(path.name for path in (_MIGRATIONS / "versions").glob("v*_*.py"))
    with engine.connect() as connection:
        try:
            present = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        except DatabaseError:
            return False
    return bool(present) and newest.startswith(f"v{present}_")


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # FULL: a commit lost with the power would free ids that an index file already holds.
    cursor.execute("PRAGMA synchronous = FULL")
    # What is deleted or replaced is overwritten; `knowledge.store.wiping` does the rest.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut a list of ids into parts that fit one statement: SQLite limits its variables."""
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def new_id(result: CursorResult[Any]) -> int:
    """The id that the database gave to the row just inserted."""
    key = result.inserted_primary_key
    if key is None:
        raise ValueError("the statement inserted no single row")
    return int(key[0])
