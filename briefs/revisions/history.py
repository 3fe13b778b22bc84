"""What a brief said at each of its revisions: looked at, compared, taken back."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, select

from briefs.errors import (
    ChangedSinceError,
    FirstRevisionError,
    UnknownBriefError,
    UnknownRevisionError,
)
from briefs.model import Brief, BriefState, Conflict, Contents, Statement
from briefs.revisions.merging import merge, moved, same
from briefs.revisions.recording import Tally, said, tally_of
from briefs.revisions.revising import hidden_ids, stored_contents, write_contents
from briefs.revisions.stored import contents_at, with_words
from briefs.rows import as_seen, brief_of, own_row, row_of, withheld
from briefs.schema import briefs, revisions
from knowledge.access import Viewer
from knowledge.accounts.roles import Permission, require
from knowledge.model import Actor
from knowledge.store.engine import writing
from knowledge.store.schema import people
from knowledge.store.scoping import visible


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision in the list of a brief's."""

    number: int
    title: str
    made_by: int
    person: str
    """Their name as it is today."""
    at: datetime
    tally: Tally
    """What it added, changed, removed and moved."""
    is_first: bool
    """Nothing before it is kept: it cannot be taken back."""


class Change(StrEnum):
    """What became of a statement from one revision to another."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of one statement."""

    change: Change
    statement_id: int
    before: Statement | None
    """None exactly when it was added."""
    after: Statement | None
    """None exactly when it was removed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different between two revisions of a brief."""

    brief_id: int
    old: int
    new: int
    titles: tuple[str, str]
    """The old one and the new one; the same where it was not changed."""
    changes: tuple[Changed, ...]
    """In the new order; what was removed stands after what it followed in the old one."""


class History:
    """The revisions of briefs as one viewer sees them; safe in several threads.

    Whoever may see a brief may see what it said before, but for statements that rest on a source
    which is kept from them today, or whose very words did at any revision: these are withheld.
    """

    def __init__(self, engine: Engine, viewer: Viewer, *, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self._viewer = viewer
        self._clock = clock

    def revisions(
        self, brief_id: int, *, limit: int | None = None, before: int | None = None
    ) -> list[Revision]:
        """The revisions of a brief, newest first; empty where none was kept.

        Args:
            brief_id: the brief.
            limit: so many at most.
            before: only those with a smaller number; for the next page.

        Raises:
            UnknownBriefError: no such brief.
        """
        query = _listed(brief_id)
        if before is not None:
            query = query.where(revisions.c.number < before)
        with self._engine.connect() as connection:
            self._row(connection, brief_id)
            # One more than is shown says whether the last one shown has another before it.
            found = connection.execute(query.limit(None if limit is None else limit + 1)).all()
        numbers = {row.number for row in found}
        return [_revision_of(row, is_first=row.number - 1 not in numbers) for row in found[:limit]]

    def at(self, brief_id: int, number: int) -> Brief:
        """A brief as it was at a revision, its statements as the viewer may see them today.

        It may be edited and saved like one just read: what was saved since is kept.

        Raises:
            UnknownBriefError: no such brief.
            UnknownRevisionError: that revision is not kept.
        """
        with self._engine.connect() as connection:
            row = self._row(connection, brief_id)
            if number == row.revision:
                return brief_of(connection, row, viewer=self._viewer)
            contents = _contents(connection, row, number)
            query = _listed(brief_id).where(revisions.c.number == number)
            made_at = connection.execute(query).one().made_at
            seen = self._as_seen(connection, brief_id, contents.statements)
            now = brief_of(connection, row, viewer=self._viewer)
        return replace(
            now,
            title=contents.title,
            state=BriefState.DRAFT,
            revision=number,
            statements=tuple(seen[line.id] for line in contents.statements),
            updated_at=made_at,
        )

    def difference(self, brief_id: int, old: int, new: int) -> Difference:
        """What is different between two revisions, statement by statement.

        Raises:
            UnknownBriefError: no such brief.
            UnknownRevisionError: one of them is not kept.
        """
        with self._engine.connect() as connection:
            row = self._row(connection, brief_id)
            before, after = (_contents(connection, row, each) for each in (old, new))
            was = self._as_seen(connection, brief_id, before.statements)
            became = self._as_seen(connection, brief_id, after.statements)
        changes = (
            replace(
                each,
                before=each.before and was[each.statement_id],
                after=each.after and became[each.statement_id],
            )
            for each in _changes(before.statements, after.statements)
        )
        return Difference(brief_id, old, new, (before.title, after.title), tuple(changes))

    def undo(self, brief: Brief, number: int, *, actor: Actor) -> Brief:
        """Take back what one revision changed, and keep what was changed since.

        It makes a new revision; taking that one back does again what was undone. Nothing is
        changed where nothing of it is left.

        Args:
            brief: the brief; it need not be the newest.
            number: of the revision.
            actor: who does it.

        Raises:
            NotPermittedError: the actor may not.
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's.
            UnknownRevisionError: that revision is not kept.
            FirstRevisionError: what was before it is not.
            ChangedSinceError: what it changed was changed again since; nothing is changed.
        """
        require(actor, Permission.DRAFT)
        at = self._clock()
        with self._writer.begin() as connection:
            row = own_row(connection, brief.id, actor)
            after = contents_at(connection, brief.id, number)
            before = contents_at(connection, brief.id, number - 1)
            if after is None:
                raise UnknownRevisionError(id=brief.id, number=number)
            if before is None:
                raise FirstRevisionError(id=brief.id, number=number)
            now = stored_contents(connection, row)
            merged = merge(after, before, theirs=now)
            if merged.conflicts:
                both = (*now.statements, *before.statements)
                conflicts = _without_words(
                    merged.conflicts, hidden_ids(connection, both, actor=actor)
                )
                raise ChangedSinceError(id=brief.id, number=number, conflicts=conflicts)
            lines = with_words(connection, merged.contents.statements)
            made = Contents(
                merged.contents.title,
                # Words of a file that was discarded do not come back.
                tuple(line for line in lines if line.text.strip()),
            )
            own = {line.id for line in before.statements if line.id is not None}
            written = write_contents(connection, row, made, stored=now, actor=actor, at=at, own=own)
            row = row_of(connection, brief.id)
            return brief_of(connection, row, viewer=self._viewer, lines=written.contents.statements)

    def _row(self, connection: Connection, brief_id: int) -> Row[Any]:
        query = select(briefs).where(briefs.c.id == brief_id, *visible(briefs, self._viewer))
        row = connection.execute(query).first()
        if row is None:
            raise UnknownBriefError(id=brief_id)
        return row

    def _as_seen(
        self, connection: Connection, brief_id: int, lines: Sequence[Statement]
    ) -> dict[int | None, Statement]:
        """Statements by their id as the viewer may see them, with the words of their evidence."""
        texts = select(revisions.c.content).where(revisions.c.brief_id == brief_id)
        ever = [*said(connection.execute(texts).scalars()), *lines]
        seen = as_seen(connection, ever, viewer=self._viewer)
        pairs = zip(ever, seen, strict=True)
        hidden = {(whole.id, whole.text) for whole, shown in pairs if shown.is_withheld}
        shown = [withheld(line) if (line.id, line.text) in hidden else line for line in lines]
        return {line.id: line for line in with_words(connection, shown)}


def _contents(connection: Connection, row: Row[Any], number: int) -> Contents:
    """What a brief said at a revision, whoever may see it."""
    if number == row.revision:
        # Of a brief of an older Zhiku there is nothing else.
        return stored_contents(connection, row)
    contents = contents_at(connection, row.id, number)
    if contents is None:
        raise UnknownRevisionError(id=row.id, number=number)
    return contents


def _listed(brief_id: int) -> Select[Any]:
    return (
        select(revisions, people.c.name)
        .join(people, people.c.id == revisions.c.made_by)
        .where(revisions.c.brief_id == brief_id)
        .order_by(revisions.c.number.desc())
    )


def _revision_of(row: Row[Any], *, is_first: bool) -> Revision:
    return Revision(
        number=row.number,
        title=row.title,
        made_by=row.made_by,
        person=row.name,
        at=row.made_at,
        tally=tally_of(row.content),
        is_first=is_first,
    )


def _without_words(
    conflicts: Iterable[Conflict], hidden: Collection[int | None]
) -> tuple[Conflict, ...]:
    return tuple(
        each
        if each.statement_id is None or each.statement_id not in hidden
        else replace(each, mine=each.mine and "", theirs=each.theirs and "")
        for each in conflicts
    )


def _changes(before: Sequence[Statement], after: Sequence[Statement]) -> list[Changed]:
    """In the new order; what was removed, after what it followed."""
    old = {line.id: line for line in before if line.id is not None}
    new = {line.id: line for line in after if line.id is not None}
    carried = moved(list(old), list(new))
    found = {
        id_: Changed(change, id_, old.get(id_), line)
        for id_, line in new.items()
        if (change := _change(old.get(id_), line, is_moved=id_ in carried)) is not None
    }
    order: list[int] = list(new)
    previous: int | None = None
    for id_, line in old.items():
        if id_ not in new:
            found[id_] = Changed(Change.REMOVED, id_, line, None)
            order.insert(0 if previous is None else order.index(previous) + 1, id_)
        previous = id_
    return [found[id_] for id_ in order if id_ in found]


def _change(before: Statement | None, after: Statement, *, is_moved: bool) -> Change | None:
    if before is None:
        return Change.ADDED
    if not same(before, after):
        return Change.CHANGED
    return Change.MOVED if is_moved else None
