"""The queue of pages to be recognised, and a version taking up what was read on its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    update,
)

from knowledge.access import Viewer
from knowledge.errors import UnknownRecordError
from knowledge.model import Access, Ground, Layer, Metadata, PageText, PassageDraft
from knowledge.store import rows
from knowledge.store.engine import writing
from knowledge.store.likenesses import Likenesses
from knowledge.store.quarantine import reopen
from knowledge.store.recutting import recut
from knowledge.store.schema import documents, pages, quarantined, recognitions, versions
from knowledge.store.scoping import visible

WAITING: Final = "waiting"
DONE: Final = "done"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page to be recognised."""

    version_id: int
    page: int
    sha256: str
    """Of the file it is a page of."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pages of the collection were given to recognition, by what became of them."""

    waiting: int = 0
    done: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.waiting + self.done + self.failed


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a version becomes once all its pages are read."""

    pages: Mapping[int, PageText]
    """Its pages that were waiting, by position."""
    drafts: Sequence[PassageDraft]
    """The passages of all its pages."""
    remarks: Sequence[str]
    catalogued: tuple[Metadata, Sequence[Ground]] | None = None
    """A new catalogue entry of its document; None keeps what is known."""
    looked_at: bool = True
    """Whether its first words were read, where a mark of secrecy would stand: else it stays as
    hidden as it is."""


class Recognitions:
    """Pages of documents not removed, waiting, done or failed; those of old versions too.

    An old version can still be opened, and may bear a mark of secrecy. Safe in several threads,
    every method one transaction.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def tally(self) -> Tally:
        """How many pages wait, are done and failed."""
        return self._tally()

    def tally_for(self, viewer: Viewer) -> Tally:
        """As `tally`, of the versions that a viewer may see."""
        return self._tally(*visible(documents, viewer), *visible(versions, viewer))

    def _tally(self, *conditions: ColumnElement[bool]) -> Tally:
        query = _kept(select(recognitions.c.state, func.count().label("n"))).where(*conditions)
        query = query.group_by(recognitions.c.state)
        with self._engine.connect() as connection:
            counts = {row.state: row.n for row in connection.execute(query)}
        return Tally(*(counts.get(state, 0) for state in (WAITING, DONE, FAILED)))

    def next(self) -> Waiting | None:
        """The first page that waits: files in the order they were added, pages as they follow.

        Pages of versions that are no longer current come last.
        """
        query = (
            _kept(select(recognitions.c.version_id, recognitions.c.page, versions.c.sha256))
            .where(recognitions.c.state == WAITING)
            .order_by(
                documents.c.current_version_id != versions.c.id,
                recognitions.c.version_id,
                recognitions.c.page,
            )
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else Waiting(row.version_id, row.page, row.sha256)

    def finish(self, page: Waiting, lines: bytes, *, at: datetime) -> None:
        """Keep what was read on a page."""
        self._change(page, {"state": DONE, "lines": lines, "reason": None, "finished_at": at})

    def fail(self, page: Waiting, reason: str, *, at: datetime) -> None:
        """Keep that a page could not be read, and why."""
        self._change(page, {"state": FAILED, "lines": b"", "reason": reason, "finished_at": at})

    def give_up(self, version_id: int, reason: str, *, at: datetime) -> None:
        """Let go of what was read of a version that cannot take it up: its pages have failed."""
        statement = (
            update(recognitions)
            .where(recognitions.c.version_id == version_id, recognitions.c.lines.is_not(None))
            .values(state=FAILED, lines=None, reason=reason, finished_at=at)
        )
        with self._writer.begin() as connection:
            connection.execute(statement)

    def again(self) -> int:
        """Let every failed page wait once more; returns how many."""
        with self._writer.begin() as connection:
            found = connection.execute(
                _kept(select(recognitions.c.version_id, recognitions.c.page)).where(
                    recognitions.c.state == FAILED
                )
            ).all()
            keys = [{"of": row.version_id, "at": row.page} for row in found]
            if keys:
                connection.execute(
                    update(recognitions).where(_at(recognitions.c.version_id, recognitions.c.page)),
                    [{**key, "state": WAITING, "lines": None, "reason": None} for key in keys],
                )
                connection.execute(
                    update(pages).where(_at(pages.c.version_id, pages.c.position)),
                    [{**key, "layer": Layer.WAITING.value} for key in keys],
                )
        return len(keys)

    def unsettled(self) -> list[int]:
        """Versions that have pages to take up and none that still waits, ascending."""
        other = recognitions.alias()
        waits = exists().where(
            other.c.version_id == recognitions.c.version_id, other.c.state == WAITING
        )
        # What was read is kept until it is taken up: nothing (b"") of a page that failed.
        query = (
            _kept(select(recognitions.c.version_id))
            .where(recognitions.c.lines.is_not(None), ~waits)
            .distinct()
            .order_by(recognitions.c.version_id)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def lines(self, version_id: int) -> dict[int, bytes | None]:
        """What was read on the pages a version has to take up, by page; empty where it failed."""
        query = (
            select(pages.c.position, recognitions.c.lines)
            .outerjoin(
                recognitions,
                and_(
                    recognitions.c.version_id == pages.c.version_id,
                    recognitions.c.page == pages.c.position,
                ),
            )
            .where(pages.c.version_id == version_id, pages.c.layer == Layer.WAITING.value)
            .order_by(pages.c.position)
        )
        with self._engine.connect() as connection:
            return {row.position: row.lines for row in connection.execute(query)}

    def settle(self, version_id: int, settlement: Settlement) -> None:
        """Have a version take up what was read, all or nothing.

        Pages that were not waiting stay as they are, and those that wait once more by now. A
        passage that is in both the old and the new cut keeps its id; what cited one that is gone
        refers to the one that now has its first word. A version that was for named persons only,
        since nobody knew what its first page says, is public from now on, unless its file was
        released from quarantine; while that page could not be read, it gets no passages.

        Raises:
            UnknownRecordError: no such version.
        """
        with self._writer.begin() as connection:
            held = connection.execute(_held(version_id)).first()
            if held is None:
                raise UnknownRecordError(kind="version", id=version_id)
            _replace_pages(connection, version_id, settlement.pages)
            title = held.title
            if settlement.catalogued is not None and held.confirmed_by is None:
                about, grounds = settlement.catalogued
                title = about.title or title
                values = rows.metadata_values(about) | {"grounds": rows.grounds_value(grounds)}
                connection.execute(
                    update(documents).where(documents.c.id == held.document_id).values(**values)
                )
            drafts = settlement.drafts
            if held.access == Access.NAMED.value and not held.was_released:
                if settlement.looked_at:
                    _open(connection, version_id, held.document_id)
                else:
                    drafts = ()
            recut(connection, version_id, drafts, title=title)
            connection.execute(
                update(versions)
                .where(versions.c.id == version_id)
                .values(passage_count=len(drafts), remarks=list(settlement.remarks))
            )
            Likenesses.forget(version_id, connection)

    def _change(self, page: Waiting, values: dict[str, object]) -> None:
        statement = (
            update(recognitions)
            .where(recognitions.c.version_id == page.version_id, recognitions.c.page == page.page)
            .values(**values)
        )
        with self._writer.begin() as connection:
            connection.execute(statement)


def _at(version: Any, position: Any) -> Any:
    return and_(version == bindparam("of"), position == bindparam("at"))


def _kept(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(recognitions)
        .join(versions, versions.c.id == recognitions.c.version_id)
        .join(
            documents,
            and_(documents.c.id == versions.c.document_id, documents.c.removed_at.is_(None)),
        )
    )


def _held(version_id: int) -> Select[Any]:
    return (
        select(
            versions.c.document_id,
            versions.c.access,
            documents.c.title,
            documents.c.confirmed_by,
            versions.c.sha256.in_(_released()).label("was_released"),
        )
        .join(documents, documents.c.id == versions.c.document_id)
        .where(versions.c.id == version_id)
    )


def _released() -> Select[Any]:
    return select(quarantined.c.sha256).where(quarantined.c.decision == "released")


def _open(connection: Connection, version_id: int, document_id: int) -> None:
    """Keep a version no closer than its document, and that for whom it was meant."""
    public = {"access": Access.PUBLIC.value}
    connection.execute(update(versions).where(versions.c.id == version_id).values(**public))
    reopen(connection, document_id)


def _replace_pages(connection: Connection, version_id: int, found: Mapping[int, PageText]) -> None:
    # A page that failed may have been let wait again since it was looked at.
    waits = exists().where(
        recognitions.c.version_id == pages.c.version_id,
        recognitions.c.page == pages.c.position,
        recognitions.c.state == WAITING,
    )
    for position, page in found.items():
        values = rows.page_values(version_id, position, page=page)
        # A label that the file itself states stays.
        values["label"] = func.coalesce(pages.c.label, page.label)
        connection.execute(
            update(pages)
            .where(
                pages.c.version_id == version_id,
                pages.c.position == position,
                pages.c.layer == Layer.WAITING.value,
                ~waits,
            )
            .values(**values)
        )
    connection.execute(
        update(recognitions).where(recognitions.c.version_id == version_id).values(lines=None)
    )
