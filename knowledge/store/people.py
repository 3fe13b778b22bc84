"""Persons and branches."""

from datetime import datetime

from sqlalchemy import Connection, Engine, Table, insert, select

from knowledge.errors import UnknownRecordError
from knowledge.model import Actor
from knowledge.store.engine import writing
from knowledge.store.schema import branches, people


class People:
    """Who acts, and for which branch; safe in several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def ensure(self, name: str, *, branch: str, at: datetime) -> Actor:
        """The person of that name, made with the branch when they are new."""
        with self._engine.connect() as connection:
            found = _actor(connection, name)
        if found is not None:
            return found
        with self._writer.begin() as connection:
            if _id_of(connection, branches, branch) is None:
                connection.execute(insert(branches).values(name=branch, made_at=at))
            if _id_of(connection, people, name) is None:
                branch_id = _id_of(connection, branches, branch)
                connection.execute(
                    insert(people).values(name=name, branch_id=branch_id, made_at=at)
                )
            made = _actor(connection, name)
        assert made is not None  # noqa: S101  # nosec B101 – inserted just now
        return made

    def name(self, person_id: int) -> str | None:
        """A person's name; None for an unknown id."""
        with self._engine.connect() as connection:
            return connection.execute(
                select(people.c.name).where(people.c.id == person_id)
            ).scalar()

    def names(self, *, branch_id: int | None = None) -> dict[int, str]:
        """Every person's name, by id; of one branch when it is given."""
        query = select(people.c.id, people.c.name)
        if branch_id is not None:
            query = query.where(people.c.branch_id == branch_id)
        with self._engine.connect() as connection:
            return {row.id: row.name for row in connection.execute(query)}

    def id_of(self, name: str) -> int:
        """The person of that name.

        Raises:
            UnknownRecordError: there is none.
        """
        with self._engine.connect() as connection:
            found = _id_of(connection, people, name)
        if found is None:
            raise UnknownRecordError(kind="person", id=name)
        return found

    def branch_name(self, branch_id: int) -> str | None:
        """A branch's name; None for an unknown id."""
        with self._engine.connect() as connection:
            return connection.execute(
                select(branches.c.name).where(branches.c.id == branch_id)
            ).scalar()

    def branch_names(self) -> list[str]:
        """All branches' names, sorted."""
        with self._engine.connect() as connection:
            return sorted(connection.execute(select(branches.c.name)).scalars())

    def branch_id(self, name: str) -> int:
        """The id of the branch of that name.

        Raises:
            UnknownRecordError: no branch has it.
        """
        with self._engine.connect() as connection:
            found = _id_of(connection, branches, name)
        if found is None:
            raise UnknownRecordError(kind="branch", id=name)
        return found


def _actor(connection: Connection, name: str) -> Actor | None:
    row = connection.execute(select(people).where(people.c.name == name)).first()
    return None if row is None else Actor(row.id, row.name, row.branch_id)


def _id_of(connection: Connection, table: Table, name: str) -> int | None:
    return connection.execute(select(table.c.id).where(table.c.name == name)).scalar()
