"""One-time links with which a person sets a password, made by an administrator."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, delete, insert, select

from knowledge.accounts.errors import SpentLinkError
from knowledge.accounts.sessions import digest_of, new_token
from knowledge.accounts.tables import accounts, links
from knowledge.store.engine import writing

LASTS: Final = timedelta(hours=24)


class Links:
    """Links that wait to be used; a person has one at most. Safe in several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def make(self, person_id: int, *, made_by: int, at: datetime) -> str:
        """Make a link's token; older links of the person no longer work."""
        token = new_token()
        with self._writer.begin() as connection:
            connection.execute(
                delete(links).where((links.c.person_id == person_id) | (links.c.ends_at < at))
            )
            connection.execute(
                insert(links).values(
                    digest=digest_of(token),
                    person_id=person_id,
                    made_by=made_by,
                    ends_at=at + LASTS,
                )
            )
        return token

    def whose(self, token: str, *, at: datetime) -> int:
        """The person whom a link is for; it can still be used.

        Raises:
            SpentLinkError: it was used, is too old, or its account is closed.
        """
        query = (
            select(links.c.person_id)
            .join(accounts, accounts.c.person_id == links.c.person_id)
            .where(
                links.c.digest == digest_of(token),
                links.c.ends_at >= at,
                accounts.c.closed_at.is_(None),
            )
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            raise SpentLinkError()
        return int(found)
