"""Briefs in SQL, with their editions."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, union, update

from briefs.editions import Editions
from briefs.errors import UnknownBriefError
from briefs.issuing import newest_number
from briefs.model import (
    Brief,
    BriefState,
    BriefSummary,
    Contents,
    EditionState,
    Statement,
    StatementKind,
)
from briefs.revisions.revising import revise
from briefs.revisions.stored import keep
from briefs.rows import brief_of, own_row, row_of, write_statements
from briefs.schema import briefs, editions, evidence, statements
from knowledge.access import KEEPER
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.model import Access, Actor, Stamp
from knowledge.store import rows
from knowledge.store.engine import new_id
from knowledge.store.schema import metadata
from knowledge.store.scoping import visible


class Briefs(Editions):
    """The briefs and editions as one viewer sees them; safe in several threads.

    A draft is for the staff of its branch, of the main library, and of every branch if it is
    shared; an edition for its audience. What the viewer may not see does not exist here, neither in
    lists nor in numbers; a statement of a draft that rests on such a source is withheld. Changes
    are made by whoever may see the brief and is of its branch or the main library, and entered in
    the log; every method is one transaction.
    """

    def create(
        self,
        title: str,
        lines: Sequence[Statement],
        *,
        actor: Actor,
        at: datetime,
        template: str | None = None,
    ) -> Brief:
        """Make a draft of the actor's branch with these statements at revision 1."""
        stamp = Stamp(actor.branch_id, Access.STAFF, actor.person_id, at)
        values = {
            "title": title,
            "state": BriefState.DRAFT.value,
            "revision": 1,
            "updated_at": at,
            "template": template,
            **rows.stamp_values(stamp),
        }
        with self._writer.begin() as connection:
            brief_id = new_id(connection.execute(insert(briefs).values(**values)))
            made = write_statements(connection, brief_id, lines)
            contents = Contents(title, made)
            keep(connection, brief_id, contents, number=1, before=(), actor=actor, at=at)
            _log(connection, Action.CREATE_BRIEF, brief_id, actor=actor, at=at)
            return brief_of(connection, row_of(connection, brief_id), viewer=KEEPER)

    def get(self, brief_id: int) -> Brief:
        """One brief with its statements in order.

        Raises:
            UnknownBriefError: no such brief.
        """
        query = select(briefs).where(briefs.c.id == brief_id, *visible(briefs, self.viewer))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
            if row is None:
                raise UnknownBriefError(id=brief_id)
            return brief_of(connection, row, viewer=self.viewer)

    def all(self) -> list[BriefSummary]:
        """All briefs, last changed first."""
        with self._engine.connect() as connection:
            return self._summaries(connection)

    def save(
        self,
        brief: Brief,
        *,
        title: str,
        lines: Sequence[Statement],
        actor: Actor,
        at: datetime,
    ) -> Brief:
        """Replace a brief's title and statements, and return it at its next revision.

        Statements that carry an id keep it; those of `brief` that are missing are deleted. One that
        is withheld keeps what is stored of it. What somebody else has saved since `brief` was read
        is kept too.

        Raises:
            ConflictingChangeError: somebody else has changed the same; nothing is changed.
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's.
        """
        with self._writer.begin() as connection:
            wanted = Contents(title, tuple(lines))
            made = revise(connection, brief, wanted, actor=actor, at=at).contents.statements
            row = row_of(connection, brief.id)
            return brief_of(connection, row, viewer=self.viewer, lines=made)

    def share(self, brief_id: int, *, shared: bool, actor: Actor, at: datetime) -> None:
        """Let the staff of every branch see a brief, or no longer; its revision stays.

        Raises:
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's.
        """
        with self._writer.begin() as connection:
            if own_row(connection, brief_id, actor).shared is shared:
                return
            connection.execute(update(briefs).where(briefs.c.id == brief_id).values(shared=shared))
            _log(connection, Action.SHARE_BRIEF, brief_id, actor=actor, at=at, shared=shared)

    def delete(self, brief_id: int, *, actor: Actor, at: datetime) -> None:
        """Delete a brief that was never published.

        Raises:
            UnknownBriefError: no such brief, or it has an edition.
            OtherBranchError: another branch's.
        """
        with self._writer.begin() as connection:
            own_row(connection, brief_id, actor)
            if newest_number(connection, brief_id):
                raise UnknownBriefError(id=brief_id)
            for table in reversed(metadata.sorted_tables):
                for column in table.columns:
                    # Of every table, so that none is forgotten.
                    if column.references(briefs.c.id):
                        connection.execute(delete(table).where(column == brief_id))
            connection.execute(delete(briefs).where(briefs.c.id == brief_id))
            _log(connection, Action.DELETE_BRIEF, brief_id, actor=actor, at=at)

    def citing(self) -> dict[int, list[BriefSummary]]:
        """The briefs that cite a version, now or in an edition that counts, by the version's id.

        Each once, last changed first. An edition counts though it be for other persons, as whoever
        sees its brief knows that it was published; and a version is named that the viewer may not
        see, as who asks has its id: who withholds a source must learn what rests on it.
        """
        now = select(evidence.c.version_id, statements.c.brief_id).join(
            statements, statements.c.id == evidence.c.statement_id
        )
        each = func.json_each(editions.c.content, "$.references").table_valued("value")
        frozen = (
            select(func.json_extract(each.c.value, "$.version_id"), editions.c.brief_id)
            .select_from(editions)
            .join(each, each.c.value.is_not(None))
            .where(editions.c.state != EditionState.WITHDRAWN.value)
        )
        cited: defaultdict[int, set[int]] = defaultdict(set)
        with self._engine.connect() as connection:
            for version_id, brief_id in connection.execute(union(now, frozen)):
                cited[brief_id].add(version_id)
            summaries = self._summaries(connection)
        found: dict[int, list[BriefSummary]] = {}
        for summary in summaries:
            for version_id in sorted(cited[summary.id]):
                found.setdefault(version_id, []).append(summary)
        return found

    def _summaries(self, connection: Connection) -> list[BriefSummary]:
        counted = (
            select(func.count())
            .where(
                statements.c.brief_id == briefs.c.id,
                statements.c.kind != StatementKind.HEADING.value,
            )
            .scalar_subquery()
        )
        has_edition = select(editions.c.id).where(editions.c.brief_id == briefs.c.id).exists()
        newest = self.newest_numbers().subquery()
        query = (
            select(briefs, counted.label("counted"), newest.c.newest, has_edition.label("had"))
            .outerjoin(newest, newest.c.brief_id == briefs.c.id)
            .where(*visible(briefs, self.viewer))
            .order_by(briefs.c.updated_at.desc(), briefs.c.id.desc())
        )
        return [
            BriefSummary(
                id=row.id,
                title=row.title,
                state=BriefState(row.state),
                revision=row.revision,
                statement_count=row.counted,
                updated_at=row.updated_at,
                edition=row.newest,
                stamp=rows.stamp_of(row),
                was_published=row.had,
            )
            for row in connection.execute(query)
        ]


def _log(
    connection: Connection,
    action: Action,
    brief_id: int,
    *,
    actor: Actor,
    at: datetime,
    **details: bool,
) -> None:
    deed = Deed.by(actor, action, kind="brief", record=brief_id, **details)
    enter(connection, deed, at=at)
