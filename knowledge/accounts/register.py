"""The register of accounts: who may sign in, and as what."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, update

from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.errors import (
    BadLevelError,
    BadLoginError,
    LastAdministratorError,
    LoginTakenError,
    NoRoleError,
)
from knowledge.accounts.roles import Permission, Role, permissions_of, require
from knowledge.accounts.tables import accounts, links, sessions
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor
from knowledge.store.engine import writing
from knowledge.store.schema import branches, people

LEVELS: Final = range(1, 7)
"""Of the READ scale: how hard an inquiry a volunteer may take."""
_LOGIN: Final = re.compile(r"[\w.@-]{2,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may sign in."""

    person_id: int
    name: str
    """What others see."""
    login: str
    """What they type to sign in; folded."""
    roles: frozenset[Role]
    level: int | None
    """Hardest inquiry that they may take, 1 … 6; None: any that their roles permit."""
    branch_id: int
    branch: str
    is_main: bool
    """Their branch is the main library."""
    has_password: bool
    subject: str | None = None
    """Who an identity provider says that they are."""
    opened_at: datetime
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether they may sign in."""
        return self.closed_at is None

    @property
    def actor(self) -> Actor:
        """The person as services know them."""
        return Actor(
            self.person_id,
            self.name,
            self.branch_id,
            permissions=permissions_of(self.roles),
            level=self.level,
            sees_all_branches=self.is_main,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What an administrator says of an account."""

    name: str
    login: str
    roles: frozenset[Role]
    branch: str
    level: int | None = None


class Register:
    """Accounts, each one person's; safe in several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def all(self) -> list[Account]:
        """Every account, open ones first, in order of names."""
        query = _query().order_by(accounts.c.closed_at.is_not(None), people.c.name)
        with self._engine.connect() as connection:
            return [_account_of(row) for row in connection.execute(query)]

    def get(self, person_id: int) -> Account:
        """One account.

        Raises:
            UnknownRecordError: the person has none.
        """
        with self._engine.connect() as connection:
            return _get(connection, person_id)

    def by_login(self, login: str) -> tuple[Account, str | None] | None:
        """The account of a sign-in name and its password's hash; None where there is none."""
        query = _query(accounts.c.password).where(accounts.c.login == folded(login))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else (_account_of(row), row.password)

    def by_subject(self, subject: str) -> Account | None:
        """The account that belongs to a person of an identity provider."""
        with self._engine.connect() as connection:
            row = connection.execute(_query().where(accounts.c.subject == subject)).first()
        return None if row is None else _account_of(row)

    def has_administrator(self) -> bool:
        """Whether anybody who may sign in manages accounts."""
        with self._engine.connect() as connection:
            return bool(_administrators(connection))

    def open(self, told: Particulars, *, actor: Actor, at: datetime) -> Account:
        """Open an account without a password: a one-time link lets its person choose one.

        A person of that name who has none gets it; else the person is new.

        Raises:
            NotPermittedError: the actor may not manage accounts.
            BadLoginError: the sign-in name has other characters.
            LoginTakenError: somebody has that name or that sign-in name.
            NoRoleError: no role is given.
            BadLevelError: the level is none, or a volunteer has none.
        """
        require(actor, Permission.MANAGE_PEOPLE)
        _check(told)
        login = folded(told.login)
        with self._writer.begin() as connection:
            branch_id = _branch(connection, told.branch, at=at)
            person_id = _person(connection, told.name, branch_id=branch_id, at=at)
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
                    roles=_kept(told.roles),
                    level=told.level,
                    opened_by=actor.person_id,
                    opened_at=at,
                )
            )
            _log(connection, "open-account", person_id, actor=actor, at=at, roles=told.roles)
            return _get(connection, person_id)

    def change(self, person_id: int, told: Particulars, *, actor: Actor, at: datetime) -> Account:
        """Replace what an account says; it holds from the person's next click on.

        Raises:
            UnknownRecordError: the person has no account.
            LastAdministratorError: nobody else manages accounts.
            NotPermittedError, BadLoginError, LoginTakenError, NoRoleError, BadLevelError: see
                `open`.
        """
        require(actor, Permission.MANAGE_PEOPLE)
        _check(told)
        login = folded(told.login)
        with self._writer.begin() as connection:
            before = _get(connection, person_id)
            if Role.ADMINISTRATOR not in told.roles:
                _keep_one(connection, before)
            other = accounts.c.person_id != person_id
            named = (accounts.c.login == login) & other
            if connection.execute(select(accounts.c.login).where(named)).first():
                raise LoginTakenError(login=told.login)
            same = (people.c.name == told.name) & (people.c.id != person_id)
            if connection.execute(select(people.c.id).where(same)).first():
                raise LoginTakenError(login=told.name)
            branch_id = _branch(connection, told.branch, at=at)
            connection.execute(
                update(people)
                .where(people.c.id == person_id)
                .values(name=told.name, branch_id=branch_id)
            )
            connection.execute(
                update(accounts)
                .where(accounts.c.person_id == person_id)
                .values(login=login, roles=_kept(told.roles), level=told.level)
            )
            _log(connection, "change-account", person_id, actor=actor, at=at, roles=told.roles)
            return _get(connection, person_id)

    def close(self, person_id: int, *, actor: Actor, at: datetime) -> None:
        """Close an account: its person is signed out everywhere and cannot sign in again.

        Raises:
            UnknownRecordError: the person has no account.
            NotPermittedError: the actor may not manage accounts.
            LastAdministratorError: nobody else manages accounts.
        """
        require(actor, Permission.MANAGE_PEOPLE)
        with self._writer.begin() as connection:
            account = _get(connection, person_id)
            _keep_one(connection, account)
            self._set(connection, person_id, closed_at=at)
            for table in (sessions, links):
                connection.execute(table.delete().where(table.c.person_id == person_id))
            _log(connection, "close-account", person_id, actor=actor, at=at)

    def reopen(self, person_id: int, *, actor: Actor, at: datetime) -> None:
        """Let a person sign in again, with the password that they had.

        Raises:
            UnknownRecordError: the person has no account.
            NotPermittedError: the actor may not manage accounts.
        """
        require(actor, Permission.MANAGE_PEOPLE)
        with self._writer.begin() as connection:
            _get(connection, person_id)
            self._set(connection, person_id, closed_at=None)
            _log(connection, "reopen-account", person_id, actor=actor, at=at)

    def _set(self, connection: Connection, person_id: int, **values: object) -> None:
        connection.execute(
            update(accounts).where(accounts.c.person_id == person_id).values(**values)
        )


def folded(login: str) -> str:
    """A sign-in name as it is kept and compared: width and capitals do not matter."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


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
    row = connection.execute(_query().where(accounts.c.person_id == person_id)).first()
    if row is None:
        raise UnknownRecordError(kind="account", id=person_id)
    return _account_of(row)


def _branch(connection: Connection, name: str, *, at: datetime) -> int:
    found = connection.execute(select(branches.c.id).where(branches.c.name == name)).scalar()
    if found is None:
        connection.execute(insert(branches).values(name=name, made_at=at))
        return _branch(connection, name, at=at)
    return int(found)


def _person(connection: Connection, name: str, *, branch_id: int, at: datetime) -> int:
    found = connection.execute(select(people.c.id).where(people.c.name == name)).scalar()
    if found is None:
        values = {"name": name, "branch_id": branch_id, "made_at": at}
        connection.execute(insert(people).values(**values))
        return _person(connection, name, branch_id=branch_id, at=at)
    return int(found)


def _log(
    connection: Connection,
    action: str,
    person_id: int,
    *,
    actor: Actor,
    at: datetime,
    roles: Collection[Role] = (),
) -> None:
    details = {"roles": " ".join(_kept(roles))} if roles else {}
    deed = Deed(
        action=action,
        person_id=actor.person_id,
        kind="account",
        record=person_id,
        address=actor.address,
        details=details,
    )
    enter(connection, deed, at=at)


def _kept(roles: Collection[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]


def _query(*columns: Any) -> Select[Any]:
    main = select(func.min(branches.c.id)).scalar_subquery()
    return (
        select(
            accounts.c.person_id,
            people.c.name,
            accounts.c.login,
            accounts.c.roles,
            accounts.c.level,
            people.c.branch_id,
            branches.c.name.label("branch"),
            (people.c.branch_id == main).label("is_main"),
            accounts.c.password.is_not(None).label("has_password"),
            accounts.c.subject,
            accounts.c.opened_at,
            accounts.c.closed_at,
            *columns,
        )
        .join(people, people.c.id == accounts.c.person_id)
        .join(branches, branches.c.id == people.c.branch_id)
    )


def _account_of(row: Row[Any]) -> Account:
    return Account(
        person_id=row.person_id,
        name=row.name,
        login=row.login,
        roles=frozenset(Role(role) for role in row.roles),
        level=row.level,
        branch_id=row.branch_id,
        branch=row.branch,
        is_main=bool(row.is_main),
        has_password=bool(row.has_password),
        subject=row.subject,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )
