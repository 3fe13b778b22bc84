"""Files that bear a mark of secrecy: kept apart, and released or discarded by authorised people."""

import logging
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import datetime

from knowledge.accounts.roles import Permission, require
from knowledge.errors import DecidedAlreadyError, ReasonNeededError, UnknownRecordError
from knowledge.ingest import Added, Ingest
from knowledge.model import Actor
from knowledge.originals import Originals
from knowledge.store.quarantine import Decision, QuarantinedFile, QuarantinedFiles

_log = logging.getLogger(__name__)


class Quarantine:
    """Decides what becomes of files in quarantine; every decision is logged and kept for ever.

    Safe in several threads and processes.
    """

    def __init__(
        self,
        files: QuarantinedFiles,
        ingest: Ingest,
        *,
        originals: Originals,
        clock: Callable[[], datetime],
        forget: Callable[[str], object] = lambda _sha256: None,
    ) -> None:
        """Make the service.

        Args:
            files: the register.
            ingest: adds what is released.
            originals: the files.
            clock: gives the moment of every decision.
            forget: told the SHA-256 of a file that is withheld or deleted, to delete what was made
                of it, such as pictures of its pages.
        """
        self._files = files
        self._ingest = ingest
        self._originals = originals
        self._clock = clock
        self._forget = forget
        self._reader: Actor | None = None

    def seen_by(self, actor: Actor) -> "Quarantine":
        """The same quarantine as a person sees it.

        A file is the matter of those who may decide on it, in the branch that tried to add it and
        at the main library, and of the one who tried: for others it does not exist.
        """
        other = copy(self)
        other._reader = actor
        return other

    def all(self) -> list[QuarantinedFile]:
        """Every file that ever was in quarantine: those that wait first, then newest first."""
        return [file for file in self._files.all() if self._is_seen(file)]

    def waiting(self) -> list[QuarantinedFile]:
        """Those that nobody has decided on, newest first."""
        return [file for file in self._files.waiting() if self._is_seen(file)]

    def versions(self, file: QuarantinedFile) -> list[int]:
        """Ids of the versions of its branch that have a file's bytes: what cites them cites it."""
        return self._files.versions(file)

    def is_released(self, sha256: str, *, branch_id: int) -> bool:
        """Whether an authorised person has let these bytes into the collection for a branch."""
        latest = self._files.latest(sha256, branch_id=branch_id)
        return latest is not None and latest.decision is Decision.RELEASED

    def release(self, file_id: int, *, reason: str, actor: Actor) -> Added:
        """Add a file to the collection, as a document of its own that only named people may see.

        The decision is entered first; a file that can then not be read is kept as a failure.
        Releasing a released file again adds it if it is not there.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such file of their branch.
            ReasonNeededError: no reason.
            DecidedAlreadyError: it was discarded.
        """
        file, why = self._checked(file_id, reason, actor)
        if file.decision is not Decision.RELEASED:
            file = self._decide(file, Decision.RELEASED, why, actor)
        data = self._originals.read(file.sha256)
        return self._ingest.add(
            data,
            file.file_name,
            source=file.source,
            # It stays its branch's, also if somebody of the main library decides.
            actor=replace(actor, branch_id=file.stamp.branch_id),
            permission=Permission.QUARANTINE,
        )

    def discard(self, file_id: int, *, reason: str, actor: Actor) -> None:
        """Delete a file and every word of it; the entry stays, with who, when and why.

        What another branch has of the same bytes is that branch's to decide, and stays.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such file of their branch.
            ReasonNeededError: no reason.
            DecidedAlreadyError: it was decided on before.
        """
        file, why = self._checked(file_id, reason, actor)
        self._decide(file, Decision.DISCARDED, why, actor)
        self._forget(file.sha256)
        self._ingest.drop_unreferenced([file.sha256])

    def tidy(self) -> None:
        """Clear away what an interrupted discarding left."""
        self._ingest.tidy()
        for sha256 in self._files.discarded():
            self._forget(sha256)

    def withdraw(self, version_id: int, mark: str, *, actor: Actor) -> QuarantinedFile:
        """Put a version's file into quarantine and withhold the versions of its bytes.

        In every branch that has one and has not released it: each decides for itself.

        For a mark that recognition has found on the first page. The newest version that is not
        withheld is its document's current one again; a document without such a version is
        removed. One transaction; the passages leave the indexes when they catch up next, as those
        of any document that is removed. Not to be called for bytes that the document's branch has
        released (`is_released`): `restrict` is for those.

        Raises:
            UnknownRecordError: no such version.
        """
        file = self._files.withdraw(version_id, mark, by=actor, at=self._clock())
        self._forget(file.sha256)
        _log.warning("quarantine: file %d entered from version %d", file.id, version_id)
        return file

    def restrict(self, version_id: int, *, actor: Actor) -> None:
        """Keep a version whose bytes were released, and its document, for named persons only."""
        self._files.restrict(version_id, by=actor, at=self._clock())

    def may_decide(self, file: QuarantinedFile) -> bool:
        """Whether the person who reads here (`seen_by`) may decide on a file."""
        reader = self._reader
        may = reader is not None and Permission.QUARANTINE in reader.permissions
        return reader is not None and may and _is_of_branch(reader, file)

    def _is_seen(self, file: QuarantinedFile) -> bool:
        reader = self._reader
        is_theirs = reader is None or file.stamp.made_by == reader.person_id
        return is_theirs or self.may_decide(file)

    def _checked(self, file_id: int, reason: str, actor: Actor) -> tuple[QuarantinedFile, str]:
        if Permission.QUARANTINE not in actor.permissions:
            _log.warning("quarantine: file %d refused to person %d", file_id, actor.person_id)
        require(actor, Permission.QUARANTINE)
        file = self._files.get(file_id)
        if not _is_of_branch(actor, file):
            raise UnknownRecordError(kind="file in quarantine", id=file_id)
        if file.decision is Decision.DISCARDED:
            raise DecidedAlreadyError(id=file.id, name=file.file_name)
        if not (why := reason.strip()):
            raise ReasonNeededError
        return file, why

    def _decide(
        self, file: QuarantinedFile, decision: Decision, reason: str, actor: Actor
    ) -> QuarantinedFile:
        decided = self._files.decide(file.id, decision, reason=reason, by=actor, at=self._clock())
        _log.warning("quarantine: file %d %s by person %d", file.id, decision, actor.person_id)
        return decided


def _is_of_branch(actor: Actor, file: QuarantinedFile) -> bool:
    return actor.sees_all_branches or actor.branch_id == file.stamp.branch_id
