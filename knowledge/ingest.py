"""Files in, documents out: one transaction per version, whatever happens."""

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge import chunking
from knowledge.accounts.roles import Permission, require
from knowledge.errors import (
    EmptyFileError,
    InQuarantineError,
    MissingFileError,
    UnknownRecordError,
    UnreadableError,
    UnsupportedFormatError,
)
from knowledge.loading import as_text, check_size, load
from knowledge.model import (
    Access,
    Actor,
    Document,
    Failure,
    Layer,
    Metadata,
    PassageDraft,
    Reading,
    Stamp,
    Version,
)
from knowledge.originals import Originals
from knowledge.secrecy import awaits_recognition, mark_of
from knowledge.store.documents import Documents
from knowledge.store.failures import Failures
from knowledge.store.quarantine import Decision, QuarantinedFile, QuarantinedFiles

_UPLOAD = "upload:"
_VERSION = "version-of:"
_ANSWER = "answer:"
_RELEASED = "quarantine:"
_MEANT = re.compile(rf"{_VERSION}(\d+):")
_log = logging.getLogger(__name__)


class AddOutcome(StrEnum):
    """What became of one file."""

    ADDED = "added"
    NEW_VERSION = "new-version"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    """It bears a mark of secrecy: kept apart until an authorised person decides."""


@dataclass(frozen=True, slots=True)
class Added:
    """The report on one file."""

    name: str
    source: str
    outcome: AddOutcome
    document_id: int | None = None
    passages: int = 0
    remarks: tuple[str, ...] = ()
    """Those of its version, and ``pages-waiting:N`` when N pages wait for recognition."""
    error: UnreadableError | None = None
    """Why it is not in the collection, and what to do."""


@dataclass(frozen=True, slots=True)
class Records:
    """Where it is written down what became of files."""

    documents: Documents
    failures: Failures
    quarantine: QuarantinedFiles


def source_of_answer(answer_id: int) -> str:
    """The source of an answer of the desk.

    A person of the house wrote it, so it is not looked at for marks of secrecy.
    """
    return f"{_ANSWER}{answer_id}"


def is_answer(source: str) -> bool:
    """Whether a document's source is an answer of the desk."""
    return source.startswith(_ANSWER)


class Ingest:
    """Adds files to the collection.

    Safe in several threads and processes: files are taken in one at a time, under a lock. Stopping
    at any moment leaves whole documents only. `read` is given a file's bytes and name, and raises
    `UnreadableError` only.
    """

    def __init__(
        self,
        records: Records,
        *,
        originals: Originals,
        read: Callable[[bytes, str], Reading],
        lock: Path,
        clock: Callable[[], datetime],
    ) -> None:
        self._documents = records.documents
        self._failures = records.failures
        self._quarantine = records.quarantine
        self._originals = originals
        self._read = read
        self._lock = FileLock(lock)
        self._clock = clock

    def add_file(self, path: Path, *, actor: Actor, document_id: int | None = None) -> Added:
        """Add one file from disk; a changed file of a known path becomes its next version.

        With `document_id` it is the next version of that document, as with `add_version`.
        """
        require(actor, Permission.ADD)
        name, source = as_text(path.name), as_text(str(path.resolve()))
        if document_id is not None:
            self._documents.get(document_id)
            source = f"{_VERSION}{document_id}:{name}"
        try:
            data = load(path)
        except UnreadableError as error:
            return self._failed(error, name, source, None, actor)
        return self.add(data, name, source=source, actor=actor, document_id=document_id)

    def add(
        self,
        data: bytes,
        name: str,
        *,
        source: str,
        actor: Actor,
        document_id: int | None = None,
        metadata: Metadata | None = None,
        permission: Permission = Permission.ADD,
    ) -> Added:
        """Add one file's bytes.

        Bytes that some document's current version has already change nothing. A file that cannot
        be read is kept with its reason, so that it can be tried again. One whose first page bears
        a mark of secrecy goes into quarantine: nothing of it is stored but the file. Pages that
        wait for recognition are stored without passages; while that page is one of them, the
        whole version is, and it is for named persons only until recognition has looked for the
        mark. Bytes that were released from quarantine make a document of their own, for named
        persons only.

        Args:
            data: the whole file.
            name: its file name.
            source: where it came from; a known source makes a new version of its document.
            actor: on whose behalf.
            document_id: make it a version of this document, whatever its source.
            metadata: what a person knows of the work; fields left unknown are guessed.
            permission: what the actor needs; a service that adds what it made or released itself
                asks for its own.

        Raises:
            NotPermittedError: the actor may not.
        """
        require(actor, permission)
        with self._lock:
            return self._add(
                data,
                name,
                source=source,
                actor=actor,
                document_id=document_id,
                metadata=metadata,
            )

    def uploaded(self, name: str) -> Document | None:
        """The document that was made by uploading a file of this name, if there is one."""
        return self._documents.by_source(f"{_UPLOAD}{name}")

    def upload(
        self, data: bytes, name: str, *, actor: Actor, document_id: int | None = None
    ) -> Added:
        """Add a file that a person chose, which has a name but no path.

        A name says little, so another file of a known name is a document of its own unless
        `document_id` makes it a version. Raises and keeps failures as `add`.
        """
        if document_id is not None:
            return self.add_version(document_id, data, name=name, actor=actor)
        source, number = f"{_UPLOAD}{name}", 1
        while self._documents.by_source(source) is not None:
            number += 1
            source = f"{_UPLOAD}{name} ({number})"
        return self.add(data, name, source=source, actor=actor)

    def add_version(self, document_id: int, data: bytes, *, name: str, actor: Actor) -> Added:
        """Add a file as the next version of a document, whatever its name.

        The source says which document was meant, so that a failure is tried again for that one.

        Raises:
            UnknownRecordError: no such document.
        """
        source = f"{_VERSION}{document_id}:{name}"
        return self.add(data, name, source=source, actor=actor, document_id=document_id)

    def retry(self, failure: Failure, *, actor: Actor) -> Added:
        """Try a failed file again: from its path if it still lies there, else as it was kept."""
        require(actor, Permission.ADD)
        path = Path(failure.source)
        if path.is_absolute() and path.exists():
            return self.add_file(path, actor=actor)
        if failure.sha256 is None:
            error = MissingFileError(path=failure.source)
            return self._failed(error, failure.file_name, failure.source, None, actor)
        data = self._originals.read(failure.sha256)
        meant = _MEANT.match(failure.source)
        return self.add(
            data,
            failure.file_name,
            source=failure.source,
            actor=actor,
            document_id=int(meant.group(1)) if meant else None,
        )

    def tidy(self) -> None:
        """Clear away what an interruption left: files being added, and files discarded.

        Does nothing while somebody is adding.
        """
        with suppress(Timeout), self._lock.acquire(timeout=0):
            hashes = self._documents.hashes()
            self._originals.tidy(hashes.__contains__)
            for sha256 in self._quarantine.discarded():
                if sha256 not in hashes:
                    self._originals.remove(sha256)

    def drop_unreferenced(self, among: Iterable[str] | None = None) -> None:
        """Delete the originals that nothing refers to; waits while somebody is adding.

        Args:
            among: SHA-256 of those to look at; None looks at all.
        """
        with self._lock:
            needed = self._documents.hashes()
            for sha256 in list(self._originals.all() if among is None else among):
                if sha256 not in needed:
                    self._originals.remove(sha256)

    def _add(
        self,
        data: bytes,
        name: str,
        *,
        source: str,
        actor: Actor,
        document_id: int | None,
        metadata: Metadata | None,
    ) -> Added:
        sha256 = self._originals.stage(data)
        known = self._quarantine.latest(sha256)
        released = known is not None and known.decision is Decision.RELEASED
        existing = (
            self._released(sha256, document_id)
            if released
            else self._existing(sha256, source, document_id, is_described=metadata is not None)
        )
        if existing is not None and self._is_current(existing, sha256):
            self._originals.settle(sha256)
            return Added(name, source, AddOutcome.UNCHANGED, existing.id)
        if known is not None and known.decision is None:
            return self._held(known, name, source)
        try:
            reading = self._reading(data, name)
            is_exempt = released or is_answer(source)
            mark = None if is_exempt else mark_of(reading.pages, paged=reading.paged)
            if mark is not None:
                return self._quarantined(mark, name, source, sha256, actor)
            unknown = awaits_recognition(reading.pages)
            drafts = () if unknown else _passages(reading, name)
        except UnreadableError as error:
            return self._failed(error, name, source, sha256, actor)
        if metadata is not None:
            reading = _described(reading, metadata)
        stored = partial(
            self._documents.add_version,
            reading,
            drafts,
            # Whatever comes from the same place later is another file, and may be public.
            source=f"{_RELEASED}{known.id}" if known is not None and released else source,
            file=(name, sha256, len(data)),
            stamp=self._stamp(actor, Access.NAMED if released or unknown else Access.PUBLIC),
        )
        # What was released stands by itself: it must not become part of what is public.
        version = _of_document(stored, None if released else existing, meant=document_id)
        self._originals.settle(sha256)
        outcome = AddOutcome.ADDED if version.number == 1 else AddOutcome.NEW_VERSION
        waiting = sum(page.layer is Layer.WAITING for page in reading.pages)
        remarks = (*reading.remarks, *([f"pages-waiting:{waiting}"] if waiting else ()))
        return Added(name, source, outcome, version.document_id, len(drafts), remarks=remarks)

    def _reading(self, data: bytes, name: str) -> Reading:
        check_size(name, len(data))
        if not data:
            raise EmptyFileError(name=name)
        if "." not in name:
            raise UnsupportedFormatError(name=name)
        return self._read(data, name)

    def _quarantined(self, mark: str, name: str, source: str, sha256: str, actor: Actor) -> Added:
        stamp = self._stamp(actor, Access.NAMED)
        file = self._quarantine.record(mark, source=source, name=name, sha256=sha256, stamp=stamp)
        self._originals.settle(sha256)
        _log.warning("quarantine: file %d entered, marked %s", file.id, file.mark)
        return self._held(file, name, source)

    def _held(self, file: QuarantinedFile, name: str, source: str) -> Added:
        self._originals.settle(file.sha256)
        error = InQuarantineError(name=name, mark=file.mark, id=file.id)
        return Added(name, source, AddOutcome.QUARANTINED, error=error)

    def _existing(
        self, sha256: str, source: str, document_id: int | None, *, is_described: bool
    ) -> Document | None:
        # What a person describes is the work they mean, even in the very words of another.
        if document_id is not None:
            return self._documents.get(document_id)
        if (known := self._documents.by_source(source)) is not None or is_described:
            return known
        return self._documents.by_sha256(sha256)

    def _released(self, sha256: str, document_id: int | None) -> Document | None:
        # It stands by itself, so it is known by its bytes alone.
        if document_id is not None:
            self._documents.get(document_id)
        return self._documents.by_sha256(sha256)

    def _is_current(self, document: Document, sha256: str) -> bool:
        return self._documents.version(document.current_version).sha256 == sha256

    def _failed(
        self, error: UnreadableError, name: str, source: str, sha256: str | None, actor: Actor
    ) -> Added:
        self._failures.record(
            error, source=source, name=name, sha256=sha256, stamp=self._stamp(actor)
        )
        if sha256 is not None:
            self._originals.settle(sha256)
        return Added(name, source, AddOutcome.FAILED, error=error)

    def _stamp(self, actor: Actor, access: Access = Access.PUBLIC) -> Stamp:
        return Stamp(actor.branch_id, access, actor.person_id, self._clock())


def _of_document(
    store: Callable[..., Version], existing: Document | None, *, meant: int | None
) -> Version:
    """Store a version of `existing`, or of a document of its own."""
    try:
        return store(document_id=None if existing is None else existing.id)
    except UnknownRecordError:
        if meant is not None:
            raise
        # Its document was removed while the file was being read.
        return store(document_id=None)


def _passages(reading: Reading, name: str) -> Sequence[PassageDraft]:
    drafts = chunking.passages(reading.pages)
    if not drafts and all(page.layer is not Layer.WAITING for page in reading.pages):
        raise EmptyFileError(name=name)
    return drafts


def _described(reading: Reading, known: Metadata) -> Reading:
    """With what a person knows in place of what was guessed."""
    given = {field.name: value for field in fields(known) if (value := getattr(known, field.name))}
    return replace(
        reading,
        metadata=replace(reading.metadata, **given),
        grounds=tuple(ground for ground in reading.grounds if ground.field not in given),
    )
