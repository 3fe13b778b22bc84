"""In which script passages are written, known without reading them."""

import threading

import numpy as np
from sqlalchemy import Engine, select, text

from embeddings.checks import among
from embeddings.protocols import Ids
from knowledge.store.schema import NARROW, passages


class Scripts:
    """Which passages are in Latin letters, remembered; safe in several threads.

    A passage never changes and its id is never used again, so only newer ones are asked for, and a
    partial index (0003) answers that without reading any text. Greek or Cyrillic counts as neither
    Latin nor Han, which is: not Latin.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._narrow: Ids = np.array([], dtype=np.int64)
        self._upto = 0

    def narrow(self, ids: Ids) -> Ids:
        """Those of `ids` that are in Latin letters, in the order given; of any viewer."""
        if not len(ids):
            return ids
        with self._lock:
            newest = int(ids.max())
            if newest > self._upto:
                self._narrow = np.concatenate((self._narrow, self._between(self._upto, newest)))
                self._upto = newest
            known = self._narrow
        return ids[among(ids, known)]

    def _between(self, known: int, newest: int) -> Ids:
        query = (
            select(passages.c.id)
            .where(passages.c.id > known, passages.c.id <= newest, text(NARROW))
            .order_by(passages.c.id)
        )
        with self._engine.connect() as connection:
            return np.fromiter(connection.execute(query).scalars(), dtype=np.int64)
