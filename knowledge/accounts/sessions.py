"""Who is signed in: sessions on the server, each known by a random token that the browser holds."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, delete, insert, select, update

from knowledge.accounts.tables import accounts, sessions
from knowledge.store.engine import writing

IDLE: Final = timedelta(hours=2)
"""A session that nobody has used for so long is over: longer than a noon break, shorter than a
night, so a desk's machine that was left signed in is nobody's the next morning."""
LONGEST: Final = timedelta(days=7)
"""A session is over then, used or not; used without a night's break, it is hardly a person's."""
_SEEN_AGAIN: Final = timedelta(minutes=5)
"""How exactly the last use is kept: every click writes nothing."""
_DEVICE: Final = 200
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which a person is signed in."""

    id: int
    person_id: int
    made_at: datetime
    seen_at: datetime
    address: str
    device: str
    """What the browser calls itself."""


class Sessions:
    """The sessions of all persons; safe in several threads and processes.

    The database holds digests of tokens, so nobody who reads it, or a backup of it, is signed in.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def begin(self, person_id: int, *, address: str, device: str, at: datetime) -> str:
        """Sign a person in and return the token; sessions that are over are swept out."""
        token = new_token()
        with self._writer.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.seen_at < at - IDLE))
            connection.execute(delete(sessions).where(sessions.c.made_at < at - LONGEST))
            connection.execute(
                insert(sessions).values(
                    digest=digest_of(token),
                    person_id=person_id,
                    made_at=at,
                    seen_at=at,
                    address=address,
                    device=device[:_DEVICE],
                )
            )
        return token

    def find(self, token: str, *, at: datetime) -> Session | None:
        """The session of a token; None when it is over, was ended, or its account is closed."""
        query = (
            select(sessions)
            .join(accounts, accounts.c.person_id == sessions.c.person_id)
            .where(sessions.c.digest == digest_of(token), accounts.c.closed_at.is_(None))
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None or at - row.seen_at > IDLE or at - row.made_at > LONGEST:
            return None
        if at - row.seen_at > _SEEN_AGAIN:
            with self._writer.begin() as connection:
                connection.execute(
                    update(sessions).where(sessions.c.id == row.id).values(seen_at=at)
                )
        return Session(row.id, row.person_id, row.made_at, row.seen_at, row.address, row.device)

    def of(self, person_id: int, *, at: datetime) -> list[Session]:
        """Where a person is signed in, last used first."""
        query = (
            select(sessions)
            .where(
                sessions.c.person_id == person_id,
                sessions.c.seen_at >= at - IDLE,
                sessions.c.made_at >= at - LONGEST,
            )
            .order_by(sessions.c.seen_at.desc(), sessions.c.id)
        )
        with self._engine.connect() as connection:
            return [
                Session(row.id, row.person_id, row.made_at, row.seen_at, row.address, row.device)
                for row in connection.execute(query)
            ]

    def renew(self, session_id: int) -> str:
        """Give a session another token, which is returned: the one before opens nothing more."""
        token = new_token()
        with self._writer.begin() as connection:
            connection.execute(
                update(sessions).where(sessions.c.id == session_id).values(digest=digest_of(token))
            )
        return token

    def is_known(self, person_id: int, address: str, *, at: datetime) -> bool:
        """Whether a person is signed in at this address already."""
        return any(session.address == address for session in self.of(person_id, at=at))

    def end_one(self, session_id: int, *, person_id: int) -> int:
        """End one session of this person and return how many that were; others' are not touched."""
        own = (sessions.c.id == session_id) & (sessions.c.person_id == person_id)
        with self._writer.begin() as connection:
            return connection.execute(delete(sessions).where(own)).rowcount

    def end(self, token: str) -> None:
        """Sign out where this token is held; an unknown one is no error."""
        with self._writer.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == digest_of(token)))

    def end_all(self, person_id: int, *, except_id: int | None = None) -> int:
        """Sign a person out everywhere, but for one session, and return in how many places."""
        statement = delete(sessions).where(sessions.c.person_id == person_id)
        if except_id is not None:
            statement = statement.where(sessions.c.id != except_id)
        with self._writer.begin() as connection:
            return connection.execute(statement).rowcount


def new_token() -> str:
    """256 random bits as text for an address or a cookie."""
    return secrets.token_urlsafe(_BYTES)


def digest_of(token: str) -> str:
    """What is kept of a token: its SHA-256, enough for a random text of that length."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
