"""The command on scans: recognise."""

import time

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from knowledge.accounts.actions import Action
from knowledge.errors import RecognitionUnavailableError
from knowledge.recognition.recognising import Worked
from knowledge.store.recognitions import Tally


@click.command(help=help_words("recognise.help"))
@click.option("--limit", type=click.IntRange(1), help=help_words("recognise.limit"))
@click.option("--again", is_flag=True, help=help_words("recognise.again"))
@pass_session
def recognise(session: Session, limit: int | None, again: bool) -> int:
    """Recognise the pages that wait, then encode and index what is new."""
    if again:
        say("recognise.waiting_again", n=session.workbench.recognising.again())
    return recognise_waiting(session, limit=limit)


def recognise_waiting(session: Session, *, limit: int | None = None) -> int:
    """Work off the queue with a progress bar; the exit code is 1 when a page failed."""
    workbench = session.workbench
    start = time.perf_counter()
    try:
        worked = _worked(session, limit)
    except RecognitionUnavailableError as problem:
        return console.fail(problem)
    seconds = time.perf_counter() - start
    waiting = workbench.recognising.tally().waiting
    if worked.busy:
        say("recognise.busy", n=waiting)
        return 0
    if worked.settled or worked.withheld:
        with console.progress("add.encoding", 0) as bar:
            workbench.index(bar.to)
    if worked.pages:
        workbench.note(Action.RECOGNISE, pages=worked.pages, failed=worked.failed)
        each = f"{seconds / worked.pages:.1f}"
        say("recognise.done", n=worked.done, seconds=f"{seconds:.0f}", each=each)
    if worked.failed:
        say("recognise.failed", n=worked.failed)
    if worked.withheld:
        say("recognise.withheld", n=len(worked.withheld))
    if waiting or not worked.pages:
        say("recognise.waiting", n=waiting)
    return int(worked.failed > 0)


def _worked(session: Session, limit: int | None) -> Worked:
    recognising = session.workbench.recognising
    before = recognising.tally()
    total = before.waiting if limit is None else min(limit, before.waiting)
    with console.progress("recognise.reading", total) as bar:

        def show(now: Tally) -> None:
            done = now.done + now.failed - before.done - before.failed
            bar.to(done, max(total, done))

        return recognising.work(limit=limit, progress=show)


COMMANDS = (recognise,)
