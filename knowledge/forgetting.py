"""What erasing asks of the package above, whose records it does not know."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Table

from knowledge.sought import Sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What became of an erased person's words there."""

    tables: frozenset[Table] = frozenset()
    """Those in which words were blanked."""
    briefs: tuple[int, ...] = ()
    """Briefs in which the words stand today, ascending."""


Forget = Callable[[Connection, Sought], Forgotten]
"""Blanks words there, within a transaction."""


def nothing_above(_: Connection, __: Sought) -> Forgotten:
    """There is no package above."""
    return Forgotten()
