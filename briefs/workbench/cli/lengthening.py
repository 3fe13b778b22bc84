"""The ``brief`` commands on its forms: how long each is, the proof; its template's sections."""

from pathlib import Path

import click

from briefs.exporters import ExportFormat, export
from briefs.lengths.forms import at_length, forms, length_doubts, length_faults, proof
from briefs.lengths.paging import pages_of
from briefs.lengths.printed import proof_of_print
from briefs.model import Length, Publication
from briefs.templates import characters
from briefs.workbench.cli import console
from briefs.workbench.cli.briefing import brief
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from briefs.workbench.outlining import facts_of, flaw_of, gaps_of, proof_of, state_of


@brief.command(help=help_words("lengths.help"))
@click.argument("brief_id", type=ID)
@click.option("--edition", type=ID, help=help_words("lengths.edition"))
@pass_session
def lengths(session: Session, brief_id: int, edition: int | None) -> int:
    """Show the forms of a draft or an edition with the proof; exit code 1 where it fails."""
    workbench, words = session.workbench, console.words()
    if edition is None:
        whole = workbench.publishing.preview(brief_id)
    else:
        whole = workbench.briefs.edition(brief_id, edition).publication
    offered = forms(whole.lines)
    folder = workbench.settings.font_folder
    fonts = Path(folder) if folder else None
    holds = True
    for form in offered:
        short = at_length(whole, form)
        pages = pages_of(short, font_folder=fonts)
        click.secho(
            words(
                "lengths.form",
                form=words(f"length.{form}"),
                lines=len(short.lines),
                characters=characters(short.lines),
                references=len(short.references),
                pages=pages,
            ),
            bold=True,
        )
        if form is Length.ONE_PAGE and pages > 1:
            say("lengths.too_long", pages=pages)
        if form is not offered[-1]:
            holds = _proved(short, whole) and holds
    if not offered:
        say("lengths.none", id=brief_id)
    for fault in length_faults(whole.lines):
        say("lengths.parted", first=fault.first, second=fault.second, word=fault.word)
        holds = False
    for doubt in length_doubts(whole.lines):
        say("lengths.doubt", first=doubt.first, second=doubt.second, word=doubt.word)
    return 0 if holds else 1


@brief.command(help=help_words("templating.sections_help"))
@click.argument("brief_id", type=ID)
@pass_session
def sections(session: Session, brief_id: int) -> None:
    """Show how far a brief fulfils its template."""
    words = console.words()
    found = session.workbench.templates.progress(session.workbench.briefs.get(brief_id))
    if found is None:
        say("templating.no_template", id=brief_id)
        return
    click.secho(found.template.title.of(words.language), bold=True)
    rows = [
        (
            each.number,
            each.section.heading,
            each.statements,
            gaps_of(each, words) or words("templating.fine_mark"),
            " · ".join(facts_of(each.section, words)),
        )
        for each in found.sections
    ]
    columns = ("templating.place#", "templating.heading", "column.statements#", "templating.state")
    console.table((*columns, "templating.asked"), rows)
    for form in found.forms:
        click.echo(f"{words(f'length.{form.length}')}: {state_of(form, words)}")
        if form.missing:
            lacking = words("explain.separator").join(each.heading for each in form.missing)
            say("templating.lacks", sections=lacking)
    if found.is_complete:
        say("templating.complete")


def _proved(short: Publication, whole: Publication) -> bool:
    """Whether both proofs hold: of the form itself, and of it as it is printed."""
    words, found = console.words(), proof(short, whole)
    files = (export(each, ExportFormat.MARKDOWN).decode() for each in (short, whole))
    printed = proof_of_print(*files)
    click.echo(f"  {proof_of(found, words)}")
    click.echo(f"  {words('lengths.printed', proof=proof_of(printed, words))}")
    # What is wrong in the form is wrong in its print, too.
    for flaw in found.flaws or printed.flaws:
        click.echo(f"  {flaw_of(flaw, words)}")
    return found.holds and printed.holds


COMMANDS = (brief,)
