"""Files that could not be taken in, kept visible until they can."""

from sqlalchemy import Engine, delete, insert, select

from knowledge.errors import UnknownRecordError, UnreadableError
from knowledge.model import Failure, Stamp
from knowledge.store import rows
from knowledge.store.engine import writing
from knowledge.store.schema import failures


class Failures:
    """One failure per source, the newest; safe in several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def record(
        self, error: UnreadableError, *, source: str, name: str, sha256: str | None, stamp: Stamp
    ) -> None:
        """Keep why `source` could not be read, in place of what was kept before."""
        with self._writer.begin() as connection:
            connection.execute(delete(failures).where(failures.c.source == source))
            connection.execute(
                insert(failures).values(
                    source=source,
                    file_name=name,
                    sha256=sha256,
                    sentence=error.sentence,
                    details={key: str(value) for key, value in error.details.items()},
                    **rows.stamp_values(stamp),
                )
            )

    def all(self) -> list[Failure]:
        """All failures, newest first."""
        query = select(failures).order_by(failures.c.id.desc())
        with self._engine.connect() as connection:
            return [rows.failure_of(row) for row in connection.execute(query)]

    def get(self, failure_id: int) -> Failure:
        """One failure.

        Raises:
            UnknownRecordError: no such failure.
        """
        with self._engine.connect() as connection:
            row = connection.execute(select(failures).where(failures.c.id == failure_id)).first()
        if row is None:
            raise UnknownRecordError(kind="failure", id=failure_id)
        return rows.failure_of(row)

    def forget(self, failure_id: int) -> None:
        """Drop a failure; unknown ids do nothing."""
        with self._writer.begin() as connection:
            connection.execute(delete(failures).where(failures.c.id == failure_id))
