"""For whom an edition is published, and whether its sources are open to all of them."""

from typing import Final

from briefs.errors import NoRecipientError
from knowledge.model import Access, Stamp
from knowledge.sharing import Audience

EVERYBODY: Final = Audience(access=Access.PUBLIC)
"""Readers without an account too."""


def check_audience(audience: Audience) -> None:
    """Refuse an audience of nobody.

    Raises:
        NoRecipientError: it is for named persons, and none is named.
    """
    if audience.access is Access.NAMED and not audience.recipients:
        raise NoRecipientError


def audience_of(stamp: Stamp) -> Audience:
    """The audience of an edition that is stamped so."""
    return Audience(access=stamp.access, shared=stamp.shared, recipients=stamp.recipients)


def reaches(record: Stamp, whom: Stamp) -> bool:
    """Whether everybody who may see what is stamped `whom` may see `record`.

    Proved by the stamps alone, whatever roles people have: False where that does not suffice, as
    for staff matter and named persons, who may be of the staff today and not tomorrow.
    """
    if record.access is Access.PUBLIC:
        return True
    if record.access is not whom.access:
        return False
    if record.access is Access.STAFF:
        is_of_branch = record.branch_id == whom.branch_id and not whom.shared
        return record.shared or is_of_branch
    return _persons(whom) <= _persons(record)


def _persons(stamp: Stamp) -> frozenset[int]:
    return stamp.recipients | {stamp.made_by}
