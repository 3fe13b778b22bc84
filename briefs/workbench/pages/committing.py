"""Saving a change of a brief as it is at this moment, whoever changed it meanwhile."""

from collections.abc import Callable, Sequence
from typing import Final

from briefs.errors import StaleRevisionError, UnknownStatementError
from briefs.model import Brief, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import words
from briefs.workbench.pages.seat import Seat

_TRIES: Final = 5
Lines = Sequence[Statement]
Change = Callable[[Brief], tuple[str, Lines]]


def commit(bench: Workbench, place: Seat, change: Change) -> tuple[Brief, Brief]:
    """Save a change of the brief as it is now; gives it before and after.

    Raises:
        StaleRevisionError: others save faster than we can.
    """
    for tried in range(_TRIES):
        brief = bench.briefs.get(place.brief_id)
        place.note_others(brief)
        title, lines = change(brief)
        try:
            saved = bench.editing.save(brief, title=title, lines=lines, actor=bench.actor)
        except StaleRevisionError:
            if tried == _TRIES - 1:
                raise
            continue
        if saved.revision != brief.revision:
            place.made.append(saved.revision)
            place.undone.clear()
        place.revision = saved.revision
        return brief, saved
    raise StaleRevisionError(id=place.brief_id)


def statement_of(brief: Brief, place: Seat, key: str) -> Statement:
    """The statement that the tab calls `key`.

    Raises:
        UnknownStatementError: the brief has it no longer, or never had.
    """
    wanted = place.id_of(key)
    for line in brief.statements:
        if line.id == wanted and wanted is not None:
            return line
    raise UnknownStatementError(id=brief.id, number=wanted or 0)


def with_edited(
    brief: Brief, statement_id: int | None, edit: Callable[[Statement], Statement]
) -> tuple[str, Lines]:
    """Title and statements of a brief with one of them changed."""
    return brief.title, [edit(x) if x.id == statement_id else x for x in brief.statements]


def edit(
    bench: Workbench, place: Seat, key: str, change: Callable[[Statement], Statement]
) -> tuple[Statement, Statement]:
    """Change one statement; gives it before and after."""

    def changed(brief: Brief) -> tuple[str, Lines]:
        return with_edited(brief, statement_of(brief, place, key).id, change)

    before, after = commit(bench, place, changed)
    old, new = statement_of(before, place, key), statement_of(after, place, key)
    if (old.kind, new.kind) == (StatementKind.QUOTE, StatementKind.PARAPHRASE):
        place.say(words()("pages.briefs.became_paraphrase"))
    return old, new


def fresh(before: Brief, after: Brief) -> list[Statement]:
    """The statements that a change added, in order."""
    known = {line.id for line in before.statements}
    return [line for line in after.statements if line.id not in known]
