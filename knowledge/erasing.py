"""Persons erased on their wish, and askers when they need no longer be known.

What is erased is who somebody is: name, contact, sign-in name, password – where it is kept, and
where it was written into an inquiry, an answer, a reason or what a brief said before. The records
that they made stay, as an erased person's, and so does the log of deeds, which holds numbers and
addresses of the network, never names. What a brief says today is not changed, but named. Backups
made before still hold the names: they are to be deleted when they have served, and a home that is
restored from one has them again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Row,
    Table,
    and_,
    delete,
    func,
    select,
    true,
    update,
)

from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Audit, Deed, Search, enter
from knowledge.accounts.errors import HomeOwnerError, LastAdministratorError
from knowledge.accounts.register import folded
from knowledge.accounts.roles import Permission, Role, require
from knowledge.accounts.tables import accounts, links, sessions
from knowledge.askers import KeptAsker, asker_of, kept, of_actor
from knowledge.errors import NotConfirmedError, UnknownRecordError
from knowledge.forgetting import Forget, Forgotten, nothing_above
from knowledge.model import Actor
from knowledge.privacy import traces
from knowledge.sought import Sought
from knowledge.store.engine import writing
from knowledge.store.schema import (
    answers,
    askers,
    clearings,
    documents,
    inquiries,
    metadata,
    pages,
    people,
    recognitions,
    versions,
)
from knowledge.store.wiping import wipe

_ASKER: Final = "asker"
_ACCOUNT: Final = "account"
_SAME_LOOK: Final = timedelta(hours=1)
"""So long the askers that somebody looks at again and again from one place are one deed."""
_SAID: Final = frozenset({"reason", "note", "query"})
"""How the names of columns end in which persons write in their own words about their work."""
_OF_ASKERS: Final = (askers, inquiries, answers)
_OF_ACCOUNTS: Final = (people, accounts, sessions, links)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased, and where words of it still stand."""

    ids: tuple[int, ...]
    """Of the askers or the person, ascending."""
    documents: tuple[int, ...] = ()
    """Accepted answers in which a name or a contact was let stand for a reason."""
    editions: int = 0
    """Published editions that name the person; they are frozen."""
    briefs: tuple[int, ...] = ()
    """Briefs whose own words name somebody erased today, ascending: the desk's to reword."""
    is_wiped: bool = True
    """The words are gone from the database's files too; else `Erasing.wipe` is to be called."""


class Erasing:
    """Erases persons; safe in several threads and processes.

    Whoever does it reaches the persons of their branch; at the main library, everybody.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Callable[[], datetime],
        owner: str | None = None,
        forget: Forget = nothing_above,
    ) -> None:
        """Make the service.

        Args:
            engine: the database.
            clock: gives the moment of every deed.
            owner: the person whom the settings name; opening the home would make them anew.
            forget: does for the records of the package above what is done here for reasons.
        """
        self._engine = engine
        self._writer = writing(engine)
        self._audit = Audit(engine)
        self._clock = clock
        self._owner = owner
        self._forget = forget

    def askers(self, *, actor: Actor, only_due: bool = False) -> list[KeptAsker]:
        """Every asker that is kept, those first that are due first.

        Looking is entered in the log: once an hour for a person and an address.

        Args:
            actor: who looks.
            only_due: leave out those whose time is not over.

        Raises:
            NotPermittedError: the actor may not erase.
        """
        require(actor, Permission.ERASE)
        at = self._clock()
        with self._engine.connect() as connection:
            found = _kept(connection, actor, until=at if only_due else None)
        if found and not self._has_just_looked(actor, at):
            deed = Deed.by(actor, Action.LIST_ASKERS, kind=_ASKER, count=len(found))
            self._audit.enter(deed, at=at)
        return found

    def due(self, *, actor: Actor) -> int:
        """How many askers there are whose time is over.

        Raises:
            NotPermittedError: the actor may not erase.
        """
        require(actor, Permission.ERASE)
        with self._engine.connect() as connection:
            return len(_kept(connection, actor, until=self._clock()))

    def expire(self, *, actor: Actor) -> Erased:
        """Erase every asker whose time is over, in one transaction.

        Raises:
            NotPermittedError: the actor may not erase.
        """
        require(actor, Permission.ERASE)
        at = self._clock()
        left: set[int] = set()
        with self._writer.begin() as connection:
            over = _kept(connection, actor, until=at)
            for asker in over:
                left |= _erase_asker(connection, asker, actor=actor, at=at)
            told = [word for asker in over for word in (asker.name, asker.contact)]
            found = self._blank(connection, told)
        ids = sorted(asker.id for asker in over)
        return self._done(ids, _OF_ASKERS, found, documents=left)

    def erase_asker(self, asker_id: int, *, confirm: str, actor: Actor) -> Erased:
        """Erase an asker: name, contact, organisation, and all of them where they were written.

        From their inquiries and answers, and from the reasons of decisions on these, all three are
        blanked, however they are written; name and contact from every other reason too, and from
        what briefs said before.

        Args:
            asker_id: whom.
            confirm: ``asker:ID``, typed by a person.
            actor: who does it.

        Raises:
            NotPermittedError: the actor may not erase.
            UnknownRecordError: no such asker for the actor, or they were erased before.
            NotConfirmedError: `confirm` says something else; nothing is erased.
        """
        require(actor, Permission.ERASE)
        at = self._clock()
        with self._writer.begin() as connection:
            asker = kept(connection, asker_id, of_actor(actor))
            if asker.erased_at is not None:
                raise UnknownRecordError(kind=_ASKER, id=asker_id)
            _check(confirm, f"{_ASKER}:{asker_id}")
            left = _erase_asker(connection, asker, actor=actor, at=at)
            found = self._blank(connection, [asker.name, asker.contact])
        return self._done([asker_id], _OF_ASKERS, found, documents=left)

    def erase_person(self, person_id: int, *, confirm: str, called: str, actor: Actor) -> Erased:
        """Erase the person of an account: it is closed, and everything that names them goes.

        Their name is blanked in the reasons of decisions too, and in what briefs said before.

        Args:
            person_id: whose account.
            confirm: their sign-in name, typed by a person.
            called: what they are called from now on, with their number in it: names differ.
            actor: who does it.

        Raises:
            NotPermittedError: the actor may not erase.
            UnknownRecordError: the person has no account, or none that the actor looks after.
            NotConfirmedError: `confirm` says something else; nothing is erased.
            LastAdministratorError: nobody else manages accounts.
            HomeOwnerError: the settings name this person.
        """
        require(actor, Permission.ERASE)
        at = self._clock()
        with self._writer.begin() as connection:
            name = _account_named(connection, person_id, actor=actor, confirm=confirm)
            if name == self._owner:
                raise HomeOwnerError(person=name)
            _keep_an_administrator(connection, person_id, name)
            count = _editions_naming(connection, name)
            found = self._blank(connection, [name])
            _forget_account(connection, person_id, called=called, at=at)
            deed = Deed.by(actor, Action.ERASE_PERSON, kind=_ACCOUNT, record=person_id)
            enter(connection, deed, at=at)
        return self._done([person_id], _OF_ACCOUNTS, found, editions=count)

    def wipe(self, *, actor: Actor) -> bool:
        """Take erased words out of the database's files; see `knowledge.store.wiping.wipe`.

        Raises:
            NotPermittedError: the actor may not erase.
        """
        require(actor, Permission.ERASE)
        # A table of the package above.
        above = (table for table in metadata.sorted_tables if table.name == "revisions")
        reasons = (column.table for column in _reasons())
        return wipe(self._engine, {*_OF_ASKERS, *_OF_ACCOUNTS, *reasons, *above})

    def _has_just_looked(self, actor: Actor, at: datetime) -> bool:
        looks = Search(person_id=actor.person_id, action=Action.LIST_ASKERS, since=at - _SAME_LOOK)
        found = self._audit.entries(looks, limit=1)
        return bool(found) and found[0].deed.address == actor.address

    def _blank(self, connection: Connection, told: Sequence[str | None]) -> Forgotten:
        """Blank what is known of persons in reasons, and in the records of the package above."""
        if not told:
            return Forgotten()
        words = Sought(told)
        found = self._forget(connection, words)
        return replace(found, tables=found.tables | _blank_reasons(connection, words))

    def _done(
        self,
        ids: Sequence[int],
        changed: Iterable[Table],
        found: Forgotten,
        *,
        documents: Iterable[int] = (),
        editions: int = 0,
    ) -> Erased:
        return Erased(
            ids=tuple(ids),
            documents=tuple(sorted(documents)),
            editions=editions,
            briefs=found.briefs,
            is_wiped=wipe(self._engine, {*changed, *found.tables}) if ids else True,
        )


def _kept(connection: Connection, actor: Actor, *, until: datetime | None) -> list[KeptAsker]:
    """The askers that are a person's matter; with `until`, those whose time is over by then."""
    query = select(askers).where(askers.c.erased_at.is_(None), of_actor(actor))
    if until is not None:
        query = query.where(askers.c.kept_until <= until)
    ordered = query.order_by(askers.c.kept_until, askers.c.id)
    return [asker_of(row) for row in connection.execute(ordered)]


def _check(confirm: str, wanted: str) -> None:
    if confirm.strip() != wanted:
        raise NotConfirmedError(words=wanted)


def _account_named(connection: Connection, person_id: int, *, actor: Actor, confirm: str) -> str:
    """The name of the person of an account, once it was confirmed that this one is meant."""
    is_theirs = true() if actor.sees_all_branches else people.c.branch_id == actor.branch_id
    query = (
        select(accounts.c.login, people.c.name)
        .join(people, people.c.id == accounts.c.person_id)
        .where(accounts.c.person_id == person_id, is_theirs)
    )
    row = connection.execute(query).first()
    if row is None:
        raise UnknownRecordError(kind=_ACCOUNT, id=person_id)
    _check(folded(confirm), row.login)
    return str(row.name)


def _erase_asker(
    connection: Connection, asker: KeptAsker, *, actor: Actor, at: datetime
) -> set[int]:
    """Erase one, and return the documents in which their words still stand."""
    words = Sought([asker.name, asker.contact, asker.organisation])
    theirs = select(inquiries.c.id).where(inquiries.c.asker_id == asker.id)
    for row in connection.execute(select(inquiries).where(inquiries.c.id.in_(theirs))).all():
        question = words.blanked(row.question, also=traces(row.question))
        changed = update(inquiries).where(inquiries.c.id == row.id)
        connection.execute(changed.values(question=question))
    found: set[int] = set()
    for row in connection.execute(select(answers).where(answers.c.inquiry_id.in_(theirs))).all():
        _blank_answer(connection, row, words)
        if row.document_id is not None and _stands_in(connection, row.document_id, words):
            found.add(row.document_id)
    connection.execute(
        update(askers)
        .where(askers.c.id == asker.id)
        .values(name=None, contact=None, organisation=None, erased_at=at)
    )
    deed = Deed.by(actor, Action.ERASE_ASKER, kind=_ASKER, record=asker.id)
    enter(connection, deed, at=at)
    return found


def _blank_answer(connection: Connection, row: Row[Any], words: Sought) -> None:
    """Blank it as far as nobody has decided on it, the words of its asker in any case."""
    is_decided = row.title is not None
    text = words.blanked(row.text, also=() if is_decided else traces(row.text))
    title = words.blanked(row.title) if is_decided else None
    changed = update(answers).where(answers.c.id == row.id)
    connection.execute(changed.values(text=text, title=title))
    about = and_(clearings.c.kind == "answer", clearings.c.record == row.id)
    for note in connection.execute(select(clearings.c.id, clearings.c.reason).where(about)).all():
        noted = update(clearings).where(clearings.c.id == note.id)
        connection.execute(noted.values(reason=words.blanked(note.reason)))


def _reasons() -> Iterator[Column[Any]]:
    """The columns in which persons say why, what for or what they look for, of every table.

    By their names, so that none is forgotten.
    """
    for table in metadata.sorted_tables:
        # What recognition says is a sentence of the software.
        if table is not recognitions:
            yield from (each for each in table.c if each.name.split("_")[-1] in _SAID)


def _blank_reasons(connection: Connection, words: Sought) -> set[Table]:
    """Blank the words in every reason, and what stands beside them; returns the tables changed.

    A name is written into a reason with a telephone or the like, which is theirs too.
    """
    changed: set[Table] = {clearings}
    for column in _reasons():
        table = column.table
        for row in connection.execute(select(table.c.id, column).where(column.is_not(None))).all():
            if words.stands_in(row[1]):
                reason = words.blanked(row[1], also=traces(row[1]))
                this = update(table).where(table.c.id == row[0])
                connection.execute(this.values({column.name: reason}))
                changed.add(table)
    return changed


def _stands_in(connection: Connection, document_id: int, words: Sought) -> bool:
    title = select(documents.c.title).where(documents.c.id == document_id)
    of_it = select(versions.c.id).where(versions.c.document_id == document_id)
    texts = select(pages.c.text).where(pages.c.version_id.in_(of_it))
    kept_words = [str(connection.execute(title).scalar()), *connection.execute(texts).scalars()]
    return any(map(words.stands_in, kept_words))


def _keep_an_administrator(connection: Connection, person_id: int, name: str) -> None:
    open_ones = select(accounts.c.person_id, accounts.c.roles).where(accounts.c.closed_at.is_(None))
    found = {row.person_id for row in connection.execute(open_ones) if _administers(row.roles)}
    if found == {person_id}:
        raise LastAdministratorError(person=name)


def _administers(roles: Iterable[str]) -> bool:
    return Role.ADMINISTRATOR.value in roles


def _editions_naming(connection: Connection, name: str) -> int:
    # A table of the package above; a frozen edition prints the name of who published it.
    editions = metadata.tables.get("editions")
    if editions is None:
        return 0
    named = func.instr(editions.c.content, name) > 0
    return int(connection.execute(select(func.count()).where(named)).scalar() or 0)


def _forget_account(connection: Connection, person_id: int, *, called: str, at: datetime) -> None:
    connection.execute(update(people).where(people.c.id == person_id).values(name=called))
    # Whatever an account may lack, it lacks from now on: what is added to the table later too.
    empty = {column.name: None for column in accounts.c if column.nullable}
    connection.execute(
        update(accounts)
        .where(accounts.c.person_id == person_id)
        .values(**{**empty, "login": f"erased-{person_id}", "roles": [], "closed_at": at})
    )
    for table in (sessions, links):
        connection.execute(delete(table).where(table.c.person_id == person_id))
