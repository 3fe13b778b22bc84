"""What changed of the passages since a moment: how indexes learn what to look at."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine, Table, column, select, table

from embeddings.protocols import Ids
from knowledge.store.prepared import Prepared, reading

_SEQUENCE = table("sqlite_sequence", column("name"), column("seq"))
"""Where SQLite itself keeps the last id of each table."""


class Mark(NamedTuple):
    """A change in a log, told from every other change of any state of any database.

    Numbers alone do not tell: a database put back from a copy counts on from an older one.
    """

    number: int
    sign: int
    """The database drew it when it logged the change."""

    def __str__(self) -> str:
        return f"{self.number}:{self.sign}"

    @classmethod
    def read(cls, text: str) -> "Mark":
        """Read what `str` gave; ValueError for anything else."""
        number, sign = text.split(":")
        return cls(int(number), int(sign))


@dataclass(frozen=True, slots=True)
class Touched:
    """Passages that may have changed, and up to which change that is known."""

    upto: Mark
    """Give this to `Changes.since` next time."""
    ids: Ids | None
    """Ascending, each once; None: more than the log remembers, so compare everything."""


class Changes:
    """Reads a log that triggers of the database fill; safe in several threads.

    There are two: ``changes``, of passages that were added or removed, became or ceased to be
    current, or whose documents are described anew; and ``encodings``, of vectors. What a
    transaction does is logged in it, so nobody can forget to, and other commits cost nothing.
    """

    def __init__(self, engine: Engine, log: Table) -> None:
        self._engine = engine
        self._log = log

    def latest(self) -> Mark:
        """The last change by any process; its number only grows."""
        with reading(self._engine) as cursor:
            row = _last(self._log).first(cursor)
        return Mark(0, 0) if row is None else Mark(int(row[0]), int(row[1] or 0))

    def since(self, change: Mark | None) -> Touched:
        """Which passages were touched after `change`.

        Args:
            change: what `latest` or `Touched.upto` gave; None: nothing is known yet. One of another
                state of the database, as before a copy was put back, is none of its changes.
        """
        log = self._log.c
        latest = self.latest()
        if change == latest:
            return Touched(latest, np.array([], dtype=np.int64))
        # What is logged from here on is named as well, and looked at again the next time.
        with self._engine.connect() as connection:
            if change is None or not self._reaches_back(connection, change):
                return Touched(latest, None)
            query = select(log.passage_id).where(log.id > change.number).distinct()
            found = connection.execute(query.order_by(log.passage_id)).scalars()
            return Touched(latest, np.fromiter(found, dtype=np.int64))

    def knows(self, change: Mark) -> bool:
        """Whether this change is one of the log, and still remembered."""
        with self._engine.connect() as connection:
            return self._reaches_back(connection, change)

    def _reaches_back(self, connection: Connection, change: Mark) -> bool:
        return self._sign(connection, change.number) == change.sign

    def _sign(self, connection: Connection, number: int) -> int | None:
        query = select(self._log.c.sign).where(self._log.c.id == number)
        found: int | None = connection.execute(query).scalar()
        return found


@cache
def _last(log: Table) -> Prepared:
    # Not the greatest id: the last change stays the last when it is no longer remembered.
    sign = select(log.c.sign).where(log.c.id == _SEQUENCE.c.seq).scalar_subquery()
    return Prepared(select(_SEQUENCE.c.seq, sign).where(_SEQUENCE.c.name == log.name))
