"""The ``privacy`` group: look for personal data, and export, expire and erase what is kept."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefs.clearing import words_of
from briefs.workbench.cli import console
from briefs.workbench.cli.console import fail, help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from knowledge.clearing import places, shown
from knowledge.erasing import Erased
from knowledge.errors import UnknownRecordError
from knowledge.loading import load
from knowledge.personal_data import Portrait

if TYPE_CHECKING:
    from briefs.workbench.bootstrap import Workbench

_SHOWN = 50
_ASKER = re.compile(r"asker:([1-9]\d{0,17})")


@click.group(help=help_words("privacy.help"))
def privacy() -> None:
    """Personal data."""


@privacy.command(help=help_words("privacy.check_help"))
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--document", type=ID, help=help_words("privacy.document"))
@click.option("--brief", type=ID, help=help_words("privacy.brief"))
@click.option("--answer", type=ID, help=help_words("privacy.answer"))
@pass_session
def check(
    session: Session,
    /,
    *,
    path: Path | None,
    document: int | None,
    brief: int | None,
    answer: int | None,
) -> int:
    """List the places of a file or a record that look like personal data."""
    bench = session.workbench
    if sum(given is not None for given in (path, document, brief, answer)) != 1:
        return fail("privacy.one_thing")
    if path is not None:
        texts: Sequence[str] = bench.clearings.look(load(path), path.name, actor=bench.actor)
    elif document is not None:
        texts = _pages(bench, document)
    elif brief is not None:
        texts = words_of(bench.briefs.get(brief)).texts
    else:
        texts = bench.desk.becoming_public(answer or 0, actor=bench.actor)
    found = places(texts)
    words = console.words()
    rows = [
        (
            each.place.text + 1,
            words(f"privacy.kind.{each.place.trace.kind}"),
            words("privacy.sure" if each.place.trace.is_sure else "privacy.likely"),
            f"{each.before}【{each.words}】{each.after}",
        )
        for each in shown(texts, found[:_SHOWN])
    ]
    columns = ("privacy.where#", "privacy.kind", "privacy.sureness", "privacy.words")
    if rows:
        console.table(columns, rows)
    say("privacy.found", n=len(found))
    for kind, record in (("document", document), ("brief", brief), ("answer", answer)):
        if record is not None:
            _say_decided(bench, kind, record)
    return 0


@privacy.command("askers", help=help_words("privacy.askers_help"))
@click.option("--due", is_flag=True, help=help_words("privacy.due"))
@pass_session
def list_askers(session: Session, due: bool) -> None:
    """List the askers that are kept, those first that are due first."""
    bench = session.workbench
    found = bench.erasing.askers(actor=bench.actor, only_due=due)
    rows = [
        (f"asker:{each.id}", each.name, each.contact, each.organisation, f"{each.kept_until:%F}")
        for each in found
    ]
    names = ("who", "name", "contact", "organisation", "kept_until")
    console.table([f"privacy.column.{name}" for name in names], rows)


@privacy.command(help=help_words("privacy.expire_help"))
@click.option("--dry-run", is_flag=True, help=help_words("privacy.dry_run"))
@pass_session
def expire(session: Session, dry_run: bool) -> int:
    """Erase the askers whose time is over."""
    bench = session.workbench
    if dry_run:
        say("privacy.due_now", n=bench.erasing.due(actor=bench.actor))
        return 0
    erased = bench.erasing.expire(actor=bench.actor)
    say("privacy.expired", n=len(erased.ids))
    return _reported(erased) if erased.ids else 0


@privacy.command(help=help_words("privacy.export_help"))
@click.argument("who")
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help=help_words("privacy.to"),
)
@pass_session
def export(session: Session, who: str, target: Path) -> None:
    """Write everything that is kept of a person into a file that only its owner may read."""
    told = _portrait(session.workbench, who).as_json()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        handle = os.open(target, flags, 0o600)
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}") from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(told)
    say("privacy.exported", path=target)


@privacy.command(help=help_words("privacy.erase_help"))
@click.argument("who")
@click.option("--confirm", help=help_words("privacy.confirm"))
@pass_session
def erase(session: Session, who: str, confirm: str | None) -> int:
    """Erase a person, once their name was typed a second time."""
    bench = session.workbench
    asker = _ASKER.fullmatch(who)
    person = None if asker else _person(bench, who)
    if confirm is None:
        say("privacy.erasing_asker" if asker else "privacy.erasing_person", who=who)
        confirm = click.prompt(console.words()("privacy.again", who=who))
    if asker:
        erased = bench.erasing.erase_asker(int(asker[1]), confirm=confirm, actor=bench.actor)
    else:
        called = console.words()("privacy.erased_person", id=person)
        erased = bench.erasing.erase_person(
            person or 0, confirm=confirm, called=called, actor=bench.actor
        )
    say("privacy.erased")
    return _reported(erased)


@privacy.command(help=help_words("privacy.wipe_help"))
@pass_session
def wipe(session: Session) -> int:
    """Take what was erased out of the database's files."""
    bench = session.workbench
    if not bench.erasing.wipe(actor=bench.actor):
        return fail("privacy.not_wiped")
    say("privacy.wiped")
    return 0


def _say_decided(bench: "Workbench", kind: str, record: int) -> None:
    names = bench.people.names()
    for each in bench.clearings.of(kind, record, actor=bench.actor):
        say(
            "privacy.decided",
            when=f"{each.decided_at.astimezone():%Y-%m-%d %H:%M}",
            person=names.get(each.decided_by, each.decided_by),
            found=each.found,
            blanked=each.blanked,
            reason=each.reason or "–",
        )


def _reported(erased: Erased) -> int:
    if erased.documents:
        say("privacy.left_in_documents", ids=", ".join(map(str, erased.documents)))
    if erased.briefs:
        say("privacy.left_in_briefs", ids=", ".join(map(str, erased.briefs)))
    if erased.editions:
        say("privacy.left_in_editions", n=erased.editions)
    say("privacy.backups")
    if not erased.is_wiped:
        return fail("privacy.not_wiped")
    say("privacy.wiped")
    return 0


def _portrait(bench: "Workbench", who: str) -> Portrait:
    if asker := _ASKER.fullmatch(who):
        return bench.personal_data.of_asker(int(asker[1]), actor=bench.actor)
    return bench.personal_data.of_person(_person(bench, who), actor=bench.actor)


def _person(bench: "Workbench", login: str) -> int:
    found = bench.signing_in.register.by_login(login)
    account = found[0] if found else None
    is_theirs = bench.actor.sees_all_branches
    if account is None or not (is_theirs or account.branch_id == bench.actor.branch_id):
        raise UnknownRecordError(kind="account", id=login)
    return account.person_id


def _pages(bench: "Workbench", document_id: int) -> list[str]:
    version = bench.documents.get(document_id).current_version
    return [page.text for page in bench.documents.pages(version)]


COMMANDS = (privacy,)
