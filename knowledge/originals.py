"""The files themselves, kept by the SHA-256 of their content."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from embeddings.durable import sync_folder
from knowledge.errors import UnknownRecordError

_STAGING = ".staging"


class Originals:
    """A folder of files named by their hash; a file's own name never becomes a path.

    A file is first staged, then settled once the database refers to it: so whatever interrupts an
    addition, what is settled is referred to, and what is only staged can be decided by asking the
    database.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / _STAGING).mkdir(parents=True, exist_ok=True)

    def stage(self, data: bytes) -> str:
        """Write `data` durably and return its SHA-256; does nothing when it is settled and intact.

        A damaged original is put right this way, by adding the good file again.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        if self.is_intact(sha256):
            return sha256
        staged = self._staged(sha256)
        temporary = staged.with_suffix(f".{os.getpid()}")
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(staged)
        sync_folder(staged.parent)
        return sha256

    def settle(self, sha256: str) -> None:
        """Move a staged file to its place; does nothing when it is there already."""
        staged, settled = self._staged(sha256), self._settled(sha256)
        settled.parent.mkdir(exist_ok=True)
        if staged.exists():
            staged.replace(settled)
            sync_folder(settled.parent)

    def tidy(self, is_needed: Callable[[str], bool]) -> None:
        """Decide what an interruption left staged: settle what is needed, delete the rest.

        Call it only while nobody else adds.
        """
        for staged in (self._folder / _STAGING).iterdir():
            if not staged.suffix and is_needed(staged.name):
                self.settle(staged.name)
            else:
                staged.unlink(missing_ok=True)

    def read(self, sha256: str) -> bytes:
        """The file's bytes.

        Raises:
            UnknownRecordError: there is no such file.
        """
        for path in (self._settled(sha256), self._staged(sha256)):
            if path.exists():
                return path.read_bytes()
        raise UnknownRecordError(kind="original", id=sha256)

    def all(self) -> Iterator[str]:
        """The hashes of all settled files, in order."""
        for shelf in sorted(self._folder.iterdir()):
            if shelf.name != _STAGING:
                yield from (shelf.name + path.name for path in sorted(shelf.iterdir()))

    def is_intact(self, sha256: str) -> bool | None:
        """Whether the file's bytes still have this hash; None when the file is missing."""
        path = self._settled(sha256)
        if not path.exists():
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    def remove(self, sha256: str) -> None:
        """Delete a file; unknown hashes do nothing."""
        self._settled(sha256).unlink(missing_ok=True)

    def _staged(self, sha256: str) -> Path:
        return self._folder / _STAGING / sha256

    def _settled(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256[2:]
