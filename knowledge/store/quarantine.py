"""Files in quarantine: what was found on them, and who decided what, for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
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

from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.errors import DecidedAlreadyError, UnknownRecordError
from knowledge.model import Access, Actor, Confirmation, Stamp
from knowledge.store import rows
from knowledge.store.discarding import bearing, not_withheld, wipe
from knowledge.store.engine import new_id, writing
from knowledge.store.failures import forget_failures
from knowledge.store.schema import (
    documents,
    quarantined,
    recognitions,
    versions,
)


class Decision(StrEnum):
    """What an authorised person did with a file in quarantine."""

    RELEASED = "released"
    DISCARDED = "discarded"


_ACTIONS: Final = {
    Decision.RELEASED: Action.RELEASE_FILE,
    Decision.DISCARDED: Action.DISCARD_FILE,
}


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

    A row is never deleted. Every branch decides for itself, and no decision of one holds in
    another: a file, by its bytes, has at most one row in each branch that is not decided. Entering
    a file enters it in every branch that has a version of its bytes and has not released it, and
    withholds those: from then on they are for named persons only, they wait for recognition no
    more, and the newest version of a document that is not withheld is the current one; a document
    without such a version is removed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def record(
        self,
        mark: str,
        *,
        source: str,
        name: str,
        sha256: str,
        stamp: Stamp,
        deed: Deed | None = None,
    ) -> QuarantinedFile:
        """Enter a file, and `deed`; the branch's row that waits for a decision, if there is one.

        A failure that the same branch has of `source` is forgotten.
        """
        with self._writer.begin() as connection:
            forget_failures(connection, source, branch_id=stamp.branch_id)
            file = _enter(
                connection, mark, source=source, file_name=name, sha256=sha256, stamp=stamp
            )
            if deed is not None:
                enter(connection, deed.of("quarantine", file.id), at=stamp.made_at)
            return file

    def withdraw(self, version_id: int, mark: str, *, by: Actor, at: datetime) -> QuarantinedFile:
        """Enter a version's file, in the branch that keeps its document: see the class.

        Raises:
            UnknownRecordError: no such version.
        """
        with self._writer.begin() as connection:
            found = connection.execute(_with_source().where(versions.c.id == version_id)).first()
            if found is None:
                raise UnknownRecordError(kind="version", id=version_id)
            file = _enter(
                connection,
                mark,
                source=found.source,
                file_name=found.file_name,
                sha256=found.sha256,
                stamp=Stamp(found.branch_id, Access.NAMED, by.person_id, at),
            )
            deed = Deed.by(by, Action.HOLD_FILE, version=version_id)
            enter(connection, deed.of("quarantine", file.id), at=at)
            return file

    def restrict(self, version_id: int, *, by: Actor, at: datetime) -> None:
        """Keep a version whose bytes were released for named persons only, with its document."""
        named = {"access": Access.NAMED.value}
        version = versions.c.id == version_id
        document = documents.c.id.in_(select(versions.c.document_id).where(version))
        with self._writer.begin() as connection:
            connection.execute(update(versions).where(version).values(**named))
            connection.execute(update(documents).where(document).values(**named, opens_as=None))
            deed = Deed.by(by, Action.RESTRICT_VERSION, kind="version", record=version_id)
            enter(connection, deed, at=at)

    def decide(
        self, file_id: int, decision: Decision, *, reason: str, by: Actor, at: datetime
    ) -> QuarantinedFile:
        """Enter what was decided, by whom, when and why, here and in the log of deeds.

        The words of a discarded file go with it, as far as its branch has them: passages, pages,
        recognised lines and quotes of its withheld versions, the catalogue entry of a document that
        has no other version, and failures to read it.

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
                .values(
                    decision=decision.value, reason=reason, decided_by=by.person_id, decided_at=at
                )
            )
            deed = Deed.by(by, _ACTIONS[decision], kind="quarantine", record=file_id)
            enter(connection, deed, at=at)
            if decision is Decision.DISCARDED:
                wipe(connection, kept.sha256, branch_id=kept.stamp.branch_id)
            return _get(connection, file_id)

    def versions(self, file: QuarantinedFile) -> list[int]:
        """Ids of the versions of its branch that have a file's bytes, ascending."""
        of_branch = bearing(file.sha256, [file.stamp.branch_id])
        query = select(versions.c.id).where(of_branch)
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

    def latest(self, sha256: str, *, branch_id: int) -> QuarantinedFile | None:
        """A branch's newest row of a file, by its bytes; None: it never was in quarantine there."""
        with self._engine.connect() as connection:
            return _latest(connection, sha256).get(branch_id)


def _enter(connection: Connection, mark: str, *, stamp: Stamp, **file: str) -> QuarantinedFile:
    sha256 = file["sha256"]
    entered = _held(connection, mark, stamp, file)
    for row in connection.execute(_with_source().where(versions.c.sha256 == sha256)).all():
        if row.branch_id not in _latest(connection, sha256):
            # It is that branch's to decide, and whoever brought the file here is not named there.
            theirs = Stamp(row.branch_id, Access.NAMED, row.made_by, stamp.made_at)
            told = {"source": row.source, "file_name": row.file_name, "sha256": sha256}
            other = _held(connection, mark, theirs, told)
            deed = Deed(action=Action.HOLD_FILE, person_id=None)
            enter(connection, deed.of("quarantine", other.id), at=stamp.made_at)
    undecided = [id_ for id_, each in _latest(connection, sha256).items() if not each.decision]
    _withhold(connection, bearing(sha256, undecided), at=stamp.made_at)
    return entered


def _held(
    connection: Connection, mark: str, stamp: Stamp, file: Mapping[str, str]
) -> QuarantinedFile:
    """The row of a branch that waits for a decision, entered if there is none."""
    known = _latest(connection, file["sha256"]).get(stamp.branch_id)
    if known is not None and known.decision is None:
        return known
    values = {"mark": mark, **file, **rows.stamp_values(stamp)}
    return _get(connection, new_id(connection.execute(insert(quarantined).values(**values))))


def _latest(connection: Connection, sha256: str) -> dict[int, QuarantinedFile]:
    """The newest row of a file in each branch that has one."""
    query = select(quarantined).where(quarantined.c.sha256 == sha256).order_by(quarantined.c.id)
    return {row.branch_id: _file_of(row) for row in connection.execute(query)}


def _withhold(connection: Connection, bears: ColumnElement[bool], *, at: datetime) -> None:
    found = connection.execute(select(versions.c.id, versions.c.document_id).where(bears)).all()
    named: dict[str, Any] = {"access": Access.NAMED.value, "recipients": []}
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
    others = connection.execute(not_withheld(document_id)).all()
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
    """Let those see a document whose current version is open for whom it was meant.

    A document whose first file waits for recognition is for named persons only until then; one of
    which a file was released stays so.
    """
    of_it = versions.c.document_id == document_id
    current = select(documents.c.current_version_id).where(documents.c.id == document_id)
    is_open = versions.c.id.in_(current) & (versions.c.access == Access.PUBLIC.value)
    released = select(quarantined.c.sha256).where(quarantined.c.decision == Decision.RELEASED.value)
    connection.execute(
        update(documents)
        .where(
            documents.c.id == document_id,
            documents.c.opens_as.is_not(None),
            exists().where(is_open),
            ~exists().where(of_it, versions.c.sha256.in_(released)),
        )
        .values(access=documents.c.opens_as, opens_as=None)
    )


def _with_source() -> Select[Any]:
    columns = (
        versions.c.document_id,
        versions.c.file_name,
        versions.c.sha256,
        versions.c.made_by,
        documents.c.source,
        documents.c.branch_id,
    )
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
