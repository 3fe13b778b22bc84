"""Before something becomes public: what in it tells who somebody is, and what a person decides.

Nothing is blanked unasked. What is found is blanked, or stays for a reason; which of the two was
decided, for how many places, by whom and when, is kept. Words of our own – answers, statements –
are changed by it; a source never is: for a source the choice is who may see it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, insert, select

from knowledge.access import viewer_of
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.roles import Permission, require
from knowledge.errors import PersonalDataError, UnknownRecordError
from knowledge.model import Actor, Reading, Stamp
from knowledge.privacy import Trace, blanked, traces
from knowledge.store import rows
from knowledge.store.schema import clearings, metadata

_AROUND: Final = 12
_TABLES: Final = {"answer": "answers", "document": "documents", "brief": "briefs"}
"""Of the kinds of records; that of briefs is a table of the package above."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found in several texts."""

    text: int
    """Index of the text, 0-based."""
    trace: Trace


@dataclass(frozen=True, slots=True)
class Shown:
    """A place with the words around it, for the person who decides."""

    place: Place
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person decided on the places that were found."""

    blank: frozenset[Place] = frozenset()
    reason: str = ""
    """Why the others stay."""


UNDECIDED: Final = Choice()
"""Lets only texts pass in which nothing is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """Texts as they may become public, and what was decided on them."""

    texts: tuple[str, ...]
    found: int = 0
    blanked: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """A decision as it was kept."""

    kind: str
    """Of the record: ``answer``, ``document``, ``brief``."""
    record: int
    found: int
    blanked: int
    reason: str
    decided_by: int
    decided_at: datetime


def places(texts: Sequence[str]) -> tuple[Place, ...]:
    """Everything that is found in the texts, in their order."""
    return tuple(Place(n, trace) for n, text in enumerate(texts) for trace in traces(text))


def shown(texts: Sequence[str], found: Iterable[Place]) -> list[Shown]:
    """The places with a few characters before and after each, of the same line."""
    return [_shown(texts[place.text], place) for place in found]


def clear(texts: Sequence[str], choice: Choice = UNDECIDED) -> Cleared:
    """Apply a choice; what it does not blank stays, for its reason.

    Raises:
        PersonalDataError: something stays and there is no reason; the error holds no word of it.
    """
    found = places(texts)
    blank = [place for place in found if place in choice.blank]
    if len(blank) < len(found) and not choice.reason.strip():
        raise PersonalDataError(count=len(found) - len(blank))
    return Cleared(
        texts=tuple(
            blanked(text, [place.trace for place in blank if place.text == number])
            for number, text in enumerate(texts)
        ),
        found=len(found),
        blanked=len(blank),
        reason=choice.reason.strip() if len(blank) < len(found) else "",
    )


def note(
    connection: Connection, cleared: Cleared, *, about: tuple[str, int], actor: Actor, at: datetime
) -> None:
    """Keep a decision and enter it in the log, within a transaction; of nothing found, nothing.

    Args:
        connection: of the transaction, which holds the write lock.
        cleared: what was decided.
        about: kind and id of the record.
        actor: who decided; the caller asks whether they may.
        at: now.
    """
    if not cleared.found:
        return
    kind, record = about
    counted = {"found": cleared.found, "blanked": cleared.blanked}
    connection.execute(
        insert(clearings).values(
            kind=kind,
            record=record,
            **counted,
            reason=cleared.reason,
            decided_by=actor.person_id,
            decided_at=at,
        )
    )
    deed = Deed.by(actor, Action.CLEAR_PRIVACY, kind=kind, record=record, **counted)
    enter(connection, deed, at=at)


class Clearings:
    """The decisions; safe in several threads and processes."""

    def __init__(
        self,
        engine: Engine,
        *,
        read: Callable[[bytes, str], Reading],
    ) -> None:
        """Make the service.

        Args:
            engine: the database.
            read: reads a file's bytes, given its name.
        """
        self._engine = engine
        self._read = read

    def look(self, data: bytes, name: str, *, actor: Actor) -> tuple[str, ...]:
        """The pages of a file that is not added yet, to be looked through; nothing is kept.

        Words that are only to be seen on a scan are not among them.

        Args:
            data: the whole file.
            name: its file name.
            actor: who wants to add it.

        Raises:
            NotPermittedError: the actor may not add files.
            UnreadableError: it cannot be read.
        """
        require(actor, Permission.ADD)
        return tuple(page.text for page in self._read(data, name).pages)

    def of(self, kind: str, record: int, *, actor: Actor) -> list[Clearing]:
        """The decisions on a record, newest first.

        Raises:
            NotPermittedError: the actor does not read what is for staff.
            UnknownRecordError: no such record for the actor.
        """
        require(actor, Permission.READ_STAFF)
        query = (
            select(clearings)
            .where(clearings.c.kind == kind, clearings.c.record == record)
            .order_by(clearings.c.id.desc())
        )
        with self._engine.connect() as connection:
            if not viewer_of(actor).may_see(_stamp(connection, kind, record)):
                raise UnknownRecordError(kind=kind, id=record)
            return [
                Clearing(
                    kind=row.kind,
                    record=row.record,
                    found=row.found,
                    blanked=row.blanked,
                    reason=row.reason,
                    decided_by=row.decided_by,
                    decided_at=row.decided_at,
                )
                for row in connection.execute(query)
            ]


def _stamp(connection: Connection, kind: str, record: int) -> Stamp:
    table = metadata.tables[_TABLES[kind]]
    row = connection.execute(select(table).where(table.c.id == record)).first()
    if row is None:
        raise UnknownRecordError(kind=kind, id=record)
    return rows.stamp_of(row)


def _shown(text: str, place: Place) -> Shown:
    start, end = place.trace.start, place.trace.end
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    after = text[end : end + _AROUND].partition("\n")[0]
    return Shown(place, before, text[start:end], after)
