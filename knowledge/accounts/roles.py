"""Roles and what they permit: one table, and the check that every service makes."""

import logging
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol

from knowledge.accounts.errors import NotPermittedError

_log: Final = logging.getLogger(__name__)


class Role(StrEnum):
    """What a person with an account is at the desk; one person may be several things.

    Whoever has no account is a reader: they see what is public and may do nothing else.
    """

    VOLUNTEER = "volunteer"
    LIBRARIAN = "librarian"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    """Signs what is published (签发)."""
    DIRECTOR = "director"
    OFFICIAL = "official"
    """Reads the briefs that are made for them."""
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing that a person may do."""

    SEARCH = "search"
    """Enter the workbench and search what they may see."""
    READ_STAFF = "read-staff"
    """See what is for staff: of their branch, and what other branches share."""
    ADD = "add"
    """Add files and answers to the collection."""
    CATALOGUE = "catalogue"
    """Correct and confirm entries, decide what is alike, have files read anew."""
    REMOVE = "remove"
    """Ask for a document to be removed, or agree to another person's asking."""
    QUARANTINE = "quarantine"
    """Release or discard files that bear a mark of secrecy."""
    RESTRICT = "restrict"
    """Say who may see a record, and share it with other branches."""
    ANSWER = "answer"
    """Claim and answer inquiries up to their READ level."""
    DRAFT = "draft"
    """Write briefs."""
    REVIEW = "review"
    """Review what others wrote."""
    PUBLISH = "publish"
    """Sign and publish an edition."""
    WITHDRAW = "withdraw"
    """Ask for an edition to be withdrawn, or agree to another person's asking."""
    EVALUATE = "evaluate"
    """Record outcomes and see what the desk achieved."""
    MANAGE_PEOPLE = "manage-people"
    """Open, change and close accounts."""
    READ_AUDIT = "read-audit"
    """Read the log of who did what."""
    ERASE = "erase"
    """Export and erase what is kept of a person."""
    OPERATE = "operate"
    """Back up, rebuild, measure; change settings and tables of words."""


_DESK: Final = frozenset({Permission.SEARCH, Permission.READ_STAFF})

GRANTS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.VOLUNTEER: frozenset({Permission.SEARCH, Permission.ANSWER}),
        Role.LIBRARIAN: _DESK
        | {
            Permission.ADD,
            Permission.CATALOGUE,
            Permission.REMOVE,
            Permission.ANSWER,
            Permission.DRAFT,
            Permission.WITHDRAW,
        },
        Role.REVIEWER: _DESK | {Permission.REVIEW},
        Role.PUBLISHER: _DESK
        | {Permission.PUBLISH, Permission.WITHDRAW, Permission.QUARANTINE, Permission.RESTRICT},
        Role.DIRECTOR: _DESK
        | {
            Permission.REMOVE,
            Permission.QUARANTINE,
            Permission.RESTRICT,
            Permission.WITHDRAW,
            Permission.EVALUATE,
            Permission.READ_AUDIT,
        },
        Role.OFFICIAL: frozenset({Permission.SEARCH}),
        Role.ADMINISTRATOR: frozenset(
            {
                Permission.SEARCH,
                Permission.MANAGE_PEOPLE,
                Permission.READ_AUDIT,
                Permission.ERASE,
                Permission.OPERATE,
            }
        ),
    }
)
"""What each role permits. An administrator keeps accounts and machines, and reads no drafts."""

EVERYTHING: Final = frozenset(Permission)
"""Of whoever runs commands on the machine that holds the home: its files are theirs anyway."""


class Permitted(Protocol):
    """Somebody who may do some things; an `Actor` is."""

    @property
    def name(self) -> str:
        """Whom a refusal names."""
        ...

    @property
    def permissions(self) -> frozenset[Permission]:
        """What they may do."""
        ...


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """What a person of these roles may do: whatever any of them permits."""
    return frozenset[Permission]().union(*(GRANTS[role] for role in roles))


def require(actor: Permitted, permission: Permission) -> None:
    """Go on only if `actor` may.

    Raises:
        NotPermittedError: they may not; the sentence names whom to ask.
    """
    if permission not in actor.permissions:
        _log.info("refused: %s to person %s", permission, getattr(actor, "person_id", None))
        raise NotPermittedError(person=actor.name, permission=permission)
