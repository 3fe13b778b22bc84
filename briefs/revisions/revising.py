"""The next revision of a brief, written within a transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from briefs.errors import ConflictingChangeError, StaleRevisionError
from briefs.model import Brief, BriefState, Contents, Statement
from briefs.revisions.merging import merge
from briefs.revisions.stored import contents_at, keep
from briefs.rows import as_seen, own_row, restored, statements_of, write_statements
from briefs.schema import briefs
from knowledge.access import KEEPER, viewer_of
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.tables import audit
from knowledge.model import Actor

SITTING: Final = timedelta(minutes=10)
"""So long a person's changes to one brief are one deed in the log; its revisions say each."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is stored of a brief once a change was written."""

    revision: int
    contents: Contents


def check_revision(connection: Connection, brief: Brief, *, actor: Actor) -> None:
    """Go on only if a brief is the actor's to change and still as it was read.

    Raises:
        StaleRevisionError: somebody has saved since.
        UnknownBriefError: no such brief.
        OtherBranchError: another branch's.
    """
    if own_row(connection, brief.id, actor).revision != brief.revision:
        raise StaleRevisionError(id=brief.id)


def write_revision(
    connection: Connection,
    brief: Brief,
    *,
    title: str,
    lines: Sequence[Statement],
    actor: Actor,
    at: datetime,
) -> int:
    """As `revise`; returns the number of the revision."""
    return revise(connection, brief, Contents(title, tuple(lines)), actor=actor, at=at).revision


def revise(
    connection: Connection, brief: Brief, contents: Contents, *, actor: Actor, at: datetime
) -> Written:
    """Make this the brief's next revision, and enter it in the log.

    Statements that carry an id keep it; those of `brief` that are missing are deleted. One that is
    withheld keeps what is stored of it. Where somebody has saved since `brief` was read, both
    changes are made one, as `briefs.revisions.merging` does it.

    Args:
        connection: of the transaction, which holds the write lock.
        brief: as it was read.
        contents: what it is to say.
        actor: who changes it.
        at: now.

    Returns:
        The revision; the stored one if it says all this already.

    Raises:
        ConflictingChangeError: somebody else has changed the same since; nothing is changed.
        UnknownBriefError, OtherBranchError: see `check_revision`.
    """
    row = own_row(connection, brief.id, actor)
    stored = stored_contents(connection, row)
    if row.revision != brief.revision:
        contents = _merged(connection, brief, contents, stored=stored, actor=actor)
    kept = restored(contents.statements, stored.statements)
    whole = Contents(contents.title, tuple(kept))
    return write_contents(connection, row, whole, stored=stored, actor=actor, at=at)


def stored_contents(connection: Connection, row: Row[Any]) -> Contents:
    """What the brief of `row` says now, for changing it or comparing: it is shown to nobody."""
    return Contents(row.title, statements_of(connection, row.id, viewer=KEEPER))


def write_contents(
    connection: Connection,
    row: Row[Any],
    contents: Contents,
    *,
    stored: Contents,
    actor: Actor,
    at: datetime,
    own: Collection[int] = (),
) -> Written:
    """Make this the next revision of the brief of `row`, unless it is what is stored.

    `own` are ids of statements that the brief had before: those that come back keep them. Whose
    brief it is was asked by whoever calls.
    """
    if contents == stored:
        return Written(row.revision, stored)
    revision = int(row.revision) + 1
    connection.execute(
        update(briefs)
        .where(briefs.c.id == row.id)
        .values(
            title=contents.title, state=BriefState.DRAFT.value, revision=revision, updated_at=at
        )
    )
    made = write_statements(
        connection, row.id, contents.statements, stored=stored.statements, own=own
    )
    written = Written(revision, Contents(contents.title, made))
    keep(
        connection,
        row.id,
        written.contents,
        number=revision,
        before=stored.statements,
        actor=actor,
        at=at,
    )
    if row.state == BriefState.PUBLISHED.value or not _sits(connection, row.id, actor, at=at):
        deed = Deed.by(actor, Action.CHANGE_BRIEF, kind="brief", record=row.id, revision=revision)
        enter(connection, deed, at=at)
    return written


def _merged(
    connection: Connection, brief: Brief, mine: Contents, *, stored: Contents, actor: Actor
) -> Contents:
    base = contents_at(connection, brief.id, brief.revision)
    if base is None:
        # A revision of an older Zhiku: whoever saves has it at hand.
        base = Contents(brief.title, brief.statements)
    mine = _as_kept(brief, mine, base=base)
    lines = tuple(restored(mine.statements, base.statements))
    merged = merge(base, Contents(mine.title, lines), theirs=stored)
    if merged.conflicts:
        seen = as_seen(connection, stored.statements, viewer=viewer_of(actor))
        hidden = {line.id for line in seen if line.is_withheld}
        conflicts = tuple(
            replace(each, theirs="") if each.theirs and each.statement_id in hidden else each
            for each in merged.conflicts
        )
        raise ConflictingChangeError(id=brief.id, conflicts=conflicts)
    return merged.contents


def _as_kept(brief: Brief, mine: Contents, *, base: Contents) -> Contents:
    """Mine; what was left as it was read, as its revision has it by now.

    Words may have been blanked there since: whoever still has them on their screen changed nothing.
    """
    read = {line.id: line for line in brief.statements}
    kept = {line.id: line for line in base.statements}
    lines = (
        kept[line.id] if line.id in kept and read.get(line.id) == line else line
        for line in mine.statements
    )
    title = base.title if mine.title == brief.title else mine.title
    return Contents(title, tuple(lines))


def _sits(connection: Connection, brief_id: int, actor: Actor, *, at: datetime) -> bool:
    """Whether the last change to a brief that is in the log is the actor's, from here, just now."""
    query = select(audit.c.person_id, audit.c.address, audit.c.at).where(
        audit.c.kind == "brief",
        audit.c.record == brief_id,
        audit.c.action == Action.CHANGE_BRIEF.value,
    )
    last = connection.execute(query.order_by(audit.c.id.desc()).limit(1)).first()
    if last is None or (last.person_id, last.address) != (actor.person_id, actor.address):
        return False
    return at - datetime.fromisoformat(last.at) <= SITTING
