"""Documents of an older Zhiku read anew from the files that were kept of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from filelock import FileLock

from knowledge import chunking
from knowledge.access import require_own
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed
from knowledge.accounts.roles import Permission, require
from knowledge.errors import EmptyFileError, KnowledgeError, UnknownRecordError, UnreadableError
from knowledge.ingest import is_answer
from knowledge.model import (
    Access,
    Actor,
    Document,
    Layer,
    Page,
    PageText,
    Reading,
    Version,
)
from knowledge.originals import Originals
from knowledge.secrecy import awaits_recognition, mark_of
from knowledge.store.documents import Documents
from knowledge.store.rereadings import Rereadings


class RereadOutcome(StrEnum):
    """What became of one document."""

    UNCHANGED = "unchanged"
    REFITTED = "refitted"
    """The same words: its pages have got their places, its passages may be cut otherwise."""
    NEW_VERSION = "new-version"
    """Other words, or pages to be recognised: the version before stays for what cites it."""
    WITHHELD = "withheld"
    """Its first page bears a mark of secrecy: its file is in quarantine."""
    FAILED = "failed"
    """Its file cannot be read: it stays as it is."""


@dataclass(frozen=True, slots=True)
class Reread:
    """The report on one document."""

    document_id: int
    title: str
    outcome: RereadOutcome
    error: KnowledgeError | None = None
    """Why it could not be read."""


class Rereading:
    """Reads documents anew; safe in several threads and processes, also beside additions."""

    def __init__(
        self,
        documents: Documents,
        store: Rereadings,
        *,
        originals: Originals,
        read: Callable[[bytes, str], Reading],
        withhold: Callable[[Version, str], bool],
        lock: Path,
        clock: Callable[[], datetime],
    ) -> None:
        """Make the service.

        Args:
            documents: the catalogue.
            store: where what is found of pages goes.
            originals: the files.
            read: given a file's bytes and name; raises `UnreadableError` only.
            withhold: told a version and the mark of secrecy on it; says whether it put it into
                quarantine.
            lock: the file that whoever adds holds.
            clock: gives the moment of a new version.
        """
        self._documents = documents
        self._store = store
        self._originals = originals
        self._read = read
        self._withhold = withhold
        self._lock = FileLock(lock)
        self._clock = clock

    def reread(self, document_id: int, *, actor: Actor) -> Reread:
        """Read the file of a document's current version anew.

        Nothing that is cited is lost: where the words are the same, they stay, and get what is
        newly found of them; else the reading is a new version of the document. What a person knows
        of the work stays. A second time changes nothing more. Answers of the desk are left alone.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such document; `OtherBranchError`: another branch's.
        """
        require(actor, Permission.CATALOGUE)
        with self._lock:
            document = self._documents.get(document_id)
            require_own(actor, document.stamp, kind="document", id=document_id)
            try:
                outcome = self._reread(document, actor)
            except (UnreadableError, UnknownRecordError) as error:
                return Reread(document_id, document.title, RereadOutcome.FAILED, error)
        return Reread(document_id, document.title, outcome)

    def _reread(self, document: Document, actor: Actor) -> RereadOutcome:
        version = self._documents.version(document.current_version)
        if not self._documents.viewer.may_see(version.stamp):
            # Its pages do not exist here: the file would seem to have other words.
            raise UnknownRecordError(kind="version", id=version.id)
        # Nobody knows yet what the first page says: recognition decides.
        is_unknown = version.stamp.access is Access.NAMED and not version.passage_count
        if is_unknown or is_answer(document.source):
            return RereadOutcome.UNCHANGED
        reading = self._read(self._originals.read(version.sha256), version.file_name)
        mark = mark_of(reading.pages, paged=reading.paged)
        if mark is not None and self._withhold(version, mark):
            return RereadOutcome.WITHHELD
        if not _is_same(self._documents.pages(version.id), reading.pages):
            self._add(document, version, reading=reading, actor=actor)
            return RereadOutcome.NEW_VERSION
        found = dict(enumerate(reading.pages, start=1))
        changed = self._store.refit(
            version.id,
            found,
            cut=chunking.passages,
            deed=_deed(actor, document, version),
            at=self._clock(),
        )
        return RereadOutcome.REFITTED if changed else RereadOutcome.UNCHANGED

    def _add(self, document: Document, version: Version, *, reading: Reading, actor: Actor) -> None:
        unknown = awaits_recognition(reading.pages)
        drafts = () if unknown else chunking.passages(reading.pages)
        if not drafts and all(page.layer is not Layer.WAITING for page in reading.pages):
            raise EmptyFileError(name=version.file_name)
        before = version.stamp
        # Whoever saw a version that is for named persons sees the next one.
        keeper = before.made_by if before.access is Access.NAMED else actor.person_id
        access = Access.NAMED if unknown else before.access
        self._documents.add_version(
            reading,
            drafts,
            document_id=document.id,
            source=document.source,
            file=(version.file_name, version.sha256, version.size),
            stamp=replace(before, access=access, made_by=keeper, made_at=self._clock()),
            deed=_deed(actor, document, version),
        )


def _deed(actor: Actor, document: Document, version: Version) -> Deed:
    read = Deed.by(actor, Action.REREAD_DOCUMENT)
    return read.of("document", document.id, version=version.id)


def _is_same(held: Sequence[Page], found: Sequence[PageText]) -> bool:
    return len(held) == len(found) and all(map(_has_words, held, found))


def _has_words(held: Page, found: PageText) -> bool:
    """Whether a stored page has the words of a page; what is to be recognised may have been."""
    if found.layer is Layer.WAITING:
        return held.layer is not Layer.TEXT
    return held.text == found.text
