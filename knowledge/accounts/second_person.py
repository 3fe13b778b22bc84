"""What takes two persons: one asks, another agrees or refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Engine, Row, Select, insert, select, update

from knowledge.accounts.account import account_of, query_of
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.errors import (
    LapsedError,
    NoReasonError,
    SamePersonError,
    SecondPersonError,
    SettledError,
    UnprovenError,
)
from knowledge.accounts.roles import Permission, require
from knowledge.accounts.tables import accounts, audit, proposals
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor
from knowledge.store.engine import new_id, writing


class Serious(StrEnum):
    """What one person alone may not do."""

    REMOVE_DOCUMENT = "remove-document"
    WITHDRAW_EDITION = "withdraw-edition"


NEEDED: Final = {
    Serious.REMOVE_DOCUMENT: Permission.REMOVE,
    Serious.WITHDRAW_EDITION: Permission.WITHDRAW,
}
"""What both persons must be permitted."""
KIND: Final = {Serious.REMOVE_DOCUMENT: "document", Serious.WITHDRAW_EDITION: "edition"}
"""What each is done to."""
LASTS: Final = timedelta(days=30)
"""How long something waits for a second person; then it has to be asked for again."""
_WAYS_IN: Final = (
    Action.OPEN_ACCOUNT,
    Action.CHANGE_ACCOUNT,
    Action.REOPEN_ACCOUNT,
    Action.MAKE_LINK,
    Action.EXPECT_ACCOUNT,
    Action.BIND_ACCOUNT,
)
"""What somebody does to an account with which they may have come into it themselves."""


class Decision(StrEnum):
    """What the second person said, or the first one later."""

    AGREED = "agreed"
    REFUSED = "refused"
    TAKEN_BACK = "taken-back"
    LAPSED = "lapsed"
    """Nobody decided in time, its asker may not ask any more, or what it was about had gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something serious that a person asked for."""

    id: int
    action: Serious
    record: int
    reason: str
    made_by: int
    made_at: datetime
    decision: Decision | None
    decided_by: int | None
    decided_at: datetime | None


Carrying: TypeAlias = Callable[[Connection, Proposal], bool]
"""Does what was asked for, within the transaction of whoever calls; False where there is nothing
left to do it to: then it has changed nothing."""


class Proposals:
    """Everything serious that was ever asked for; safe in several threads and processes.

    Both persons have proved who they are: whoever runs commands on the machine signs in for it.
    Nobody is both persons by accounts that they keep: where one of the two has opened the other's
    account, changed it, or made a link to its password, as the log knows, a third one decides.

    Who may see the record is asked by the service that stands before (`briefs.seconding`).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def waiting(self, *, at: datetime) -> list[Proposal]:
        """Those that nobody has decided on in the time there is, oldest first."""
        query = _waiting().where(proposals.c.made_at > at - LASTS).order_by(proposals.c.id)
        with self._engine.connect() as connection:
            return [_proposal_of(row) for row in connection.execute(query)]

    def settled(self, *, limit: int, before: int | None = None) -> list[Proposal]:
        """The last that were decided on, newest first; with `before` only those asked before it."""
        query = select(proposals).where(proposals.c.decision.is_not(None))
        if before is not None:
            query = query.where(proposals.c.id < before)
        with self._engine.connect() as connection:
            found = connection.execute(query.order_by(proposals.c.id.desc()).limit(limit))
            return [_proposal_of(row) for row in found]

    def about(self, action: Serious, record: int, *, at: datetime) -> Proposal | None:
        """What waits for a second person about this record; None when nothing does."""
        query = _waiting().where(
            proposals.c.action == action.value,
            proposals.c.record == record,
            proposals.c.made_at > at - LASTS,
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else _proposal_of(row)

    def get(self, proposal_id: int) -> Proposal:
        """One of them.

        Raises:
            UnknownRecordError: no such proposal.
        """
        with self._engine.connect() as connection:
            return _get(connection, proposal_id)

    def ask(
        self, action: Serious, record: int, *, reason: str, actor: Actor, at: datetime
    ) -> Proposal:
        """Ask for something; what was asked for already and waits is given back as it is.

        Raises:
            NotPermittedError: the actor may not ask for this.
            UnprovenError: the actor has not signed in.
            NoReasonError: no reason.
        """
        require(actor, NEEDED[action])
        _require_proven(actor)
        if not reason.strip():
            raise NoReasonError()
        with self._writer.begin() as connection:
            same = (proposals.c.action == action.value, proposals.c.record == record)
            found = connection.execute(_waiting().where(*same)).first()
            if found is not None and not _is_over(_proposal_of(found), at):
                return _proposal_of(found)
            if found is not None:
                _settle(connection, _proposal_of(found), Decision.LAPSED, actor=actor, at=at)
            result = connection.execute(
                insert(proposals).values(
                    action=action.value,
                    record=record,
                    reason=reason.strip(),
                    made_by=actor.person_id,
                    made_at=at,
                )
            )
            proposal = _get(connection, new_id(result))
            _log(connection, "ask", proposal, actor=actor, at=at)
            return proposal

    def agree(
        self, proposal_id: int, *, actor: Actor, at: datetime, carry_out: Carrying
    ) -> Proposal:
        """Agree as the second person, and have it done, in one transaction.

        A process that is killed at any moment leaves it agreed to and done, or waiting.

        Args:
            proposal_id: which.
            actor: the second person.
            at: the moment of the decision.
            carry_out: does what was asked for.

        Raises:
            UnknownRecordError: no such proposal.
            NotPermittedError: the actor may not agree to this.
            UnprovenError: the actor has not signed in.
            SecondPersonError: the actor asked for it; `SamePersonError`: one of the two keeps the
                other's account.
            SettledError: somebody has decided.
            LapsedError: it is too old, whoever asked may not ask any more, or there is nothing left
                to do; that is kept, and nothing is done.
        """
        with self._writer.begin() as connection:
            proposal = _open(connection, proposal_id, actor=actor)
            if proposal.made_by == actor.person_id:
                raise SecondPersonError(person=actor.name)
            if actor.person_id in _entangled(connection, proposal.made_by):
                raise SamePersonError(person=actor.name)
            stands = not _is_over(proposal, at) and _still_asks(connection, proposal)
            is_done = stands and carry_out(connection, proposal)
            decision = Decision.AGREED if is_done else Decision.LAPSED
            settled = _settle(connection, proposal, decision, actor=actor, at=at)
        if not is_done:
            raise LapsedError(id=proposal_id, days=LASTS.days)
        return settled

    def refuse(self, proposal_id: int, *, actor: Actor, at: datetime) -> Proposal:
        """Refuse as the second person, or take back what one asked for oneself.

        Raises:
            UnknownRecordError: no such proposal.
            NotPermittedError: the actor may not decide on this.
            UnprovenError: the actor has not signed in.
            SettledError: somebody has decided.
        """
        with self._writer.begin() as connection:
            proposal = _open(connection, proposal_id, actor=actor)
            is_own = proposal.made_by == actor.person_id
            decision = Decision.TAKEN_BACK if is_own else Decision.REFUSED
            return _settle(connection, proposal, decision, actor=actor, at=at)

    def entangled(self, person_id: int) -> frozenset[int]:
        """The persons who cannot agree to what this one asks for, nor this one to what they do."""
        with self._engine.connect() as connection:
            return _entangled(connection, person_id)


def _require_proven(actor: Actor) -> None:
    if actor.is_operator:
        raise UnprovenError()


def _entangled(connection: Connection, person_id: int) -> frozenset[int]:
    ways = audit.c.action.in_([action.value for action in _WAYS_IN])
    to_accounts = (audit.c.kind == "account") & ways
    theirs = select(audit.c.record).where(to_accounts, audit.c.person_id == person_id)
    others = select(audit.c.person_id).where(
        to_accounts, audit.c.record == person_id, audit.c.person_id.is_not(None)
    )
    found = connection.execute(theirs.union(others)).scalars()
    return frozenset(found) - {person_id}


def _still_asks(connection: Connection, proposal: Proposal) -> bool:
    query = query_of().where(accounts.c.person_id == proposal.made_by)
    row = connection.execute(query).first()
    if row is None:
        return False
    account = account_of(row)
    return account.is_open and NEEDED[proposal.action] in account.actor.permissions


def _waiting() -> Select[Any]:
    return select(proposals).where(proposals.c.decision.is_(None))


def _is_over(proposal: Proposal, at: datetime) -> bool:
    return proposal.made_at <= at - LASTS


def _open(connection: Connection, proposal_id: int, *, actor: Actor) -> Proposal:
    proposal = _get(connection, proposal_id)
    require(actor, NEEDED[proposal.action])
    _require_proven(actor)
    if proposal.decision is not None:
        raise SettledError()
    return proposal


def _settle(
    connection: Connection, proposal: Proposal, decision: Decision, *, actor: Actor, at: datetime
) -> Proposal:
    connection.execute(
        update(proposals)
        .where(proposals.c.id == proposal.id)
        .values(decision=decision.value, decided_by=actor.person_id, decided_at=at)
    )
    _log(connection, decision.value, proposal, actor=actor, at=at)
    return _get(connection, proposal.id)


def _get(connection: Connection, proposal_id: int) -> Proposal:
    row = connection.execute(select(proposals).where(proposals.c.id == proposal_id)).first()
    if row is None:
        raise UnknownRecordError(kind="proposal", id=proposal_id)
    return _proposal_of(row)


def _log(
    connection: Connection, verb: str, proposal: Proposal, *, actor: Actor, at: datetime
) -> None:
    deed = Deed.by(
        actor,
        Action(f"{proposal.action.value}-{verb}"),
        kind=KIND[proposal.action],
        record=proposal.record,
        proposal=proposal.id,
    )
    enter(connection, deed, at=at)


def _proposal_of(row: Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        action=Serious(row.action),
        record=row.record,
        reason=row.reason,
        made_by=row.made_by,
        made_at=row.made_at,
        decision=None if row.decision is None else Decision(row.decision),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
