"""The ``brief`` commands on how sources were found: trail, judge, strike; folder, keep, note."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from briefs.exporters import ExportFormat
from briefs.trail.folder import FolderItem
from briefs.trail.noted import ActKind, Ground, NotedSearch
from briefs.workbench.appending import exported
from briefs.workbench.cli import console
from briefs.workbench.cli.briefing import brief
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from briefs.workbench.trailing import (
    act_in_words,
    outcome_in_words,
    query_in_words,
    source_in_words,
    way_in_words,
)

_ACTS: Final = click.Choice([act.value for act in ActKind])
_GROUNDS: Final = click.Choice([ground.value for ground in Ground])
_SHOWN: Final = 60
"""Characters of a kept passage in a list."""


@brief.command(help=help_words("brief.trail.help"))
@click.argument("brief_id", type=ID)
@click.option(
    "--output",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    help=help_words("brief.trail.output"),
)
@click.option("--whole", is_flag=True, help=help_words("brief.trail.whole"))
@click.option("--missing", is_flag=True, help=help_words("brief.trail.missing"))
@click.option("--base-url", default="", help=help_words("brief.export.base"))
@pass_session
def trail(
    session: Session,
    /,
    *,
    brief_id: int,
    out: Path | None,
    whole: bool,
    missing: bool,
    base_url: str,
) -> None:
    """Show the search trail, or export the appendix that is made of it."""
    searches = session.workbench.trail.of(brief_id)
    if missing:
        searches = tuple(search for search in searches if search.answered is False)
    if out is None:
        _print(session, searches)
        return
    data = _exported(session, brief_id, out.suffix, whole=whole, base_url=base_url)
    try:
        out.write_bytes(data)
    except OSError as error:
        raise click.FileError(str(out), error.strerror) from error
    say("brief.trail.exported", path=out, size=f"{len(data) / 1024:.0f}")


def _exported(session: Session, brief_id: int, suffix: str, *, whole: bool, base_url: str) -> bytes:
    bench, words = session.workbench, console.words()
    to = suffix.lower().lstrip(".")
    if to not in {*ExportFormat, "csv"}:
        raise click.UsageError(words("brief.trail.suffix"))
    if to == "csv" and whole:
        raise click.UsageError(words("brief.trail.no_whole"))
    return exported(bench, brief_id, to, words, whole=whole, base_url=base_url)


def _print(session: Session, searches: Sequence[NotedSearch]) -> None:
    bench, words = session.workbench, console.words()
    names = bench.people.names()
    columns = ("number#", "day", "person", "query", "how", "documents#", "outcome", "acts")
    console.table(
        [f"trail.column.{column}" for column in columns],
        [
            (
                search.id,
                f"{search.made_at.astimezone():%Y-%m-%d %H:%M}",
                names.get(search.made_by, ""),
                query_in_words(words, search),
                way_in_words(words, search.asked, branch=bench.people.branch_name),
                search.collection.documents,
                outcome_in_words(words, search),
                "\n".join(_acts(search)),
            )
            for search in searches
        ],
    )


def _acts(search: NotedSearch) -> list[str]:
    words = console.words()
    said = [act_in_words(words, act) for act in search.acts]
    if search.strike is not None:
        said.append(words("trail.struck", reason=search.strike.reason))
    return said


@brief.command(help=help_words("brief.judge.help"))
@click.argument("search_id", type=ID)
@click.argument("passage_id", type=ID)
@click.argument("act", type=_ACTS)
@click.option("--ground", type=_GROUNDS, help=help_words("brief.judge.ground"))
@click.option("--reason", default="", help=help_words("brief.judge.reason"))
@pass_session
def judge(
    session: Session,
    /,
    *,
    search_id: int,
    passage_id: int,
    act: str,
    ground: str | None,
    reason: str,
) -> None:
    """Note what was done with a passage that a search found."""
    bench = session.workbench
    kind = ActKind(act)
    if kind is not ActKind.REJECTED:
        bench.trail.note_act(search_id, kind, passage_id, actor=bench.actor)
    elif ground is None:
        raise click.UsageError(console.words()("brief.judge.no_ground"))
    else:
        bench.trail.reject(
            search_id, passage_id, ground=Ground(ground), reason=reason, actor=bench.actor
        )
    say("brief.judged", search=search_id)


@brief.command(help=help_words("brief.strike.help"))
@click.argument("search_id", type=ID)
@click.option("--reason", default="", help=help_words("brief.strike.reason"))
@click.option("--undo", is_flag=True, help=help_words("brief.strike.undo"))
@pass_session
def strike(session: Session, /, *, search_id: int, reason: str, undo: bool) -> None:
    """Leave a search out of the appendix, or put it back."""
    bench = session.workbench
    if undo:
        bench.trail.restore(search_id, actor=bench.actor)
    else:
        bench.trail.strike(search_id, reason=reason, actor=bench.actor)
    say("brief.restored" if undo else "brief.struck", search=search_id)


@brief.command(help=help_words("brief.folder.help"))
@click.argument("brief_id", type=ID)
@pass_session
def folder(session: Session, brief_id: int) -> None:
    """List what is kept for a brief."""
    columns = ("number#", "source", "words", "note", "cited")
    console.table(
        [f"trail.column.{column}" for column in columns],
        [_row(item) for item in session.workbench.folder.items(brief_id)],
    )


def _row(item: FolderItem) -> tuple[object, ...]:
    words = console.words()
    if item.evidence is None or item.source is None:
        return item.id, words("trail.item_withheld"), "", "", ""
    said = " ".join(item.evidence.quote.split())
    return (
        item.id,
        source_in_words(words, item.source, item.page),
        said if len(said) <= _SHOWN else f"{said[: _SHOWN - 1]}…",
        item.note,
        words("explain.separator").join(map(str, item.cited_in)),
    )


@brief.command(help=help_words("brief.keep.help"))
@click.argument("brief_id", type=ID)
@click.argument("passage_id", type=ID)
@click.option("--words", help=help_words("brief.keep.words"))
@click.option("--note", default="", help=help_words("brief.keep.note"))
@click.option("--search", "search_id", type=ID, help=help_words("brief.keep.search"))
@pass_session
def keep(
    session: Session,
    /,
    *,
    brief_id: int,
    passage_id: int,
    words: str | None,
    note: str,
    search_id: int | None,
) -> None:
    """Put a passage into the folder."""
    bench = session.workbench
    (found,) = bench.editing.quote(passage_id, words).evidence
    item = bench.folder.keep(brief_id, found, note=note, actor=bench.actor)
    if search_id is not None:
        bench.trail.note_act(search_id, ActKind.KEPT, passage_id, actor=bench.actor)
    say("brief.kept", item=item)


@brief.command("note", help=help_words("brief.note.help"))
@click.argument("item_id", type=ID)
@click.argument("words")
@pass_session
def note(session: Session, item_id: int, words: str) -> None:
    """Replace the note on an item."""
    session.workbench.folder.annotate(item_id, words, actor=session.workbench.actor)
    say("brief.noted")


@brief.command(help=help_words("brief.unkeep.help"))
@click.argument("item_id", type=ID)
@pass_session
def unkeep(session: Session, item_id: int) -> None:
    """Take an item out of a folder."""
    session.workbench.folder.drop(item_id, actor=session.workbench.actor)
    say("brief.unkept")


COMMANDS = (brief,)
