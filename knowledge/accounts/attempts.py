"""How often somebody may try to sign in: by name, by network address, and by both."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import Engine, delete, func, insert, select

from knowledge.accounts.errors import TooManyAttemptsError
from knowledge.accounts.tables import attempts
from knowledge.store.engine import writing

WINDOW: Final = timedelta(minutes=15)
BY_BOTH: Final = 5
"""Failures of one name from one address: somebody guesses, or has forgotten."""
BY_NAME: Final = 30
"""Failures of one name from anywhere: a guess from many addresses. Where its person is signed in
already it does not count, so nobody can shut a colleague out by failing in their name."""
BY_ADDRESS: Final = 60
"""Failures from one address: a library's readers may share it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that has been counted and not yet succeeded."""

    ids: tuple[int, ...]
    keys: tuple[str, ...]


class Attempts:
    """Counts attempts of the last quarter of an hour; safe in several threads and processes.

    An attempt is counted before it is made and taken back when it succeeds, so that many at the
    same moment are counted as well. Names and addresses are kept as digests.
    """

    def __init__(self, engine: Engine) -> None:
        self._writer = writing(engine)

    def begin(
        self, name: str | None, address: str, *, at: datetime, is_known: bool = False
    ) -> Attempt:
        """Count an attempt.

        Args:
            name: with which somebody tries; None: it is not known with which.
            address: from where.
            at: this moment.
            is_known: the name's person is signed in at that address: failures elsewhere do not
                count.

        Raises:
            TooManyAttemptsError: there were too many; this one is not counted.
        """
        limits = {} if name is None else {_key("both", name, address): BY_BOTH}
        limits[_key("address", address)] = BY_ADDRESS
        if name is not None and not is_known:
            limits[_key("name", name)] = BY_NAME
        with self._writer.begin() as connection:
            connection.execute(delete(attempts).where(attempts.c.at < at - WINDOW))
            for key, limit in limits.items():
                count, first = connection.execute(
                    select(func.count(), func.min(attempts.c.at)).where(attempts.c.key == key)
                ).one()
                if count >= limit:
                    left = first + WINDOW - at
                    raise TooManyAttemptsError(minutes=max(1, ceil(left.total_seconds() / 60)))
            ids = [
                connection.execute(insert(attempts).values(key=key, at=at)).inserted_primary_key
                for key in limits
            ]
        return Attempt(tuple(int(id_[0]) for id_ in ids if id_), tuple(limits))

    def succeeded(self, attempt: Attempt) -> None:
        """Take an attempt back, and forget the failures of this name from this address."""
        with self._writer.begin() as connection:
            connection.execute(delete(attempts).where(attempts.c.id.in_(attempt.ids)))
            connection.execute(delete(attempts).where(attempts.c.key == attempt.keys[0]))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
