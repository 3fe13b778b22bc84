"""How much of the collection a search goes through, counted for whoever searches."""

import threading
from typing import Any, Final

from sqlalchemy import Engine, Row, func, select

from briefs.trail.noted import Collection, Part
from knowledge.access import Scope, Viewer
from knowledge.filter import NO_FILTER, Filter
from knowledge.model import Access, DocumentType
from knowledge.store.changes import Changes, Mark
from knowledge.store.schema import documents, versions
from knowledge.store.scoping import conditions, visible

_REMEMBERED: Final = 256
"""Viewers and filters whose counts are remembered until the collection changes."""
_CLOSENESS: Final = (Access.PUBLIC, Access.STAFF, Access.NAMED)


class Holdings:
    """Counts what searches go through; safe in several threads, one for a home.

    Counting takes a moment, so a count is remembered as long as no passage was added, removed or
    described anew, by any process.
    """

    def __init__(self, engine: Engine, changes: Changes) -> None:
        self._engine = engine
        self._changes = changes
        self._lock = threading.Lock()
        self._mark: Mark | None = None
        self._known: dict[tuple[Viewer, Filter], Collection] = {}

    def of(self, viewer: Viewer, selection: Filter = NO_FILTER) -> Collection:
        """What a search of a viewer under a filter goes through, by branch, type and access."""
        key = viewer, selection
        mark = self._changes.latest()
        with self._lock:
            if mark != self._mark or len(self._known) >= _REMEMBERED:
                self._mark = mark
                self._known.clear()
            if key in self._known:
                return self._known[key]
        counted = self._count(Scope(viewer, selection))
        with self._lock:
            # What was counted before somebody changed the collection is not remembered after.
            if mark == self._mark:
                self._known[key] = counted
        return counted

    def _count(self, scope: Scope) -> Collection:
        whose = (
            documents.c.branch_id,
            documents.c.type,
            documents.c.access,
            documents.c.shared,
            versions.c.access.label("version_access"),
            versions.c.shared.label("version_shared"),
        )
        query = (
            select(
                *whose,
                func.count().label("documents"),
                func.sum(versions.c.passage_count).label("passages"),
                func.min(documents.c.issued_on).label("earliest"),
                func.max(documents.c.issued_on).label("latest"),
            )
            .join(versions, versions.c.id == documents.c.current_version_id)
            .where(
                documents.c.removed_at.is_(None),
                versions.c.passage_count > 0,
                *conditions(scope),
                *visible(versions, scope.viewer),
            )
            .group_by(*whose)
            .order_by(*whose)
        )
        with self._engine.connect() as connection:
            return Collection(tuple(map(_part, connection.execute(query))))


def _part(row: Row[Any]) -> Part:
    access, of_version = Access(row.access), Access(row.version_access)
    is_closer = _CLOSENESS.index(of_version) > _CLOSENESS.index(access)
    return Part(
        branch_id=row.branch_id,
        type=DocumentType(row.type),
        access=of_version if is_closer else access,
        shared=row.version_shared if is_closer else row.shared,
        documents=row.documents,
        passages=row.passages,
        earliest=row.earliest,
        latest=row.latest,
    )
