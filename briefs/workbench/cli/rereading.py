"""The command on documents of an older Zhiku: reread."""

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from knowledge.rereading import Reread, RereadOutcome


@click.command(help=help_words("reread.help"))
@click.argument("document_ids", metavar="[DOCUMENT]...", nargs=-1, type=ID)
@pass_session
def reread(session: Session, document_ids: tuple[int, ...]) -> int:
    """Read documents anew from the files kept of them: those named, or all."""
    workbench = session.workbench
    chosen = document_ids or tuple(sorted(found.id for found in workbench.documents.find()))
    for document_id in chosen:
        workbench.documents.get(document_id)
    reports: list[Reread] = []
    with console.progress("reread.reading", len(chosen)) as bar:
        for document_id in chosen:
            reports.append(workbench.rereading.reread(document_id, actor=workbench.actor))
            bar.step()
    _report(reports)
    with console.progress("add.encoding", 0) as bar:
        workbench.index(bar.to)
    if waiting := workbench.recognising.tally().waiting:
        say("recognise.later", n=waiting)
    stays_out = (RereadOutcome.FAILED, RereadOutcome.WITHHELD)
    return int(any(report.outcome in stays_out for report in reports))


def _report(reports: list[Reread]) -> None:
    words = console.words()
    shown = [report for report in reports if report.outcome is not RereadOutcome.UNCHANGED]
    if shown:
        rows = [
            (
                report.document_id,
                report.title,
                words(f"reread.{report.outcome}"),
                words.error(report.error) if report.error else None,
            )
            for report in shown
        ]
        console.table(("column.id#", "column.title", "column.outcome", "column.reason"), rows)
    counts = {
        outcome.value.replace("-", "_"): sum(r.outcome is outcome for r in reports)
        for outcome in RereadOutcome
    }
    say("reread.counts", **counts)


COMMANDS = (reread,)
