"""The queue of pages to be recognised, and a version taking up what was read on its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from knowledge.errors import UnknownRecordError
from knowledge.model import Ground, Layer, Metadata, PageText, PassageDraft
from knowledge.store import rows
from knowledge.store.engine import chunks, new_id, writing
from knowledge.store.likenesses import Likenesses
from knowledge.store.schema import (
    documents,
    metadata,
    pages,
    passages,
    recognitions,
    vectors,
    versions,
)

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


class Recognitions:
    """Pages of current versions of documents not removed, waiting, done or failed.

    Safe in several threads, every method one transaction.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def tally(self) -> Tally:
        """How many pages wait, are done and failed."""
        query = _current(select(recognitions.c.state, func.count().label("n"))).group_by(
            recognitions.c.state
        )
        with self._engine.connect() as connection:
            counts = {row.state: row.n for row in connection.execute(query)}
        return Tally(*(counts.get(state, 0) for state in (WAITING, DONE, FAILED)))

    def next(self) -> Waiting | None:
        """The first page that waits: files in the order they were added, pages as they follow."""
        query = (
            _current(select(recognitions.c.version_id, recognitions.c.page, versions.c.sha256))
            .where(recognitions.c.state == WAITING)
            .order_by(recognitions.c.version_id, recognitions.c.page)
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

    def again(self) -> int:
        """Let every failed page wait once more; returns how many."""
        with self._writer.begin() as connection:
            found = connection.execute(
                _current(select(recognitions.c.version_id, recognitions.c.page)).where(
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
            _current(select(recognitions.c.version_id))
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

        Pages that were not waiting stay as they are. A passage that is in both the old and the new
        cut keeps its id; what cited one that is gone refers to the one that now has its first word.

        Raises:
            UnknownRecordError: no such version.
        """
        with self._writer.begin() as connection:
            document = connection.execute(
                select(documents.c.id, documents.c.title, documents.c.confirmed_by)
                .join(versions, versions.c.document_id == documents.c.id)
                .where(versions.c.id == version_id)
            ).first()
            if document is None:
                raise UnknownRecordError(kind="version", id=version_id)
            _replace_pages(connection, version_id, settlement.pages)
            title = document.title
            if settlement.catalogued is not None and document.confirmed_by is None:
                about, grounds = settlement.catalogued
                title = about.title or title
                values = rows.metadata_values(about) | {"grounds": rows.grounds_value(grounds)}
                connection.execute(
                    update(documents).where(documents.c.id == document.id).values(**values)
                )
            _replace_passages(connection, version_id, settlement.drafts, title=title)
            connection.execute(
                update(versions)
                .where(versions.c.id == version_id)
                .values(passage_count=len(settlement.drafts), remarks=list(settlement.remarks))
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


def _is_current() -> Any:
    return and_(
        documents.c.current_version_id == versions.c.id,
        documents.c.removed_at.is_(None),
    )


def _current(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(recognitions)
        .join(versions, versions.c.id == recognitions.c.version_id)
        .join(documents, _is_current())
    )


def _replace_pages(connection: Connection, version_id: int, found: Mapping[int, PageText]) -> None:
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
            )
            .values(**values)
        )
    connection.execute(
        update(recognitions).where(recognitions.c.version_id == version_id).values(lines=None)
    )


def _replace_passages(
    connection: Connection, version_id: int, drafts: Sequence[PassageDraft], *, title: str
) -> None:
    query = select(passages).where(passages.c.version_id == version_id).order_by(passages.c.ordinal)
    old = connection.execute(query).all()
    known = {_key(row.text, row.spans, row.heading, row.repeats): row.id for row in old}
    # Ordinals are unique: what is there makes way first.
    connection.execute(
        update(passages)
        .where(passages.c.version_id == version_id)
        .values(ordinal=-1 - passages.c.ordinal)
    )
    kept: set[int] = set()
    holders: list[tuple[int, PassageDraft]] = []
    for ordinal, draft in enumerate(drafts):
        values = rows.draft_values(version_id, ordinal, draft=draft, title=title)
        id_ = known.pop(_key(draft.text, values["spans"], values["heading"], draft.repeats), None)
        if id_ is None:
            id_ = new_id(connection.execute(insert(passages).values(**values)))
        else:
            connection.execute(update(passages).where(passages.c.id == id_).values(ordinal=ordinal))
            kept.add(id_)
        holders.append((id_, draft))
    gone = {row.id: row.spans for row in old if row.id not in kept}
    _redirect(connection, {id_: _holder(spans, holders) for id_, spans in gone.items()})
    for chunk in chunks(list(gone)):
        connection.execute(delete(vectors).where(vectors.c.passage_id.in_(chunk)))
        connection.execute(delete(passages).where(passages.c.id.in_(chunk)))


def _key(text: str, spans: Any, heading: Any, repeats: int) -> tuple[Any, ...]:
    return text, tuple(map(tuple, spans)), tuple(heading), repeats


def _holder(
    spans: Sequence[Sequence[int]], holders: Sequence[tuple[int, PassageDraft]]
) -> int | None:
    """The passage that has the first word of `spans`."""
    page, start, _ = spans[0]
    for id_, draft in holders:
        for span in draft.spans[draft.repeats :]:
            if span.page == page and span.start <= start < span.end:
                return id_
    return None


def _redirect(connection: Connection, moved: Mapping[int, int | None]) -> None:
    """Let every table that refers to a passage that goes refer to another one, or to none."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if table is not vectors and column.references(passages.c.id):
                for old, new in moved.items():
                    connection.execute(update(table).where(column == old).values({column: new}))
