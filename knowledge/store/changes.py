"""What changed of the passages since a moment: how indexes learn what to look at."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Engine, func, select, text

from embeddings.protocols import Ids
from knowledge.store.schema import changes


@dataclass(frozen=True, slots=True)
class Touched:
    """Passages that may have changed, and up to which change that is known."""

    upto: int
    """Give this to `Changes.since` next time."""
    ids: Ids | None
    """Ascending, each once; None: more than the log remembers, so compare everything."""


class Changes:
    """Reads the log that triggers of the database fill; safe in several threads.

    Every transaction that adds or removes passages or vectors, changes which are found, or what is
    known of their documents, logs them: nobody can forget to. Other commits cost readers nothing.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def latest(self) -> int:
        """The number of the last change by any process; 0 when there was none. It only grows."""
        with self._engine.connect() as connection:
            return _latest(connection)

    def since(self, change: int | None, *, words_only: bool = False) -> Touched:
        """Which passages were touched after `change`.

        Args:
            change: a number that `latest` or `Touched.upto` gave; None: nothing is known yet.
            words_only: leave those out that only got or lost a vector.
        """
        with self._engine.connect() as connection:
            latest = _latest(connection)
            if change == latest:
                return Touched(latest, np.array([], dtype=np.int64))
            if change is None or not _reaches_back(connection, change, latest):
                return Touched(latest, None)
            query = select(changes.c.passage_id).where(changes.c.id > change).distinct()
            if words_only:
                query = query.where(changes.c.of_words)
            found = connection.execute(query.order_by(changes.c.passage_id)).scalars()
            return Touched(latest, np.fromiter(found, dtype=np.int64))


def _latest(connection: Connection) -> int:
    # Not the greatest id: the last change stays the last when it is no longer remembered.
    query = text("SELECT seq FROM sqlite_sequence WHERE name = 'changes'")
    return int(connection.execute(query).scalar() or 0)


def _reaches_back(connection: Connection, change: int, latest: int) -> bool:
    oldest = connection.execute(select(func.min(changes.c.id))).scalar()
    # A number from the future comes from another state of this home, as of a restored copy.
    return change < latest and oldest is not None and int(oldest) <= change + 1
