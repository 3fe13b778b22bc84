"""Backups of a home: made while it is in use, only what is new, and every byte provable.

A backup is a folder::

    originals/ab/cdef…         files, by their SHA-256, shared by all states
    states/2026-03-01T020000/  one state of the home
        zhiku.db               the database, as it was at one moment
        settings.toml …        the small files of the home
        manifest.json          what belongs to the state; written last, so a state has one or is
                               none

Indexes and pictures of pages are left out: they are made anew from the rest.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from embeddings.durable import (
    TEMPORARY_SUFFIX,
    publish,
    sha256_of,
    sync_folder,
    write_durably,
)
from knowledge.errors import BackupError, BadBackupError

DATABASE: Final = "zhiku.db"
FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_ORIGINALS: Final = "originals"
_STATES: Final = "states"
_COUNTED: Final = ("documents", "versions", "pages", "passages", "briefs", "editions", "audit")
_SIGNED_IN: Final = ("sessions", "attempts", "links")
"""Tables that a restored home does not have: nobody is signed in to it."""
_NEEDED: Final = """
    SELECT sha256 FROM versions WHERE size > 0
    UNION SELECT sha256 FROM failures WHERE sha256 IS NOT NULL
    UNION SELECT sha256 FROM quarantined WHERE coalesce(decision, '') <> 'discarded'
"""

Progress = Callable[[int, int], None]
"""Told how many originals are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of a home in a backup."""

    name: str
    made_at: str
    """UTC, ISO 8601."""
    revision: str
    """Of the database's tables."""
    counts: Mapping[str, int]
    """Rows of the tables that matter, by name."""
    last_entry: str | None
    """Digest of the last entry of the log of deeds: it vouches for all entries before."""
    files: Mapping[str, str]
    """SHA-256 of each file of the state, by name."""
    originals: Sequence[str]
    """SHA-256 of every original that the state needs, ascending."""
    absent: Sequence[str] = ()
    """Originals that were missing or damaged in the home already, ascending."""


@dataclass(frozen=True, slots=True)
class Made:
    """A state that was made, and what it took."""

    state: State
    copied: int
    """Originals that no earlier state had."""
    copied_bytes: int
    """Of those, and of the state's own files."""


class Backup:
    """A folder of states; one process at a time writes to it."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when the first state is."""
        self.folder = folder

    def make(
        self,
        home: Path,
        *,
        small: Iterable[str] = (),
        at: datetime,
        progress: Progress | None = None,
    ) -> Made:
        """Add the present state of a home that may be in use.

        The database is copied as of one moment, with SQLite's own backup, which blocks nobody.
        Originals are copied afterwards: they never change. Each is checked against its name as it
        is copied, and read again from the backup. What was interrupted is cleared away by the next
        one, and files that it had copied are not copied again.

        Args:
            home: its folder.
            small: names of other files of the home to keep; those absent are passed over.
            at: now.
            progress: told of each original.

        Raises:
            BackupError: the backup cannot be written, or is within the home.
        """
        if self.folder.resolve().is_relative_to(home.resolve()):
            raise BackupError(path=self.folder, reason="it lies in the home itself")
        try:
            return self._make(home, small, at, progress or (lambda _done, _all: None))
        except OSError as error:
            raise BackupError(path=self.folder, reason=error.strerror or error) from error
        except sqlite3.Error as error:
            raise BackupError(path=self.folder, reason=error) from error

    def states(self) -> list[State]:
        """Every whole state, oldest first.

        Raises:
            BadBackupError: a manifest is damaged.
        """
        folder = self.folder / _STATES
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        return [self._read(name) for name in names if (folder / name / _MANIFEST).exists()]

    def get(self, name: str | None = None) -> State:
        """The state of that name; the newest one without a name.

        Raises:
            BadBackupError: there is no such state, or its manifest is damaged.
        """
        if name is not None:
            if Path(name).name != name or not self._place(name, _MANIFEST).exists():
                raise BadBackupError(path=self.folder, reason=f"it has no state “{name}”")
            return self._read(name)
        states = self.states()
        if not states:
            raise BadBackupError(path=self.folder, reason="there is no state in it")
        return states[-1]

    def faults(self, state: State, progress: Progress | None = None) -> Iterator[str]:
        """Read every byte of a state and name the files that are damaged or missing.

        Args:
            state: from `get`.
            progress: told of each file.
        """
        files = [(self._place(state.name, name), sha) for name, sha in state.files.items()]
        files += [(self._original(sha), sha) for sha in state.originals]
        for number, (path, sha256) in enumerate(files, start=1):
            if not path.is_file():
                yield f"{path.relative_to(self.folder)} is missing"
            elif sha256_of(path) != sha256:
                yield f"{path.relative_to(self.folder)} is damaged"
            if progress is not None:
                progress(number, len(files))
        database = self._place(state.name, DATABASE)
        if database.is_file():
            yield from _unsound(database)

    def restore(self, home: Path, *, state: State, progress: Progress | None = None) -> None:
        """Make a home of a state, whole or not at all; every byte is checked as it is copied.

        Nobody is signed in to the new home, and its indexes are made when it is opened.

        Args:
            home: a folder that does not exist, or is empty.
            state: from `get`.
            progress: told of each original.

        Raises:
            BackupError: the folder holds something, or cannot be written.
            BadBackupError: a file of the state is damaged or missing; nothing is left behind.
        """
        if home.exists() and (not home.is_dir() or any(home.iterdir())):
            raise BackupError(path=home, reason="it is not empty; choose a new folder")
        aside = home.with_name(f"{home.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
        try:
            self._fill(aside, state, progress or (lambda _done, _all: None))
            if home.exists():
                home.rmdir()
            aside.replace(home)
            sync_folder(home.parent)
        except OSError as error:
            raise BackupError(path=home, reason=error.strerror or error) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _make(self, home: Path, small: Iterable[str], at: datetime, progress: Progress) -> Made:
        self._clear()
        name = at.astimezone(UTC).strftime("%Y-%m-%dT%H%M%S")
        while self._place(name).exists():
            name += "+"
        place = self._place(name)
        place.mkdir(parents=True)
        _copy_database(home / DATABASE, place / DATABASE)
        files = {DATABASE: sha256_of(place / DATABASE)}
        for each in small:
            if (home / each).is_file():
                files[each] = _copy(home / each, place / each)
        needed = _needed(place / DATABASE)
        copied, size, absent = self._copy_originals(home / _ORIGINALS, needed, progress)
        state = State(
            name=name,
            made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
            files=files,
            originals=[sha256 for sha256 in needed if sha256 not in absent],
            absent=absent,
            **_facts(place / DATABASE),
        )
        content = asdict(state)
        sealed = {"format": FORMAT, "state": content, "seal": _seal(content)}
        write_durably(place / _MANIFEST, json.dumps(sealed, ensure_ascii=False, indent=1).encode())
        size += sum((place / file).stat().st_size for file in files)
        return Made(state, copied, size)

    def _copy_originals(
        self, source: Path, needed: Sequence[str], progress: Progress
    ) -> tuple[int, int, list[str]]:
        copied, size, absent = 0, 0, []
        for number, sha256 in enumerate(needed, start=1):
            target = self._original(sha256)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                found = source / sha256[:2] / sha256[2:]
                if not found.is_file() or _copy(found, target, expected=sha256) != sha256:
                    absent.append(sha256)
                else:
                    copied, size = copied + 1, size + target.stat().st_size
            progress(number, len(needed))
        return copied, size, absent

    def _fill(self, aside: Path, state: State, progress: Progress) -> None:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        for name, sha256 in state.files.items():
            self._fetch(self._place(state.name, name), aside / name, sha256)
        for number, sha256 in enumerate(state.originals, start=1):
            target = aside / _ORIGINALS / sha256[:2] / sha256[2:]
            target.parent.mkdir(parents=True, exist_ok=True)
            self._fetch(self._original(sha256), target, sha256)
            progress(number, len(state.originals))
        with closing(sqlite3.connect(aside / DATABASE)) as connection, connection:
            present = _tables(connection)
            for table in _SIGNED_IN:
                if table in present:
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608 – constants

    def _fetch(self, source: Path, target: Path, sha256: str) -> None:
        if not source.is_file():
            reason = f"{source.relative_to(self.folder)} is missing"
            raise BadBackupError(path=self.folder, reason=reason)
        if _copy(source, target, expected=sha256) != sha256:
            reason = f"{source.relative_to(self.folder)} is damaged"
            raise BadBackupError(path=self.folder, reason=reason)

    def _clear(self) -> None:
        """Delete what an interrupted backup left."""
        states = self.folder / _STATES
        for path in states.iterdir() if states.is_dir() else ():
            if not (path / _MANIFEST).exists():
                shutil.rmtree(path)
        for path in self.folder.glob(f"{_ORIGINALS}/*/*{TEMPORARY_SUFFIX}"):
            path.unlink()

    def _read(self, name: str) -> State:
        try:
            sealed = json.loads(self._place(name, _MANIFEST).read_bytes())
            if sealed["format"] != FORMAT or sealed["seal"] != _seal(sealed["state"]):
                raise BadBackupError(path=self.folder, reason=f"{name}/{_MANIFEST} is damaged")
            state = State(**sealed["state"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadBackupError(
                path=self.folder, reason=f"{name}/{_MANIFEST} is damaged"
            ) from error
        if state.name != name:
            raise BadBackupError(path=self.folder, reason=f"{name} was renamed")
        return state

    def _place(self, name: str, file: str = "") -> Path:
        return self.folder / _STATES / name / file

    def _original(self, sha256: str) -> Path:
        return self.folder / _ORIGINALS / sha256[:2] / sha256[2:]


def counts_of(database: Path) -> dict[str, int]:
    """Rows of the tables that matter, by name; a table that is not there has none."""
    with closing(_reading(database)) as connection:
        present = _tables(connection)
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in _COUNTED
            if table in present
        }


def _copy_database(source: Path, target: Path) -> None:
    # All pages in one step read one snapshot of the write-ahead log: writers go on meanwhile,
    # whereas a backup in small steps begins anew whenever somebody writes.
    with closing(_reading(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
    for fault in _unsound(target):
        raise sqlite3.DatabaseError(fault)


def _unsound(database: Path) -> Iterator[str]:
    try:
        with closing(_reading(database)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        yield f"{database.name}: {error}"
        return
    if answer != "ok" or orphan is not None:
        yield f"{database.name}: {answer if answer != 'ok' else 'a record refers to none'}"


def _facts(database: Path) -> dict[str, Any]:
    with closing(_reading(database)) as connection:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        last = None
        if "audit" in _tables(connection):
            row = connection.execute("SELECT digest FROM audit ORDER BY id DESC LIMIT 1").fetchone()
            last = row[0] if row else None
    return {"revision": revision, "counts": counts_of(database), "last_entry": last}


def _needed(database: Path) -> list[str]:
    with closing(_reading(database)) as connection:
        return sorted(row[0] for row in connection.execute(_NEEDED))


def _tables(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {row[0] for row in rows}


def _reading(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)


def _copy(source: Path, target: Path, *, expected: str | None = None) -> str:
    """Copy a file whole, read the copy again, and return its SHA-256.

    With `expected`, a copy of another hash is not kept.
    """
    temporary = target.with_name(target.name + TEMPORARY_SUFFIX)
    shutil.copyfile(source, temporary)
    sha256 = sha256_of(temporary)
    if expected is not None and sha256 != expected:
        temporary.unlink()
    else:
        publish(temporary, target)
    return sha256


def _seal(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
