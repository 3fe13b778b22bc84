"""On whose behalf the collection is read: what a person may see, and what a search may find."""

from dataclasses import dataclass
from typing import Final, Protocol

from knowledge.accounts.roles import Permission
from knowledge.errors import OtherBranchError, UnknownRecordError
from knowledge.filter import NO_FILTER, Filter
from knowledge.model import Access, Actor, DocumentType


class Recorded(Protocol):
    """Whose a record is and who may see it; a `Stamp` says so, and `Facets` do."""

    @property
    def branch_id(self) -> int:
        """The branch that it belongs to."""
        ...

    @property
    def access(self) -> Access:
        """Who may see it."""
        ...

    @property
    def made_by(self) -> int:
        """The person who made it."""
        ...

    @property
    def shared(self) -> bool:
        """Whether its branch shares it with the staff of the others."""
        ...

    @property
    def recipients(self) -> frozenset[int]:
        """The persons for whom it is, besides its maker."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person, or the public, and what of the records they may see.

    Everybody sees what is public. Staff see the staff records of their branches, and those that
    other branches share. A record for named persons is seen by the one who made it and by its
    recipients, whoever they are. Every store that feeds search or pages is made for a viewer.
    """

    person_id: int | None
    """None: nobody in particular."""
    branches: frozenset[int] | None
    """Whose staff records they see; None: every branch's."""
    sees_everything: bool = False
    """For `KEEPER` alone."""

    @property
    def is_staff(self) -> bool:
        """Whether anything for staff is for them: then what branches share is, too."""
        return self.branches is None or bool(self.branches)

    def may_see(self, record: Recorded) -> bool:
        """Whether they may see a record; `knowledge.store.scoping` says the same in SQL."""
        if self.sees_everything or record.access is Access.PUBLIC:
            return True
        if record.access is Access.STAFF:
            is_of_theirs = self.branches is None or record.branch_id in self.branches
            return is_of_theirs or (record.shared and self.is_staff)
        persons = {record.made_by, *record.recipients}
        return self.person_id is not None and self.person_id in persons


PUBLIC: Final = Viewer(person_id=None, branches=frozenset())
"""Anybody: sees what is public and nothing else."""
KEEPER: Final = Viewer(person_id=None, branches=None, sees_everything=True)
"""The software at its own work – adding, indexing, checking; nothing it reads is shown."""


def viewer_of(actor: Actor) -> Viewer:
    """What a person may see: staff matter by permission, of all branches at the main library."""
    if Permission.READ_STAFF not in actor.permissions:
        return Viewer(person_id=actor.person_id, branches=frozenset())
    branches = None if actor.sees_all_branches else frozenset({actor.branch_id})
    return Viewer(person_id=actor.person_id, branches=branches)


def is_own(actor: Actor, record: Recorded) -> bool:
    """Whether a record that a person sees is theirs to change: their branch's; at the main, any."""
    is_of_branch = actor.sees_all_branches or record.branch_id == actor.branch_id
    return is_of_branch and viewer_of(actor).may_see(record)


def require_own(actor: Actor, record: Recorded, *, kind: str, id: int) -> None:
    """Go on only if a record is the person's to change, whatever they may see of other branches.

    Every service that changes a record calls this after `require` and before it changes anything:
    ``require_own(actor, document.stamp, kind="document", id=document.id)``.

    Raises:
        UnknownRecordError: the person may not see it.
        OtherBranchError: they see it, and another branch keeps it.
    """
    if not viewer_of(actor).may_see(record):
        raise UnknownRecordError(kind=kind, id=id)
    if not is_own(actor, record):
        raise OtherBranchError(kind=kind, id=id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Whose a record is, without the moment of its stamp."""

    branch_id: int
    access: Access
    made_by: int
    shared: bool = False
    recipients: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What filters ask of the document of a passage, and who may see both it and its version."""

    type: DocumentType = DocumentType.OTHER
    issuer: str | None = None
    issued_on: str | None = None
    language: str | None = None
    branch_id: int = 0
    access: Access = Access.NAMED
    made_by: int = 0
    shared: bool = False
    recipients: frozenset[int] = frozenset()
    version: Held | None = None
    """Whose its version is; None: a public one, so that the document alone decides."""


NOBODYS: Final = Facets()
"""Of a passage of which nothing is known: no viewer sees it but the keeper."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one search may find: what its viewer may see and the filter lets through."""

    viewer: Viewer
    selection: Filter = NO_FILTER

    @property
    def is_open(self) -> bool:
        """True when nothing at all is kept from it."""
        return self.viewer.sees_everything and self.selection.is_open

    def admits(self, document_id: int, facets: Facets) -> bool:
        """Whether such a passage may be found: the rule that every index follows.

        A version may be kept closer than its document, as while nobody has read its first page:
        its passages are found by who may see both. Filters ask about the document alone.
        """
        chosen = self.selection
        asked = (
            (chosen.types, facets.type),
            (chosen.issuers, facets.issuer),
            (chosen.documents, document_id),
            (chosen.languages, facets.language),
            (chosen.branches, facets.branch_id),
            (chosen.access, facets.access),
        )
        return (
            self.viewer.may_see(facets)
            and (facets.version is None or self.viewer.may_see(facets.version))
            and all(not values or value in values for values, value in asked)
            and _is_between(facets.issued_on, chosen.issued_from, chosen.issued_to)
        )


WHOLE: Final = Scope(KEEPER)
"""All there is."""


def day_number(date: str) -> int:
    """An ISO date of any precision as year, month and day in one number; unknown parts are 0."""
    year, month, day = (*(int(part) for part in date.split("-")), 0, 0)[:3]
    return year * 10_000 + month * 100 + day


def last_day_number(date: str) -> int:
    """The greatest number of a date that lies within `date`, itself of any precision."""
    return day_number(date) + {0: 9_999, 1: 99}.get(date.count("-"), 0)


def _is_between(date: str | None, first: str | None, last: str | None) -> bool:
    if not first and not last:
        return True
    if date is None:
        return False
    day = day_number(date)
    return (not first or day >= day_number(first)) and (not last or day <= last_day_number(last))
