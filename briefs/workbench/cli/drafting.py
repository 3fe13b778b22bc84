"""The ``brief`` commands that propose: statements by the assistant, figures that disagree."""

from collections.abc import Sequence
from contextlib import suppress

import click

from briefs.assistant import Proposals
from briefs.drafting.conflicts import table_of_conflicts
from briefs.tables import table_of
from briefs.workbench.cli import console
from briefs.workbench.cli.briefing import brief
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from briefs.workbench.drafted import compared_notes
from knowledge.errors import OtherBranchError


@brief.command(help=help_words("drafting.propose.help"))
@click.argument("brief_id", type=ID)
@click.option("--heading", default="", help=help_words("drafting.propose.heading"))
@click.option("--add", is_flag=True, help=help_words("drafting.propose.add"))
@pass_session
def propose(session: Session, brief_id: int, heading: str, add: bool) -> int:
    """Ask the assistant for statements; none is saved that nobody said yes to."""
    workbench = session.workbench
    found = workbench.briefs.get(brief_id)
    if (assistant := workbench.assistant) is None:
        return console.fail("drafting.no_assistant")
    made = assistant.propose(found.title, heading=heading, brief_id=brief_id, actor=workbench.actor)
    _print(made)
    if not add:
        return 0
    words = console.words()
    chosen = [
        each.statement
        for each in made.proposals
        if click.confirm(words("drafting.propose.ask", text=each.statement.text))
    ]
    if chosen:
        workbench.editing.append(found, chosen, actor=workbench.actor)
    say("drafting.added", n=len(chosen))
    return 0


def _print(made: Proposals) -> None:
    words = console.words()
    say("drafting.offered", n=len(made.offered))
    for number, each in enumerate(made.proposals, start=1):
        title = each.offered.result.document.title
        click.echo(f"{number}. {each.statement.text}")
        quote = each.statement.evidence[0].quote
        click.secho(f"   {words('pages.common.work', title=title)} {quote}", dim=True)
    if not made.proposals:
        say("drafting.none")
    for dropped in made.dropped:
        reason = words(f"drafting.unfit.{dropped.reason.value}")
        click.echo(words("drafting.dropped", text=dropped.text, reason=reason))


@brief.command("conflicts", help=help_words("drafting.conflicts.help"))
@click.argument("brief_id", type=ID)
@click.option("--add", is_flag=True, help=help_words("drafting.conflicts.add"))
@pass_session
def list_conflicts(session: Session, brief_id: int, add: bool) -> None:
    """List figures that other sources give differently."""
    workbench = session.workbench
    found = workbench.briefs.get(brief_id)
    compared = workbench.comparing.compare(found)
    # Whoever only reads another branch's brief searches for themselves.
    with suppress(OtherBranchError):
        workbench.trail.note_conflicts(brief_id, compared, actor=workbench.actor)
    for words in compared_notes(console.words(), compared):
        click.echo(words)
    line = table_of_conflicts(compared.conflicts)
    if line is None:
        say("drafting.no_conflicts")
        return
    table = table_of(line.text)
    _print_rows(table.header, table.rows)
    if add:
        workbench.editing.append(found, [line], actor=workbench.actor)
        say("drafting.added", n=1)


def _print_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        click.echo(" · ".join(f"{name} {cell}" for name, cell in zip(header, row, strict=True)))


COMMANDS = (brief,)
