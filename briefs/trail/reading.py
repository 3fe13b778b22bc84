"""The search trails of briefs as one viewer reads them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from briefs.errors import UnknownBriefError
from briefs.revisions.unseen import unseen
from briefs.rows import row_of
from briefs.schema import search_acts, searches
from briefs.trail.noted import ActKind, NotedAct, NotedSearch
from briefs.trail.rows import Seen, act_of, documents_in, search_of, versions_in
from briefs.trail.sources import sources_of
from knowledge.access import Viewer
from knowledge.store import rows
from knowledge.store.engine import chunks
from knowledge.store.passages import Passages
from knowledge.store.schema import documents
from knowledge.store.scoping import visible


class TrailReading:
    """The part of `Trail` that only reads."""

    def __init__(self, engine: Engine, passages: Passages) -> None:
        """Make it for the viewer of `passages`."""
        self._engine = engine
        self._passages = passages

    @property
    def viewer(self) -> Viewer:
        """For whom it reads."""
        return self._passages.viewer

    def of(self, brief_id: int) -> tuple[NotedSearch, ...]:
        """The searches for a brief, oldest first, each with what was done with what it found.

        Raises:
            UnknownBriefError: no such brief.
        """
        with self._engine.connect() as connection:
            self._check_seen(connection, brief_id)
            found = connection.execute(
                select(searches).where(searches.c.brief_id == brief_id).order_by(searches.c.id)
            ).all()
            return self._read(connection, found)

    def rejected(self, brief_id: int, passage_ids: Sequence[int]) -> dict[int, NotedAct]:
        """Which of these passages are not used for a brief, and why, by passage.

        The last decision on each counts, whatever search it was found by.

        Raises:
            UnknownBriefError: no such brief.
        """
        query = (
            select(search_acts)
            .join(searches, searches.c.id == search_acts.c.search_id)
            .where(
                searches.c.brief_id == brief_id,
                search_acts.c.passage_id.in_(passage_ids),
                search_acts.c.act != ActKind.OPENED.value,
            )
            .order_by(search_acts.c.id)
        )
        with self._engine.connect() as connection:
            self._check_seen(connection, brief_id)
            last = {row.passage_id: row for row in connection.execute(query)}
            versions = {row.version_id for row in last.values()}
            seen = Seen(
                self.viewer, sources_of(connection, versions, viewer=self.viewer), frozenset()
            )
        return {
            id_: act_of(row, seen)
            for id_, row in last.items()
            if row.act == ActKind.REJECTED.value and row.version_id in seen.sources
        }

    def _check_seen(self, connection: Connection, brief_id: int) -> None:
        if not self.viewer.may_see(rows.stamp_of(row_of(connection, brief_id))):
            raise UnknownBriefError(id=brief_id)

    def _read(self, connection: Connection, found: Sequence[Row[Any]]) -> tuple[NotedSearch, ...]:
        acts: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for chunk in chunks([row.id for row in found]):
            query = select(search_acts).where(search_acts.c.search_id.in_(chunk))
            for act in connection.execute(query.order_by(search_acts.c.id)):
                acts[act.search_id].append(act)
        named = {id_ for row in found for id_ in documents_in(row)}
        versions = {id_ for row in found for id_ in versions_in(row)}
        versions |= {act.version_id for each in acts.values() for act in each}
        about = sorted({row.brief_id for row in found if row.brief_id is not None})
        seen = Seen(
            self.viewer,
            sources_of(connection, versions, viewer=self.viewer),
            self._visible_documents(connection, named),
            tuple(line for id_ in about for line in unseen(connection, id_, viewer=self.viewer)),
        )
        return tuple(search_of(row, acts[row.id], seen=seen) for row in found)

    def _visible_documents(self, connection: Connection, ids: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for chunk in chunks(sorted(ids)):
            query = select(documents.c.id).where(
                documents.c.id.in_(chunk), *visible(documents, self.viewer)
            )
            found |= set(connection.execute(query).scalars())
        return found
