"""What changed of the passages since a moment: how indexes learn what to look at."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Engine, Table, func, select, text

from embeddings.protocols import Ids


@dataclass(frozen=True, slots=True)
class Touched:
    """Passages that may have changed, and up to which change that is known."""

    upto: int
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

    def latest(self) -> int:
        """The number of the last change by any process; 0 when there was none. It only grows."""
        with self._engine.connect() as connection:
            return self._latest(connection)

    def since(self, change: int | None) -> Touched:
        """Which passages were touched after `change`.

        Args:
            change: a number that `latest` or `Touched.upto` gave; None: nothing is known yet.
        """
        log = self._log.c
        with self._engine.connect() as connection:
            latest = self._latest(connection)
            if change == latest:
                return Touched(latest, np.array([], dtype=np.int64))
            if change is None or not self._reaches_back(connection, change, latest):
                return Touched(latest, None)
            query = select(log.passage_id).where(log.id > change).distinct()
            found = connection.execute(query.order_by(log.passage_id)).scalars()
            return Touched(latest, np.fromiter(found, dtype=np.int64))

    def _latest(self, connection: Connection) -> int:
        # Not the greatest id: the last change stays the last when it is no longer remembered.
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :log")
        return int(connection.execute(query, {"log": self._log.name}).scalar() or 0)

    def _reaches_back(self, connection: Connection, change: int, latest: int) -> bool:
        oldest = connection.execute(select(func.min(self._log.c.id))).scalar()
        # A number from the future comes from another state of this home, as of a restored copy.
        return change < latest and oldest is not None and int(oldest) <= change + 1
