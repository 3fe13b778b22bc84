"""The ``audit`` group: check the log of deeds, read it, export it."""

import csv
import sys
from datetime import UTC, datetime

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.console import fail, help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.deeds import COLUMNS, rows_of
from knowledge.accounts.audit import Audit, Search

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group(help=help_words("audit.help"))
def audit() -> None:
    """Who did what."""


@audit.command(help=help_words("audit.verify_help"))
@pass_session
def verify(session: Session) -> int:
    """Work out every digest anew; exit code 1 where an entry is not what was entered."""
    verdict = Audit(session.workbench.engine).verify()
    if verdict.broken_at is not None:
        return fail("audit.broken", id=verdict.broken_at, sound=verdict.entries)
    say("audit.sound", count=verdict.entries, last=verdict.last)
    return 0


@audit.command("list", help=help_words("audit.list_help"))
@click.option("--action", help=help_words("audit.action"))
@click.option("--person", help=help_words("audit.person"))
@click.option("--since", type=_DAY, help=help_words("audit.since"))
@click.option("--until", type=_DAY, help=help_words("audit.until"))
@click.option("--limit", type=click.IntRange(1), default=50, help=help_words("audit.limit"))
@click.option("--csv", "as_csv", is_flag=True, help=help_words("audit.csv"))
@pass_session
def list_entries(
    session: Session,
    /,
    *,
    action: str | None,
    person: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    as_csv: bool,
) -> None:
    """Show entries, newest first; as CSV all of them."""
    bench = session.workbench
    search = Search(
        action=action,
        person_id=None if person is None else bench.people.id_of(person),
        since=None if since is None else since.replace(tzinfo=UTC),
        until=None if until is None else until.replace(tzinfo=UTC),
    )
    log = Audit(bench.engine)
    names = bench.people.names()
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(COLUMNS)
        writer.writerows(rows_of(log.every(search), names))
        return
    rows = rows_of(log.entries(search, limit=limit), names)
    columns = [f"audit.column.{column}" for column in COLUMNS[:-1]]
    console.table(columns, [row[:-1] for row in rows])


COMMANDS = (audit,)
