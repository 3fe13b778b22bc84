"""The ``audit`` group: check the log of deeds, read it, export it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.console import fail, help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from briefs.workbench.deeds import (
    COLUMNS,
    KINDS,
    Names,
    action_in_words,
    csv_of,
    details_in_words,
    rows_of,
)
from briefs.workbench.wording import Wording
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Search

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The options that choose entries."""

    action: str | None
    person: str | None
    kind: str | None
    record: int | None
    since: datetime | None
    until: datetime | None

    def search(self, session: Session) -> Search:
        """What they ask for; an unknown person is an error."""
        named = None if self.person is None else session.workbench.people.id_of(self.person)
        return Search(
            action=self.action,
            person_id=named,
            kind=self.kind,
            record=self.record,
            since=None if self.since is None else self.since.replace(tzinfo=UTC),
            until=None if self.until is None else self.until.replace(tzinfo=UTC),
        )


_FILTERS = (
    click.option(
        "--action",
        type=click.Choice([each.value for each in Action]),
        help=help_words("audit.action"),
    ),
    click.option("--person", help=help_words("audit.person")),
    click.option("--kind", type=click.Choice(KINDS), help=help_words("audit.kind")),
    click.option("--record", type=ID, help=help_words("audit.record")),
    click.option("--since", type=_DAY, help=help_words("audit.since")),
    click.option("--until", type=_DAY, help=help_words("audit.until")),
)


def _filters(command: Callable[..., Any]) -> Callable[..., Any]:
    for add in reversed(_FILTERS):
        command = add(command)
    return command


@click.group(help=help_words("audit.help"))
def audit() -> None:
    """Who did what."""


@audit.command(help=help_words("audit.verify_help"))
@pass_session
def verify(session: Session) -> int:
    """Work out every digest anew; exit code 1 where an entry is not what was entered."""
    with console.progress("audit.checking", 0) as bar:
        verdict = session.workbench.logbook.verify(lambda count: bar.to(count, 0))
    if verdict.broken_at is not None:
        return fail("audit.broken", id=verdict.broken_at, sound=verdict.entries)
    say("audit.sound", count=verdict.entries, last=verdict.last)
    return 0


@audit.command("list", help=help_words("audit.list_help"))
@_filters
@click.option("--limit", type=click.IntRange(1), default=50, help=help_words("audit.limit"))
@pass_session
def list_entries(session: Session, /, *, limit: int, **wanted: Any) -> None:
    """Show entries, newest first."""
    logbook, words = session.workbench.logbook, console.words()
    entries = logbook.entries(_Wanted(**wanted).search(session), limit=limit)
    people = session.workbench.people
    known = Names.of(people)
    rows = [
        _in_words(words, row, ", ".join(details_in_words(words, entry, known)))
        for entry, row in zip(entries, rows_of(entries, people.names()), strict=True)
    ]
    console.table([f"audit.column.{column}" for column in COLUMNS[:-1]], rows)


def _in_words(words: Wording, row: Sequence[str], details: str) -> tuple[str, ...]:
    id_, at, person, action, kind, record, address, *_ = row
    of = words(f"deed.kind.{kind}") if kind else ""
    return id_, at, person, action_in_words(words, action), of, record, address, details


@audit.command(help=help_words("audit.export_help"))
@_filters
@click.option(
    "--to",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help=help_words("audit.to"),
)
@pass_session
def export(session: Session, /, *, path: Path, **wanted: Any) -> None:
    """Write entries to a CSV file, newest first."""
    logbook = session.workbench.logbook
    search = _Wanted(**wanted).search(session)
    count = -1
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv_of(
                logbook.export(search), session.workbench.people.names(), console.words()
            )
            for count, line in enumerate(lines):  # noqa: B007 – the number of the last line
                file.write(line)
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
    say("audit.exported", count=count, path=path)


COMMANDS = (audit,)
