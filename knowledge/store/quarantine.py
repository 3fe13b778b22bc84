"""Files in quarantine: what was found on them, and who decided what, for ever."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    delete,
    insert,
    select,
    update,
)

from knowledge.errors import DecidedAlreadyError, UnknownRecordError
from knowledge.model import Access, Actor, Confirmation, Stamp
from knowledge.store import rows
from knowledge.store.engine import new_id, writing
from knowledge.store.likenesses import Likenesses
from knowledge.store.schema import (
    documents,
    failures,
    pages,
    passages,
    quarantined,
    recognitions,
    vectors,
    versions,
)


class Decision(StrEnum):
    """What an authorised person did with a file in quarantine."""

    RELEASED = "released"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class QuarantinedFile:
    """A file whose first page bears a mark of secrecy."""

    id: int
    source: str
    file_name: str
    sha256: str
    mark: str
    stamp: Stamp
    decision: Decision | None = None
    reason: str | None = None
    decided: Confirmation | None = None


class QuarantinedFiles:
    """The register of the quarantine; safe in several threads, every method one transaction.

    A row is never deleted. A file, by its bytes, has at most one row that is not decided.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def record(
        self, mark: str, *, source: str, name: str, sha256: str, stamp: Stamp
    ) -> QuarantinedFile:
        """Enter a file; the row that is there already if one waits for a decision.

        A failure kept for the same `source` is forgotten.
        """
        with self._writer.begin() as connection:
            connection.execute(delete(failures).where(failures.c.source == source))
            return _enter(
                connection, mark, source=source, file_name=name, sha256=sha256, stamp=stamp
            )

    def withdraw(self, version_id: int, mark: str, *, by: Actor, at: datetime) -> QuarantinedFile:
        """Take a version's document out of the collection and enter its file.

        The document and all its versions are from then on for named persons only.

        Raises:
            UnknownRecordError: no such version.
        """
        with self._writer.begin() as connection:
            found = connection.execute(_with_source().where(versions.c.id == version_id)).first()
            if found is None:
                raise UnknownRecordError(kind="version", id=version_id)
            named = {"access": Access.NAMED.value}
            document = documents.c.id == found.document_id
            connection.execute(update(documents).where(document).values(**named))
            connection.execute(
                update(documents)
                .where(document, documents.c.removed_at.is_(None))
                .values(removed_at=at)
            )
            of_it = versions.c.document_id == found.document_id
            connection.execute(update(versions).where(of_it).values(**named))
            return _enter(
                connection,
                mark,
                source=found.source,
                file_name=found.file_name,
                sha256=found.sha256,
                stamp=Stamp(by.branch_id, Access.NAMED, by.person_id, at),
            )

    def decide(
        self, file_id: int, decision: Decision, *, reason: str, by: int, at: datetime
    ) -> QuarantinedFile:
        """Enter what was decided, by whom (a person's id), when and why.

        The words of a discarded file go with it: passages, pages and recognised lines of its
        withdrawn versions, and failures to read it.

        Raises:
            UnknownRecordError: no such file.
            DecidedAlreadyError: it was decided before.
        """
        with self._writer.begin() as connection:
            kept = _get(connection, file_id)
            if kept.decision is not None:
                raise DecidedAlreadyError(id=file_id, name=kept.file_name)
            connection.execute(
                update(quarantined)
                .where(quarantined.c.id == file_id)
                .values(decision=decision.value, reason=reason, decided_by=by, decided_at=at)
            )
            if decision is Decision.DISCARDED:
                _wipe(connection, kept.sha256)
            return _get(connection, file_id)

    def all(self) -> list[QuarantinedFile]:
        """Every file that ever was in quarantine: those that wait first, then newest first."""
        decided = quarantined.c.decision.is_not(None)
        query = select(quarantined).order_by(decided, quarantined.c.id.desc())
        with self._engine.connect() as connection:
            return [_file_of(row) for row in connection.execute(query)]

    def waiting(self) -> list[QuarantinedFile]:
        """Those that nobody has decided on, newest first."""
        return [file for file in self.all() if file.decision is None]

    def get(self, file_id: int) -> QuarantinedFile:
        """One file.

        Raises:
            UnknownRecordError: no such file.
        """
        with self._engine.connect() as connection:
            return _get(connection, file_id)

    def latest(self, sha256: str) -> QuarantinedFile | None:
        """The newest row of a file, by its bytes; None when it never was in quarantine."""
        with self._engine.connect() as connection:
            row = connection.execute(_of(sha256).limit(1)).first()
        return None if row is None else _file_of(row)


def _enter(connection: Connection, mark: str, *, stamp: Stamp, **file: str) -> QuarantinedFile:
    waiting = _of(file["sha256"]).where(quarantined.c.decision.is_(None))
    row = connection.execute(waiting.limit(1)).first()
    if row is not None:
        return _file_of(row)
    values = {"mark": mark, **file, **rows.stamp_values(stamp)}
    return _get(connection, new_id(connection.execute(insert(quarantined).values(**values))))


def _wipe(connection: Connection, sha256: str) -> None:
    """Delete the words of the versions that have these bytes and whose document is removed."""
    gone = (
        select(versions.c.id)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(versions.c.sha256 == sha256, documents.c.removed_at.is_not(None))
    )
    ids = list(connection.execute(gone).scalars())
    connection.execute(delete(failures).where(failures.c.sha256 == sha256))
    words = select(passages.c.id).where(passages.c.version_id.in_(ids))
    connection.execute(delete(vectors).where(vectors.c.passage_id.in_(words)))
    for table in (passages, recognitions):
        connection.execute(delete(table).where(table.c.version_id.in_(ids)))
    for version_id in ids:
        Likenesses.forget(version_id, connection)
    blank: dict[str, Any] = {"text": "", "blocks": [], "places": None, "recognised": None}
    connection.execute(update(pages).where(pages.c.version_id.in_(ids)).values(**blank))
    counted = update(versions).where(versions.c.id.in_(ids)).values(passage_count=0)
    connection.execute(counted)


def _of(sha256: str) -> Select[Any]:
    return (
        select(quarantined).where(quarantined.c.sha256 == sha256).order_by(quarantined.c.id.desc())
    )


def _with_source() -> Select[Any]:
    columns = (versions.c.document_id, versions.c.file_name, versions.c.sha256, documents.c.source)
    return select(*columns).join(documents, documents.c.id == versions.c.document_id)


def _get(connection: Connection, file_id: int) -> QuarantinedFile:
    row = connection.execute(select(quarantined).where(quarantined.c.id == file_id)).first()
    if row is None:
        raise UnknownRecordError(kind="file in quarantine", id=file_id)
    return _file_of(row)


def _file_of(row: Row[Any]) -> QuarantinedFile:
    decided = None
    if row.decided_by is not None:
        decided = Confirmation(row.decided_by, row.decided_at)
    return QuarantinedFile(
        id=row.id,
        source=row.source,
        file_name=row.file_name,
        sha256=row.sha256,
        mark=row.mark,
        stamp=rows.stamp_of(row),
        decision=None if row.decision is None else Decision(row.decision),
        reason=row.reason,
        decided=decided,
    )
