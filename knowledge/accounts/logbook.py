"""The log of deeds as one person reads it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Audit, Deed, Entry, Search, Verdict
from knowledge.accounts.errors import WholeLogError
from knowledge.accounts.roles import Permission, require
from knowledge.model import Actor
from knowledge.store.people import People


class Logbook:
    """Lists, exports and checks the log for a person; safe in several threads and processes.

    Whoever may read the log and belongs to the main library reads all of it, records that they may
    not open included: as numbers, which are all that it holds. At a branch one reads what people of
    that branch did, and what was done to their accounts.
    """

    def __init__(
        self, log: Audit, people: People, *, actor: Actor, clock: Callable[[], datetime]
    ) -> None:
        self._log = log
        self._people = people
        self._actor = actor
        self._clock = clock

    @property
    def is_whole(self) -> bool:
        """Whether this person reads the whole log."""
        return self._actor.sees_all_branches

    def entries(self, search: Search, *, limit: int, before: int | None = None) -> list[Entry]:
        """Find entries, newest first; see `Audit.entries`.

        Raises:
            NotPermittedError: the person may not read the log.
        """
        return self._log.entries(self._own(search), limit=limit, before=before)

    def export(self, search: Search) -> Iterator[Entry]:
        """All entries that are wanted, newest first; that they were exported is entered first.

        Raises:
            NotPermittedError: the person may not read the log.
        """
        own = self._own(search)
        self._log.enter(Deed.by(self._actor, Action.EXPORT_LOG), at=self._clock())
        return self._log.every(own)

    def people(self) -> dict[int, str]:
        """Names, by id, of whoever may stand in what this person reads.

        Raises:
            NotPermittedError: the person may not read the log.
        """
        require(self._actor, Permission.READ_AUDIT)
        return self._people.names(branch_id=None if self.is_whole else self._actor.branch_id)

    def verify(self, progress: Callable[[int], object] = lambda _count: None) -> Verdict:
        """Work out every digest anew; see `Audit.verify`.

        Raises:
            NotPermittedError: the person may not read the log.
            WholeLogError: they read a part of it.
        """
        require(self._actor, Permission.READ_AUDIT)
        if not self.is_whole:
            raise WholeLogError(person=self._actor.name)
        return self._log.verify(progress)

    def _own(self, search: Search) -> Search:
        require(self._actor, Permission.READ_AUDIT)
        return search if self.is_whole else replace(search, branch_id=self._actor.branch_id)
