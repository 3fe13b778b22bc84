"""The ``brief`` commands: draft, list, show, change, publish, export."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from briefs.audience import EVERYBODY
from briefs.errors import OutlineError, UnknownStatementError
from briefs.exporters import ExportFormat, export
from briefs.lengths.forms import in_form
from briefs.model import Brief, Length, Statement, StatementKind
from briefs.workbench.beginning import begin
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.files import read_text
from briefs.workbench.cli.values import ID
from briefs.workbench.drafted import drafting_notes
from briefs.workbench.sharing import tag_of
from knowledge.clearing import Choice
from knowledge.model import Access
from knowledge.sharing import Audience

_KINDS = click.Choice([kind.value for kind in StatementKind])
_LEVELS = ("public", "staff", "shared")
_LENGTHS = click.Choice([length.value for length in Length])
_FORMATS = click.Choice([to.value for to in ExportFormat])


@click.group(help=help_words("brief.help"))
def brief() -> None:
    """Assemble, publish and export briefs."""


@brief.command(help=help_words("brief.draft.help"))
@click.option("--title", required=True, help=help_words("brief.title"))
@click.option("--outline", required=True, type=click.Path(path_type=Path))
@click.option("--template", help=help_words("templating.new_option"))
@pass_session
def draft(session: Session, title: str, outline: Path, template: str | None) -> None:
    """Draft by outline: quoted sentences for each heading."""
    workbench = session.workbench
    headings = _headings(outline)
    found = None if template is None else workbench.templates.get(template)
    made, drafted = begin(workbench, title, headings, template=found)
    _print(session, made)
    for note in drafting_notes(console.words(), drafted):
        click.echo(note)
    say("brief.drafted", id=made.id)


@brief.command(help=help_words("brief.new.help"))
@click.option("--title", required=True, help=help_words("brief.title"))
@click.option("--template", help=help_words("templating.new_option"))
@pass_session
def new(session: Session, title: str, template: str | None) -> None:
    """Make an empty draft, or one with the headings of a template."""
    workbench = session.workbench
    found = None if template is None else workbench.templates.get(template)
    made, _ = begin(workbench, title, template=found)
    say("brief.made", id=made.id)


@brief.command("list", help=help_words("brief.list.help"))
@pass_session
def list_briefs(session: Session) -> None:
    """List the briefs, last changed first."""
    words = console.words()
    rows = [
        (
            found.id,
            found.title,
            words(f"brief.state.{found.state}"),
            found.statement_count,
            found.edition,
            f"{found.updated_at.astimezone():%Y-%m-%d %H:%M}",
        )
        for found in session.workbench.briefs.all()
    ]
    columns = ("column.id#", "column.title", "column.state", "column.statements#")
    console.table((*columns, "column.edition#", "column.changed"), rows)


@brief.command(help=help_words("brief.show.help"))
@click.argument("brief_id", type=ID)
@pass_session
def show(session: Session, brief_id: int) -> None:
    """Show a brief, each statement with its number and sources."""
    _print(session, session.workbench.briefs.get(brief_id))


@brief.command(help=help_words("brief.quote.help"))
@click.argument("brief_id", type=ID)
@click.argument("passage_id", type=ID)
@click.option("--words", help=help_words("brief.quote.words"))
@pass_session
def quote(session: Session, brief_id: int, passage_id: int, words: str | None) -> None:
    """Add a quote from a passage at the end."""
    workbench = session.workbench
    line = workbench.editing.quote(passage_id, words)
    changed = workbench.editing.append(
        workbench.briefs.get(brief_id), [line], actor=workbench.actor
    )
    _print(session, changed)


@brief.command("set", help=help_words("brief.set.help"))
@click.argument("brief_id", type=ID)
@click.argument("number", type=ID)
@click.option("--text", help=help_words("brief.set.text"))
@click.option("--kind", type=_KINDS, help=help_words("brief.set.kind"))
@click.option("--to", "place", type=ID, help=help_words("brief.set.to"))
@click.option("--length", type=_LENGTHS, help=help_words("lengths.set_option"))
@pass_session
def set_statement(
    session: Session,
    brief_id: int,
    *,
    number: int,
    text: str | None,
    kind: str | None,
    place: int | None,
    length: str | None,
) -> None:
    """Change one statement's words, kind, place or length."""
    editing, found = session.workbench.editing, session.workbench.briefs.get(brief_id)
    lines, line = _without(found, number)
    if text is not None and not text.strip():
        raise click.UsageError(console.words()("brief.set.blank"))
    _without(found, place or number)
    changed = replace(
        line,
        text=text or line.text,
        kind=StatementKind(kind) if kind else line.kind,
        length=Length(length) if length else line.length,
    )
    lines.insert((place or number) - 1, changed)
    _print(
        session, editing.save(found, title=found.title, lines=lines, actor=session.workbench.actor)
    )


@brief.command(help=help_words("brief.drop.help"))
@click.argument("brief_id", type=ID)
@click.argument("number", type=ID)
@pass_session
def drop(session: Session, brief_id: int, number: int) -> None:
    """Take one statement out."""
    editing, found = session.workbench.editing, session.workbench.briefs.get(brief_id)
    lines, _ = _without(found, number)
    _print(
        session, editing.save(found, title=found.title, lines=lines, actor=session.workbench.actor)
    )


@brief.command(help=help_words("brief.discard.help"))
@click.argument("brief_id", type=ID)
@pass_session
def discard(session: Session, brief_id: int) -> None:
    """Delete a draft that was never published."""
    session.workbench.editing.discard(brief_id, actor=session.workbench.actor)
    say("brief.discarded", id=brief_id)


@brief.command(help=help_words("brief.share.help"))
@click.argument("brief_id", type=ID)
@click.option("--off", is_flag=True, help=help_words("brief.share.off"))
@pass_session
def share(session: Session, brief_id: int, off: bool) -> None:
    """Let the staff of every branch read a draft, or no longer."""
    session.workbench.editing.share(brief_id, shared=not off, actor=session.workbench.actor)
    say("brief.unshared" if off else "brief.shared", id=brief_id)


@brief.command(help=help_words("brief.publish.help"))
@click.argument("brief_id", type=ID)
@click.option("--for", "meant", multiple=True, help=help_words("brief.publish.for"))
@click.option("--keep", default="", help=help_words("brief.publish.keep"))
@pass_session
def publish(session: Session, /, *, brief_id: int, meant: tuple[str, ...], keep: str) -> None:
    """Freeze the newest revision as an edition."""
    workbench = session.workbench
    edition = workbench.publishing.publish(
        brief_id,
        actor=workbench.actor,
        audience=_audience(session, meant),
        choice=Choice(reason=keep),
    )
    say("brief.published", id=brief_id, edition=edition.number, sha256=edition.sha256[:12])
    if tag := tag_of(console.words(), edition.stamp):
        names = workbench.people.names()
        click.echo(" · ".join([tag, *(names[one] for one in sorted(edition.stamp.recipients))]))


@brief.command("export", help=help_words("brief.export.help"))
@click.argument("brief_id", type=ID)
@click.option("--to", "to", required=True, type=_FORMATS)
@click.option("--base-url", default="", help=help_words("brief.export.base"))
@click.option("--length", type=_LENGTHS, help=help_words("lengths.export_option"))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@pass_session
def export_brief(
    session: Session,
    /,
    *,
    brief_id: int,
    to: str,
    base_url: str,
    length: str | None,
    out: Path,
) -> None:
    """Write the newest edition (or the draft, marked so) as a file, whole or in a form."""
    workbench = session.workbench
    fonts = workbench.settings.font_folder
    form = Length(length) if length else None
    publication = in_form(workbench.publishing.newest(brief_id), form)
    address = base_url or workbench.settings.public_address
    data = export(
        publication,
        to,
        base_url=address,
        font_folder=Path(fonts) if fonts else None,
        pictures=workbench.cutting,
    )
    workbench.publishing.note_export(publication, to, actor=workbench.actor)
    try:
        out.write_bytes(data)
    except OSError as error:
        raise click.FileError(str(out), error.strerror) from error
    say("brief.exported", path=out, size=f"{len(data) / 1024:.0f}")
    if to == ExportFormat.HTML.value and not address:
        say("brief.export.unlinked")


def _audience(session: Session, meant: Sequence[str]) -> Audience:
    """For whom: a word of `_LEVELS`, or the names of persons; for everybody if nothing is said."""
    levels = [each for each in meant if each in _LEVELS]
    if levels and len(meant) > 1:
        raise click.UsageError(console.words()("brief.publish.for_one"))
    if levels:
        access = Access.PUBLIC if levels == [Access.PUBLIC.value] else Access.STAFF
        return Audience(access=access, shared=levels == ["shared"])
    if not meant:
        return EVERYBODY
    recipients = frozenset(session.workbench.people.id_of(name) for name in meant)
    return Audience(access=Access.NAMED, recipients=recipients)


def _headings(outline: Path) -> list[str]:
    lines = read_text(outline).splitlines()
    headings = [line.strip().lstrip("#").strip() for line in lines]
    kept = [heading for heading in headings if heading]
    if not kept:
        raise OutlineError(path=outline)
    return kept


def _without(found: Brief, number: int) -> tuple[list[Statement], Statement]:
    if not 1 <= number <= len(found.statements):
        raise UnknownStatementError(id=found.id, number=number)
    lines = list(found.statements)
    return lines, lines.pop(number - 1)


def _print(session: Session, found: Brief) -> None:
    words = console.words()
    publication = session.workbench.publishing.preview(found.id)
    click.secho(
        words("brief.header", id=found.id, title=found.title, revision=found.revision), bold=True
    )
    for number, line in enumerate(publication.lines, start=1):
        if line.kind is StatementKind.HEADING:
            click.secho(f"{number:3} {'#' * (line.level or 1)} {line.text}", bold=True)
            continue
        marks = "".join(
            c.words or _mark(c.reference, c.page_label or c.page) for c in line.citations
        ) or words("brief.naked")
        click.echo(f"{number:3} {words(f'kind.{line.kind}')} {line.text} {marks}")
    for each in publication.references:
        click.echo(each.entry if each.label else f"[{each.number}] {each.entry}")


def _mark(reference: int, page: str | int | None) -> str:
    return f"[{reference}]" if page is None else f"[{reference}]{page}"


COMMANDS = (brief,)
