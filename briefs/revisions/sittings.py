"""Revisions that one person made at one sitting, as the log of deeds has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from briefs.revisions.recording import Tally
from briefs.revisions.revising import SITTING


class Made(Protocol):
    """A revision: who made it, and when."""

    @property
    def made_by(self) -> int:
        """The person."""
        ...

    @property
    def made_at(self) -> datetime:
        """The moment."""
        ...


@dataclass(frozen=True, slots=True)
class Sitting:
    """Revisions of a brief that followed each other, by one person, within ten minutes."""

    first: int
    """Number of its first revision."""
    last: int
    """Number of its last one; the same where there is but one."""
    base: int
    """The revision that it began with: the one before `first`; `first` where none is kept."""
    person: str
    """Their name as it is today."""
    begun: datetime
    ended: datetime
    tally: Tally
    """What it added, changed, removed and moved between `base` and `last`."""
    words: str
    """The first statement that it changed, whole; a new title where it changed but that; empty
    where nothing is different, or that statement is withheld from the viewer."""


M = TypeVar("M", bound=Made)


def seated(revisions: Sequence[M]) -> list[list[M]]:
    """Revisions, newest first, as sittings, newest first; each keeps its order.

    A sitting is one person's; what lies more than `SITTING` after its first revision begins
    another one.
    """
    found: list[list[M]] = []
    for each in reversed(revisions):
        own = found[-1] if found else []
        if own and own[0].made_by == each.made_by and each.made_at - own[0].made_at <= SITTING:
            own.append(each)
        else:
            found.append([each])
    return [sitting[::-1] for sitting in reversed(found)]
