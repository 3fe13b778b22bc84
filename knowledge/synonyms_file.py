"""A library's own table of synonyms: a text file that staff change at any time."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from filelock import FileLock

from embeddings.durable import write_durably
from knowledge.accounts.roles import Permission, require
from knowledge.errors import BadSynonymsError, StaleSynonymsError
from knowledge.model import Actor
from knowledge.synonyms import Group, Synonyms, joined, own_groups, shipped

FILE_NAME: Final = "synonyms.txt"
"""Of a library's own table, in its home."""

_State = tuple[int, int, int] | None
_ABSENT: Final = None


class _Read(NamedTuple):
    state: _State
    synonyms: Synonyms
    problem: BadSynonymsError | None


class SynonymsFile:
    """The table in use: the file's over the shipped one, read again when the file has changed.

    Safe in several threads and processes. Search never fails for the table's sake: while the file
    is broken, what it said last counts, or else the shipped table alone.
    """

    def __init__(
        self, path: Path, *, lock: Path, note: Callable[[Actor], object] = lambda _actor: None
    ) -> None:
        """Watch a file.

        Args:
            path: of the table; nothing need be there.
            lock: held while the table is written.
            note: told who changes the table, before it is changed: what is entered in the log
                may not have come about, but nothing comes about that is not entered.
        """
        self._note = note
        self.path = path
        self._lock_file = lock
        self._lock = threading.Lock()
        self._read = _Read(_ABSENT, shipped(), None)

    def current(self) -> Synonyms:
        """The table as it is now; costs one look at the file's date."""
        return self._fresh().synonyms

    @property
    def problem(self) -> BadSynonymsError | None:
        """Why the file as it is now cannot be used; None when it can."""
        return self._fresh().problem

    def text(self) -> str:
        """What the file holds; empty where there is none.

        Raises:
            BadSynonymsError: it cannot be read, or is not UTF-8.
        """
        try:
            return self.path.read_text("utf-8-sig")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "invalid UTF-8"
            raise BadSynonymsError(path=self.path, reason=reason) from error

    def own(self) -> tuple[Group, ...]:
        """The file's groups.

        Raises:
            BadSynonymsError: the file cannot be used.
        """
        return own_groups(self.path, self.text())

    def write(self, text: str, *, before: str, actor: Actor) -> None:
        """Replace the file as a whole, or not at all.

        Args:
            text: of the new table.
            before: what `text` gave when the change was begun.
            actor: who changes it.

        Raises:
            NotPermittedError: the actor may not.
            BadSynonymsError: a line is no group; `StaleSynonymsError`: the file holds something
                else than `before` by now.
        """
        require(actor, Permission.CATALOGUE)
        own_groups(self.path, text)
        with FileLock(self._lock_file):
            if self.text() != before:
                raise StaleSynonymsError(path=self.path)
            self._note(actor)
            write_durably(self.path, text.encode())

    def _fresh(self) -> _Read:
        with self._lock:
            state = self._state()
            if state != self._read.state:
                self._read = self._again(state)
            return self._read

    def _again(self, state: _State) -> _Read:
        try:
            return _Read(state, joined(self.own()), None)
        except BadSynonymsError as problem:
            return _Read(state, self._read.synonyms, problem)

    def _state(self) -> _State:
        try:
            found = self.path.stat()
        except OSError:
            return _ABSENT
        return found.st_mtime_ns, found.st_size, found.st_ino
