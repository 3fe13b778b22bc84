"""Commands on the collection: init, add, list, failures, retry, index."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefs.workbench.cli import console, dividing
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.recognising import recognise_waiting
from briefs.workbench.cli.values import ID
from briefs.workbench.settings import ACCESSES
from briefs.workbench.sharing import tag_of
from knowledge.accounts.actions import Action
from knowledge.incoming import Look
from knowledge.ingest import Added, AddOutcome
from knowledge.listing import list_files
from knowledge.model import Access

if TYPE_CHECKING:
    from briefs.workbench.bootstrap import Workbench

_ROWS_SHOWN = 40


@click.command(help=help_words("init.help"))
@pass_session
def init(session: Session) -> None:
    """Make the home, or bring an older one up to date."""
    workbench = session.workbench
    workbench.actor  # noqa: B018 – makes the first branch and person
    say("init.done", home=workbench.home)


@click.command(help=help_words("add.help"))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--document", "document_id", type=ID, help=help_words("add.document"))
@click.option("--access", type=click.Choice(ACCESSES), help=help_words("add.access"))
@click.option("--no-recognise", is_flag=True, help=help_words("add.no_recognise"))
@pass_session
def add(
    session: Session,
    /,
    paths: tuple[Path, ...],
    *,
    document_id: int | None,
    access: str | None,
    no_recognise: bool,
) -> int:
    """Add files and folders, then encode and index what is new."""
    workbench = session.workbench
    listing = list_files(paths)
    if document_id is not None and len(listing.files) != 1:
        raise click.UsageError(console.words()("add.one_file"))
    if document_id is not None and access is not None:
        raise click.UsageError(console.words()("add.access_is_known"))
    level = None if access is None else Access(access)
    reports = _taken_in(workbench, listing.files, document_id=document_id, access=level)
    _report(reports, len(listing.passed_over))
    with console.progress("add.preparing", 0):
        problem = workbench.encoder_problem
    start = time.perf_counter()
    with console.progress("add.encoding", 0) as bar:
        encoded = workbench.index(bar.to)
    seconds = time.perf_counter() - start
    if encoded:
        say("add.encoded", n=encoded, seconds=f"{seconds:.0f}", rate=f"{encoded / seconds:.1f}")
    if problem:
        console.fail(problem)
    code = int(any(report.error is not None for report in reports))
    if waiting := workbench.recognising.tally().waiting:
        say("recognise.later" if no_recognise else "recognise.begin", n=waiting)
        if not no_recognise:
            code = recognise_waiting(session) or code
    return code


@click.command(help=help_words("index.help"))
@pass_session
def index(session: Session) -> None:
    """Encode what waits and bring the indexes up to date."""
    with console.progress("add.encoding", 0) as bar:
        encoded = session.workbench.index(bar.to)
    session.workbench.note(Action.INDEX, encoded=encoded)
    say("index.done", n=encoded)
    dividing.finish(session.workbench)
    if problem := session.workbench.encoder_problem:
        console.fail(problem)


@click.command("list", help=help_words("list.help"))
@click.option("--title", default="", help=help_words("list.title"))
@pass_session
def list_documents(session: Session, title: str) -> None:
    """List the documents, newest first."""
    documents = session.workbench.documents.find(title=title)
    rows = [
        (
            document.id,
            document.title,
            console.words()(f"type.{document.metadata.type}"),
            document.metadata.number,
            document.metadata.issued_on,
            tag_of(console.words(), document.stamp),
        )
        for document in documents
    ]
    columns = ("title", "type", "number", "date", "access")
    console.table(("column.id#", *(f"column.{name}" for name in columns)), rows)
    say("list.count", n=len(documents))


@click.command(help=help_words("failures.help"))
@pass_session
def failures(session: Session) -> None:
    """List the files that could not be taken in."""
    found = session.workbench.failures.all()
    rows = [
        (failure.id, failure.file_name, console.words().sentence(failure.sentence, failure.details))
        for failure in found
    ]
    console.table(("column.id#", "column.file", "column.reason"), rows)


@click.command(help=help_words("retry.help"))
@click.argument("failure_ids", nargs=-1, type=ID)
@pass_session
def retry(session: Session, failure_ids: tuple[int, ...]) -> int:
    """Try failed files again: those named, or all."""
    workbench = session.workbench
    chosen = (
        [workbench.failures.get(id_) for id_ in failure_ids]
        if failure_ids
        else workbench.failures.all()
    )
    reports = [workbench.library.retry(failure, actor=workbench.actor) for failure in chosen]
    _report(reports, 0)
    workbench.index()
    return int(any(report.error is not None for report in reports))


def _taken_in(
    workbench: "Workbench",
    files: Sequence[Path],
    *,
    document_id: int | None,
    access: Access | None,
) -> list[Added]:
    reports: list[Added] = []
    with console.progress("add.reading", len(files)) as bar:
        for path in files:
            reports.append(
                workbench.ingest.add_file(
                    path,
                    actor=workbench.actor,
                    document_id=document_id,
                    access=access,
                    look=Look.TELL,
                )
            )
            bar.step()
    return reports


def _report(reports: Sequence[Added], passed_over: int) -> None:
    words = console.words()
    shown = [
        report
        for report in reports
        if len(reports) <= _ROWS_SHOWN or report.error is not None or report.remarks
    ]
    if shown:
        columns = ("column.outcome", "column.file", "column.document#", "column.passages#")
        rows = [
            (
                words(f"outcome.{report.outcome}"),
                report.name,
                report.document_id,
                report.passages or None,
                words.error(report.error) if report.error else _remarks(report),
            )
            for report in shown
        ]
        console.table((*columns, "column.reason"), rows)
    counts = {
        outcome.value.replace("-", "_"): sum(r.outcome is outcome for r in reports)
        for outcome in AddOutcome
    }
    say("add.counts", passages=sum(r.passages for r in reports), **counts)
    if counts["quarantined"]:
        say("add.quarantined", n=counts["quarantined"])
    if passed_over:
        say("add.passed_over", n=passed_over)


def _remarks(report: Added) -> str:
    words = console.words()
    named = (remark.partition(":") for remark in report.remarks)
    return words("remark.join").join(words(f"remark.{name}", value=v) for name, _, v in named)


COMMANDS = (init, add, index, list_documents, failures, retry)
