"""Files that bear a mark of secrecy: kept apart, and released or discarded by authorised people."""

import logging
from collections.abc import Callable
from datetime import datetime

from knowledge.errors import DecidedAlreadyError, NotAuthorisedError, ReasonNeededError
from knowledge.ingest import Added, Ingest
from knowledge.model import Actor
from knowledge.originals import Originals
from knowledge.store.quarantine import Decision, QuarantinedFile, QuarantinedFiles

_log = logging.getLogger(__name__)


def anybody(_actor: Actor) -> bool:
    """Whether a person may decide on files in quarantine: there are no accounts, so all may."""
    return True


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
        may_decide: Callable[[Actor], bool] = anybody,
    ) -> None:
        self._files = files
        self._ingest = ingest
        self._originals = originals
        self._clock = clock
        self._may_decide = may_decide

    def all(self) -> list[QuarantinedFile]:
        """Every file that ever was in quarantine: those that wait first, then newest first."""
        return self._files.all()

    def waiting(self) -> list[QuarantinedFile]:
        """Those that nobody has decided on, newest first."""
        return self._files.waiting()

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
            NotAuthorisedError: not this person.
            ReasonNeededError: no reason.
            DecidedAlreadyError: it was discarded.
        """
        file = self._files.get(file_id)
        why = self._checked(file, reason, actor)
        if file.decision is not Decision.RELEASED:
            file = self._decide(file, Decision.RELEASED, why, actor)
        data = self._originals.read(file.sha256)
        return self._ingest.add(data, file.file_name, source=file.source, actor=actor)

    def discard(self, file_id: int, *, reason: str, actor: Actor) -> None:
        """Delete a file and every word of it; the entry stays, with who, when and why.

        Raises:
            UnknownRecordError: no such file.
            NotAuthorisedError: not this person.
            ReasonNeededError: no reason.
            DecidedAlreadyError: it was decided on before.
        """
        file = self._files.get(file_id)
        why = self._checked(file, reason, actor)
        self._decide(file, Decision.DISCARDED, why, actor)
        self._ingest.drop_unreferenced([file.sha256])

    def withdraw(self, version_id: int, mark: str, *, actor: Actor) -> QuarantinedFile:
        """Take a version's document out of the collection and put its file into quarantine.

        For a mark that recognition has found on the first page. One transaction; the passages
        leave the indexes when they catch up next, as those of any document that is removed. Not
        to be called for bytes that were released (`is_released`).

        Raises:
            UnknownRecordError: no such version.
        """
        file = self._files.withdraw(version_id, mark, by=actor, at=self._clock())
        _log.warning("quarantine: file %d entered from version %d", file.id, version_id)
        return file

    def _checked(self, file: QuarantinedFile, reason: str, actor: Actor) -> str:
        if not self._may_decide(actor):
            _log.warning("quarantine: file %d refused to person %d", file.id, actor.person_id)
            raise NotAuthorisedError(person=actor.name)
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
