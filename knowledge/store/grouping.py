"""Groups of documents: the connected parts of what is alike; always within a transaction."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, update

from knowledge.store.engine import chunks
from knowledge.store.schema import documents, likenesses, versions

MINE: Final = documents.alias("mine")
"""The document from whose side `pairs_of` looks."""
_OTHER: Final = documents.alias("other")


def pairs_of(condition: ColumnElement[bool]) -> Iterator[Select[Any]]:
    """Queries that together give the pairs of alike documents, seen from some of them.

    Their columns are ``mine``, ``other``, ``kind`` and ``similarity``. Only current versions of
    documents present count.

    Args:
        condition: on `MINE`: from whose side.
    """
    columns = (likenesses.c.version_id, likenesses.c.other_id)
    for mine, other in (columns, columns[::-1]):
        yield (
            select(
                MINE.c.id.label("mine"),
                _OTHER.c.id.label("other"),
                likenesses.c.kind,
                likenesses.c.similarity,
            )
            .select_from(likenesses)
            .join(MINE, MINE.c.current_version_id == mine)
            .join(versions, versions.c.id == other)
            # By its id as well: only that has an index.
            .join(
                _OTHER,
                and_(
                    _OTHER.c.id == versions.c.document_id,
                    _OTHER.c.current_version_id == versions.c.id,
                ),
            )
            .where(MINE.c.removed_at.is_(None), _OTHER.c.removed_at.is_(None), condition)
        )


def join(connection: Connection, joined: set[int]) -> None:
    """Make one group of these documents and all that are in a group with one of them.

    A group's id is the least of its documents'.
    """
    query = select(documents.c.group_id).where(
        documents.c.id.in_(joined), documents.c.group_id.is_not(None)
    )
    groups = set(connection.execute(query.distinct()).scalars())
    name = min(joined | groups)
    is_of_them = or_(documents.c.id.in_(joined), documents.c.group_id.in_(groups))
    is_new = documents.c.group_id.is_distinct_from(name)
    connection.execute(update(documents).where(is_of_them, is_new).values(group_id=name))


def split(connection: Connection, groups: Sequence[int]) -> None:
    """Make of these groups what the likenesses left make of their members."""
    members = documents.c.group_id.in_(groups)
    held = set(connection.execute(select(documents.c.id).where(members)).scalars())
    beside: dict[int, set[int]] = {id_: set() for id_ in held}
    for query in pairs_of(MINE.c.group_id.in_(groups)):
        for row in connection.execute(query):
            beside[row.mine].add(row.other)
    connection.execute(update(documents).where(members).values(group_id=None))
    for component in components(beside):
        for chunk in chunks(component if len(component) > 1 else ()):
            connection.execute(
                update(documents).where(documents.c.id.in_(chunk)).values(group_id=component[0])
            )


def components(beside: Mapping[int, set[int]]) -> Iterator[list[int]]:
    """The connected parts of a graph, each ascending."""
    left = set(beside)
    while left:
        part, edge = set(), {left.pop()}
        while edge:
            part |= edge
            edge = {other for id_ in edge for other in beside.get(id_, ())} - part
        left -= part
        yield sorted(part)
