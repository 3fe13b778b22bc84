"""The command that lists what is the same or nearly the same: alike."""

import click

from briefs.workbench.alike import how_alike
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from knowledge.model import Document

_OF_ONE = ("column.id#", "column.title", "column.date", "column.file", "likeness.column.how")
_OF_ALL = ("likeness.column.group#", *_OF_ONE)


@click.command(help=help_words("alike.help"))
@click.argument("document_id", type=ID, required=False, metavar="[DOCUMENT]")
@pass_session
def alike(session: Session, document_id: int | None) -> None:
    """List the groups of the same and nearly the same documents, or what one is like."""
    workbench = session.workbench
    with console.progress("likeness.comparing", 0) as bar:
        workbench.likeness.catch_up(bar.to)
    if document_id is None:
        _all(workbench)
    else:
        _one(workbench, document_id)


def _one(workbench: Workbench, document_id: int) -> None:
    found = workbench.likeness.of(document_id)
    title = workbench.documents.get(document_id).title
    if not found:
        say("likeness.alone", title=title)
        return
    say("likeness.beside", title=title)
    words = console.words()
    console.table(_OF_ONE, [(*_named(each.document), how_alike(words, each)) for each in found])


def _all(workbench: Workbench) -> None:
    groups = workbench.likeness.groups()
    words = console.words()
    rows: list[tuple[object, ...]] = []
    for number, group in enumerate(groups, start=1):
        rows.append((number, *_named(group[0]), None))
        for each in workbench.likeness.of(group[0].id):
            rows.append((number, *_named(each.document), how_alike(words, each)))
    if rows:
        console.table(_OF_ALL, rows)
    say("likeness.count", groups=len(groups), documents=len(rows))


def _named(document: Document) -> tuple[int, str, str | None, str]:
    file_name = document.source.replace("\\", "/").rpartition("/")[2]
    return document.id, document.title, document.metadata.issued_on, file_name


COMMANDS = (alike,)
