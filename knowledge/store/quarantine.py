"""Files in quarantine: what was found on them, and who decided what, for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    delete,
    exists,
    insert,
    select,
    update,
)

from knowledge.errors import DecidedAlreadyError, UnknownRecordError
from knowledge.model import Access, Actor, Confirmation, Metadata, Stamp
from knowledge.store import rows
from knowledge.store.engine import writing
from knowledge.store.likenesses import Likenesses
from knowledge.store.references import redirect
from knowledge.store.schema import (
    answers,
    documents,
    failures,
    metadata,
    pages,
    passages,
    quarantined,
    recognitions,
    vectors,
    versions,
)

_NO_TITLE: Final = "—"
"""Of a document whose every word was deleted."""


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

    A row is never deleted. A file, by its bytes, has at most one row that is not decided. Entering
    a file withholds every version of its bytes: from then on it is for named persons only, it waits
    for recognition no more, and the newest version of its document that is not withheld is the
    current one; a document without such a version is removed.
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
        """Enter a version's file, so that every version of its bytes is withheld.

        Raises:
            UnknownRecordError: no such version.
        """
        with self._writer.begin() as connection:
            found = connection.execute(_with_source().where(versions.c.id == version_id)).first()
            if found is None:
                raise UnknownRecordError(kind="version", id=version_id)
            return _enter(
                connection,
                mark,
                source=found.source,
                file_name=found.file_name,
                sha256=found.sha256,
                stamp=Stamp(by.branch_id, Access.NAMED, by.person_id, at),
            )

    def restrict(self, version_id: int) -> None:
        """Keep a version whose bytes were released for named persons only, with its document."""
        named = {"access": Access.NAMED.value}
        version = versions.c.id == version_id
        document = documents.c.id.in_(select(versions.c.document_id).where(version))
        with self._writer.begin() as connection:
            connection.execute(update(versions).where(version).values(**named))
            connection.execute(update(documents).where(document).values(**named))

    def decide(
        self, file_id: int, decision: Decision, *, reason: str, by: int, at: datetime
    ) -> QuarantinedFile:
        """Enter what was decided, by whom (a person's id), when and why.

        The words of a discarded file go with it: passages, pages, recognised lines and quotes of
        its withheld versions, the catalogue entry of a document that has no other version, and
        failures to read it.

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

    def versions(self, file: QuarantinedFile) -> list[int]:
        """Ids of the versions that have a file's bytes, ascending."""
        query = select(versions.c.id).where(versions.c.sha256 == file.sha256)
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(versions.c.id)).scalars())

    def all(self) -> list[QuarantinedFile]:
        """Every file that ever was in quarantine: those that wait first, then newest first."""
        decided = quarantined.c.decision.is_not(None)
        query = select(quarantined).order_by(decided, quarantined.c.id.desc())
        with self._engine.connect() as connection:
            return [_file_of(row) for row in connection.execute(query)]

    def discarded(self) -> list[str]:
        """SHA-256 of every file that was discarded, even if it came back since."""
        query = select(quarantined.c.sha256).where(
            quarantined.c.decision == Decision.DISCARDED.value
        )
        with self._engine.connect() as connection:
            return sorted(set(connection.execute(query).scalars()))

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
    waiting = _of(file["sha256"]).where(quarantined.c.decision.is_(None)).limit(1)
    row = connection.execute(waiting).first()
    if row is None:
        values = {"mark": mark, **file, **rows.stamp_values(stamp)}
        connection.execute(insert(quarantined).values(**values))
        row = connection.execute(waiting).one()
    entered = _file_of(row)
    _withhold(connection, entered.sha256, at=stamp.made_at)
    return entered


def _withhold(connection: Connection, sha256: str, *, at: datetime) -> None:
    bears = versions.c.sha256 == sha256
    found = connection.execute(select(versions.c.id, versions.c.document_id).where(bears)).all()
    named = {"access": Access.NAMED.value}
    connection.execute(update(versions).where(bears).values(**named))
    connection.execute(
        delete(recognitions).where(recognitions.c.version_id.in_([row.id for row in found]))
    )
    for document_id in sorted({row.document_id for row in found}):
        _fall_back(connection, document_id, at=at)
        reopen(connection, document_id)


def _fall_back(connection: Connection, document_id: int, *, at: datetime) -> None:
    this = documents.c.id == document_id
    document = connection.execute(select(documents).where(this)).one()
    others = connection.execute(_not_withheld(document_id)).all()
    if document.current_version_id in {row.id for row in others}:
        return
    # What is for named persons only must not become the current version of a public document.
    fitting = [
        row.id for row in others if row.access == Access.PUBLIC or document.access == Access.NAMED
    ]
    values: dict[str, Any] = {"access": Access.NAMED.value, "removed_at": document.removed_at or at}
    if fitting:
        values = {"current_version_id": fitting[0]}
    connection.execute(update(documents).where(this).values(**values))


def reopen(connection: Connection, document_id: int) -> None:
    """Make a document public whose current version is, unless a file of it was released.

    A document whose first file waits for recognition is for named persons only until then.
    """
    of_it = versions.c.document_id == document_id
    current = select(documents.c.current_version_id).where(documents.c.id == document_id)
    is_open = versions.c.id.in_(current) & (versions.c.access == Access.PUBLIC.value)
    released = select(quarantined.c.sha256).where(quarantined.c.decision == Decision.RELEASED.value)
    connection.execute(
        update(documents)
        .where(
            documents.c.id == document_id,
            exists().where(is_open),
            ~exists().where(of_it, versions.c.sha256.in_(released)),
        )
        .values(access=Access.PUBLIC.value)
    )


def _not_withheld(document_id: int) -> Select[Any]:
    """Versions of a document whose file nobody has yet to decide on or has discarded."""
    undecided = select(quarantined.c.sha256).where(quarantined.c.decision.is_(None))
    return (
        select(versions.c.id, versions.c.access)
        .where(
            versions.c.document_id == document_id,
            versions.c.size > 0,
            versions.c.sha256.not_in(undecided),
        )
        .order_by(versions.c.number.desc())
    )


def _wipe(connection: Connection, sha256: str) -> None:
    """Delete the words of the versions that have these bytes; their size 0 says it."""
    bears = versions.c.sha256 == sha256
    found = connection.execute(select(versions.c.id, versions.c.document_id).where(bears)).all()
    ids = [row.id for row in found]
    connection.execute(delete(failures).where(failures.c.sha256 == sha256))
    words = select(passages.c.id).where(passages.c.version_id.in_(ids))
    redirect(connection, dict.fromkeys(connection.execute(words).scalars()))
    connection.execute(delete(vectors).where(vectors.c.passage_id.in_(words)))
    for table in (passages, recognitions):
        connection.execute(delete(table).where(table.c.version_id.in_(ids)))
    for version_id in ids:
        Likenesses.forget(version_id, connection)
    blank: dict[str, Any] = {
        "label": None,
        "text": "",
        "blocks": [],
        "places": None,
        "recognised": None,
    }
    connection.execute(update(pages).where(pages.c.version_id.in_(ids)).values(**blank))
    gone = {"passage_count": 0, "size": 0, "remarks": []}
    connection.execute(update(versions).where(bears).values(**gone))
    _unquote(connection, ids)
    for document_id in sorted({row.document_id for row in found}):
        if not connection.execute(_not_withheld(document_id)).all():
            entry = rows.metadata_values(Metadata(title=_NO_TITLE)) | {"grounds": None}
            this = documents.c.id == document_id
            connection.execute(update(documents).where(this).values(**entry))


def _unquote(connection: Connection, version_ids: Sequence[int]) -> None:
    """Blank what is quoted from versions, in whatever table: evidence of briefs and of answers."""
    for table in metadata.sorted_tables:
        if "quote" in table.columns:
            quoting = table.c.version_id.in_(version_ids)
            connection.execute(update(table).where(quoting).values(quote=""))
    for row in connection.execute(select(answers.c.id, answers.c.evidence)).all():
        kept = [[id_, spans, "" if id_ in version_ids else q] for id_, spans, q in row.evidence]
        if kept != row.evidence:
            of_it = update(answers).where(answers.c.id == row.id)
            connection.execute(of_it.values(evidence=kept))


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
