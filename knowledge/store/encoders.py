"""Encoders whose vectors are kept, and the forgetting of those no longer used."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, delete, func, select

from knowledge.store.engine import writing
from knowledge.store.schema import documents, encoders, vectors, versions

_AT_ONCE: Final = 5000
"""Vectors deleted in one transaction: others may write in between."""


@dataclass(frozen=True, slots=True)
class KeptEncoder:
    """An encoder, and how many vectors of it are kept."""

    id: int
    name: str
    vectors: int


class Encoders:
    """The encoders of a home; safe in several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def besides(self, fingerprint: str) -> list[KeptEncoder]:
        """Every encoder but this one, by id; reads all vectors' keys, which takes a while."""
        query = (
            select(encoders.c.id, encoders.c.name, func.count(vectors.c.passage_id).label("held"))
            .outerjoin(vectors, vectors.c.encoder_id == encoders.c.id)
            .where(encoders.c.fingerprint != fingerprint)
            .group_by(encoders.c.id, encoders.c.name)
            .order_by(encoders.c.id)
        )
        with self._engine.connect() as connection:
            return [
                KeptEncoder(row.id, row.name, int(row.held)) for row in connection.execute(query)
            ]

    def wanted(self) -> int:
        """How many passages an encoder has to encode in all, by what their versions say."""
        query = (
            select(func.coalesce(func.sum(versions.c.passage_count), 0))
            .join(documents, documents.c.current_version_id == versions.c.id)
            .where(documents.c.removed_at.is_(None))
        )
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def forget(self, encoder_id: int) -> None:
        """Delete an encoder and its vectors, some at a time; interrupted, it is gone on with."""
        some = select(vectors.c.passage_id).where(vectors.c.encoder_id == encoder_id)
        part = some.order_by(vectors.c.passage_id).limit(_AT_ONCE)
        while True:
            with self._writer.begin() as connection:
                found = connection.execute(part).scalars().all()
                if not found:
                    connection.execute(delete(encoders).where(encoders.c.id == encoder_id))
                    return
                connection.execute(
                    delete(vectors).where(
                        vectors.c.encoder_id == encoder_id,
                        vectors.c.passage_id >= found[0],
                        vectors.c.passage_id <= found[-1],
                    )
                )
