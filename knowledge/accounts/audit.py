"""The log of who did what to which record: append only, and every entry vouches for those before.

An entry's digest is the SHA-256 of its fields and of the digest before it, so nobody can change,
drop or slip in an entry without breaking all that follow. Entries are numbered without a gap: that
the end was cut off shows by the number that the database gave out last, and by the gap if entries
followed. If somebody changed that number as well, it shows against a digest noted elsewhere: every
state of a backup notes the last one, and making the next state and holding a drill look for it in
the log in use. Entries hold numbers of persons and records, never their words, so that erasing a
person leaves the chain whole.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, select

from knowledge.accounts.tables import audit
from knowledge.model import Actor
from knowledge.store.engine import writing
from knowledge.store.schema import people

FIRST: Final = "0" * 64
"""The digest before the first entry."""
_CHUNK: Final = 2_000
_NEXT: Final = (
    "SELECT id, at, person_id, action, kind, record, address, details, digest FROM audit "
    "WHERE id > ? ORDER BY id LIMIT ?"
)
_LAST: Final = "SELECT digest FROM audit ORDER BY id DESC LIMIT 1"
_ENTER: Final = (
    "INSERT INTO audit (at, person_id, action, kind, record, address, details, digest) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_GIVEN: Final = "SELECT seq FROM sqlite_sequence WHERE name = 'audit'"
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something done, as it is entered."""

    action: str
    """What was done: one of `knowledge.accounts.actions.Action`."""
    person_id: int | None
    """Who did it; None: nobody who is known."""
    kind: str | None = None
    """What it was done to: ``document``, ``brief`` …"""
    record: int | None = None
    address: str | None = None
    """From which network address; None: on the machine itself."""
    details: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    """What else must be known later: no words of persons, no passwords."""

    @classmethod
    def by(
        cls,
        actor: Actor,
        action: str,
        *,
        kind: str | None = None,
        record: int | None = None,
        **details: str | int | bool | None,
    ) -> "Deed":
        """What an actor did, from where they sit."""
        return cls(
            action=action,
            person_id=actor.person_id,
            kind=kind,
            record=record,
            address=actor.address,
            details=details,
        )

    def of(self, kind: str, record: int, **details: str | int | bool | None) -> "Deed":
        """The same deed, done to this record."""
        return replace(self, kind=kind, record=record, details={**self.details, **details})


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
    branch_id: int | None = None
    """Only what its people did, and what was done to their accounts."""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the whole log found."""

    entries: int
    broken_at: int | None
    """Id of the first entry that is not what was entered, or before which one is missing, or that
    is missing at the end; None: the chain holds."""
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

    def verify(self, progress: Callable[[int], object] = lambda _count: None) -> Verdict:
        """Work out every digest anew; `progress` is told now and then how many are done.

        What others enter meanwhile is checked as well.
        """
        digest, count, id_ = FIRST, 0, 0
        while True:
            with self._engine.connect() as connection:
                found = connection.exec_driver_sql(_NEXT, (id_, _CHUNK)).all()
            if not found:
                break
            for entered, *fields, claimed in found:
                # A transaction that comes to nothing gives its number back: a gap is a loss.
                if entered != id_ + 1 or claimed != _digest(digest, fields):
                    return Verdict(count, entered, digest)
                digest, id_, count = claimed, entered, count + 1
            progress(count)
        with self._engine.connect() as connection:
            given = connection.exec_driver_sql(_GIVEN).scalar() or 0
            last = connection.execute(select(func.max(audit.c.id))).scalar() or 0
        is_cut = given > last
        return Verdict(count, last + 1 if is_cut else None, digest)


def enter(connection: Connection, deed: Deed, *, at: datetime) -> None:
    """Add a deed within the transaction that does it: both are kept, or neither.

    The transaction holds the database's write lock (`knowledge.store.engine.writing`).
    """
    # Written out: bulk work enters a deed a record, and SQLAlchemy would take ten times as long.
    before = connection.exec_driver_sql(_LAST).scalar() or FIRST
    fields = (
        _moment(at),
        deed.person_id,
        str(deed.action),
        deed.kind,
        deed.record,
        deed.address,
        json.dumps(dict(deed.details), ensure_ascii=False, sort_keys=True),
    )
    connection.exec_driver_sql(_ENTER, (*fields, _digest(before, fields)))


def _moment(at: datetime) -> str:
    """UTC in one width, so that moments sort as texts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(before: str, fields: Sequence[Any]) -> str:
    return hashlib.sha256(_encode([before, *fields]).encode()).hexdigest()


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    equal = {
        audit.c.action: search.action,
        audit.c.person_id: search.person_id,
        audit.c.kind: search.kind,
        audit.c.record: search.record,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if search.branch_id is not None:
        its = select(people.c.id).where(people.c.branch_id == search.branch_id)
        to_them = (audit.c.kind == "account") & audit.c.record.in_(its)
        found.append(audit.c.person_id.in_(its) | to_them)
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
