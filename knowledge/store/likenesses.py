"""Which versions have the same or nearly the same words, and the groups that follow from it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
    text,
)

from embeddings.checks import without
from knowledge.model import BlockKind, Layer
from knowledge.store.engine import chunks, writing
from knowledge.store.grouping import MINE, join, pairs_of, split
from knowledge.store.prepared import Prepared, given, reading
from knowledge.store.schema import documents, likenesses, pages, shingle_bands, versions

_TEXT_BAND: Final = 0
"""Not a band but the key of the whole text; every version that was looked at has this row."""


class Kind(StrEnum):
    """How two versions are alike."""

    BYTES = "bytes"
    """The same file."""
    TEXT = "text"
    """The same words, blanks and punctuation apart."""
    NEAR = "near"
    """Nearly the same words."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be looked at of a version."""

    version_id: int
    sha256: str
    """Of its file; empty for a text that was no file."""
    words: str
    """Its pages' text, running headers and page numbers left out."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a version is found by."""

    text_key: int
    """0 when it has no text: it is like nothing."""
    band_keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that may be alike; `kind` is None where only the words themselves can tell."""

    version_id: int
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """That a version is like another one."""

    other: int
    """Id of the other: of a version, or in `Likenesses.beside` of a document."""
    kind: Kind
    similarity: float
    """Jaccard similarity of the runs of five characters; 1 for the same text or file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A version that was looked at, and what it was found to be like."""

    source: Source
    fingerprint: Fingerprint
    found: tuple[Likeness, ...]


class Likenesses:
    """Fingerprints, likenesses and groups of the current versions of documents not removed.

    Safe in several threads, every method one transaction. Groups are always those that the stored
    likenesses make: the documents that a chain of them joins.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def due(self, among: Sequence[int] | None = None) -> tuple[list[int], list[int]]:
        """Versions to be looked at and versions to be dropped, each ascending.

        A version with a page that waits for recognition is not due: its words are not known yet.

        Args:
            among: only those of these versions; None: of all.
        """
        current = _current(select(versions.c.id))
        marked = select(shingle_bands.c.version_id).where(shingle_bands.c.band == _TEXT_BAND)
        keys = {}
        if among is not None:
            current = current.where(versions.c.id.in_(given()))
            marked = marked.where(shingle_bands.c.version_id.in_(given()))
            keys = {"given": among}
        with reading(self._engine) as cursor:
            wanted, held = (
                np.sort(Prepared(query).ids(cursor, **keys)) for query in (current, marked)
            )
            missing = without(wanted, held)
            waiting = _waiting().ids(cursor, given=missing.tolist())
        return without(missing, waiting).tolist(), without(held, wanted).tolist()

    def sources(self, version_ids: Sequence[int]) -> list[Source]:
        """What is to be looked at of those versions that exist, in the order given."""
        with self._engine.connect() as connection:
            found = {source.version_id: source for source in _sources(connection, version_ids)}
        return [found[id_] for id_ in version_ids if id_ in found]

    def candidates(
        self, source: Source, fingerprint: Fingerprint, *, limit: int
    ) -> list[Candidate]:
        """Versions kept that share the file or a key with this one, the most promising first."""
        if not fingerprint.text_key:
            return []
        keys = json.dumps((fingerprint.text_key, *fingerprint.band_keys))
        found: dict[int, Kind | None] = {}
        with self._engine.connect() as connection:
            for twin in _twins(connection, source):
                found[twin] = Kind.BYTES
            for row in connection.execute(_SHARING, {"keys": keys, "limit": limit}):
                found.setdefault(row.version_id, Kind.TEXT if row.is_same else None)
        found.pop(source.version_id, None)
        return [Candidate(id_, kind) for id_, kind in islice(found.items(), limit)]

    def store(self, entries: Sequence[Entry]) -> None:
        """Keep what was found of versions, in order, and join their documents' groups.

        An entry is left out, and stays due, when the version's words have changed since or it is
        no longer current, or when this holds for one that it was found to be like.
        """
        ids = [entry.source.version_id for entry in entries]
        others = {likeness.other for entry in entries for likeness in entry.found}
        with self._writer.begin() as connection:
            owners = _owners(connection, sorted(others.union(ids)))
            known = _marked(connection, sorted(others)) & owners.keys()
            now = {source.version_id: source for source in _sources(connection, ids)}
            for entry in entries:
                id_, found = entry.source.version_id, entry.found
                if id_ not in owners or now.get(id_) != entry.source:
                    continue
                if known.issuperset(likeness.other for likeness in found):
                    _insert(connection, entry)
                    known.add(id_)
                    if found:
                        join(connection, {owners[i] for i in (id_, *(e.other for e in found))})

    def drop(self, version_ids: Sequence[int]) -> None:
        """Let versions go: nothing is like them any more, and their groups follow."""
        with self._writer.begin() as connection:
            for chunk in chunks(version_ids):
                _forget(connection, chunk)

    @staticmethod
    def forget(version_id: int, connection: Connection) -> None:
        """Within a writing transaction: the words of a version change, so look at it anew.

        Whoever replaces the pages of a version calls this in the same transaction.
        """
        _forget(connection, [version_id])

    def beside(self, document_id: int) -> list[Likeness]:
        """What the current version of a document is like, by the other document's id.

        Most alike first. Members of its group that only a third joins to it are not among them.
        """
        found: list[Likeness] = []
        with self._engine.connect() as connection:
            for query in pairs_of(MINE.c.id == document_id):
                for row in connection.execute(query):
                    found.append(Likeness(row.other, Kind(row.kind), row.similarity))
        order = list(Kind)
        return sorted(
            found, key=lambda each: (order.index(each.kind), -each.similarity, each.other)
        )

    def members(self, group: int) -> list[int]:
        """The documents of a group, ascending."""
        query = select(documents.c.id).where(
            documents.c.group_id == group, documents.c.removed_at.is_(None)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(documents.c.id)).scalars())

    def pairs(self, group: int) -> dict[int, set[int]]:
        """By the id of each document of a group those that it is directly like."""
        beside: dict[int, set[int]] = {}
        with self._engine.connect() as connection:
            for query in pairs_of(MINE.c.group_id == group):
                for row in connection.execute(query):
                    beside.setdefault(row.mine, set()).add(row.other)
        return beside

    def groups(self) -> dict[int, tuple[int, ...]]:
        """All groups by name, each the ascending ids of its documents; by the first of them."""
        query = (
            select(documents.c.group_id, documents.c.id)
            .where(documents.c.group_id.is_not(None), documents.c.removed_at.is_(None))
            .order_by(documents.c.group_id, documents.c.id)
        )
        members: dict[int, list[int]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                members.setdefault(row.group_id, []).append(row.id)
        return {name: tuple(ids) for name, ids in members.items() if len(ids) > 1}


_SHARING: Final = text(
    "SELECT version_id, max(wanted.key = 0) AS is_same"
    " FROM json_each(:keys) AS wanted CROSS JOIN shingle_bands AS held"
    " ON held.band = wanted.key AND held.key = wanted.value"
    " GROUP BY version_id ORDER BY count(*) DESC, version_id LIMIT :limit"
)
"""Versions by the number of keys they share; a key's place in the array is its band. CROSS JOIN
makes SQLite look up the few keys, not read the whole table."""


def _current(query: Select[Any]) -> Select[Any]:
    return query.select_from(versions).join(
        documents,
        and_(
            documents.c.id == versions.c.document_id,
            documents.c.current_version_id == versions.c.id,
            documents.c.removed_at.is_(None),
        ),
    )


def _owners(connection: Connection, version_ids: Sequence[int]) -> dict[int, int]:
    """The document of each version that is current, by version."""
    found: dict[int, int] = {}
    for chunk in chunks(version_ids):
        query = _current(select(versions.c.id, versions.c.document_id))
        for row in connection.execute(query.where(versions.c.id.in_(chunk))):
            found[row.id] = row.document_id
    return found


@cache
def _waiting() -> Prepared:
    waits = exists().where(
        pages.c.version_id == versions.c.id, pages.c.layer == Layer.WAITING.value
    )
    return Prepared(select(versions.c.id).where(versions.c.id.in_(given()), waits))


def _sources(connection: Connection, version_ids: Sequence[int]) -> Iterator[Source]:
    for chunk in chunks(version_ids):
        hashes = select(versions.c.id, versions.c.sha256).where(versions.c.id.in_(chunk))
        words: dict[int, list[str]] = {}
        query = (
            select(pages.c.version_id, pages.c.text, pages.c.blocks)
            .where(pages.c.version_id.in_(chunk))
            .order_by(pages.c.version_id, pages.c.position)
        )
        for row in connection.execute(query):
            words.setdefault(row.version_id, []).append(_without_furniture(row.text, row.blocks))
        for id_, sha256 in connection.execute(hashes).all():
            yield Source(id_, sha256, "\n".join(words.get(id_, ())))


def _without_furniture(words: str, blocks: Iterable[Sequence[Any]]) -> str:
    kept: list[str] = []
    position = 0
    for kind, start, end, *_level in blocks:
        if kind == BlockKind.FURNITURE.value:
            kept.append(words[position:start])
            position = end
    return "\n".join((*kept, words[position:]))


def _twins(connection: Connection, source: Source) -> list[int]:
    """Versions kept that are the same file, ascending."""
    if not source.sha256:
        return []
    query = select(versions.c.id).where(versions.c.sha256 == source.sha256)
    return sorted(_marked(connection, list(connection.execute(query).scalars())))


def _marked(connection: Connection, version_ids: Sequence[int]) -> set[int]:
    """Those of the versions that were looked at and have a text."""
    found: set[int] = set()
    for chunk in chunks(version_ids):
        query = select(shingle_bands.c.version_id).where(
            shingle_bands.c.version_id.in_(chunk),
            shingle_bands.c.band == _TEXT_BAND,
            shingle_bands.c.key != 0,
        )
        found.update(connection.execute(query).scalars())
    return found


def _insert(connection: Connection, entry: Entry) -> None:
    id_ = entry.source.version_id
    keys = (entry.fingerprint.text_key, *entry.fingerprint.band_keys)
    rows = [{"band": band, "key": key, "version_id": id_} for band, key in enumerate(keys)]
    connection.execute(insert(shingle_bands), rows)
    pairs = [
        {
            "version_id": min(id_, found.other),
            "other_id": max(id_, found.other),
            "kind": found.kind.value,
            "similarity": found.similarity,
        }
        for found in entry.found
    ]
    if pairs:
        connection.execute(insert(likenesses), pairs)


def _delete(connection: Connection, version_ids: Sequence[int]) -> None:
    connection.execute(delete(shingle_bands).where(shingle_bands.c.version_id.in_(version_ids)))
    touches = or_(likenesses.c.version_id.in_(version_ids), likenesses.c.other_id.in_(version_ids))
    connection.execute(delete(likenesses).where(touches))


def _forget(connection: Connection, version_ids: Sequence[int]) -> None:
    _delete(connection, version_ids)
    query = (
        select(documents.c.group_id)
        .join(versions, versions.c.document_id == documents.c.id)
        .where(versions.c.id.in_(version_ids), documents.c.group_id.is_not(None))
        .distinct()
    )
    split(connection, list(connection.execute(query).scalars()))
