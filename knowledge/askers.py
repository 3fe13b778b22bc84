"""Who asks: kept apart from the question, with their consent, and only as long as it is needed.

公共图书馆法 §43 has a library protect its readers' personal data; 个人信息保护法 §13 and §19 ask
for consent and for the shortest time that the purpose needs. Search, exports, the log of deeds and
briefs read other tables, which hold the number of an asker at most.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    exists,
    insert,
    select,
    true,
    update,
)

from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import Permission, require
from knowledge.errors import ConsentNeededError, UnknownRecordError
from knowledge.model import Actor, Stamp
from knowledge.store.engine import new_id, writing
from knowledge.store.inquiries import seen_inquiries
from knowledge.store.schema import askers, inquiries


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, as they told the desk."""

    name: str
    contact: str = ""
    """Telephone number, e-mail, address: how the answer reaches them."""
    organisation: str = ""
    consent: bool
    """They agreed that this is kept until some time after they were answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAsker:
    """An asker as they are kept; of one who was erased no word is left."""

    id: int
    name: str | None
    contact: str | None
    organisation: str | None
    consented_at: datetime
    kept_until: datetime
    """From then on they are due to be erased."""
    erased_at: datetime | None = None


class Askers:
    """Askers of inquiries; safe in several threads and processes."""

    def __init__(self, engine: Engine, *, keep: timedelta, clock: Callable[[], datetime]) -> None:
        """Make the service.

        Args:
            engine: the database.
            keep: how long an asker is kept after the last thing that was done on an inquiry of
                theirs: it was asked, answered or closed.
            clock: gives the moment of every record.
        """
        self._writer = writing(engine)
        self._keep = keep
        self._clock = clock

    def of(self, inquiry_id: int, *, actor: Actor) -> KeptAsker | None:
        """Who asked; None: nobody told. Every look is entered in the log.

        For who handles the inquiry, and for the librarians of its branch.

        Raises:
            UnknownRecordError: no such inquiry, or the actor may not see it.
            NotPermittedError: the actor does not answer inquiries, or sees this one and has nothing
                to do with its asker.
        """
        require(actor, Permission.ANSWER)
        with self._writer.begin() as connection:
            inquiry = connection.execute(
                select(inquiries).where(inquiries.c.id == inquiry_id, *seen_inquiries(actor))
            ).first()
            if inquiry is None:
                raise UnknownRecordError(kind="inquiry", id=inquiry_id)
            is_handler = inquiry.handled_by == actor.person_id
            is_librarian = (
                Permission.READ_STAFF in actor.permissions and inquiry.branch_id == actor.branch_id
            )
            if not is_handler and not is_librarian:
                raise NotPermittedError(person=actor.name, permission=Permission.ANSWER)
            if inquiry.asker_id is None:
                return None
            deed = Deed.by(actor, Action.READ_ASKER, kind="asker", record=inquiry.asker_id)
            enter(connection, deed, at=self._clock())
            return kept(connection, inquiry.asker_id)

    def keep(self, connection: Connection, asker: Asker, *, stamp: Stamp) -> int:
        """Keep an asker within the transaction that records their inquiry, and return the id.

        One who gives the name and the contact that somebody gave to the same branch before is the
        same person; what another branch keeps of them is that branch's matter.

        Raises:
            ConsentNeededError: they did not agree, or gave no name.
        """
        name, contact = asker.name.strip(), asker.contact.strip()
        if not asker.consent or not name:
            raise ConsentNeededError
        at, here = stamp.made_at, of_branch(stamp.branch_id)
        same = select(askers.c.id).where(askers.c.name == name, askers.c.contact == contact, here)
        found = connection.execute(same).scalar() if contact else None
        if found is not None:
            self.prolong(connection, found, at=at)
            return int(found)
        result = connection.execute(
            insert(askers).values(
                name=name,
                contact=contact or None,
                organisation=asker.organisation.strip() or None,
                consented_at=at,
                kept_until=at + self._keep,
            )
        )
        return new_id(result)

    def prolong(self, connection: Connection, asker_id: int | None, *, at: datetime) -> None:
        """Count the time that an asker is kept from `at`; for None or an erased one nothing."""
        connection.execute(
            update(askers)
            .where(askers.c.id == asker_id, askers.c.erased_at.is_(None))
            .values(kept_until=at + self._keep)
        )


def of_branch(branch_id: int) -> ColumnElement[bool]:
    """What must hold of an asker who has asked a branch."""
    asked = inquiries.c.asker_id == askers.c.id, inquiries.c.branch_id == branch_id
    return exists().where(*asked).correlate(askers)


def of_actor(actor: Actor) -> ColumnElement[bool]:
    """What must hold of an asker who is a person's matter: their branch's; at the main, any's."""
    return true() if actor.sees_all_branches else of_branch(actor.branch_id)


def kept(connection: Connection, asker_id: int, *where: ColumnElement[bool]) -> KeptAsker:
    """One asker, of whom more may have to hold.

    Raises:
        UnknownRecordError: no such asker.
    """
    row = connection.execute(select(askers).where(askers.c.id == asker_id, *where)).first()
    if row is None:
        raise UnknownRecordError(kind="asker", id=asker_id)
    return asker_of(row)


def asker_of(row: Row[Any]) -> KeptAsker:
    """An asker from a row of the table."""
    return KeptAsker(
        id=row.id,
        name=row.name,
        contact=row.contact,
        organisation=row.organisation,
        consented_at=row.consented_at,
        kept_until=row.kept_until,
        erased_at=row.erased_at,
    )
