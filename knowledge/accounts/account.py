"""An account: what is kept of it, what the log says of it, and how it is read from SQL."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Row, Select, func, select

from knowledge.accounts.roles import Role, permissions_of
from knowledge.accounts.tables import accounts
from knowledge.model import Actor
from knowledge.store.schema import branches, people

LEVELS: Final = range(1, 7)
"""Of the READ scale: how hard an inquiry a volunteer may take."""
Facts: TypeAlias = dict[str, str | int | bool | None]
"""What the log keeps beside a deed."""


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
    expected: str | None = None
    """What a claim of the identity provider must say when they first come by it."""
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


def facts_of(account: Account) -> Facts:
    """What the log keeps of an account: no words of its person's."""
    roles = " ".join(kept(account.roles))
    return {"roles": roles, "level": account.level, "branch": account.branch_id}


def changes_between(before: Account, after: Account) -> Facts:
    """What the log keeps of a change: what was, where it is another one now."""
    was, now = facts_of(before), facts_of(after)
    changed = {f"{name}_before": value for name, value in was.items() if value != now[name]}
    flags = {
        "renamed": before.name != after.name,
        "login_changed": before.login != after.login,
    }
    return changed | {name: True for name, is_so in flags.items() if is_so}


def kept(roles: Collection[Role]) -> list[str]:
    """Roles as the database keeps them, in the order of `Role`."""
    return [role.value for role in Role if role in roles]


def query_of(*columns: Any) -> Select[Any]:
    """What `account_of` reads, of every account, with these columns besides."""
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
            accounts.c.expected,
            accounts.c.opened_at,
            accounts.c.closed_at,
            *columns,
        )
        .join(people, people.c.id == accounts.c.person_id)
        .join(branches, branches.c.id == people.c.branch_id)
    )


def account_of(row: Row[Any]) -> Account:
    """The account that a row of `query_of` is."""
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
        expected=row.expected,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )
