"""Who may see a document: said by a person, true in every store at once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, exists, select, update

from knowledge.access import KEEPER, Scope, Viewer, is_own, require_own, viewer_of
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.roles import Permission, require
from knowledge.clearing import UNDECIDED, Choice, clear, note
from knowledge.errors import IndexBusyError, NamedOnlyError, UnknownRecordError
from knowledge.indexing import LexicalIndexing
from knowledge.model import Access, Actor
from knowledge.store import rows
from knowledge.store.engine import writing
from knowledge.store.schema import documents, pages, people, quarantined, versions
from knowledge.store.scoping import conditions, visible

_KIND: Final = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who may see a document."""

    access: Access
    shared: bool = False
    """The staff of every branch, not of its own and of the main library alone; with `STAFF`."""
    recipients: frozenset[int] = frozenset()
    """Persons besides its maker; with `NAMED`."""


_EVERYBODY: Final = Audience(access=Access.PUBLIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who may see a document now, and whether the one who asks may change that."""

    audience: Audience
    made_by: int
    waits: bool
    """Nobody has read its first page: until then only its maker and `recipients` see it, and none
    but its maker the pages."""
    offered: tuple[Access, ...]
    """The levels that the one who asks may give it; empty: they may change nothing."""


class Sharing:
    """Says who may see documents; safe in several threads and processes.

    A version that is kept closer than its document follows it as far as it may. One of a file
    released from quarantine is seen by the same persons as its document, which stays for named
    persons: its mark of secrecy stands on it. One whose first page nobody has read yet is seen by
    whoever added it alone; its document gets the level it was given when that page has been read.
    """

    def __init__(
        self, engine: Engine, *, indexing: LexicalIndexing, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self._indexing = indexing
        self._clock = clock

    def of(self, document_id: int, *, actor: Actor) -> Standing:
        """Who may see a document, as far as the actor may know.

        Raises:
            UnknownRecordError: no such document for the actor.
        """
        with self._engine.connect() as connection:
            row = _seen(connection, document_id, viewer_of(actor))
            is_marked = _is_marked(connection, document_id)
        levels = tuple(level for level in Access if _may_give(actor, row, level, is_marked))
        return Standing(
            audience=_audience_of(row),
            made_by=row.made_by,
            waits=row.opens_as is not None,
            offered=levels,
        )

    def becoming_public(self, document_id: int, *, actor: Actor) -> tuple[str, ...]:
        """What `set` would make public, as far as the actor sees it: the title, then the pages.

        Nothing of a document that is public, or becomes so once it has been read.
        `knowledge.clearing.places` finds in it what tells who somebody is; words that are only to
        be seen on a scan are not among them.

        Raises:
            NotPermittedError: the actor may not say who sees documents.
            UnknownRecordError: no such document for the actor.
        """
        require(actor, Permission.RESTRICT)
        viewer = viewer_of(actor)
        with self._engine.connect() as connection:
            row = _seen(connection, document_id, viewer)
            return _opened(connection, row, _EVERYBODY, viewer=viewer)

    def set(
        self, document_id: int, audience: Audience, *, actor: Actor, choice: Choice = UNDECIDED
    ) -> Audience:
        """Say who may see a document; every store in every process knows it at once.

        What does not belong to the level is left out. Whoever names persons stays among them, so
        that what was restricted can be opened again. One transaction with its deed in the log, and
        with what was decided on personal data; the same audience again changes nothing and leaves
        no deed. The indexes take it up before this returns or, while another process is writing
        them, when that one is done: until then no search finds what it may not, but may still
        count it.

        Args:
            document_id: of the document.
            audience: who may see it.
            actor: who says so.
            choice: why what tells who somebody is may become public. A source is never blanked:
                places that are to be are kept by keeping the document for staff.

        Returns:
            The audience that it has now.

        Raises:
            NotPermittedError: the actor may not.
            UnknownRecordError: no such document for the actor, or no such person;
                `OtherBranchError`: another branch keeps it.
            NamedOnlyError: a file of it bears a mark of secrecy.
            PersonalDataError: it becomes public, tells who somebody is, and there is no reason.
        """
        require(actor, Permission.RESTRICT)
        kept = Choice(reason=choice.reason)
        with self._engine.connect() as connection:
            row, _ = _checked(connection, document_id, audience, actor)
            texts = _opened(connection, row, audience)
        # It may take seconds: not while others wait to write.
        cleared = clear(texts, kept)
        with self._writer.begin() as connection:
            row, is_marked = _checked(connection, document_id, audience, actor)
            wanted = _fitting(audience, made_by=row.made_by, actor=actor)
            if wanted == _audience_of(row):
                return wanted
            if (now := _opened(connection, row, audience)) != texts:
                cleared = clear(now, kept)
            _write(connection, row, wanted)
            if is_marked:
                _name(connection, document_id, wanted)
            at = self._clock()
            note(connection, cleared, about=(_KIND, document_id), actor=actor, at=at)
            enter(connection, _deed(document_id, wanted, actor), at=at)
        # It stands, whoever else is writing: the next search takes it up.
        with suppress(IndexBusyError):
            self._indexing.catch_up()
        return wanted


def _checked(
    connection: Connection, document_id: int, audience: Audience, actor: Actor
) -> tuple[Row[Any], bool]:
    """The document, if the actor may give it the audience, and whether a mark stands on it."""
    row = _seen(connection, document_id, viewer_of(actor))
    require_own(actor, rows.stamp_of(row), kind=_KIND, id=document_id)
    is_marked = _is_marked(connection, document_id)
    if is_marked:
        require(actor, Permission.QUARANTINE)
        if audience.access is not Access.NAMED:
            raise NamedOnlyError(title=row.title)
    _check_persons(connection, audience)
    return row, is_marked


def _opened(
    connection: Connection, row: Row[Any], audience: Audience, *, viewer: Viewer = KEEPER
) -> tuple[str, ...]:
    """The words that the audience makes public: of every version, each follows its document."""
    if audience.access is not Access.PUBLIC or _audience_of(row).access is Access.PUBLIC:
        return ()
    query = (
        select(pages.c.text)
        .join(versions, versions.c.id == pages.c.version_id)
        .where(versions.c.document_id == row.id, *visible(versions, viewer))
        .order_by(pages.c.version_id, pages.c.position)
    )
    return row.title, *connection.execute(query).scalars()


def _seen(connection: Connection, document_id: int, viewer: Viewer) -> Row[Any]:
    query = select(documents).where(
        documents.c.id == document_id,
        documents.c.removed_at.is_(None),
        *conditions(Scope(viewer)),
    )
    row = connection.execute(query).first()
    if row is None:
        raise UnknownRecordError(kind=_KIND, id=document_id)
    return row


def _is_marked(connection: Connection, document_id: int) -> bool:
    """Whether a file of it was released from quarantine."""
    return bool(connection.execute(select(exists().where(*_released(document_id)))).scalar())


def _released(document_id: int) -> tuple[Any, ...]:
    released = select(quarantined.c.sha256).where(quarantined.c.decision == "released")
    return versions.c.document_id == document_id, versions.c.sha256.in_(released)


def _may_give(actor: Actor, row: Row[Any], level: Access, is_marked: bool) -> bool:
    needed = {Permission.RESTRICT, *([Permission.QUARANTINE] if is_marked else ())}
    is_fitting = level is Access.NAMED or not is_marked
    return is_fitting and needed <= actor.permissions and is_own(actor, rows.stamp_of(row))


def _audience_of(row: Row[Any]) -> Audience:
    stamp = rows.stamp_of(row)
    access = Access(row.opens_as) if row.opens_as is not None else stamp.access
    return Audience(access=access, shared=stamp.shared, recipients=stamp.recipients)


def _fitting(audience: Audience, *, made_by: int, actor: Actor) -> Audience:
    if audience.access is not Access.NAMED:
        is_shared = audience.shared and audience.access is Access.STAFF
        return replace(audience, shared=is_shared, recipients=frozenset())
    persons = audience.recipients | {actor.person_id}
    return replace(audience, shared=False, recipients=persons - {made_by})


def _check_persons(connection: Connection, audience: Audience) -> None:
    wanted = audience.recipients if audience.access is Access.NAMED else frozenset()
    known = connection.execute(select(people.c.id).where(people.c.id.in_(wanted))).scalars()
    for unknown in sorted(wanted - set(known)):
        raise UnknownRecordError(kind="person", id=unknown)


def _write(connection: Connection, row: Row[Any], audience: Audience) -> None:
    values: dict[str, Any] = {
        "shared": audience.shared,
        "recipients": rows.recipients_value(audience.recipients),
    }
    # Until its first page has been read it is for named persons, whatever it becomes then.
    level = "access" if row.opens_as is None else "opens_as"
    values[level] = audience.access.value
    connection.execute(update(documents).where(documents.c.id == row.id).values(**values))


def _name(connection: Connection, document_id: int, audience: Audience) -> None:
    """Have the versions of released files seen by the persons who see their document."""
    persons = rows.recipients_value(audience.recipients)
    of_them = update(versions).where(*_released(document_id))
    connection.execute(of_them.values(recipients=persons))


def _deed(document_id: int, audience: Audience, actor: Actor) -> Deed:
    return Deed.by(
        actor,
        Action.SHARE_DOCUMENT,
        kind=_KIND,
        record=document_id,
        access=audience.access.value,
        shared=audience.shared,
        recipients=" ".join(map(str, sorted(audience.recipients))),
    )
