"""What takes two persons: one asks, another agrees or refuses."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, insert, select, update

from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.errors import NoReasonError, SecondPersonError, SettledError
from knowledge.accounts.roles import Permission, require
from knowledge.accounts.tables import proposals
from knowledge.errors import UnknownRecordError
from knowledge.model import Actor
from knowledge.store.engine import writing


class Serious(StrEnum):
    """What one person alone may not do."""

    REMOVE_DOCUMENT = "remove-document"
    WITHDRAW_EDITION = "withdraw-edition"


NEEDED: Final = {
    Serious.REMOVE_DOCUMENT: Permission.REMOVE,
    Serious.WITHDRAW_EDITION: Permission.WITHDRAW,
}
"""What both persons must be permitted."""
_KIND: Final = {Serious.REMOVE_DOCUMENT: "document", Serious.WITHDRAW_EDITION: "edition"}


class Decision(StrEnum):
    """What the second person said, or the first one later."""

    AGREED = "agreed"
    REFUSED = "refused"
    TAKEN_BACK = "taken-back"


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


class Proposals:
    """Everything serious that was ever asked for; safe in several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def waiting(self) -> list[Proposal]:
        """Those that nobody has decided on, oldest first."""
        query = select(proposals).where(proposals.c.decision.is_(None)).order_by(proposals.c.id)
        with self._engine.connect() as connection:
            return [_proposal_of(row) for row in connection.execute(query)]

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
            NoReasonError: no reason.
        """
        require(actor, NEEDED[action])
        if not reason.strip():
            raise NoReasonError()
        with self._writer.begin() as connection:
            waiting = select(proposals.c.id).where(
                proposals.c.action == action.value,
                proposals.c.record == record,
                proposals.c.decision.is_(None),
            )
            if (found := connection.execute(waiting).scalar()) is not None:
                return _get(connection, int(found))
            result = connection.execute(
                insert(proposals).values(
                    action=action.value,
                    record=record,
                    reason=reason.strip(),
                    made_by=actor.person_id,
                    made_at=at,
                )
            )
            key = result.inserted_primary_key
            proposal = _get(connection, int(key[0]) if key else 0)
            _log(connection, "ask", proposal, actor=actor, at=at)
            return proposal

    def agree(self, proposal_id: int, *, actor: Actor, at: datetime) -> Proposal:
        """Agree as the second person; whoever calls then does it.

        Raises:
            UnknownRecordError: no such proposal.
            NotPermittedError: the actor may not agree to this.
            SecondPersonError: the actor asked for it.
            SettledError: somebody has decided.
        """
        return self._decide(proposal_id, Decision.AGREED, actor=actor, at=at)

    def refuse(self, proposal_id: int, *, actor: Actor, at: datetime) -> Proposal:
        """Refuse as the second person, or take back what one asked for oneself.

        Raises:
            UnknownRecordError: no such proposal.
            NotPermittedError: the actor may not decide on this.
            SettledError: somebody has decided.
        """
        return self._decide(proposal_id, Decision.REFUSED, actor=actor, at=at)

    def _decide(
        self, proposal_id: int, decision: Decision, *, actor: Actor, at: datetime
    ) -> Proposal:
        with self._writer.begin() as connection:
            proposal = _get(connection, proposal_id)
            require(actor, NEEDED[proposal.action])
            if proposal.decision is not None:
                raise SettledError()
            if proposal.made_by == actor.person_id:
                if decision is Decision.AGREED:
                    raise SecondPersonError(person=actor.name)
                decision = Decision.TAKEN_BACK
            connection.execute(
                update(proposals)
                .where(proposals.c.id == proposal_id)
                .values(decision=decision.value, decided_by=actor.person_id, decided_at=at)
            )
            _log(connection, decision.value, proposal, actor=actor, at=at)
            return _get(connection, proposal_id)


def _get(connection: Connection, proposal_id: int) -> Proposal:
    row = connection.execute(select(proposals).where(proposals.c.id == proposal_id)).first()
    if row is None:
        raise UnknownRecordError(kind="proposal", id=proposal_id)
    return _proposal_of(row)


def _log(
    connection: Connection, verb: str, proposal: Proposal, *, actor: Actor, at: datetime
) -> None:
    deed = Deed(
        action=f"{proposal.action.value}-{verb}",
        person_id=actor.person_id,
        kind=_KIND[proposal.action],
        record=proposal.record,
        address=actor.address,
        details={"proposal": proposal.id},
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
