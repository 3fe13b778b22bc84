"""What must agree within the database, beyond what its constraints say."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, text, true

from knowledge.model import Layer
from knowledge.store.grouping import components, pairs_of
from knowledge.store.schema import (
    changes,
    documents,
    encoders,
    encodings,
    pages,
    recognitions,
    vectors,
    versions,
)

_TRIGGERS = frozenset(
    {
        "log_passage_added",
        "log_passage_removed",
        "log_passage_changed",
        "log_document_changed",
        "log_document_removed",
        "log_version_changed",
        "log_vector_added",
        "log_vector_removed",
        "forget_old_changes",
        "forget_old_encodings",
    }
)
_WAITING = "waiting"


def log_faults(connection: Connection) -> Iterator[str]:
    """Names of triggers that are gone, and of logs whose counter is behind."""
    query = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    present = set(connection.execute(query).scalars())
    yield from (f"trigger:{name}" for name in sorted(_TRIGGERS - present))
    for log in (changes, encodings):
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :log")
        counter = connection.execute(query, {"log": log.name}).scalar() or 0
        if (connection.execute(select(func.max(log.c.id))).scalar() or 0) > counter:
            yield f"counter:{log.name}"


def current_faults(connection: Connection) -> Iterator[str]:
    """Documents whose current version is none of theirs, ascending."""
    of_it = and_(versions.c.id == documents.c.current_version_id, _IS_ITS_OWN)
    query = select(documents.c.id).where(~exists().where(of_it)).order_by(documents.c.id)
    yield from (f"document:{id_}" for id_ in connection.execute(query).scalars())


def vector_faults(connection: Connection) -> Iterator[str]:
    """Passages with a vector of another length than its encoder's, ascending."""
    query = select(vectors.c.passage_id).where(is_misshapen()).order_by(vectors.c.passage_id)
    yield from (f"vector:{id_}" for id_ in connection.execute(query).scalars())


def is_misshapen() -> ColumnElement[bool]:
    """Whether a vector is not as long as its encoder makes them: two bytes a number."""
    dimension = select(encoders.c.dimension).where(encoders.c.id == vectors.c.encoder_id)
    return func.length(vectors.c.vector) != 2 * dimension.scalar_subquery()


def group_faults(connection: Connection) -> Iterator[str]:
    """Documents in another group than the stored likenesses make, ascending.

    Only says something when every version was looked at.
    """
    beside: dict[int, set[int]] = {}
    for query in pairs_of(true()):
        for row in connection.execute(query):
            beside.setdefault(row.mine, set()).add(row.other)
    made = {id_: part[0] for part in components(beside) for id_ in part}
    present = select(documents.c.id, documents.c.group_id).where(
        documents.c.removed_at.is_(None), documents.c.group_id.is_not(None)
    )
    held = {row.id: row.group_id for row in connection.execute(present)}
    for id_ in sorted(made.keys() | held.keys()):
        if made.get(id_) != held.get(id_):
            yield f"document:{id_}"


def queue_faults(connection: Connection) -> Iterator[str]:
    """Pages that wait for recognition and are not in its queue, or the reverse; in order."""
    query = (
        select(pages.c.version_id, pages.c.position, pages.c.layer, *_QUEUED)
        .select_from(pages)
        .join(versions, versions.c.id == pages.c.version_id)
        .join(documents, documents.c.current_version_id == versions.c.id)
        .outerjoin(recognitions, _IS_OF_THE_PAGE)
        .where(
            documents.c.removed_at.is_(None),
            (pages.c.layer == Layer.WAITING.value) | recognitions.c.state.is_not(None),
        )
        .order_by(pages.c.version_id, pages.c.position)
    )
    for row in connection.execute(query):
        is_queued = row.state is not None and (row.state == _WAITING or row.is_kept)
        if is_queued != (row.layer == Layer.WAITING.value):
            yield f"page:{row.version_id}:{row.position}"


_IS_ITS_OWN = versions.c.document_id == documents.c.id
_IS_OF_THE_PAGE = and_(
    recognitions.c.version_id == pages.c.version_id, recognitions.c.page == pages.c.position
)
_QUEUED = (recognitions.c.state, recognitions.c.lines.is_not(None).label("is_kept"))
