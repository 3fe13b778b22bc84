"""Files that bear a mark of secrecy: kept apart, and released or discarded by authorised people."""

import logging
from collections.abc import Callable
from datetime import datetime

from knowledge.accounts.roles import Permission, require
from knowledge.errors import DecidedAlreadyError, ReasonNeededError
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

    def all(self) -> list[QuarantinedFile]:
        """Every file that ever was in quarantine: those that wait first, then newest first."""
        return self._files.all()

    def waiting(self) -> list[QuarantinedFile]:
        """Those that nobody has decided on, newest first."""
        return self._files.waiting()

    def versions(self, file: QuarantinedFile) -> list[int]:
        """Ids of the versions that have a file's bytes, ascending: what cites them cites it."""
        return self._files.versions(file)

    def is_released(self, sha256: str) -> bool:
        """Whether an authorised person has let these bytes into the collection."""
        latest = self._files.latest(sha256)
        return latest is not None and latest.decision is Decision.RELEASED

    def release(self, file_id: int, *, reason: str, actor: Actor) -> Added:
        """Add a file to the collection, as a document of its own that only named people may see.

        The decision is entered first; a file that can then not be read is kept as a failure.
        Releasing a released file again adds it if it is not there.

        Raises:
            UnknownRecordError: no such file.
            NotPermittedError: the actor may not.
            ReasonNeededError: no reason.
            DecidedAlreadyError: it was discarded.
        """
        file = self._files.get(file_id)
        why = self._checked(file, reason, actor)
        if file.decision is not Decision.RELEASED:
            file = self._decide(file, Decision.RELEASED, why, actor)
        data = self._originals.read(file.sha256)
        return self._ingest.add(
            data,
            file.file_name,
            source=file.source,
            actor=actor,
            permission=Permission.QUARANTINE,
        )

    def discard(self, file_id: int, *, reason: str, actor: Actor) -> None:
        """Delete a file and every word of it; the entry stays, with who, when and why.

        Raises:
            UnknownRecordError: no such file.
            NotPermittedError: the actor may not.
            ReasonNeededError: no reason.
            DecidedAlreadyError: it was decided on before.
        """
        file = self._files.get(file_id)
        why = self._checked(file, reason, actor)
        self._decide(file, Decision.DISCARDED, why, actor)
        self._forget(file.sha256)
        self._ingest.drop_unreferenced([file.sha256])

    def tidy(self) -> None:
        """Clear away what an interrupted discarding left."""
        self._ingest.tidy()
        for sha256 in self._files.discarded():
            self._forget(sha256)

    def withdraw(self, version_id: int, mark: str, *, actor: Actor) -> QuarantinedFile:
        """Put a version's file into quarantine and withhold every version of its bytes.

        For a mark that recognition has found on the first page. The newest version that is not
        withheld is its document's current one again; a document without such a version is
        removed. One transaction; the passages leave the indexes when they catch up next, as those
        of any document that is removed. Not to be called for bytes that were released
        (`is_released`): `restrict` is for those.

        Raises:
            UnknownRecordError: no such version.
        """
        file = self._files.withdraw(version_id, mark, by=actor, at=self._clock())
        self._forget(file.sha256)
        _log.warning("quarantine: file %d entered from version %d", file.id, version_id)
        return file

    def restrict(self, version_id: int) -> None:
        """Keep a version whose bytes were released, and its document, for named persons only."""
        self._files.restrict(version_id)

    def _checked(self, file: QuarantinedFile, reason: str, actor: Actor) -> str:
        if Permission.QUARANTINE not in actor.permissions:
            _log.warning("quarantine: file %d refused to person %d", file.id, actor.person_id)
        require(actor, Permission.QUARANTINE)
        if file.decision is Decision.DISCARDED:
            raise DecidedAlreadyError(id=file.id, name=file.file_name)
        if not (why := reason.strip()):
            raise ReasonNeededError
        return why

    def _decide(
        self, file: QuarantinedFile, decision: Decision, reason: str, actor: Actor
    ) -> QuarantinedFile:
        decided = self._files.decide(
            file.id, decision, reason=reason, by=actor.person_id, at=self._clock()
        )
        _log.warning("quarantine: file %d %s by person %d", file.id, decision, actor.person_id)
        return decided
