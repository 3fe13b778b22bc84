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
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from embeddings.durable import (
    TEMPORARY_SUFFIX,
    publish,
    sha256_of,
    sync_folder,
    write_durably,
)
from knowledge.errors import BackupError, BadBackupError
from knowledge.snapshot import (
    copy_database,
    facts_of,
    holds_entry,
    needed_by,
    sign_out_everybody,
    unsound,
)

DATABASE: Final = "zhiku.db"
FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_ORIGINALS: Final = "originals"
_STATES: Final = "states"
_LOCK: Final = "lock"
_TRIES: Final = 5
"""How often the database is copied anew because files went out of the home meanwhile."""

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
    severed: str | None = None
    """Name of the state before this one, if the home's log no longer has that state's last entry,
    or its manifest cannot be read: the log was cut or rewritten, or an older state was restored."""


class Backup:
    """A folder of states; one process at a time writes to it, others are told so."""

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
        one, and files that it had copied are not copied again. The log of deeds is looked through
        for the last entry of the state before: see `Made.severed`.

        Args:
            home: its folder.
            small: other files of the home to keep, by their paths within it; those absent are
                passed over.
            at: now.
            progress: told of each original.

        Raises:
            BackupError: the backup cannot be written, is within the home, or another process is
                writing to it.
        """
        if self.folder.resolve().is_relative_to(home.resolve()):
            raise BackupError(path=self.folder, reason="it lies in the home itself")
        with self._writing():
            return self._make(home, small, at, progress or (lambda _done, _all: None))

    def prune(self, keep: int) -> list[str]:
        """Delete all states but the newest, and the originals that no state needs any more.

        An interruption leaves whole states only; the next call deletes what was left over.

        Args:
            keep: how many states stay, at least one.

        Returns:
            The names of the states that were deleted, oldest first.

        Raises:
            BackupError: the backup cannot be written, or another process is writing to it.
            BadBackupError: a manifest is damaged: nothing is deleted.
        """
        with self._writing():
            states = self.states()
            gone = [state.name for state in states[: -max(keep, 1)]]
            for name in gone:
                # Without its manifest it is no state, whatever is left of it.
                self._place(name, _MANIFEST).unlink()
            self._clear()
            needed = {sha256 for state in states[len(gone) :] for sha256 in state.originals}
            for path in self.folder.glob(f"{_ORIGINALS}/*/*"):
                if path.parent.name + path.name not in needed:
                    path.unlink()
            return gone

    def states(self) -> list[State]:
        """Every whole state, oldest first.

        Raises:
            BadBackupError: a manifest is damaged.
        """
        return [self._read(name) for name in self._names()]

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
            yield from unsound(database)

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
        before = self._names()[-1:]
        while self._place(name).exists():
            name += "+"
        place = self._place(name)
        place.mkdir(parents=True)
        needed, absent, copied, size = self._copied(home, place, progress)
        files = {DATABASE: sha256_of(place / DATABASE)}
        for each in small:
            if (home / each).is_file():
                (place / each).parent.mkdir(parents=True, exist_ok=True)
                files[each] = _copy(home / each, place / each)
        state = State(
            name=name,
            made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
            files=files,
            originals=[sha256 for sha256 in needed if sha256 not in absent],
            absent=absent,
            **facts_of(place / DATABASE),
        )
        write_durably(place / _MANIFEST, _sealed(asdict(state)))
        size += sum((place / file).stat().st_size for file in files)
        return Made(state, copied, size, severed=self._severed(before, place / DATABASE))

    def _severed(self, names: Sequence[str], database: Path) -> str | None:
        """The first of these states whose last entry is not in a database's log."""
        for name in names:
            try:
                is_held = holds_entry(database, self._read(name).last_entry)
            except BadBackupError:
                is_held = False
            if not is_held:
                return name
        return None

    def _copied(
        self, home: Path, place: Path, progress: Progress
    ) -> tuple[list[str], list[str], int, int]:
        """Copy the database and its originals: needed, absent, how many and how large new ones."""
        copied = size = 0
        for _ in range(_TRIES):
            copy_database(home / DATABASE, place / DATABASE)
            needed = needed_by(place / DATABASE)
            more, larger, absent = self._copy_originals(home / _ORIGINALS, needed, progress)
            copied, size = copied + more, size + larger
            # What went out of the home meanwhile is not lost: the database knows no more of it.
            if set(absent) <= set(needed_by(home / DATABASE)):
                break
        return needed, absent, copied, size

    def _copy_originals(
        self, source: Path, needed: Sequence[str], progress: Progress
    ) -> tuple[int, int, list[str]]:
        copied, size, absent = 0, 0, []
        for number, sha256 in enumerate(needed, start=1):
            target, found = self._original(sha256), source / sha256[:2] / sha256[2:]
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
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
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            self._fetch(self._place(state.name, name), aside / name, sha256)
        for number, sha256 in enumerate(state.originals, start=1):
            target = aside / _ORIGINALS / sha256[:2] / sha256[2:]
            target.parent.mkdir(parents=True, exist_ok=True)
            self._fetch(self._original(sha256), target, sha256)
            progress(number, len(state.originals))
        sign_out_everybody(aside / DATABASE)

    def _fetch(self, source: Path, target: Path, sha256: str) -> None:
        if not source.is_file():
            reason = f"{source.relative_to(self.folder)} is missing"
            raise BadBackupError(path=self.folder, reason=reason)
        if _copy(source, target, expected=sha256) != sha256:
            reason = f"{source.relative_to(self.folder)} is damaged"
            raise BadBackupError(path=self.folder, reason=reason)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / _LOCK, timeout=0):
                yield
        except Timeout as error:
            reason = "another process is writing to it"
            raise BackupError(path=self.folder, reason=reason) from error
        except OSError as error:
            raise BackupError(path=self.folder, reason=error.strerror or error) from error
        except sqlite3.Error as error:
            raise BackupError(path=self.folder, reason=error) from error

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
            written = self._place(name, _MANIFEST).read_bytes()
            content = json.loads(written)["state"]
            state = State(**content)
            # Every byte: a blank that became another blank is a sign of a bad disk too.
            if written != _sealed(content):
                raise ValueError(name)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadBackupError(
                path=self.folder, reason=f"{name}/{_MANIFEST} is damaged"
            ) from error
        if state.name != name:
            raise BadBackupError(path=self.folder, reason=f"{name} was renamed")
        return state

    def _names(self) -> list[str]:
        folder = self.folder / _STATES
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        return [name for name in names if self._place(name, _MANIFEST).exists()]

    def _place(self, name: str, file: str = "") -> Path:
        return self.folder / _STATES / name / file

    def _original(self, sha256: str) -> Path:
        return self.folder / _ORIGINALS / sha256[:2] / sha256[2:]


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


def _sealed(content: Mapping[str, Any]) -> bytes:
    """A manifest's bytes, which hold the digest of their content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    seal = hashlib.sha256(text.encode()).hexdigest()
    whole = {"format": FORMAT, "state": content, "seal": seal}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()
