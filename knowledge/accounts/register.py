"""The register of accounts: who may sign in, and as what."""

import re
import unicodedata
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, insert, select, update

from knowledge.accounts.account import (
    LEVELS,
    Account,
    Facts,
    Particulars,
    account_of,
    changes_between,
    facts_of,
    kept,
    query_of,
)
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.errors import (
    BadLevelError,
    BadLoginError,
    LastAdministratorError,
    LoginTakenError,
    NoRoleError,
    OtherBranchAccountError,
    OwnAccountError,
)
from knowledge.accounts.roles import Permission, Role, require
from knowledge.accounts.tables import accounts, links, sessions
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor
from knowledge.store.engine import new_id, writing
from knowledge.store.schema import branches, people

__all__ = ["LEVELS", "Account", "Particulars", "Register", "folded", "require_managed"]

_LOGIN: Final = re.compile(r"[\w.@-]{2,64}")


class Register:
    """Accounts, each one person's; safe in several threads and processes.

    An administrator of the main library manages all of them, one of a branch those of that branch:
    others do not exist for them. Nobody changes their own roles, level or branch, except on the
    machine itself.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def all(self) -> list[Account]:
        """Every account, open ones first, in order of names."""
        query = query_of().order_by(accounts.c.closed_at.is_not(None), people.c.name)
        with self._engine.connect() as connection:
            return [account_of(row) for row in connection.execute(query)]

    def managed(self, *, actor: Actor) -> list[Account]:
        """The accounts that an administrator manages, in the order of `all`.

        Raises:
            NotPermittedError: the actor may not manage accounts.
        """
        require(actor, Permission.MANAGE_PEOPLE)
        return [account for account in self.all() if _is_theirs(account.branch_id, actor)]

    def get(self, person_id: int) -> Account:
        """One account.

        Raises:
            UnknownRecordError: the person has none.
        """
        with self._engine.connect() as connection:
            return _get(connection, person_id)

    def by_login(self, login: str) -> tuple[Account, str | None] | None:
        """The account of a sign-in name and its password's hash; None where there is none."""
        query = query_of(accounts.c.password).where(accounts.c.login == folded(login))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else (account_of(row), row.password)

    def has_administrator(self) -> bool:
        """Whether anybody who may sign in manages accounts."""
        with self._engine.connect() as connection:
            return bool(_administrators(connection))

    def open(self, told: Particulars, *, actor: Actor, at: datetime) -> Account:
        """Open an account without a password: a one-time link lets its person choose one.

        A person of that name who has none gets it; else the person is new.

        Raises:
            NotPermittedError: the actor may not manage accounts.
            OtherBranchAccountError: the actor manages those of another branch.
            BadLoginError: the sign-in name has other characters.
            LoginTakenError: somebody has that name or that sign-in name.
            NoRoleError: no role is given.
            BadLevelError: the level is none, or a volunteer has none.
        """
        require(actor, Permission.MANAGE_PEOPLE)
        _check(told)
        login = folded(told.login)
        with self._writer.begin() as connection:
            branch_id = _branch(connection, told.branch, actor=actor, at=at)
            person_id = _person(connection, told, branch_id=branch_id, actor=actor, at=at)
            taken = (accounts.c.login == login) | (accounts.c.person_id == person_id)
            if connection.execute(select(accounts.c.login).where(taken)).first():
                raise LoginTakenError(login=told.login)
            connection.execute(
                update(people).where(people.c.id == person_id).values(branch_id=branch_id)
            )
            connection.execute(
                insert(accounts).values(
                    person_id=person_id,
                    login=login,
                    roles=kept(told.roles),
                    level=_level(told),
                    opened_by=actor.person_id,
                    opened_at=at,
                )
            )
            account = _get(connection, person_id)
            _log(
                connection, "open-account", person_id, actor=actor, at=at, details=facts_of(account)
            )
            return account

    def change(self, person_id: int, told: Particulars, *, actor: Actor, at: datetime) -> Account:
        """Replace what an account says; it holds from the person's next click on.

        Raises:
            UnknownRecordError: the person has no account that the actor manages.
            OwnAccountError: it is the actor's own, and roles, level or branch would change.
            LastAdministratorError: nobody else manages accounts.
            NotPermittedError, OtherBranchAccountError, BadLoginError, LoginTakenError, NoRoleError,
                BadLevelError: see `open`.
        """
        require(actor, Permission.MANAGE_PEOPLE)
        _check(told)
        login = folded(told.login)
        with self._writer.begin() as connection:
            before = _managed(connection, person_id, actor=actor)
            if person_id == actor.person_id and not actor.is_operator:
                _require_same_rights(before, told)
            if Role.ADMINISTRATOR not in told.roles:
                _keep_one(connection, before)
            other = accounts.c.person_id != person_id
            named = (accounts.c.login == login) & other
            if connection.execute(select(accounts.c.login).where(named)).first():
                raise LoginTakenError(login=told.login)
            same = (people.c.name == told.name) & (people.c.id != person_id)
            if connection.execute(select(people.c.id).where(same)).first():
                raise LoginTakenError(login=told.name)
            branch_id = _branch(connection, told.branch, actor=actor, at=at)
            connection.execute(
                update(people)
                .where(people.c.id == person_id)
                .values(name=told.name, branch_id=branch_id)
            )
            connection.execute(
                update(accounts)
                .where(accounts.c.person_id == person_id)
                .values(login=login, roles=kept(told.roles), level=_level(told))
            )
            after = _get(connection, person_id)
            changed = facts_of(after) | changes_between(before, after)
            _log(connection, "change-account", person_id, actor=actor, at=at, details=changed)
            return after

    def close(self, person_id: int, *, actor: Actor, at: datetime) -> None:
        """Close an account: its person is signed out everywhere and cannot sign in again.

        Raises:
            UnknownRecordError: the person has no account that the actor manages.
            NotPermittedError: the actor may not manage accounts.
            LastAdministratorError: nobody else manages accounts.
        """
        require(actor, Permission.MANAGE_PEOPLE)
        with self._writer.begin() as connection:
            account = _managed(connection, person_id, actor=actor)
            _keep_one(connection, account)
            self._set(connection, person_id, closed_at=at)
            for table in (sessions, links):
                connection.execute(table.delete().where(table.c.person_id == person_id))
            _log(connection, "close-account", person_id, actor=actor, at=at)

    def reopen(self, person_id: int, *, actor: Actor, at: datetime) -> None:
        """Let a person sign in again, with the password that they had.

        Raises:
            UnknownRecordError: the person has no account that the actor manages.
            NotPermittedError: the actor may not manage accounts.
        """
        require(actor, Permission.MANAGE_PEOPLE)
        with self._writer.begin() as connection:
            _managed(connection, person_id, actor=actor)
            self._set(connection, person_id, closed_at=None)
            _log(connection, "reopen-account", person_id, actor=actor, at=at)

    def _set(self, connection: Connection, person_id: int, **values: object) -> None:
        connection.execute(
            update(accounts).where(accounts.c.person_id == person_id).values(**values)
        )


def folded(login: str) -> str:
    """A sign-in name as it is kept and compared: width and capitals do not matter."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def require_managed(account: Account, actor: Actor) -> None:
    """Go on only if this administrator manages the account.

    Raises:
        NotPermittedError: the actor may not manage accounts.
        UnknownRecordError: they manage those of another branch.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    if not _is_theirs(account.branch_id, actor):
        raise UnknownRecordError(kind="account", id=account.person_id)


def _is_theirs(branch_id: int, actor: Actor) -> bool:
    return actor.sees_all_branches or branch_id == actor.branch_id


def _managed(connection: Connection, person_id: int, *, actor: Actor) -> Account:
    account = _get(connection, person_id)
    require_managed(account, actor)
    return account


def _require_same_rights(before: Account, told: Particulars) -> None:
    if (before.roles, before.level, before.branch) != (told.roles, _level(told), told.branch):
        raise OwnAccountError()


def _level(told: Particulars) -> int | None:
    """A level binds volunteers alone: whoever is none any more is not held to theirs."""
    return told.level if Role.VOLUNTEER in told.roles else None


def _check(told: Particulars) -> None:
    if not _LOGIN.fullmatch(folded(told.login)) or not told.name.strip():
        raise BadLoginError(login=told.login if told.name.strip() else told.name)
    if not told.roles:
        raise NoRoleError(role="", roles=", ".join(Role))
    if told.level is not None and told.level not in LEVELS:
        raise BadLevelError()
    if told.level is None and told.roles == {Role.VOLUNTEER}:
        raise BadLevelError()


def _keep_one(connection: Connection, account: Account) -> None:
    if _administrators(connection) == {account.person_id}:
        raise LastAdministratorError(person=account.name)


def _administrators(connection: Connection) -> set[int]:
    query = select(accounts.c.person_id, accounts.c.roles).where(accounts.c.closed_at.is_(None))
    rows = connection.execute(query)
    return {row.person_id for row in rows if Role.ADMINISTRATOR in row.roles}


def _get(connection: Connection, person_id: int) -> Account:
    row = connection.execute(query_of().where(accounts.c.person_id == person_id)).first()
    if row is None:
        raise UnknownRecordError(kind="account", id=person_id)
    return account_of(row)


def _branch(connection: Connection, name: str, *, actor: Actor, at: datetime) -> int:
    found = connection.execute(select(branches.c.id).where(branches.c.name == name)).scalar()
    if not (actor.sees_all_branches or found == actor.branch_id):
        raise OtherBranchAccountError(branch=name)
    if found is None:
        return new_id(connection.execute(insert(branches).values(name=name, made_at=at)))
    return int(found)


def _person(
    connection: Connection, told: Particulars, *, branch_id: int, actor: Actor, at: datetime
) -> int:
    known = select(people.c.id, people.c.branch_id).where(people.c.name == told.name)
    found = connection.execute(known).first()
    if found is None:
        values = {"name": told.name, "branch_id": branch_id, "made_at": at}
        return new_id(connection.execute(insert(people).values(**values)))
    if not _is_theirs(found.branch_id, actor):
        # What another branch's person made would be this account's.
        raise LoginTakenError(login=told.name)
    return int(found.id)


def _log(
    connection: Connection,
    action: str,
    person_id: int,
    *,
    actor: Actor,
    at: datetime,
    details: Facts | None = None,
) -> None:
    deed = Deed(
        action=action,
        person_id=actor.person_id,
        kind="account",
        record=person_id,
        address=actor.address,
        details=details or {},
    )
    enter(connection, deed, at=at)
