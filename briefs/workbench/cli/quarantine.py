"""The ``quarantine`` commands: list the files with a mark of secrecy, release and discard them."""

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from knowledge.store.quarantine import QuarantinedFile


@click.group(help=help_words("quarantine.help"))
def quarantine() -> None:
    """Decide on files that bear a mark of secrecy."""


@quarantine.command("list", help=help_words("quarantine.list.help"))
@click.option("--all", "every", is_flag=True, help=help_words("quarantine.list.all"))
@pass_session
def list_files(session: Session, every: bool) -> None:
    """List the files that wait for a decision, newest first, and the briefs that cite them."""
    service = session.workbench.quarantine
    found = service.all() if every else service.waiting()
    cited = session.workbench.briefs_citing(found)
    columns = ("column.id#", "column.file", "quarantine.mark", "quarantine.since", "column.state")
    console.table(columns, [_row(session, file) for file in found])
    for file in found:
        for brief in cited[file.id]:
            say("quarantine.cited", id=file.id, brief=brief.id, title=brief.title)
    say("quarantine.count", n=sum(file.decision is None for file in found))


@quarantine.command(help=help_words("quarantine.release.help"))
@click.argument("file_id", type=ID)
@click.option("--reason", required=True, help=help_words("quarantine.reason"))
@pass_session
def release(session: Session, file_id: int, reason: str) -> int:
    """Add a file to the collection, for named persons only."""
    workbench = session.workbench
    added = workbench.quarantine.release(file_id, reason=reason, actor=workbench.actor)
    if added.error is not None:
        return console.fail(added.error)
    workbench.index()
    say("quarantine.released", name=added.name, document=added.document_id)
    return 0


@quarantine.command(help=help_words("quarantine.discard.help"))
@click.argument("file_id", type=ID)
@click.option("--reason", required=True, help=help_words("quarantine.reason"))
@pass_session
def discard(session: Session, file_id: int, reason: str) -> None:
    """Delete a file; the entry stays."""
    workbench = session.workbench
    workbench.quarantine.discard(file_id, reason=reason, actor=workbench.actor)
    say("quarantine.discarded", id=file_id)


def _row(session: Session, file: QuarantinedFile) -> tuple[object, ...]:
    words = console.words()
    since = f"{file.stamp.made_at.astimezone():%Y-%m-%d %H:%M}"
    state = words("quarantine.state.waiting")
    if file.decision is not None and file.decided is not None:
        state = words(
            f"quarantine.state.{file.decision}",
            when=f"{file.decided.at.astimezone():%Y-%m-%d %H:%M}",
            person=session.workbench.people.name(file.decided.person_id),
            reason=file.reason,
        )
    return file.id, file.file_name, file.mark, since, state


COMMANDS = (quarantine,)
