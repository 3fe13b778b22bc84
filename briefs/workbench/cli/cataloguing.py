"""Commands on catalogue entries: describe, confirm, show."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from briefs.workbench import cataloguing as entries
from briefs.workbench.cli import console
from briefs.workbench.cli.console import fail, help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from knowledge.csl import csl_json
from knowledge.model import Document, DocumentType, Version

if TYPE_CHECKING:
    from briefs.workbench.bootstrap import Workbench

_OPTIONS = {
    "title": "--title",
    "issuer": "--issuer",
    "number": "--number",
    "issued_on": "--issued",
    "effective_on": "--effective",
    "language": "--language",
    "url": "--url",
    "carrier": "--carrier",
    "container_title": "--container",
    "volume": "--volume",
    "issue": "--issue",
    "pages": "--pages",
    "publisher": "--publisher",
    "publisher_place": "--place",
    "edition": "--edition",
    "isbn": "--isbn",
    "doi": "--doi",
    "accessed_on": "--accessed",
    "authors": "--authors",
    "editors": "--editors",
    "translators": "--translators",
    "event": "--event",
    "issn": "--issn",
    "release": "--release",
    "scale": "--scale",
    "dimensions": "--dimensions",
    "archive": "--archive",
    "archive_place": "--archive-place",
}
"""Field → its option; `type` has its own."""


def _field_options(command: Callable[..., int]) -> Callable[..., int]:
    for field, option in reversed(_OPTIONS.items()):
        add = click.option(option, field, help=help_words(f"catalogue.field.{field}"))
        command = add(command)
    return command


@click.command(help=help_words("describe.help"))
@click.argument("document_id", type=ID)
@click.option(
    "--type",
    "kind",
    type=click.Choice([each.value for each in DocumentType]),
    help=help_words("describe.type"),
)
@_field_options
@pass_session
def describe(
    session: Session,
    /,
    document_id: int,
    kind: str | None,
    **given: str | None,
) -> int:
    """Correct what is known of a document."""
    workbench = session.workbench
    known = workbench.documents.get(document_id).metadata
    changes: dict[str, Any] = {
        field: entries.names_of(value) if field in entries.NAMES else value.strip() or None
        for field, value in given.items()
        if value is not None
    }
    if kind is not None:
        changes["type"] = DocumentType(kind)
    if not changes:
        return fail("describe.nothing")
    changed = replace(known, **changes)
    workbench.library.describe(document_id, changed, actor=workbench.actor, seen=known)
    say("describe.done", id=document_id, title=changed.title)
    return 0


@click.command(help=help_words("confirm.help"))
@click.argument("document_ids", nargs=-1, required=True, type=ID)
@pass_session
def confirm(session: Session, document_ids: tuple[int, ...]) -> None:
    """Confirm the entries of documents as they are."""
    workbench = session.workbench
    for document in [workbench.documents.get(each) for each in document_ids]:
        workbench.library.confirm(document.id, actor=workbench.actor, seen=document.metadata)
        say("confirm.done", id=document.id, title=document.title)


@click.command(help=help_words("show.help"))
@click.argument("document_id", type=ID)
@click.option("--json", "as_json", is_flag=True, help=help_words("show.json"))
@click.option("--csl", "as_csl", is_flag=True, help=help_words("show.csl"))
@pass_session
def show(session: Session, document_id: int, as_json: bool, as_csl: bool) -> int:
    """Show a catalogue entry with its evidence."""
    workbench = session.workbench
    document = workbench.documents.get(document_id)
    versions = workbench.documents.versions(document_id)
    if as_json and as_csl:
        return fail("show.both")
    if as_csl:
        current = workbench.documents.version(document.current_version)
        _print_json([dict(csl_json(document, current))])
    elif as_json:
        _print_json({**asdict(document), "versions": [asdict(each) for each in versions]})
    else:
        _print(workbench, document, versions)
    return 0


def _print(workbench: "Workbench", document: Document, versions: list[Version]) -> None:
    words = console.words()
    rows = []
    for field in (*entries.MAIN_FIELDS, *entries.MORE_FIELDS):
        value = entries.value_of(document.metadata, field)
        if value:
            ground = entries.ground_of(document, field)
            paged = versions[-1].paged
            why = entries.ground_in_words(words, ground, paged=paged) if ground else ""
            shown = words(f"type.{value}") if field == "type" else value
            rows.append((words(f"catalogue.field.{field}"), shown, why))
    console.table(("column.field", "column.value", "column.evidence"), rows)
    if document.confirmed is None:
        say("show.unconfirmed")
    else:
        name = workbench.people.name(document.confirmed.person_id)
        say("show.confirmed", name=name, at=f"{document.confirmed.at:%Y-%m-%d %H:%M} UTC")
    for version in versions:
        facts = [words("show.passages", count=version.passage_count)]
        if version.paged:
            facts.insert(0, words("show.pages", count=version.page_count))
        facts.append(entries.encoding_in_words(words, version) or "")
        facts += [entries.remark_in_words(words, remark) for remark in version.remarks]
        joined = words("remark.join").join(filter(None, facts))
        say("show.version", number=version.number, file=version.file_name, facts=joined)


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_written))


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


COMMANDS = (describe, confirm, show)
