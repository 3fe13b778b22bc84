"""The ``brief`` commands on what was changed: history, undo, difference; statements arranged."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from briefs import arranging
from briefs.errors import IndivisibleError, UnknownStatementError
from briefs.model import Brief, Statement, StatementKind
from briefs.revisions.comparing import Changed
from briefs.revisions.history import Revision
from briefs.revisions.sittings import Sitting
from briefs.workbench.changed import aspects_in_words, place_in_words, shortened
from briefs.workbench.cli import console
from briefs.workbench.cli.briefing import brief, show
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.files import read_text
from briefs.workbench.cli.values import ID

_KINDS = click.Choice([kind.value for kind in StatementKind])
_FIRST = 40
"""Characters of the first statement that a sitting changed."""


@brief.command(help=help_words("brief.history.help"))
@click.argument("brief_id", type=ID)
@click.option("--limit", type=ID, default=50, help=help_words("brief.history.limit"))
@click.option("--all", "singly", is_flag=True, help=help_words("brief.history.all"))
@pass_session
def history(session: Session, brief_id: int, limit: int, singly: bool) -> None:
    """List the sittings at which it was revised, or the single revisions, newest first."""
    of = session.workbench.history
    if singly:
        found = of.revisions(brief_id, limit=limit)
        rows = [_row(each, str(each.number), each.at, text=each.title) for each in found]
    else:
        rows = [
            _row(each, _span(each), each.begun, text=shortened(each.words, _FIRST))
            for each in of.sittings(brief_id, limit=limit)
        ]
    if not rows:
        say("brief.history.none", id=brief_id)
        return
    counts = (f"revising.{name}#" for name in ("added", "changed", "removed", "moved"))
    columns = ("revising.revision#", "column.changed", "revising.person", *counts)
    console.table((*columns, "column.title" if singly else "revising.words"), rows)


@brief.command(help=help_words("brief.undo.help"))
@click.argument("brief_id", type=ID)
@click.argument("number", type=ID)
@pass_session
def undo(session: Session, brief_id: int, number: int) -> None:
    """Take back what one revision changed."""
    bench = session.workbench
    found = bench.briefs.get(brief_id)
    _told(found, bench.history.undo(found, number, actor=bench.actor))


@brief.command(help=help_words("brief.difference.help"))
@click.argument("brief_id", type=ID)
@click.argument("old", type=ID)
@click.argument("new", type=ID, required=False)
@pass_session
def difference(session: Session, brief_id: int, old: int, new: int | None) -> None:
    """Show what is different between two revisions."""
    bench, words = session.workbench, console.words()
    last = new or bench.briefs.get(brief_id).revision
    found = bench.history.difference(brief_id, old, new=last)
    before, after = found.titles
    if before != after:
        say("brief.difference.title", before=before, after=after)
    for each in found.changes:
        click.secho(place_in_words(each, words), bold=True)
        for line in _lines(each):
            click.echo(line)
    if before == after and not found.changes:
        say("brief.difference.none", old=old, new=last)


@brief.command(help=help_words("brief.add.help"))
@click.argument("brief_id", type=ID)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--after", type=click.IntRange(0), help=help_words("brief.add.after"))
@click.option("--kind", type=_KINDS, help=help_words("brief.add.kind"))
@pass_session
def add(
    session: Session, /, *, brief_id: int, file: Path, after: int | None, kind: str | None
) -> None:
    """Put the statements of a text file into a brief."""
    text = read_text(file)
    new = arranging.split(text, StatementKind(kind)) if kind else arranging.pasted(text)
    found = session.workbench.briefs.get(brief_id)
    place = len(found.statements) if after is None else after
    before = _id(found, place) if place else None
    _save(session, found, arranging.inserted(found.statements, new, after=before))


@brief.command(help=help_words("brief.move.help"))
@click.argument("brief_id", type=ID)
@click.argument("number", type=ID)
@click.option("--to", "place", type=ID, required=True, help=help_words("brief.move.to"))
@click.option("--section", is_flag=True, help=help_words("brief.move.section"))
@pass_session
def move(session: Session, /, *, brief_id: int, number: int, place: int, section: bool) -> None:
    """Put a statement elsewhere."""
    found = session.workbench.briefs.get(brief_id)
    lines = arranging.moved(
        found.statements, _id(found, number), to=place - 1, with_section=section
    )
    _save(session, found, lines)


@brief.command(help=help_words("brief.split.help"))
@click.argument("brief_id", type=ID)
@click.argument("number", type=ID)
@click.argument("words")
@pass_session
def split(session: Session, brief_id: int, number: int, words: str) -> None:
    """Divide a statement behind some of its words."""
    found = session.workbench.briefs.get(brief_id)
    id_ = _id(found, number)
    line = found.statements[number - 1]
    if not line.is_withheld and words not in line.text:
        raise IndivisibleError
    at = line.text.find(words) + len(words)
    _save(session, found, arranging.split_at(found.statements, id_, at))


@brief.command(help=help_words("brief.merge.help"))
@click.argument("brief_id", type=ID)
@click.argument("number", type=ID)
@pass_session
def merge(session: Session, brief_id: int, number: int) -> None:
    """Join a statement with the next one."""
    found = session.workbench.briefs.get(brief_id)
    lines = session.workbench.editing.merged(found.statements, _id(found, number))
    _save(session, found, lines)


def _save(session: Session, found: Brief, lines: Sequence[Statement]) -> None:
    bench = session.workbench
    saved = bench.editing.save(found, title=found.title, lines=lines, actor=bench.actor)
    _told(found, saved)


def _told(before: Brief, after: Brief) -> None:
    if after.revision == before.revision:
        say("revising.nothing", id=after.id)
        return
    click.get_current_context().invoke(show, brief_id=after.id)


def _id(found: Brief, number: int) -> int:
    """The id of a statement by its number."""
    if number <= len(found.statements) and (id_ := found.statements[number - 1].id) is not None:
        return id_
    raise UnknownStatementError(id=found.id, number=number)


def _lines(changed: Changed) -> list[str]:
    """What a statement said and says, and what else of it was changed; the same words once."""
    words = console.words()
    texts = [
        words("edition.withheld") if line.is_withheld else line.text
        for line in (changed.before, changed.after)
        if line is not None
    ]
    if changed.before is None:
        return [f"  + {texts[0]}"]
    if changed.after is None:
        return [f"  - {texts[0]}"]
    said = [f"    {texts[0]}"] if texts[0] == texts[1] else [f"  - {texts[0]}", f"  + {texts[1]}"]
    return said + [f"    {aspect}" for aspect in aspects_in_words(changed, words)]


def _span(sitting: Sitting) -> str:
    first, last = sitting.first, sitting.last
    return str(first) if first == last else f"{first}–{last}"


def _row(made: Revision | Sitting, number: str, at: datetime, *, text: str) -> tuple[object, ...]:
    tally = made.tally
    counts = (tally.added, tally.changed, tally.removed, tally.moved)
    return (number, f"{at.astimezone():%Y-%m-%d %H:%M}", made.person, *counts, text)


COMMANDS = (brief,)
