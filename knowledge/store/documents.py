"""Documents, their versions and pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    delete,
    func,
    select,
    true,
    update,
)

from knowledge.access import KEEPER, Scope, Viewer
from knowledge.errors import StaleEntryError, UnknownRecordError
from knowledge.model import (
    NO_FILTER,
    Confirmation,
    Document,
    Filter,
    Metadata,
    Page,
    PassageDraft,
    Reading,
    Stamp,
    Version,
)
from knowledge.places import Places
from knowledge.store import rows
from knowledge.store.engine import chunks, writing
from knowledge.store.inserting import insert_document, insert_version
from knowledge.store.needed import needed_files
from knowledge.store.schema import documents, failures, pages, versions
from knowledge.store.scoping import conditions, visible


class Documents:
    """The catalogue as one viewer sees it; safe in several threads, every method one transaction.

    What the viewer may not see does not exist here, neither a document nor a version nor a page.
    A version that is kept closer than its document is listed with that, but has no pages for who
    may not see it.
    """

    def __init__(self, engine: Engine, viewer: Viewer) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self.viewer = viewer

    def add_version(
        self,
        reading: Reading,
        drafts: Sequence[PassageDraft],
        *,
        document_id: int | None,
        source: str,
        file: tuple[str, str, int],
        stamp: Stamp,
    ) -> Version:
        """Store one file's pages and passages, all or nothing, and make it the current version.

        A failure kept for the same `source` is forgotten.

        Args:
            reading: what the reader made of it; its metadata describe a new document and are
                ignored for a known one, whose catalogue entry a person may have corrected.
            drafts: its passages, in order.
            document_id: the document it is a version of; None makes a new one.
            source: where it came from.
            file: file name, SHA-256 and size in bytes.
            stamp: whose record it is.

        Raises:
            UnknownRecordError: no such document.
        """
        with self._writer.begin() as connection:
            if document_id is None:
                document_id = insert_document(connection, reading, source=source, stamp=stamp)
            version_id = insert_version(
                connection, document_id, reading=reading, drafts=drafts, file=file, stamp=stamp
            )
            connection.execute(
                update(documents)
                .where(documents.c.id == document_id)
                .values(current_version_id=version_id)
            )
            connection.execute(delete(failures).where(failures.c.source == source))
            found = connection.execute(select(versions).where(versions.c.id == version_id)).one()
        return rows.version_of(found)

    def get(self, document_id: int) -> Document:
        """One document.

        Raises:
            UnknownRecordError: no such document, or it was removed.
        """
        found = self.many([document_id])
        if not found:
            raise UnknownRecordError(kind="document", id=document_id)
        return found[document_id]

    def many(self, ids: Sequence[int]) -> dict[int, Document]:
        """Those of `ids` that exist and were not removed, by id."""
        found: dict[int, Document] = {}
        with self._engine.connect() as connection:
            for chunk in chunks(ids):
                query = self._present().where(documents.c.id.in_(chunk))
                found |= {row.id: rows.document_of(row) for row in connection.execute(query)}
        return found

    def find(
        self,
        selection: Filter = NO_FILTER,
        *,
        title: str = "",
        unconfirmed: bool = False,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Document]:
        """Documents that the filter lets through, newest record first, at most `limit`.

        `title` must occur in the title; `unconfirmed` leaves those whose entry nobody confirmed;
        `offset` passes over so many.
        """
        query = _named(self._present(selection), title).order_by(documents.c.id.desc())
        if unconfirmed:
            query = query.where(documents.c.confirmed_by.is_(None))
        query = query.limit(limit).offset(offset)
        with self._engine.connect() as connection:
            return [rows.document_of(row) for row in connection.execute(query)]

    def count(self, selection: Filter = NO_FILTER, *, title: str = "") -> int:
        """How many documents `find` would give."""
        found = _named(self._present(selection, documents.c.id), title).subquery()
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(found)).scalar() or 0

    def counts(self) -> tuple[int, int]:
        """How many documents there are, and how many passages can be found in them."""
        seen = and_(true(), *visible(versions, self.viewer))
        findable_in = func.sum(versions.c.passage_count).filter(seen)
        query = (
            select(func.count(), func.coalesce(findable_in, 0))
            .select_from(documents)
            .join(versions, versions.c.id == documents.c.current_version_id)
            .where(documents.c.removed_at.is_(None), *conditions(self._scope()))
        )
        with self._engine.connect() as connection:
            held, findable = connection.execute(query).one()
        return int(held), int(findable)

    def issuers(self) -> list[str]:
        """All issuers in the catalogue, sorted."""
        query = (
            self._present(NO_FILTER, documents.c.issuer)
            .where(documents.c.issuer.is_not(None))
            .distinct()
            .order_by(documents.c.issuer)
        )
        with self._engine.connect() as connection:
            return [str(name) for name in connection.execute(query).scalars()]

    def by_source(self, source: str) -> Document | None:
        """The document that came from `source`, the newest if several did."""
        query = self._present().where(documents.c.source == source).order_by(documents.c.id.desc())
        with self._engine.connect() as connection:
            row = connection.execute(query.limit(1)).first()
        return None if row is None else rows.document_of(row)

    def by_sha256(self, sha256: str) -> Document | None:
        """The first document whose current version has these bytes."""
        query = (
            self._present()
            .join(versions, versions.c.id == documents.c.current_version_id)
            .where(versions.c.sha256 == sha256)
            .order_by(documents.c.id)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query.limit(1)).first()
        return None if row is None else rows.document_of(row)

    def describe(
        self,
        document_id: int,
        metadata: Metadata,
        *,
        by: Confirmation,
        seen: Metadata | None = None,
    ) -> None:
        """Replace what is known of the work; who does so stands for the whole entry.

        The grounds of unchanged fields stay, those of the others go.

        Raises:
            UnknownRecordError: no such document.
            StaleEntryError: the entry is no longer what was `seen`.
        """
        with self._writer.begin() as connection:
            before = self._entry(connection, document_id, seen=seen)
            kept = [
                ground
                for ground in before.grounds
                if getattr(before.metadata, ground.field) == getattr(metadata, ground.field)
            ]
            values = rows.metadata_values(metadata) | rows.confirmation_values(by)
            connection.execute(
                update(documents)
                .where(documents.c.id == document_id)
                .values(grounds=rows.grounds_value(kept), **values)
            )

    def confirm(self, document_id: int, by: Confirmation, *, seen: Metadata | None = None) -> None:
        """Record that a person has looked at the entry and stands for it as it is.

        Raises:
            UnknownRecordError: no such document.
            StaleEntryError: the entry is no longer what was `seen`.
        """
        with self._writer.begin() as connection:
            self._entry(connection, document_id, seen=seen)
            connection.execute(
                update(documents)
                .where(documents.c.id == document_id)
                .values(**rows.confirmation_values(by))
            )

    def remove(self, document_id: int, *, at: datetime) -> None:
        """Take a document out of the collection; its pages stay for what already cites them.

        Raises:
            UnknownRecordError: no such document.
        """
        self._change(document_id, {"removed_at": at})

    def version(self, version_id: int) -> Version:
        """One version, whether or not its document was removed.

        Raises:
            UnknownRecordError: no such version.
        """
        found = self.versions_by_id([version_id])
        if not found:
            raise UnknownRecordError(kind="version", id=version_id)
        return found[version_id]

    def versions_by_id(self, ids: Sequence[int]) -> dict[int, Version]:
        """Those of `ids` that exist, by id."""
        found: dict[int, Version] = {}
        with self._engine.connect() as connection:
            for chunk in chunks(ids):
                query = self._versions().where(versions.c.id.in_(chunk))
                found |= {row.id: rows.version_of(row) for row in connection.execute(query)}
        return found

    def versions(self, document_id: int) -> list[Version]:
        """All versions of a document, newest first."""
        query = (
            self._versions()
            .where(versions.c.document_id == document_id)
            .order_by(versions.c.number.desc())
        )
        with self._engine.connect() as connection:
            return [rows.version_of(row) for row in connection.execute(query)]

    def document_of_version(self, version_id: int) -> Document:
        """The document of a version, removed or not.

        Raises:
            UnknownRecordError: no such version.
        """
        query = (
            select(documents)
            .join(versions, versions.c.document_id == documents.c.id)
            .where(versions.c.id == version_id, *conditions(self._scope()))
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise UnknownRecordError(kind="version", id=version_id)
        return rows.document_of(row)

    def pages(self, version_id: int, indexes: Sequence[int] | None = None) -> list[Page]:
        """Pages of a version in order; only those of `indexes` if given, unknown ones left out."""
        columns = (column for column in pages.c if column.name != "places")
        query = self._pages(*columns).where(pages.c.version_id == version_id)
        query = query.order_by(pages.c.position)
        if indexes is not None:
            query = query.where(pages.c.position.in_(indexes))
        with self._engine.connect() as connection:
            return [rows.page_of(row) for row in connection.execute(query)]

    def places(self, version_id: int, indexes: Sequence[int]) -> dict[int, Places]:
        """Where the characters of pages are printed, by page; pages without places left out."""
        query = self._pages(pages.c.position, pages.c.places).where(
            pages.c.version_id == version_id,
            pages.c.position.in_(indexes),
            pages.c.places.is_not(None),
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).all()
        return {row.position: Places.unpack(row.places) for row in found}

    def page_labels(self, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str | None]:
        """Printed labels by (version, page), for the keys that exist."""
        wanted = set(keys)
        query = self._pages(pages.c.version_id, pages.c.position, pages.c.label).where(
            pages.c.version_id.in_({version for version, _ in wanted}),
            pages.c.position.in_({index for _, index in wanted}),
        )
        with self._engine.connect() as connection:
            found = {(row.version_id, row.position): row.label for row in connection.execute(query)}
        return {key: found[key] for key in keys if key in found}

    def hashes(self) -> dict[str, int]:
        """SHA-256 of every original that something needs; its size, −1 if unknown.

        Versions, failures and files in quarantine need theirs, unless somebody has discarded it: a
        version of size 0 has none.
        """
        with self._engine.connect() as connection:
            return needed_files(connection)

    def _change(self, document_id: int, values: dict[str, object]) -> None:
        statement = (
            update(documents)
            .where(
                documents.c.id == document_id,
                documents.c.removed_at.is_(None),
                *conditions(self._scope()),
            )
            .values(**values)
        )
        with self._writer.begin() as connection:
            if connection.execute(statement).rowcount == 0:
                raise UnknownRecordError(kind="document", id=document_id)

    def _scope(self, selection: Filter = NO_FILTER) -> Scope:
        return Scope(self.viewer, selection)

    def _entry(
        self, connection: Connection, document_id: int, *, seen: Metadata | None
    ) -> Document:
        row = connection.execute(self._present().where(documents.c.id == document_id)).first()
        if row is None:
            raise UnknownRecordError(kind="document", id=document_id)
        document = rows.document_of(row)
        if seen is not None and seen != document.metadata:
            raise StaleEntryError(id=document_id)
        return document

    def _present(self, selection: Filter = NO_FILTER, *columns: ColumnElement[Any]) -> Select[Any]:
        """Of documents not removed that the viewer may see."""
        return select(*(columns or (documents,))).where(
            documents.c.removed_at.is_(None), *conditions(self._scope(selection))
        )

    def _versions(self) -> Select[Any]:
        query = select(versions)
        return (
            query if self.viewer == KEEPER else query.where(self._is_seen(versions.c.document_id))
        )

    def _pages(self, *columns: ColumnElement[Any]) -> Select[Any]:
        query = select(*columns)
        if self.viewer == KEEPER:
            return query
        return query.join(versions, versions.c.id == pages.c.version_id).where(
            self._is_seen(versions.c.document_id), *visible(versions, self.viewer)
        )

    def _is_seen(self, document_id: ColumnElement[int]) -> ColumnElement[bool]:
        return (
            select(documents.c.id)
            .where(documents.c.id == document_id, *conditions(self._scope()))
            .exists()
        )


def _named(query: Select[Any], title: str) -> Select[Any]:
    return query.where(documents.c.title.contains(title, autoescape=True)) if title else query
