"""Signing in and out, and setting passwords: the one way to become an actor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, update

from knowledge.accounts import passwords
from knowledge.accounts.attempts import Attempts
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.binding import Admission, Binding, Vouched
from knowledge.accounts.errors import (
    SpentLinkError,
    UnknownSubjectError,
    WrongCredentialsError,
)
from knowledge.accounts.links import Links
from knowledge.accounts.register import Account, Register, folded, require_managed
from knowledge.accounts.roles import Permission, require
from knowledge.accounts.sessions import Session, Sessions, digest_of
from knowledge.accounts.tables import accounts, links, sessions
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor
from knowledge.store.engine import writing


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody sits."""

    address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person in one browser."""

    account: Account
    session: Session


class SigningIn:
    """Passwords, sessions and links of all accounts; safe in several threads and processes.

    Every attempt is counted and every success and failure entered in the log.
    """

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime]) -> None:
        self._writer = writing(engine)
        self._clock = clock
        self.register = Register(engine)
        self.binding = Binding(engine, self.register)
        self._sessions = Sessions(engine)
        self._attempts = Attempts(engine)
        self._links = Links(engine)

    def sign_in(self, login: str, password: str, *, place: Place) -> str:
        """Sign a person in by password and return the new session's token.

        Raises:
            TooManyAttemptsError: this name, or this address, has failed too often.
            WrongCredentialsError: no such name, another password, or a closed account; each takes
                as long.
        """
        at = self._clock()
        found = self.register.by_login(login)
        account, stored = found or (None, None)
        is_known = account is not None and self._sessions.is_known(
            account.person_id, place.address, at=at
        )
        attempt = self._attempts.begin(folded(login), place.address, at=at, is_known=is_known)
        right = passwords.matches(password, stored)
        if account is None or stored is None or not right or not account.is_open:
            self._log("sign-in-refused", account, place=place)
            raise WrongCredentialsError()
        self._attempts.succeeded(attempt)
        if passwords.is_outdated(stored):
            with self._writer.begin() as connection:
                _set_password(connection, account.person_id, password)
        return self._begin(account, place)

    def sign_in_by(
        self, vouched: Vouched, *, place: Place, admission: Admission | None = None
    ) -> str:
        """Sign in the person whom an identity provider vouches for, and return the token.

        Args:
            vouched: whose identity has been proved by the provider.
            place: where they sit.
            admission: as what they are let in if nobody has entered them; None: not at all.

        Raises:
            TooManyAttemptsError: this person, or this address, was refused too often.
            UnknownSubjectError: no open account belongs to that person.
        """
        at = self._clock()
        attempt = self._attempts.begin(vouched.key, place.address, at=at)
        try:
            account = self.binding.account_of(
                vouched, at=at, address=place.address, admission=admission
            )
        except UnknownSubjectError:
            self._log("sign-in-refused", None, place=place)
            raise
        self._attempts.succeeded(attempt)
        return self._begin(account, place)

    def count_refused(self, *, place: Place) -> None:
        """Count and enter an attempt in which an identity provider proved nobody's identity.

        Raises:
            TooManyAttemptsError: this address was refused too often.
        """
        self._attempts.begin(None, place.address, at=self._clock())
        self._log("sign-in-refused", None, place=place)

    def who(self, token: str) -> SignedIn | None:
        """Who holds this token now; None when nobody is signed in by it (any longer)."""
        session = self._sessions.find(token, at=self._clock()) if token else None
        if session is None:
            return None
        try:
            return SignedIn(self.register.get(session.person_id), session)
        except UnknownRecordError:
            return None

    def sign_out(self, token: str, *, place: Place) -> None:
        """End the session of a token; of an unknown one nothing is told."""
        signed_in = self.who(token)
        self._sessions.end(token)
        if signed_in is not None:
            self._log("sign-out", signed_in.account, place=place)

    def forget(self, token: str) -> None:
        """End the session of a token that another one takes the place of; no deed of its own."""
        self._sessions.end(token)

    def sessions(self, person_id: int) -> Sequence[Session]:
        """Where a person is signed in, last used first."""
        return self._sessions.of(person_id, at=self._clock())

    def sign_out_everywhere(self, person_id: int, *, actor: Actor) -> int:
        """End all sessions of a person and return how many: their own, or by an administrator.

        Raises:
            NotPermittedError: it is somebody else, and the actor may not manage accounts.
            UnknownRecordError: the person has no account, or none that the actor manages.
        """
        if person_id != actor.person_id:
            require(actor, Permission.MANAGE_PEOPLE)
        account = self.register.get(person_id)
        if person_id != actor.person_id:
            require_managed(account, actor)
        ended = self._sessions.end_all(person_id)
        self._log("sign-out-everywhere", account, actor=actor)
        return ended

    def link_for(self, person_id: int, *, actor: Actor) -> str:
        """Make a one-time link's token with which a person sets a password.

        The password that they have goes on working until then.

        Raises:
            NotPermittedError: the actor may not manage accounts.
            UnknownRecordError: the person has no account that the actor manages.
        """
        require(actor, Permission.MANAGE_PEOPLE)
        account = self.register.get(person_id)
        require_managed(account, actor)
        token = self._links.make(person_id, made_by=actor.person_id, at=self._clock())
        self._log("make-link", account, actor=actor)
        return token

    def whose_link(self, token: str) -> Account:
        """The account that a link is for.

        Raises:
            SpentLinkError: it cannot be used any more.
        """
        return self.register.get(self._links.whose(token, at=self._clock()))

    def set_by_link(self, token: str, password: str, *, place: Place) -> Account:
        """Set a password with a link, which is used up; the person is signed out everywhere.

        Raises:
            SpentLinkError: the link cannot be used any more; nothing is changed.
            PasswordError: the password is not accepted; the link still works.
        """
        account = self.whose_link(token)
        passwords.check(password, names=_names(account))
        with self._writer.begin() as connection:
            used = connection.execute(delete(links).where(links.c.digest == digest_of(token)))
            if used.rowcount != 1:
                raise SpentLinkError()
            self._replace(connection, account, password, place=place)
        return account

    def end_session(
        self, signed_in: SignedIn, session_id: int | None, password: str, *, place: Place
    ) -> None:
        """End one of one's own sessions, or with None all of them, after one's password.

        Of a person without a password, who comes by an identity provider, none is asked.

        Raises:
            TooManyAttemptsError: the password was wrong too often.
            WrongCredentialsError: the password is wrong; nothing is ended.
        """
        account = signed_in.account
        if account.has_password:
            self._prove(account, password, "end-session-refused", place=place)
        if session_id is None:
            self._sessions.end_all(account.person_id)
            self._log("sign-out-everywhere", account, place=place)
        elif self._sessions.end_one(session_id, person_id=account.person_id):
            self._log("end-session", account, place=place)

    def change_password(self, signed_in: SignedIn, old: str, new: str, *, place: Place) -> str:
        """Replace one's own password and return this session's new token; the others end.

        Raises:
            TooManyAttemptsError: the old password was wrong too often.
            WrongCredentialsError: the old password is wrong.
            PasswordError: the new one is not accepted.
        """
        account = signed_in.account
        self._prove(account, old, "change-password-refused", place=place)
        passwords.check(new, names=_names(account))
        with self._writer.begin() as connection:
            self._replace(connection, account, new, place=place, keep=signed_in.session.id)
        return self._sessions.renew(signed_in.session.id)

    def _prove(self, account: Account, password: str, refused: str, *, place: Place) -> None:
        """Go on only if whoever sits there knows the account's password."""
        attempt = self._attempts.begin(
            account.login, place.address, at=self._clock(), is_known=True
        )
        found = self.register.by_login(account.login)
        if found is None or not passwords.matches(password, found[1]):
            self._log(refused, account, place=place)
            raise WrongCredentialsError()
        self._attempts.succeeded(attempt)

    def _begin(self, account: Account, place: Place) -> str:
        token = self._sessions.begin(
            account.person_id, address=place.address, device=place.device, at=self._clock()
        )
        self._log("sign-in", account, place=place)
        return token

    def _replace(
        self,
        connection: Connection,
        account: Account,
        password: str,
        *,
        place: Place,
        keep: int = 0,
    ) -> None:
        _set_password(connection, account.person_id, password)
        connection.execute(
            delete(sessions).where(sessions.c.person_id == account.person_id, sessions.c.id != keep)
        )
        connection.execute(delete(links).where(links.c.person_id == account.person_id))
        deed = _deed("set-password", account, by=account.person_id, address=place.address)
        enter(connection, deed, at=self._clock())

    def _log(
        self,
        action: str,
        account: Account | None,
        *,
        place: Place | None = None,
        actor: Actor | None = None,
    ) -> None:
        by = actor.person_id if actor else (account.person_id if account else None)
        address = place.address if place else (actor.address if actor else None)
        if action.endswith("refused"):
            # Whoever failed need not be the person whose name was typed.
            by = None
        with self._writer.begin() as connection:
            enter(connection, _deed(action, account, by=by, address=address), at=self._clock())


def _deed(action: str, account: Account | None, *, by: int | None, address: str | None) -> Deed:
    return Deed(
        action=action,
        person_id=by,
        kind="account" if account else None,
        record=account.person_id if account else None,
        address=address,
    )


def _names(account: Account) -> tuple[str, ...]:
    return account.login, account.name, account.branch, "zhiku", "智库参考"


def _set_password(connection: Connection, person_id: int, password: str) -> None:
    connection.execute(
        update(accounts)
        .where(accounts.c.person_id == person_id)
        .values(password=passwords.hashed(password))
    )
