"""The ``account`` group: open, list, change and close accounts, and make one-time links."""

from urllib.parse import urljoin

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from briefs.workbench.settings import address_of
from knowledge.accounts.binding import key_of
from knowledge.accounts.register import Account, Particulars
from knowledge.accounts.roles import Role

_ROLES = click.Choice([role.value for role in Role])


@click.group(help=help_words("account.help"))
def account() -> None:
    """Accounts of persons."""


@account.command("open", help=help_words("account.open_help"))
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, type=_ROLES, help=help_words("account.role")
)
@click.option("--login", help=help_words("account.login"))
@click.option("--branch", help=help_words("account.branch"))
@click.option("--level", type=click.IntRange(1, 6), help=help_words("account.level"))
@pass_session
def open_account(
    session: Session,
    /,
    *,
    name: str,
    roles: tuple[str, ...],
    login: str | None,
    branch: str | None,
    level: int | None,
) -> None:
    """Open an account and print the link with which its person sets a password."""
    bench = session.workbench
    told = Particulars(
        name=name,
        login=login or name,
        roles=frozenset(map(Role, roles)),
        branch=branch or bench.settings.library,
        level=level,
    )
    made = bench.signing_in.register.open(told, actor=bench.actor, at=bench.clock())
    say("account.opened", name=made.name, login=made.login, id=made.person_id)
    _print_link(session, made)


@account.command("list", help=help_words("account.list_help"))
@pass_session
def list_accounts(session: Session) -> None:
    """List all accounts, closed ones last."""
    bench, words = session.workbench, console.words()
    rows = [
        (
            each.person_id,
            each.name,
            each.login,
            " ".join(words(f"role.{role}") for role in Role if role in each.roles),
            each.level,
            each.branch,
            words("account.is_open" if each.is_open else "account.is_closed"),
        )
        for each in bench.signing_in.register.managed(actor=bench.actor)
    ]
    columns = ("id#", "name", "login", "roles", "level#", "branch", "state")
    console.table([f"account.column.{column}" for column in columns], rows)


@account.command("change", help=help_words("account.change_help"))
@click.argument("person_id", type=ID)
@click.option("--name", help=help_words("account.name"))
@click.option("--role", "roles", multiple=True, type=_ROLES, help=help_words("account.role"))
@click.option("--login", help=help_words("account.login"))
@click.option("--branch", help=help_words("account.branch"))
@click.option("--level", type=click.IntRange(1, 6), help=help_words("account.level"))
@pass_session
def change(
    session: Session,
    /,
    *,
    person_id: int,
    name: str | None,
    roles: tuple[str, ...],
    login: str | None,
    branch: str | None,
    level: int | None,
) -> None:
    """Change what an account says; what is not given stays."""
    bench = session.workbench
    before = bench.signing_in.register.get(person_id)
    told = Particulars(
        name=name or before.name,
        login=login or before.login,
        roles=frozenset(map(Role, roles)) or before.roles,
        branch=branch or before.branch,
        level=level or before.level,
    )
    after = bench.signing_in.register.change(person_id, told, actor=bench.actor, at=bench.clock())
    say("account.changed", name=after.name)


@account.command("close", help=help_words("account.close_help"))
@click.argument("person_id", type=ID)
@pass_session
def close(session: Session, person_id: int) -> None:
    """Close an account; its person is signed out everywhere."""
    bench = session.workbench
    register = bench.signing_in.register
    register.close(person_id, actor=bench.actor, at=bench.clock())
    say("account.closed", name=register.get(person_id).name)


@account.command("reopen", help=help_words("account.reopen_help"))
@click.argument("person_id", type=ID)
@pass_session
def reopen(session: Session, person_id: int) -> None:
    """Let a person sign in again."""
    bench = session.workbench
    register = bench.signing_in.register
    register.reopen(person_id, actor=bench.actor, at=bench.clock())
    say("account.reopened", name=register.get(person_id).name)


@account.command("link", help=help_words("account.link_help"))
@click.argument("person_id", type=ID)
@pass_session
def link(session: Session, person_id: int) -> None:
    """Print a one-time link with which a person sets a password."""
    _print_link(session, session.workbench.signing_in.register.get(person_id))


@account.command("bind", help=help_words("account.bind_help"))
@click.argument("person_id", type=ID)
@click.option("--subject", help=help_words("account.subject"))
@click.option("--claim", help=help_words("account.claim"))
@click.option("--release", is_flag=True, help=help_words("account.release"))
@pass_session
def bind(
    session: Session,
    /,
    *,
    person_id: int,
    subject: str | None,
    claim: str | None,
    release: bool,
) -> None:
    """Say who comes in by an account through the identity provider."""
    bench, issuer = session.workbench, session.settings.sso_issuer
    given = [each for each in (subject, claim) if each]
    if len(given) + release != 1 or (given and not issuer):
        raise click.UsageError(console.words()("account.bind_how"))
    binding = bench.signing_in.binding
    if subject:
        binding.bind(person_id, key_of(issuer, subject), actor=bench.actor, at=bench.clock())
    elif claim:
        binding.expect(person_id, claim, actor=bench.actor, at=bench.clock())
    else:
        binding.release(person_id, actor=bench.actor, at=bench.clock())
    name = bench.signing_in.register.get(person_id).name
    say("account.released" if release else "account.bound", name=name)


def _print_link(session: Session, account: Account) -> None:
    bench = session.workbench
    token = bench.signing_in.link_for(account.person_id, actor=bench.actor)
    address = urljoin(address_of(bench.settings), f"/password/{token}")
    say("account.link", name=account.name, address=address)


COMMANDS = (account,)
