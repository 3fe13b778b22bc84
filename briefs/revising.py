"""The next revision of a brief, written within a transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from briefs.errors import StaleRevisionError
from briefs.model import Brief, BriefState, Statement
from briefs.rows import own_row, replace_statements, restored, statements_of
from briefs.schema import briefs
from knowledge.access import KEEPER
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.model import Actor


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
    """Make title and statements the brief's next revision, and enter it in the log.

    Statements that carry an id keep it; those of `brief` that are missing are deleted. One that is
    withheld keeps what is stored of it.

    Args:
        connection: of the transaction, which holds the write lock.
        brief: as it was read.
        title: the new one.
        lines: the new ones.
        actor: who changes it.
        at: now.

    Returns:
        The number of the revision.

    Raises:
        StaleRevisionError, UnknownBriefError, OtherBranchError: see `check_revision`.
    """
    check_revision(connection, brief, actor=actor)
    revision = brief.revision + 1
    connection.execute(
        update(briefs)
        .where(briefs.c.id == brief.id)
        .values(title=title, state=BriefState.DRAFT.value, revision=revision, updated_at=at)
    )
    stored = statements_of(connection, brief.id, viewer=KEEPER)
    kept = restored(lines, stored)
    replace_statements(connection, brief.id, kept, own=(line.id for line in stored))
    deed = Deed.by(actor, Action.CHANGE_BRIEF, kind="brief", record=brief.id, revision=revision)
    enter(connection, deed, at=at)
    return revision
