"""Files in, documents out: one transaction per version, whatever happens."""

import logging
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.access import require_own
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed
from knowledge.accounts.roles import Permission, require
from knowledge.clearing import Cleared
from knowledge.contents import contents_of, described, passages_of
from knowledge.errors import (
    InQuarantineError,
    MissingFileError,
    UnknownRecordError,
    UnreadableError,
)
from knowledge.failure import Failure
from knowledge.incoming import Incoming, Look
from knowledge.known import RELEASED, Known
from knowledge.loading import as_text, load
from knowledge.model import (
    Access,
    Actor,
    Document,
    Layer,
    Metadata,
    PageText,
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
    """Those of its version, ``pages-waiting:N`` when N pages wait for recognition, and what
    `Incoming.seen_by` says of personal data."""
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
        access: Access = Access.PUBLIC,
    ) -> None:
        """Make the service; `access` is who may see a new document of which nobody says it."""
        self._documents = records.documents
        self._failures = records.failures
        self._quarantine = records.quarantine
        self._originals = originals
        self._read = read
        self._lock = FileLock(lock)
        self._clock = clock
        self._access = access

    def add_file(
        self,
        path: Path,
        *,
        actor: Actor,
        document_id: int | None = None,
        access: Access | None = None,
        look: Look = Look.DONE,
    ) -> Added:
        """Add one file from disk; a changed file of a known path becomes its next version.

        With `document_id` it is the next version of that document, as with `upload`; `look`
        says what is done about personal data in a file that would be public.
        """
        require(actor, Permission.ADD)
        name, source = as_text(path.name), as_text(str(path.resolve()))
        if document_id is not None:
            Known(self._documents, actor).own(document_id)
            source = f"{_VERSION}{document_id}:{name}"
        file = Incoming(name, source, actor, document_id, access=access or self._access, look=look)
        try:
            return self._take_in(load(path), file)
        except UnreadableError as error:
            return self._failed(error, file, None)

    def add(
        self,
        data: bytes,
        name: str,
        *,
        source: str,
        actor: Actor,
        document_id: int | None = None,
        metadata: Metadata | None = None,
        access: Access | None = None,
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
            access: who may see it if it makes a document of its own; None: the library's default.
            permission: what the actor needs; a service that adds what it made or released itself
                asks for its own.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such document for the actor; `OtherBranchError`: another
                branch's.
        """
        require(actor, permission)
        level = access or self._access
        file = Incoming(name, source, actor, document_id, metadata=metadata, access=level)
        return self._take_in(data, file)

    def uploaded(self, name: str, *, actor: Actor) -> Document | None:
        """The document that was made by uploading a file of this name, if the actor may change it.

        Raises:
            NotPermittedError: the actor may not add files.
        """
        require(actor, Permission.ADD)
        return Known(self._documents, actor).from_source(f"{_UPLOAD}{name}")

    def upload(
        self,
        data: bytes,
        name: str,
        *,
        actor: Actor,
        document_id: int | None = None,
        access: Access | None = None,
        cleared: Cleared | None = None,
    ) -> Added:
        """Add a file that a person chose, which has a name but no path.

        A name says little, so another file of a known name is a document of its own unless
        `document_id` makes it the next version of that one, whatever its name: the source then
        says which was meant, so that a failure is tried again for it. What was `cleared` of it is
        kept in the transaction that stores it. Raises and keeps failures as `add`.
        """
        require(actor, Permission.ADD)
        known = Known(self._documents, actor)
        if document_id is not None:
            source = f"{_VERSION}{document_id}:{name}"
        else:
            source, number = f"{_UPLOAD}{name}", 1
            while known.from_source(source) is not None:
                number += 1
                source = f"{_UPLOAD}{name} ({number})"
        level = access or self._access
        file = Incoming(name, source, actor, document_id, access=level, cleared=cleared)
        return self._take_in(data, file)

    def retry(self, failure: Failure, *, actor: Actor) -> Added:
        """Try a failed file again: from its path if it still lies there, else as it was kept.

        It is for whom it was meant. Nobody could look through it for personal data: in what would
        be a public document of its own it is looked for now, and one with finds is for staff.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: they may not see it; `OtherBranchError`: another branch's.
        """
        require(actor, Permission.ADD)
        require_own(actor, failure.stamp, kind="failure", id=failure.id)
        meant = _MEANT.match(failure.source)
        file = Incoming(
            failure.file_name,
            failure.source,
            actor,
            document_id=int(meant.group(1)) if meant else None,
            access=failure.opens_as,
            look=Look.KEEP,
        )
        path = Path(failure.source)
        try:
            if path.is_absolute() and path.exists():
                return self._take_in(load(path), file)
            if failure.sha256 is None:
                raise MissingFileError(path=failure.source)
        except UnreadableError as error:
            return self._failed(error, file, None)
        return self._take_in(self._originals.read(failure.sha256), file)

    def tidy(self) -> None:
        """Clear away what an interruption left: files being added, and files discarded.

        Does nothing while somebody is adding.
        """
        with suppress(Timeout), self._lock.acquire(timeout=0):
            hashes = self._documents.hashes()
            self._originals.tidy(hashes.__contains__)
            for sha256 in set(self._quarantine.discarded()) - hashes.keys():
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

    def _take_in(self, data: bytes, file: Incoming) -> Added:
        if file.document_id is not None:
            Known(self._documents, file.actor).own(file.document_id)
        with self._lock:
            return self._add(data, file)

    def _add(self, data: bytes, file: Incoming) -> Added:
        sha256 = self._originals.stage(data)
        held = self._quarantine.latest(sha256, branch_id=file.actor.branch_id)
        released = held if held is not None and held.decision is Decision.RELEASED else None
        known = Known(self._documents, file.actor)
        # What was released stands by itself: it is known by its bytes alone, and is never made
        # part of what is public.
        existing = known.released(sha256) if released else file.among(known, sha256)
        if existing is not None and known.is_current(existing, sha256):
            self._originals.settle(sha256)
            return Added(file.name, file.source, AddOutcome.UNCHANGED, existing.id)
        if held is not None and held.decision is None:
            return self._held(held, file)
        try:
            reading = described(contents_of(data, file.name, self._read), file.metadata)
            is_exempt = released is not None or is_answer(file.source)
            mark = None if is_exempt else mark_of(reading.pages, paged=reading.paged)
            if mark is not None:
                return self._quarantined(mark, file, sha256)
            unknown = awaits_recognition(reading.pages)
            drafts = () if unknown else passages_of(reading, file.name)
        except UnreadableError as error:
            return self._failed(error, file, sha256)
        level, looked = file.seen_by(reading, existing)
        stored = partial(
            self._documents.add_version,
            reading,
            drafts,
            # Whatever comes from the same place later is another file, and may be public.
            source=f"{RELEASED}{released.id}" if released else file.source,
            file=(file.name, sha256, len(data)),
            stamp=self._stamp(file.actor, Access.NAMED if released or unknown else level),
            opens_as=level if unknown and not released else None,
            along=file.note_clearing,
        )
        version = _of_document(stored, None if released else existing, file)
        self._originals.settle(sha256)
        return _report(version, file, (*reading.remarks, *looked), reading.pages)

    def _quarantined(self, mark: str, file: Incoming, sha256: str) -> Added:
        held = self._quarantine.record(
            mark,
            source=file.source,
            name=file.name,
            sha256=sha256,
            stamp=self._stamp(file.actor, Access.NAMED),
            deed=Deed.by(file.actor, Action.HOLD_FILE),
        )
        self._originals.settle(sha256)
        _log.warning("quarantine: file %d entered, marked %s", held.id, held.mark)
        return self._held(held, file)

    def _held(self, held: QuarantinedFile, file: Incoming) -> Added:
        self._originals.settle(held.sha256)
        why = InQuarantineError(name=file.name, mark=held.mark, id=held.id)
        return Added(file.name, file.source, AddOutcome.QUARANTINED, error=why)

    def _failed(self, error: UnreadableError, file: Incoming, sha256: str | None) -> Added:
        self._failures.record(
            error,
            source=file.source,
            name=file.name,
            sha256=sha256,
            stamp=self._stamp(file.actor),
            opens_as=file.access,
            deed=Deed.by(file.actor, Action.ADD_FAILED),
        )
        if sha256 is not None:
            self._originals.settle(sha256)
        return Added(file.name, file.source, AddOutcome.FAILED, error=error)

    def _stamp(self, actor: Actor, access: Access = Access.PUBLIC) -> Stamp:
        return Stamp(actor.branch_id, access, actor.person_id, self._clock())


def _of_document(
    store: Callable[..., Version], existing: Document | None, file: Incoming
) -> Version:
    """Store a version of `existing`, or of a document of its own."""
    if existing is not None:
        try:
            return store(document_id=existing.id, deed=Deed.by(file.actor, Action.ADD_VERSION))
        except UnknownRecordError:
            if file.document_id is not None:
                raise
            # Its document was removed while the file was being read.
    return store(document_id=None, deed=Deed.by(file.actor, Action.ADD_DOCUMENT))


def _report(
    version: Version, file: Incoming, remarks: tuple[str, ...], pages: Iterable[PageText]
) -> Added:
    waiting = sum(page.layer is Layer.WAITING for page in pages)
    return Added(
        file.name,
        file.source,
        AddOutcome.ADDED if version.number == 1 else AddOutcome.NEW_VERSION,
        version.document_id,
        version.passage_count,
        remarks=(*remarks, *([f"pages-waiting:{waiting}"] if waiting else ())),
    )
