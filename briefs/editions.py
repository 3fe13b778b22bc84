"""Editions in SQL: published, read, withdrawn."""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Select, case, func, insert, select, update

from briefs.audience import audience_of
from briefs.errors import DamagedEditionError, UnknownEditionError, WithdrawnEditionError
from briefs.frozen import text_of
from briefs.issuing import check_open, enter_publication, newest_number, revised, supersede
from briefs.model import (
    Brief,
    BriefState,
    Edition,
    EditionRecord,
    EditionState,
    Publication,
    Withdrawal,
)
from briefs.revisions.revising import check_revision
from briefs.rows import edition_of
from briefs.schema import briefs, editions
from knowledge.access import Viewer
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.tables import accounts
from knowledge.clearing import Cleared, note
from knowledge.errors import UnknownRecordError
from knowledge.model import Access, Actor, Stamp
from knowledge.store import rows
from knowledge.store.engine import new_id, writing
from knowledge.store.scoping import visible

_log = logging.getLogger(__name__)
_NOTHING: Final = Cleared(texts=())


class Editions:
    """The editions as one viewer sees them: those meant for them; safe in several threads.

    What the viewer may not see does not exist here, neither in lists nor in numbers.
    """

    def __init__(self, engine: Engine, viewer: Viewer) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self.viewer = viewer

    def publish(
        self,
        brief: Brief,
        publication: Publication,
        *,
        stamp: Stamp,
        actor: Actor,
        cleared: Cleared = _NOTHING,
    ) -> Edition:
        """Freeze `publication` as the brief's next edition, stamped by `stamp_for`.

        What counts already for the same audience, as far as the viewer may see, is not published
        twice: its edition is returned, and nothing is changed. Where something was blanked, `brief`
        as it is given here becomes its next revision first. Revision, edition, the decision on
        personal data and the deeds are one transaction.

        Editions before it are superseded where all their readers may read this one: others go on
        reading theirs, and do not learn of it. The edition's number is set here; `publication` says
        everything else.

        Raises:
            StaleRevisionError: the brief was changed since it was read; nothing is published.
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's.
            ClosedSourceError: as `check_open`, of the sources as they are at this very moment.
        """
        with self._writer.begin() as connection:
            check_revision(connection, brief, actor=actor)
            same = None if cleared.blanked else self._same(connection, brief, stamp)
            if same is not None:
                return same
            check_open(connection, publication, stamp)
            revision = revised(connection, brief, cleared, actor=actor, at=stamp.made_at)
            number = (newest_number(connection, brief.id) or 0) + 1
            content, sha256 = text_of(publication, edition=number)
            supersede(connection, brief.id, stamp)
            result = connection.execute(
                insert(editions).values(
                    brief_id=brief.id,
                    number=number,
                    revision=revision,
                    state=EditionState.CURRENT.value,
                    content=content,
                    sha256=sha256,
                    **rows.stamp_values(stamp),
                )
            )
            connection.execute(
                update(briefs)
                .where(briefs.c.id == brief.id)
                .values(state=BriefState.PUBLISHED.value)
            )
            row = connection.execute(select(editions).where(editions.c.id == new_id(result))).one()
            enter_publication(connection, edition_of(row), actor=actor)
            note(connection, cleared, about=("brief", brief.id), actor=actor, at=stamp.made_at)
            return edition_of(row)

    def withdraw(self, connection: Connection, edition_id: int, *, withdrawal: Withdrawal) -> bool:
        """Let an edition count no more, within the transaction in which two persons agree to it.

        Its number is never given again. The brief is a draft again if no edition of its newest
        revision counts any more.
        Who may is asked, and the deed entered, by whoever calls.

        Returns:
            False where there is no such edition or it was withdrawn before: nothing is changed.
        """
        row = connection.execute(select(editions).where(editions.c.id == edition_id)).first()
        if row is None or row.state == EditionState.WITHDRAWN.value:
            return False
        connection.execute(
            update(editions)
            .where(editions.c.id == edition_id)
            .values(
                state=EditionState.WITHDRAWN.value,
                withdrawn_at=withdrawal.at,
                withdrawn_by=withdrawal.by,
                withdrawal_reason=withdrawal.reason,
            )
        )
        counts = select(editions.c.id).where(
            editions.c.brief_id == row.brief_id,
            editions.c.revision == briefs.c.revision,
            editions.c.state != EditionState.WITHDRAWN.value,
        )
        again = update(briefs).where(briefs.c.id == row.brief_id, ~counts.exists())
        connection.execute(again.values(state=BriefState.DRAFT.value))
        return True

    def record(self, edition_id: int) -> EditionRecord:
        """That an edition exists, for whoever may see its brief, though it be for other persons.

        Else nobody but its readers could have it withdrawn.

        Raises:
            UnknownRecordError: no such edition.
        """
        query = self._recorded().where(editions.c.id == edition_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise UnknownRecordError(kind="edition", id=edition_id)
        return _record_of(row)

    def records(self, brief_id: int) -> list[EditionRecord]:
        """The editions of a brief, newest first, for whoever may see it, as `record` says.

        Empty where there is none.
        """
        query = self._recorded().where(briefs.c.id == brief_id)
        with self._engine.connect() as connection:
            found = connection.execute(query.order_by(editions.c.number.desc()))
            return [_record_of(row) for row in found]

    def _recorded(self) -> Select[Any]:
        return (
            select(
                editions.c.id.label("edition_id"),
                editions.c.number,
                editions.c.state.label("worth"),
                func.json_extract(editions.c.content, "$.title").label("titled"),
                briefs,
            )
            .join(briefs, briefs.c.id == editions.c.brief_id)
            .where(*visible(briefs, self.viewer))
        )

    def _same(self, connection: Connection, brief: Brief, stamp: Stamp) -> Edition | None:
        """The edition that counts of this revision for this audience, if the viewer may see it."""
        query = select(editions).where(
            editions.c.brief_id == brief.id,
            editions.c.revision == brief.revision,
            editions.c.state == EditionState.CURRENT.value,
            *visible(editions, self.viewer),
        )
        found = connection.execute(query.order_by(editions.c.number.desc())).all()
        wanted = audience_of(stamp)
        same = (row for row in found if audience_of(rows.stamp_of(row)) == wanted)
        return next(map(edition_of, same), None)

    def check_readers(self, persons: Collection[int]) -> None:
        """Refuse recipients who cannot come in.

        Raises:
            UnknownRecordError: one of them has no account that is open.
        """
        query = select(accounts.c.person_id).where(
            accounts.c.person_id.in_(persons), accounts.c.closed_at.is_(None)
        )
        with self._engine.connect() as connection:
            unknown = set(persons).difference(connection.execute(query).scalars())
        if unknown:
            raise UnknownRecordError(kind="account", id=min(unknown))

    def check_open(self, publication: Publication, stamp: Stamp) -> None:
        """As the function of this name."""
        with self._engine.connect() as connection:
            check_open(connection, publication, stamp)

    def note_export(self, publication: Publication, to: str, *, actor: Actor, at: datetime) -> None:
        """Enter in the log that a draft, or an edition that is not public, is taken away.

        Raises:
            UnknownEditionError: no such edition.
            WithdrawnEditionError: it counts no more: nobody takes it away.
        """
        if publication.edition is not None:
            edition = self.edition(publication.brief_id, publication.edition)
            if edition.state is EditionState.WITHDRAWN:
                raise WithdrawnEditionError(id=edition.brief_id, number=edition.number)
            self._note(edition, Action.EXPORT_EDITION, actor=actor, at=at, format=to)
            return
        action, record = Action.EXPORT_BRIEF, publication.brief_id
        deed = Deed.by(actor, action, kind="brief", record=record, format=to)
        with self._writer.begin() as connection:
            enter(connection, deed, at=at)

    def note_opening(self, edition: Edition, *, actor: Actor, at: datetime) -> None:
        """Enter in the log that an edition is opened that is not public."""
        self._note(edition, Action.OPEN_EDITION, actor=actor, at=at)

    def _note(
        self, edition: Edition, action: Action, *, actor: Actor, at: datetime, **details: str
    ) -> None:
        if edition.stamp.access is Access.PUBLIC:
            return
        deed = Deed.by(actor, action, kind="edition", record=edition.id, **details)
        with self._writer.begin() as connection:
            enter(connection, deed, at=at)

    def edition(self, brief_id: int, number: int | None = None) -> Edition:
        """An edition of a brief; without a number the newest that is current, else the newest.

        A superseded one never stands in for a later one that was withdrawn.

        Raises:
            UnknownEditionError: the brief has no such edition.
            DamagedEditionError: it is not as it was published.
        """
        query = select(editions).where(
            editions.c.brief_id == brief_id, *visible(editions, self.viewer)
        )
        if number is not None:
            query = query.where(editions.c.number == number)
        with self._engine.connect() as connection:
            counting = (editions.c.state == EditionState.CURRENT.value).desc()
            found = connection.execute(query.order_by(counting, editions.c.number.desc()).limit(1))
            row = found.first()
        if row is None:
            raise UnknownEditionError(id=brief_id)
        return edition_of(row)

    def edition_by_id(self, edition_id: int) -> Edition:
        """An edition by the id of its record.

        Raises:
            UnknownRecordError: there is none.
            DamagedEditionError: it is not as it was published.
        """
        query = select(editions).where(editions.c.id == edition_id, *visible(editions, self.viewer))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise UnknownRecordError(kind="edition", id=edition_id)
        return edition_of(row)

    def numbers(self, brief_id: int) -> list[int]:
        """The numbers of a brief's editions, newest first; empty where there is none."""
        query = (
            select(editions.c.number)
            .where(editions.c.brief_id == brief_id, *visible(editions, self.viewer))
            .order_by(editions.c.number.desc())
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def editions(self, *, newest_only: bool = True) -> list[Edition]:
        """Editions, newest first; of each brief only the one that `edition` gives unless told so.

        One that is not as it was published is left out.
        """
        query = select(editions).where(*visible(editions, self.viewer))
        if newest_only:
            newest = self.newest_numbers().subquery()
            query = query.join(
                newest,
                (newest.c.brief_id == editions.c.brief_id) & (newest.c.newest == editions.c.number),
            )
        query = query.order_by(editions.c.made_at.desc(), editions.c.id.desc())
        with self._engine.connect() as connection:
            return list(_genuine(connection.execute(query).all()))

    def newest_numbers(self) -> Select[Any]:
        """The number of the edition of each brief that `edition` gives, as a query for joining."""
        current = case((editions.c.state == EditionState.CURRENT.value, editions.c.number))
        newest = func.coalesce(func.max(current), func.max(editions.c.number))
        return (
            select(editions.c.brief_id, newest.label("newest"))
            .where(*visible(editions, self.viewer))
            .group_by(editions.c.brief_id)
        )


def _genuine(found: Collection[Row[Any]]) -> Iterator[Edition]:
    for row in found:
        try:
            yield edition_of(row)
        except DamagedEditionError as error:
            _log.error("editions: %s", error)


def _record_of(row: Row[Any]) -> EditionRecord:
    return EditionRecord(
        row.edition_id,
        row.id,
        row.number,
        EditionState(row.worth),
        row.titled,
        rows.stamp_of(row),
    )
