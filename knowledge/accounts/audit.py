"""The log of who did what to which record: append only, and every entry vouches for those before.

An entry's digest is the SHA-256 of its fields and of the digest before it, so nobody can change,
drop or slip in an entry without breaking all that follow; cutting off the end shows only against a
digest noted elsewhere (`Verdict.last`, which backups and drills note). Entries hold numbers of
persons and records, never their words, so that erasing a person leaves the chain whole.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Row, insert, select

from knowledge.accounts.tables import audit
from knowledge.store.engine import writing

FIRST: Final = "0" * 64
"""The digest before the first entry."""
_CHUNK: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something done, as it is entered."""

    action: str
    """What was done: a verb of the log's own list, e.g. ``sign-in``."""
    person_id: int | None
    """Who did it; None: nobody who is known."""
    kind: str | None = None
    """What it was done to: ``document``, ``brief`` …"""
    record: int | None = None
    address: str | None = None
    """From which network address; None: on the machine itself."""
    details: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    """What else must be known later: no words of persons, no passwords."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed in the log."""

    id: int
    at: datetime
    deed: Deed
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which entries are wanted; what is None does not matter."""

    action: str | None = None
    person_id: int | None = None
    kind: str | None = None
    record: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the whole log found."""

    entries: int
    broken_at: int | None
    """Id of the first entry that is not what was entered; None: the chain holds."""
    last: str
    """Digest of the last entry checked, to be noted elsewhere."""


class Audit:
    """The log; safe in several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def enter(self, deed: Deed, *, at: datetime) -> None:
        """Add a deed to the end of the log, in a transaction of its own."""
        with self._writer.begin() as connection:
            enter(connection, deed, at=at)

    def entries(self, search: Search, *, limit: int, before: int | None = None) -> list[Entry]:
        """Find entries, newest first.

        Args:
            search: which.
            limit: so many at most.
            before: only those with a smaller id; for the next page.
        """
        query = select(audit).where(*_conditions(search)).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.id < before)
        with self._engine.connect() as connection:
            return [_entry_of(row) for row in connection.execute(query)]

    def every(self, search: Search) -> Iterator[Entry]:
        """All entries that are wanted, newest first, a few at a time."""
        before: int | None = None
        while found := self.entries(search, limit=_CHUNK, before=before):
            yield from found
            before = found[-1].id

    def actions(self) -> Sequence[str]:
        """Every action that occurs, in order of the alphabet."""
        query = select(audit.c.action).distinct().order_by(audit.c.action)
        with self._engine.connect() as connection:
            return [str(action) for action in connection.execute(query).scalars()]

    def verify(self) -> Verdict:
        """Work out every digest anew."""
        digest, count, id_ = FIRST, 0, 0
        while True:
            query = select(audit).where(audit.c.id > id_).order_by(audit.c.id).limit(_CHUNK)
            with self._engine.connect() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return Verdict(count, None, digest)
            for row in rows:
                if row.digest != _digest(digest, dict(row._mapping)):
                    return Verdict(count, row.id, digest)
                digest, id_, count = row.digest, row.id, count + 1


def enter(connection: Connection, deed: Deed, *, at: datetime) -> None:
    """Add a deed within the transaction that does it: both are kept, or neither.

    The transaction holds the database's write lock (`knowledge.store.engine.writing`).
    """
    last = connection.execute(
        select(audit.c.digest).order_by(audit.c.id.desc()).limit(1)
    ).scalar_one_or_none()
    values = {
        "at": _moment(at),
        "person_id": deed.person_id,
        "action": deed.action,
        "kind": deed.kind,
        "record": deed.record,
        "address": deed.address,
        "details": json.dumps(dict(deed.details), ensure_ascii=False, sort_keys=True),
    }
    connection.execute(insert(audit).values(**values, digest=_digest(last or FIRST, values)))


def _moment(at: datetime) -> str:
    """UTC in one width, so that moments sort as texts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(before: str, values: Mapping[str, Any]) -> str:
    fields = ("at", "person_id", "action", "kind", "record", "address", "details")
    text = json.dumps([before, *(values[name] for name in fields)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    equal = {
        audit.c.action: search.action,
        audit.c.person_id: search.person_id,
        audit.c.kind: search.kind,
        audit.c.record: search.record,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if search.since is not None:
        found.append(audit.c.at >= _moment(search.since))
    if search.until is not None:
        found.append(audit.c.at < _moment(search.until))
    return found


def _entry_of(row: Row[Any]) -> Entry:
    deed = Deed(
        action=row.action,
        person_id=row.person_id,
        kind=row.kind,
        record=row.record,
        address=row.address,
        details=json.loads(row.details),
    )
    return Entry(row.id, datetime.fromisoformat(row.at), deed, row.digest)
