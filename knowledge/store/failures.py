"""Files that could not be taken in, kept visible until they can."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select

from knowledge.access import Viewer
from knowledge.accounts.audit import Deed, enter
from knowledge.errors import UnknownRecordError, UnreadableError
from knowledge.failure import Failure
from knowledge.model import Access, Stamp
from knowledge.store import rows
from knowledge.store.engine import new_id, writing
from knowledge.store.schema import failures
from knowledge.store.scoping import visible


class Failures:
    """One failure per source and branch, the newest, as one viewer sees them.

    A file that could not be read is a matter of its branch's staff: for others it does not exist.
    Safe in several threads.
    """

    def __init__(self, engine: Engine, viewer: Viewer) -> None:
        self._viewer = viewer
        self._engine = engine
        self._writer = writing(engine)

    def record(
        self,
        error: UnreadableError,
        *,
        source: str,
        name: str,
        sha256: str | None,
        stamp: Stamp,
        opens_as: Access,
        deed: Deed | None = None,
    ) -> None:
        """Keep why `source` could not be read, in place of what was kept before.

        Args:
            error: why.
            source: where it came from.
            name: its file name.
            sha256: of its bytes, if those are kept.
            stamp: whose it is, when; for staff whatever it says.
            opens_as: who may see the document that it becomes when it can be read.
            deed: entered in the log with it; None enters nothing.
        """
        stamp = replace(stamp, access=Access.STAFF)
        with self._writer.begin() as connection:
            forget_failures(connection, source, branch_id=stamp.branch_id)
            result = connection.execute(
                insert(failures).values(
                    source=source,
                    file_name=name,
                    sha256=sha256,
                    sentence=error.sentence,
                    details={key: str(value) for key, value in error.details.items()},
                    opens_as=opens_as.value,
                    **rows.stamp_values(stamp),
                )
            )
            if deed is not None:
                enter(connection, deed.of("failure", new_id(result)), at=stamp.made_at)

    def all(self) -> list[Failure]:
        """All failures, newest first."""
        query = select(failures).where(*self._seen()).order_by(failures.c.id.desc())
        with self._engine.connect() as connection:
            return [rows.failure_of(row) for row in connection.execute(query)]

    def get(self, failure_id: int) -> Failure:
        """One failure.

        Raises:
            UnknownRecordError: no such failure.
        """
        query = select(failures).where(failures.c.id == failure_id, *self._seen())
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise UnknownRecordError(kind="failure", id=failure_id)
        return rows.failure_of(row)

    def forget(self, failure_id: int, *, deed: Deed, at: datetime) -> None:
        """Drop a failure and enter `deed`; unknown ids do nothing."""
        with self._writer.begin() as connection:
            this = delete(failures).where(failures.c.id == failure_id, *self._seen())
            gone = connection.execute(this)
            if gone.rowcount:
                enter(connection, deed.of("failure", failure_id), at=at)

    def _seen(self) -> tuple[ColumnElement[bool], ...]:
        return visible(failures, self._viewer)


def forget_failures(connection: Connection, source: str, *, branch_id: int) -> None:
    """Within a writing transaction: what a branch brings from `source` is failed no more."""
    connection.execute(
        delete(failures).where(failures.c.source == source, failures.c.branch_id == branch_id)
    )
