"""Deeds at the desk that change which statements there are, and their order."""

from dataclasses import replace
from itertools import pairwise

from briefs import arranging
from briefs.errors import BadInputError, LastStatementError
from briefs.model import Brief, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.pages.committing import (
    Lines,
    as_seen,
    commit,
    fresh,
    note_own,
    statement_of,
    unseen,
)
from briefs.workbench.pages.events import Event
from briefs.workbench.pages.seat import Seat
from briefs.workbench.pages.statement import characters


def insert(bench: Workbench, place: Seat, event: Event) -> None:
    """A statement that the tab made."""
    text = event.text.strip()
    if not text or event.key in place.keys:
        return
    level = (event.level or 1) if event.kind is StatementKind.HEADING else None
    new = Statement(event.kind, text, level=level)
    made = _inserted(bench, place, [new], after=event.after)
    if made:
        place.name(event.key, made[0])


def _inserted(bench: Workbench, place: Seat, new: Lines, *, after: str | None) -> list[Statement]:
    """Add statements behind another one, or at the end where that one is gone."""

    def changed(brief: Brief) -> tuple[str, Lines]:
        wanted = None if after is None else place.id_of(after)
        ids = [line.id for line in brief.statements]
        if wanted not in ids and after is not None:
            wanted = ids[-1] if ids else None
        return brief.title, arranging.inserted(brief.statements, new, after=wanted)

    before, saved = commit(bench, place, changed)
    return fresh(before, saved)


def split(bench: Workbench, place: Seat, event: Event) -> None:
    """Cut a statement in two; the tab, which shows two already, is told where it stays whole."""
    try:
        made = _cut(bench, place, event)
    except BadInputError:
        place.refused[event.made] = {"of": event.key}
        raise
    if made is None:
        place.refused[event.made] = {"of": event.key}
    else:
        place.name(event.made, made)


def _cut(bench: Workbench, place: Seat, event: Event) -> Statement | None:
    """Cut a statement that still has the words; the second part, None where nothing is cut off.

    Raises:
        UnseenChangeError: it has others: a place in these words is none in them.
    """
    words = event.text
    # Counted in the words as typed, blanks at their beginning included.
    at = characters(words, event.at or 0) - (len(words) - len(words.lstrip()))

    def changed(brief: Brief) -> tuple[str, Lines]:
        line = statement_of(brief, place, event.key)
        if line.text != words.strip():
            raise unseen(brief, line)
        if line.id is None or not line.text[: max(0, at)].strip() or not line.text[at:].strip():
            return brief.title, brief.statements
        return brief.title, arranging.split_at(brief.statements, line.id, at)

    before, saved = commit(bench, place, changed)
    return next(iter(fresh(before, saved)), None)


def merge(bench: Workbench, place: Seat, event: Event) -> None:
    """Make one of two statements that stand together."""

    def changed(brief: Brief) -> tuple[str, Lines]:
        first = as_seen(brief, place, event)
        other = replace(event, key=event.other, seen=event.seen_other)
        second = as_seen(brief, place, other)
        follows = dict(pairwise(line.id for line in brief.statements))
        if first.id is None or follows.get(first.id) != second.id:
            raise LastStatementError
        return brief.title, bench.editing.merged(brief.statements, first.id)

    commit(bench, place, changed)


def move(bench: Workbench, place: Seat, event: Event) -> None:
    """Put a statement, or a heading with its section, behind another one."""

    def changed(brief: Brief) -> tuple[str, Lines]:
        lines = brief.statements
        wanted = statement_of(brief, place, event.key).id or 0
        block = arranging.section_of(lines, wanted) if event.section else range(0)
        moving = {lines[at].id for at in block} | {wanted}
        rest = [line.id for line in lines if line.id not in moving]
        to = 0
        if event.after is not None:
            before = place.id_of(event.after)
            # Somebody took that one out meanwhile: the statement stays where it is.
            if before not in rest:
                return brief.title, lines
            to = rest.index(before) + 1
        return brief.title, arranging.moved(lines, wanted, to=to, with_section=event.section)

    commit(bench, place, changed)


def delete(bench: Workbench, place: Seat, event: Event) -> None:
    """Take a statement out; one that is gone already is gone."""

    def changed(brief: Brief) -> tuple[str, Lines]:
        wanted = place.id_of(event.key)
        if wanted not in {line.id for line in brief.statements} or wanted is None:
            return brief.title, brief.statements
        as_seen(brief, place, event)
        return brief.title, arranging.dropped(brief.statements, wanted)

    commit(bench, place, changed)
    place.refused.pop(event.key, None)


def paste(bench: Workbench, place: Seat, event: Event) -> None:
    """Put a text in behind a statement, one statement a sentence."""
    new = arranging.pasted(event.text)
    if not new:
        return
    made = _inserted(bench, place, new, after=event.key or None)
    if made:
        place.go_to(made[-1].id)


def undo(bench: Workbench, place: Seat, _event: Event) -> None:
    """Take back what this tab did last."""
    _take_back(bench, place, place.made, place.undone)


def redo(bench: Workbench, place: Seat, _event: Event) -> None:
    """Do again what was taken back last."""
    _take_back(bench, place, place.undone, place.made)


def _take_back(bench: Workbench, place: Seat, from_: list[int], to: list[int]) -> None:
    """Take back the newest of some revisions; what took it back can be taken back again.

    One that is refused stays the newest: none before it is taken back in its stead.
    """
    if not from_:
        return
    brief = bench.briefs.get(place.brief_id)
    place.note_others(brief)
    saved = bench.history.undo(brief, from_[-1], actor=bench.actor)
    from_.pop()
    if saved.revision != brief.revision:
        to.append(saved.revision)
    note_own(place, brief, saved)
