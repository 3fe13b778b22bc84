"""Passages of current versions, and their vectors."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Engine,
    Integer,
    LargeBinary,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    select,
)

from embeddings.protocols import Encoder, Ids, Vectors
from knowledge.access import Facets, Held, Scope, Viewer
from knowledge.filter import NO_FILTER, Filter
from knowledge.model import Access, DocumentType, Passage
from knowledge.protocols import LexicalEntry
from knowledge.store import rows
from knowledge.store.changes import Changes
from knowledge.store.encoders import Encoders
from knowledge.store.engine import chunks, new_id, writing
from knowledge.store.finding import Finding, current, finding
from knowledge.store.prepared import Prepared, ids_of, reading
from knowledge.store.schema import (
    changes,
    documents,
    encoders,
    encodings,
    passages,
    vectors,
    versions,
)
from knowledge.store.scoping import anything_hidden, conditions, visible
from knowledge.store.scripts import Scripts
from knowledge.store.selected import Selected

_STORED = np.dtype("<f2")
_VIEWERS: Final = 256
_HELD: Final = ("branch_id", "access", "made_by", "shared", "recipients")
_DESCRIPTIVE: tuple[Any, ...] = (
    documents.c.title,
    documents.c.number,
    documents.c.type,
    documents.c.issuer,
    documents.c.issued_on,
    documents.c.language,
    *(documents.c[name] for name in _HELD),
    *(versions.c[name].label(f"version_{name}") for name in _HELD),
)


class Passages:
    """What a viewer's search finds: passages of current versions of documents not removed.

    Passages of documents or versions that the viewer may not see do not exist here. What the
    indexes are made from is read as `KEEPER`. Safe in several threads, every method one
    transaction.
    """

    def __init__(self, engine: Engine, viewer: Viewer) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self.viewer = viewer
        self.changes = Changes(engine, changes)
        self.encodings = Changes(engine, encodings)
        self.encoders = Encoders(engine)
        self.scripts = Scripts(engine)
        self._selected = Selected()

    def ids(self, selection: Filter = NO_FILTER) -> Ids:
        """Ids of the passages that may be found in documents the filter lets through, ascending."""
        query = self._current(select(passages.c.id), selection).order_by(passages.c.id)
        return ids_of(self._engine, query)

    def allowed(self, selection: Filter = NO_FILTER) -> Ids | None:
        """As `ids`, but None when there is nothing that the viewer or the filter keeps out.

        What was asked for last is remembered until any passage or document changes; do not write
        to the array.
        """
        if selection.is_open and not self._is_anything_hidden():
            return None
        now = self.changes.latest()
        known = self._selected.get(selection, now)
        return self._selected.keep(selection, now, self.ids(selection)) if known is None else known

    def present(self, ids: Ids) -> Ids:
        """Those of `ids` that may be found, ascending."""
        return self._among(self._current(select(passages.c.id)), ids)

    def versions_of(self, ids: Ids) -> list[int]:
        """The versions that these passages are or were of, ascending; deleted ones have none."""
        found: set[int] = set()
        with self._engine.connect() as connection:
            for chunk in chunks(ids.tolist()):
                query = select(passages.c.version_id).where(passages.c.id.in_(chunk)).distinct()
                found.update(connection.execute(query).scalars())
        return sorted(found)

    def many(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Those of `ids` that may be found, by id."""
        found: dict[int, Passage] = {}
        with self._engine.connect() as connection:
            for chunk in chunks(ids):
                query = self._current(select(passages, versions.c.document_id)).where(
                    passages.c.id.in_(chunk)
                )
                found |= {row.id: rows.passage_of(row) for row in connection.execute(query)}
        return found

    def finding(self) -> AbstractContextManager[Finding]:
        """What a search reads of what may be found, in one transaction; for one thread."""
        return finding(self._engine, self.viewer)

    def of_version(self, version_id: int) -> list[Passage]:
        """All passages of a version in order, current or not."""
        query = (
            select(passages, versions.c.document_id)
            .join(versions, versions.c.id == passages.c.version_id)
            .join(documents, documents.c.id == versions.c.document_id)
            .where(
                passages.c.version_id == version_id,
                *conditions(Scope(self.viewer)),
                *visible(versions, self.viewer),
            )
            .order_by(passages.c.ordinal)
        )
        with self._engine.connect() as connection:
            return [rows.passage_of(row) for row in connection.execute(query)]

    def entries(self, ids: Ids) -> Iterator[LexicalEntry]:
        """What the lexical index must know of each of `ids` that may be found."""
        columns: tuple[Any, ...] = (passages, versions.c.document_id, *_DESCRIPTIVE)
        for chunk in chunks(ids.tolist()):
            query = self._current(select(*columns)).where(passages.c.id.in_(chunk))
            with self._engine.connect() as connection:
                found = connection.execute(query.order_by(passages.c.id)).all()
            for row in found:
                yield LexicalEntry(
                    passage_id=row.id,
                    document_id=row.document_id,
                    title=row.title,
                    heading=tuple(row.heading),
                    text=row.text,
                    number=row.number,
                    facets=_facets(row),
                )

    def encoder_id(self, encoder: Encoder) -> int:
        """The id under which this encoder's vectors are kept; made when it is new."""
        known = select(encoders.c.id).where(encoders.c.fingerprint == encoder.fingerprint)
        with self._engine.connect() as connection:
            found = connection.execute(known).scalar()
        if found is not None:
            return int(found)
        with self._writer.begin() as connection:
            found = connection.execute(known).scalar()
            if found is not None:
                return int(found)
            result = connection.execute(
                insert(encoders).values(
                    fingerprint=encoder.fingerprint, name=encoder.name, dimension=encoder.dimension
                )
            )
        return new_id(result)

    def without_vector(self, encoder_id: int) -> Ids:
        """Ids of the passages that this encoder has still to encode, longest text first.

        Neighbours in this order are of like length, so batches carry little padding; and the time
        left, reckoned from the slow ones first, only ever shrinks.
        """
        query = (
            self._current(select(passages.c.id))
            .where(~exists().where(_vector_of(encoder_id)))
            .order_by(func.length(passages.c.text).desc(), passages.c.id)
        )
        with self._engine.connect() as connection:
            return np.fromiter(connection.execute(query).scalars(), dtype=np.int64)

    def with_vector(self, encoder_id: int, among: Ids | None = None) -> Ids:
        """Ids of the passages that may be found and have this encoder's vector, ascending.

        A vector of another length than the encoder's is damaged, and counts as none.

        Args:
            encoder_id: as `encoder_id` gave it.
            among: only those of these; None: all.
        """
        dimension = select(encoders.c.dimension).where(encoders.c.id == encoder_id)
        is_whole = func.length(vectors.c.vector) == 2 * dimension.scalar_subquery()
        query = self._current(select(passages.c.id)).join(
            vectors, and_(_vector_of(encoder_id), is_whole)
        )
        if among is not None:
            return self._among(query, among)
        return ids_of(self._engine, query.order_by(passages.c.id))

    def store_vectors(self, encoder_id: int, ids: Ids, *, values: Vectors) -> None:
        """Commit vectors; an id that has one already keeps it, a passage that is gone gets none."""
        stored = values.astype(_STORED)
        found = select(
            bindparam("encoder", encoder_id, Integer),
            passages.c.id,
            bindparam("vector", type_=LargeBinary),
        ).where(passages.c.id == bindparam("passage"))
        columns = ("encoder_id", "passage_id", "vector")
        statement = insert(vectors).prefix_with("OR IGNORE").from_select(columns, found)
        with self._writer.begin() as connection:
            connection.execute(
                statement,
                [
                    {"passage": id_, "vector": vector.tobytes()}
                    for id_, vector in zip(ids.tolist(), stored, strict=True)
                ],
            )

    def vectors(self, encoder_id: int, ids: Ids) -> Vectors:
        """The stored vectors of `ids`, in their order, of unit length again after rounding.

        Raises:
            KeyError: one of them has none.
        """
        found: dict[int, bytes] = {}
        with self._engine.connect() as connection:
            for chunk in chunks(ids.tolist()):
                query = select(vectors.c.passage_id, vectors.c.vector).where(
                    vectors.c.encoder_id == encoder_id, vectors.c.passage_id.in_(chunk)
                )
                found |= {row.passage_id: row.vector for row in connection.execute(query)}
        joined = b"".join(found[id_] for id_ in ids.tolist())
        matrix = np.frombuffer(joined, dtype=_STORED).astype(np.float32)
        matrix = matrix.reshape(len(ids), -1) if len(ids) else matrix.reshape(0, 0)
        norms = np.linalg.norm(matrix, axis=1, keepdims=True)
        unit: Vectors = (matrix / np.maximum(norms, 1e-12)).astype(np.float32)
        return unit

    def _among(self, query: Select[Any], ids: Ids) -> Ids:
        found: list[int] = []
        with self._engine.connect() as connection:
            for chunk in chunks(ids.tolist()):
                found += connection.execute(query.where(passages.c.id.in_(chunk))).scalars()
        return np.array(sorted(found), dtype=np.int64)

    def _is_anything_hidden(self) -> bool:
        if self.viewer.sees_everything:
            return False
        with reading(self._engine) as cursor:
            row = _anything_hidden(self.viewer).first(cursor)
        return row is not None and bool(row[0])

    def _current(self, query: Select[Any], selection: Filter = NO_FILTER) -> Select[Any]:
        return current(query, self.viewer, selection)


@lru_cache(maxsize=_VIEWERS)
def _anything_hidden(viewer: Viewer) -> Prepared:
    return Prepared(select(anything_hidden(viewer)))


def _facets(row: Row[Any]) -> Facets:
    held = None
    if row.version_access != Access.PUBLIC.value:
        held = Held(
            branch_id=row.version_branch_id,
            access=Access(row.version_access),
            made_by=row.version_made_by,
            shared=row.version_shared,
            recipients=frozenset(row.version_recipients),
        )
    return Facets(
        type=DocumentType(row.type),
        issuer=row.issuer,
        issued_on=row.issued_on,
        language=row.language,
        branch_id=row.branch_id,
        access=Access(row.access),
        made_by=row.made_by,
        shared=row.shared,
        recipients=frozenset(row.recipients),
        version=held,
    )


def _vector_of(encoder_id: int) -> ColumnElement[bool]:
    return and_(vectors.c.encoder_id == encoder_id, vectors.c.passage_id == passages.c.id)
