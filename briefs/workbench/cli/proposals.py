"""Commands on what takes two persons: remove, withdraw, proposals."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from briefs.errors import UnknownEditionError
from briefs.seconding import Matter
from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from knowledge.accounts.second_person import Serious
from knowledge.accounts.signing_in import Place
from knowledge.model import Document

if TYPE_CHECKING:
    from briefs.workbench.bootstrap import Workbench

_HERE = Place("")
_as = click.option("--as", "login", required=True, help=help_words("proposals.as"))


@click.command(help=help_words("remove.help"))
@click.argument("document_id", type=ID)
@click.option("--reason", required=True, help=help_words("proposals.reason"))
@_as
@pass_session
def remove(session: Session, /, *, document_id: int, reason: str, login: str) -> None:
    """Ask for a document to be taken out of the collection."""
    with _acting(session, login) as bench:
        asked = bench.seconding.ask_removal(document_id, reason=reason, actor=bench.actor)
        _say_asked(bench, asked)


@click.command(help=help_words("withdraw.help"))
@click.argument("brief_id", type=ID)
@click.argument("number", type=ID)
@click.option("--reason", required=True, help=help_words("proposals.shown_reason"))
@_as
@pass_session
def withdraw(session: Session, /, *, brief_id: int, number: int, reason: str, login: str) -> None:
    """Ask for an edition of a brief to be withdrawn."""
    with _acting(session, login) as bench:
        # Of editions that are for other persons as well: whoever may withdraw one need not read it.
        found = (each.id for each in bench.briefs.records(brief_id) if each.number == number)
        edition = next(found, None)
        if edition is None:
            raise UnknownEditionError(id=brief_id)
        asked = bench.seconding.ask_withdrawal(edition, reason=reason, actor=bench.actor)
        _say_asked(bench, asked)


@click.group(invoke_without_command=True, help=help_words("proposals.help"))
@click.pass_context
def proposals(context: click.Context) -> None:
    """List what waits for a second person, unless something is to be decided."""
    if context.invoked_subcommand is None:
        _list(context.obj)


@proposals.command(help=help_words("proposals.agree_help"))
@click.argument("proposal_id", type=ID)
@_as
@pass_session
def agree(session: Session, proposal_id: int, login: str) -> None:
    """Agree as the second person: it is done."""
    with _acting(session, login) as bench:
        done = bench.seconding.agree(proposal_id, actor=bench.actor)
        bench.index()
    say(f"proposals.done.{done.proposal.action}", id=done.subject.id, title=_name(done))


@proposals.command(help=help_words("proposals.refuse_help"))
@click.argument("proposal_id", type=ID)
@_as
@pass_session
def refuse(session: Session, proposal_id: int, login: str) -> None:
    """Refuse as the second person, or take back what one asked for."""
    with _acting(session, login) as bench:
        refused = bench.seconding.refuse(proposal_id, actor=bench.actor).proposal
    say(f"proposals.{refused.decision}", id=refused.id)


@contextmanager
def _acting(session: Session, login: str) -> Iterator["Workbench"]:
    """The workbench of whoever signs in by password: the machine's own person proves nothing."""
    bench = session.workbench
    asked = console.words()("proposals.password", login=login)
    password = click.prompt(asked, hide_input=True, err=True)
    token = bench.signing_in.sign_in(login, password, place=_HERE)
    try:
        signed_in = bench.signing_in.who(token)
        if signed_in is None:
            raise click.Abort
        yield bench.of(signed_in.account.actor)
    finally:
        bench.signing_in.sign_out(token, place=_HERE)


def _say_asked(bench: "Workbench", asked: Matter) -> None:
    action, number = asked.proposal.action, asked.proposal.id
    say(f"proposals.asked.{action}", id=asked.subject.id, title=_name(asked), number=number)
    if not bench.seconding.has_second(asked):
        role = "librarian" if action is Serious.REMOVE_DOCUMENT else "publisher"
        say("proposals.alone", number=number, role=role)


def _name(matter: Matter) -> str:
    """A document's title; an edition's with its number."""
    if isinstance(matter.subject, Document):
        return console.words()("pages.common.work", title=matter.title)
    return console.words()("edition.named", title=matter.title, number=matter.subject.number)


def _list(session: Session) -> None:
    bench, words = session.workbench, console.words()
    found = bench.seconding.waiting(actor=bench.actor)
    rows = [
        (
            matter.proposal.id,
            words(f"proposals.action.{matter.proposal.action}"),
            matter.subject.id,
            _name(matter),
            bench.people.name(matter.proposal.made_by),
            f"{matter.proposal.made_at:%Y-%m-%d %H:%M}",
            matter.proposal.reason,
        )
        for matter in found
    ]
    names = ("id#", "what", "record#", "title", "by", "at", "reason")
    console.table([f"proposals.column.{name}" for name in names], rows)
    say("proposals.count", n=len(found))


COMMANDS = (remove, withdraw, proposals)
