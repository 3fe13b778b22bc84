"""Which account belongs to whom at an identity provider.

An account is bound by the provider's `sub`, which no provider gives to a second person; it is kept
together with the provider's name, so that another provider's same `sub` is somebody else. Names and
e-mail addresses decide only once, and only where an administrator wrote down what they must be:
people change them, and providers give them to others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.errors import SubjectTakenError, UnknownSubjectError
from knowledge.accounts.register import Account, Register, folded, require_managed
from knowledge.accounts.roles import Permission, Role, require
from knowledge.accounts.tables import accounts, links, sessions
from knowledge.model import Actor
from knowledge.store.engine import writing
from knowledge.store.schema import branches, people

ADMITTED: Final = (Role.OFFICIAL, Role.LIBRARIAN, Role.REVIEWER)
"""What a person may become by the word of an identity provider alone: nobody who signs, manages, or
answers up to a level."""
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Whom an identity provider vouches for, after its word has been checked."""

    issuer: str
    subject: str
    claim: str | None = None
    """What the claim that accounts are first found by says; None: nothing, or nothing verified."""
    name: str = ""
    """What they call themselves there."""

    @property
    def key(self) -> str:
        """What is kept of them: the provider and its number for them."""
        return key_of(self.issuer, self.subject)


@dataclass(frozen=True, slots=True)
class Admission:
    """As what somebody is let in whom no administrator has entered."""

    role: Role
    branch: str


class Binding:
    """Binds accounts to persons of an identity provider; safe in several threads and processes."""

    def __init__(self, engine: Engine, register: Register) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self._register = register

    def expect(self, person_id: int, claim: str, *, actor: Actor, at: datetime) -> None:
        """Let in by this account whoever first comes with `claim`; nobody is bound any longer.

        Raises:
            NotPermittedError: the actor may not manage accounts.
            UnknownRecordError: the person has no account that the actor manages.
            SubjectTakenError: another account expects the same.
        """
        values = {"expected": folded(claim), "subject": None}
        self._set(person_id, values, "expect-account", actor=actor, at=at)

    def bind(self, person_id: int, key: str, *, actor: Actor, at: datetime) -> None:
        """Let in by this account the person `key` of an identity provider, and nobody else.

        Args:
            person_id: whose account.
            key: as `key_of` gives it.
            actor: an administrator.
            at: this moment.

        Raises:
            NotPermittedError: the actor may not manage accounts.
            UnknownRecordError: the person has no account that the actor manages.
            SubjectTakenError: the key belongs to another account.
        """
        values = {"expected": None, "subject": key}
        self._set(person_id, values, "bind-account", actor=actor, at=at)

    def release(self, person_id: int, *, actor: Actor, at: datetime) -> None:
        """Let nobody in by this account through an identity provider any more.

        Raises:
            NotPermittedError: the actor may not manage accounts.
            UnknownRecordError: the person has no account that the actor manages.
        """
        values = {"expected": None, "subject": None}
        self._set(person_id, values, "release-account", actor=actor, at=at)

    def account_of(
        self, vouched: Vouched, *, at: datetime, address: str, admission: Admission | None = None
    ) -> Account:
        """The open account of a person of an identity provider, bound at their first coming.

        Found by who they are; else by what an administrator expects of the claim; else opened, if
        there is an `admission`.

        Raises:
            UnknownSubjectError: there is none, or it is closed; nothing is changed.
        """
        with self._writer.begin() as connection:
            person_id = _bound(connection, vouched)
            if person_id is None and vouched.claim:
                person_id = _first_come(connection, vouched, at=at, address=address)
            if person_id is None and admission is not None:
                person_id = _admitted(connection, vouched, admission, at=at, address=address)
        if person_id is None or not (account := self._register.get(person_id)).is_open:
            raise UnknownSubjectError()
        return account

    def _set(
        self,
        person_id: int,
        values: Mapping[str, str | None],
        action: str,
        *,
        actor: Actor,
        at: datetime,
    ) -> None:
        require(actor, Permission.MANAGE_PEOPLE)
        require_managed(self._register.get(person_id), actor)
        own = accounts.c.person_id == person_id
        deed = Deed.by(actor, action, kind="account", record=person_id)
        try:
            with self._writer.begin() as connection:
                connection.execute(update(accounts).where(own).values(**values))
                # Who came in until now need not be who comes in from now on.
                connection.execute(sessions.delete().where(sessions.c.person_id == person_id))
                enter(connection, deed, at=at)
        except IntegrityError as error:
            taken = values["subject"] or values["expected"]
            raise SubjectTakenError(subject=taken) from error


def key_of(issuer: str, subject: str) -> str:
    """One text for a person of a provider; a provider's name holds no blank."""
    return f"{issuer} {subject}"


def _bound(connection: Connection, vouched: Vouched) -> int | None:
    query = select(accounts.c.person_id).where(accounts.c.subject == vouched.key)
    return connection.execute(query).scalar()


def _first_come(
    connection: Connection, vouched: Vouched, *, at: datetime, address: str
) -> int | None:
    """Bind the account that expects this claim; one that is bound expects nothing any more."""
    query = select(accounts.c.person_id).where(
        accounts.c.expected == folded(vouched.claim or ""),
        accounts.c.subject.is_(None),
        accounts.c.closed_at.is_(None),
    )
    person_id = connection.execute(query).scalar()
    if person_id is None:
        return None
    connection.execute(
        update(accounts)
        .where(accounts.c.person_id == person_id)
        .values(subject=vouched.key, expected=None)
    )
    # A link that was made for a password would be a second way in.
    connection.execute(links.delete().where(links.c.person_id == person_id))
    _log(connection, "bind-account", person_id, at=at, address=address)
    return int(person_id)


def _admitted(
    connection: Connection, vouched: Vouched, admission: Admission, *, at: datetime, address: str
) -> int | None:
    """Open an account of a person of its own: nobody becomes somebody who is known by name."""
    login = folded(vouched.claim or vouched.subject)[:_LONGEST]
    name = " ".join(vouched.name.split())[:_LONGEST] or login
    if connection.execute(select(people.c.id).where(people.c.name == name)).first():
        name = f"{name} ({login})"
    known = select(people.c.id).where(people.c.name == name)
    taken = select(accounts.c.person_id).where(accounts.c.login == login)
    branch = select(branches.c.id).where(branches.c.name == admission.branch)
    branch_id = connection.execute(branch).scalar()
    if branch_id is None or connection.execute(known).first() or connection.execute(taken).first():
        return None
    person_id = connection.execute(
        insert(people).values(name=name, branch_id=branch_id, made_at=at).returning(people.c.id)
    ).scalar_one()
    connection.execute(
        insert(accounts).values(
            person_id=person_id,
            login=login,
            roles=[admission.role.value],
            subject=vouched.key,
            opened_by=person_id,
            opened_at=at,
        )
    )
    _log(connection, "admit-account", person_id, at=at, address=address)
    return int(person_id)


def _log(
    connection: Connection, action: str, person_id: int, *, at: datetime, address: str
) -> None:
    deed = Deed(
        action=action, person_id=person_id, kind="account", record=person_id, address=address
    )
    enter(connection, deed, at=at)
