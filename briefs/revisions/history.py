"""What a brief said at each of its revisions: looked at, compared, taken back."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Select, select

from briefs.errors import (
    ChangedSinceError,
    DiscardedRevisionError,
    FirstRevisionError,
    UnknownBriefError,
    UnknownRevisionError,
    WithheldRevisionError,
)
from briefs.model import Brief, BriefState, Conflict, Contents, Statement
from briefs.revisions.comparing import Change, Changed, changes_between
from briefs.revisions.merging import merge, same
from briefs.revisions.recording import Tally, tally_of
from briefs.revisions.revising import stored_contents, write_contents
from briefs.revisions.sittings import Sitting, seated
from briefs.revisions.stored import contents_at, with_words
from briefs.revisions.unseen import unseen, wordings
from briefs.rows import as_seen, brief_of, own_row, row_of, withheld
from briefs.schema import briefs, revisions
from knowledge.access import Viewer, viewer_of
from knowledge.accounts.roles import Permission, require
from knowledge.model import Actor
from knowledge.store.engine import writing
from knowledge.store.schema import people
from knowledge.store.scoping import visible

_COUNTED: Final = (Change.ADDED, Change.CHANGED, Change.REMOVED, Change.MOVED)


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

    def sittings(
        self, brief_id: int, *, limit: int | None = None, before: int | None = None
    ) -> list[Sitting]:
        """The revisions of a brief as the sittings at which they were made, newest first.

        Every revision stands in one of them; `difference` of `base` and `last` is what it changed.

        Args:
            brief_id: the brief.
            limit: so many at most.
            before: only those whose last revision has a smaller number; for the next page.

        Raises:
            UnknownBriefError: no such brief.
        """
        columns = (revisions.c.number, revisions.c.made_by, revisions.c.made_at, people.c.name)
        query: Select[Any] = _listed(brief_id).with_only_columns(*columns)
        with self._engine.connect() as connection:
            row = self._row(connection, brief_id)
            listed = connection.execute(query).all()
            kept = {each.number for each in listed}
            older = (each for each in seated(listed) if before is None or each[0].number < before)
            found = list(islice(older, limit))
            hidden = wordings(unseen(connection, brief_id, viewer=self._viewer)) if found else set()
            bases = {number: number - (number - 1 in kept) for number in kept}
            ends = {end for each in found for end in (bases[each[-1].number], each[0].number)}
            states = {number: _contents(connection, row, number) for number in ends}
        return [_sitting_of(each, bases, states, hidden=hidden) for each in found]

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
            for each in changes_between(before.statements, after.statements)
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
            WithheldRevisionError: it would change the words of a statement that is withheld from
                the actor, or was at a revision; nothing is changed.
            DiscardedRevisionError: words of it stood in a file that was discarded; nothing is
                changed.
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
            closed = _closed(connection, brief.id, (after, before, now), actor=actor)
            if merged.conflicts:
                conflicts = _without_words(merged.conflicts, closed)
                raise ChangedSinceError(id=brief.id, number=number, conflicts=conflicts)
            made = merged.contents
            made = Contents(made.title, with_words(connection, made.statements))
            returning = _returning(now, made)
            if _tells(connection, returning, now, closed=closed, actor=actor):
                raise WithheldRevisionError(id=brief.id, number=number)
            if any(not line.text.strip() for line in returning):
                raise DiscardedRevisionError(id=brief.id, number=number)
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
        hidden = wordings(unseen(connection, brief_id, viewer=self._viewer))
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


def _sitting_of(
    rows: Sequence[Row[Any]],
    bases: Mapping[int, int],
    states: Mapping[int, Contents],
    *,
    hidden: Collection[tuple[int | None, str]],
) -> Sitting:
    """The sitting of these revisions, newest first."""
    first, last = rows[-1], rows[0]
    base = bases[first.number]
    old, new = states[base], states[last.number]
    changes = changes_between(old.statements, new.statements)
    lines = (each.after or each.before for each in changes[:1])
    words = "" if old.title == new.title else new.title
    for line in lines:
        words = "" if line is None or (line.id, line.text) in hidden else line.text
    counts = Counter(each.change for each in changes)
    return Sitting(
        first=first.number,
        last=last.number,
        base=base,
        person=last.name,
        begun=first.made_at,
        ended=last.made_at,
        tally=Tally(*(counts[each] for each in _COUNTED)),
        words=words,
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


def _closed(
    connection: Connection, brief_id: int, states: Iterable[Contents], *, actor: Actor
) -> set[int | None]:
    """Ids of statements whose words in one of these states are kept from an actor."""
    hidden = wordings(unseen(connection, brief_id, viewer=viewer_of(actor)))
    lines = (line for contents in states for line in contents.statements)
    return {line.id for line in lines if (line.id, line.text) in hidden}


def _tells(
    connection: Connection,
    returning: Sequence[Statement],
    now: Contents,
    *,
    closed: Collection[int | None],
    actor: Actor,
) -> bool:
    """Whether undoing would do to a withheld statement what its viewer may not.

    They may bring back one that was taken out, as long as it is still withheld then.
    """
    there = {line.id for line in now.statements}
    seen = as_seen(connection, returning, viewer=viewer_of(actor))
    return any(line.id in closed and (line.id in there or not line.is_withheld) for line in seen)


def _returning(now: Contents, made: Contents) -> list[Statement]:
    """The statements that undoing puts in or words otherwise."""
    known = {line.id: line for line in now.statements}
    return [line for line in made.statements if not same(known.get(line.id), line)]
