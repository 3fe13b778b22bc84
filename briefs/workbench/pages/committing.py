"""Saving a change of a brief as it is at this moment, whoever changed it meanwhile.

What a person did, they did to a statement as they saw it: `as_seen` refuses where it is another one
by now, and is asked again whenever the brief is read again.
"""

from collections.abc import Callable, Sequence
from typing import Final

from briefs.errors import StaleRevisionError, UnknownStatementError
from briefs.model import Brief, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.common import words
from briefs.workbench.pages.events import LONGEST, LONGEST_PASTE, Event
from briefs.workbench.pages.refusals import TooLongError, UnseenChangeError
from briefs.workbench.pages.seat import Seat

_TRIES: Final = 5
Lines = Sequence[Statement]
Change = Callable[[Brief], tuple[str, Lines]]


def commit(bench: Workbench, place: Seat, change: Change) -> tuple[Brief, Brief]:
    """Save a change of the brief as it is now; gives it before and after.

    Where somebody saves the same between reading and writing, the change is made anew of what they
    have saved.

    Raises:
        StaleRevisionError: others save faster than we can.
        TooLongError: a statement would have more words than fit in its field.
    """
    for tried in range(_TRIES):
        brief = bench.briefs.get(place.brief_id)
        place.note_others(brief)
        title, lines = change(brief)
        _check_lengths(brief, lines)
        try:
            saved = bench.editing.save(brief, title=title, lines=lines, actor=bench.actor)
        except StaleRevisionError:
            if tried == _TRIES - 1:
                raise
            continue
        if saved.revision != brief.revision:
            place.made.append(saved.revision)
            place.undone.clear()
        note_own(place, brief, saved)
        return brief, saved
    raise StaleRevisionError(id=place.brief_id)


def _check_lengths(brief: Brief, lines: Lines) -> None:
    """Refuse statements that could not be written on; what is stored may stay as it is."""
    known = {(line.id, line.text) for line in brief.statements}
    for line in lines:
        most = LONGEST_PASTE if line.kind is StatementKind.TABLE else LONGEST
        if len(line.text) > most and (line.id, line.text) not in known:
            raise TooLongError(most=most)


def note_own(place: Seat, before: Brief, saved: Brief) -> None:
    """Note what of a saved brief the tab knows, having changed it itself."""
    place.revision = saved.revision
    # Where others have saved in between, one cannot tell theirs from ours.
    if saved.revision <= before.revision + 1:
        known = {line.id: line for line in before.statements}
        place.tell(*(line for line in saved.statements if known.get(line.id) != line))
        if saved.title != before.title:
            place.title = saved.title


def as_seen(brief: Brief, place: Seat, event: Event) -> Statement:
    """The statement that a deed is about, if it still is as the person saw it.

    Raises:
        UnknownStatementError: the brief has it no longer, or never had.
        UnseenChangeError: somebody else has changed it.
    """
    line = statement_of(brief, place, event.key)
    if not place.has_seen(line, event.seen):
        raise unseen(brief, line)
    return line


def unseen(brief: Brief, line: Statement) -> UnseenChangeError:
    """That a statement is another one than the person saw."""
    return UnseenChangeError(id=brief.id, number=list(brief.statements).index(line) + 1)


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
    bench: Workbench,
    place: Seat,
    event: Event,
    change: Callable[[Statement], Statement],
    *,
    still: Callable[[Brief, Seat, Event], Statement] = as_seen,
) -> tuple[Statement, Statement]:
    """Change one statement; gives it before and after.

    Args:
        bench: the services.
        place: of the tab.
        event: names the statement.
        change: makes it another one.
        still: finds it, and raises where it is not as the person saw it.
    """

    def changed(brief: Brief) -> tuple[str, Lines]:
        return with_edited(brief, still(brief, place, event).id, change)

    before, after = commit(bench, place, changed)
    old, new = (statement_of(each, place, event.key) for each in (before, after))
    if (old.kind, new.kind) == (StatementKind.QUOTE, StatementKind.PARAPHRASE):
        place.say(words()("pages.briefs.became_paraphrase"))
    return old, new


def fresh(before: Brief, after: Brief) -> list[Statement]:
    """The statements that a change added, in order."""
    known = {line.id for line in before.statements}
    return [line for line in after.statements if line.id not in known]
