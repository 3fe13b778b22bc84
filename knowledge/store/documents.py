"""Documents, their versions and pages."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    select,
    true,
    update,
)

from knowledge.access import Viewer
from knowledge.accounts.audit import Deed, enter
from knowledge.errors import StaleEntryError, UnknownRecordError
from knowledge.filter import NO_FILTER, Filter
from knowledge.model import (
    Access,
    Confirmation,
    Document,
    Metadata,
    PassageDraft,
    Reading,
    Stamp,
    Version,
)
from knowledge.store import rows
from knowledge.store.engine import chunks
from knowledge.store.failures import forget_failures
from knowledge.store.inserting import insert_document, insert_version
from knowledge.store.needed import needed_files
from knowledge.store.prepared import reading
from knowledge.store.schema import documents, versions
from knowledge.store.scoping import conditions, visible
from knowledge.store.versions import Versions


class Documents(Versions):
    """The catalogue as one viewer sees it; safe in several threads, every method one transaction.

    What the viewer may not see does not exist here, neither a document nor a version nor a page.
    A version that is kept closer than its document is listed with that, but for who may not see it
    it has no pages, and neither name nor hash nor size of a file.
    """

    def seen_by(self, viewer: Viewer) -> "Documents":
        """The same catalogue as another viewer sees it: for a service that acts for a person."""
        return Documents(self._engine, viewer)

    def add_version(
        self,
        reading: Reading,
        drafts: Sequence[PassageDraft],
        *,
        document_id: int | None,
        source: str,
        file: tuple[str, str, int],
        stamp: Stamp,
        opens_as: Access | None = None,
        deed: Deed | None = None,
        along: Callable[[Connection, int, datetime], None] | None = None,
    ) -> Version:
        """Store one file's pages and passages, all or nothing, and make it the current version.

        A failure that the same branch has of `source` is forgotten.

        Args:
            reading: what the reader made of it; its metadata describe a new document and are
                ignored for a known one, whose catalogue entry a person may have corrected.
            drafts: its passages, in order.
            document_id: the document it is a version of; None makes a new one.
            source: where it came from.
            file: file name, SHA-256 and size in bytes.
            stamp: whose record it is, and who may see it. A version for named persons is kept
                closer than its document; of any other the document alone decides.
            opens_as: who may see a new document once its first page has been read; None: it waits
                for nothing.
            deed: entered in the log with it, of this document; None enters nothing.
            along: called within the transaction, with the document's id and the stamp's moment.

        Raises:
            UnknownRecordError: no such document.
        """
        with self._writer.begin() as connection:
            if document_id is None:
                document_id = insert_document(
                    connection, reading, source=source, stamp=stamp, opens_as=opens_as
                )
            version_id = insert_version(
                connection, document_id, reading=reading, drafts=drafts, file=file, stamp=stamp
            )
            connection.execute(
                update(documents)
                .where(documents.c.id == document_id)
                .values(current_version_id=version_id)
            )
            forget_failures(connection, source, branch_id=stamp.branch_id)
            found = connection.execute(select(versions).where(versions.c.id == version_id)).one()
            if deed is not None:
                enter(
                    connection,
                    deed.of("document", document_id, version=version_id),
                    at=stamp.made_at,
                )
            if along is not None:
                along(connection, document_id, stamp.made_at)
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

    def by_sha256(self, sha256: str, *, branch_id: int | None = None) -> Document | None:
        """The first document, of one branch or of all, whose current version has these bytes."""
        of_branch = frozenset[int]() if branch_id is None else frozenset({branch_id})
        query = (
            self._present(Filter(branches=of_branch))
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
        deed: Deed | None = None,
    ) -> None:
        """Replace what is known of the work; who does so stands for the whole entry.

        The grounds of unchanged fields stay, those of the others go. `deed` is entered with it.

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
            if deed is not None:
                enter(connection, deed.of("document", document_id), at=by.at)

    def confirm(
        self,
        document_id: int,
        by: Confirmation,
        *,
        seen: Metadata | None = None,
        deed: Deed | None = None,
    ) -> None:
        """Record that a person has looked at the entry and stands for it as it is; enter `deed`.

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
            if deed is not None:
                enter(connection, deed.of("document", document_id), at=by.at)

    def remove(self, connection: Connection, document_id: int, *, at: datetime) -> bool:
        """Take a document out of the collection; its pages stay for what already cites them.

        Within the transaction of whoever calls. False where there is no such document: then
        nothing is changed.
        """
        present = (documents.c.id == document_id, documents.c.removed_at.is_(None))
        seen = conditions(self._scope())
        removal = update(documents).where(*present, *seen).values(removed_at=at)
        return connection.execute(removal).rowcount > 0

    def ever(self, document_id: int) -> Document:
        """One document, removed or not.

        Raises:
            UnknownRecordError: no such document.
        """
        query = select(documents).where(documents.c.id == document_id, *conditions(self._scope()))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise UnknownRecordError(kind="document", id=document_id)
        return rows.document_of(row)

    def hashes(self) -> dict[str, int]:
        """SHA-256 of every original that something needs; its size, −1 if unknown.

        Versions, failures and files in quarantine need theirs, unless somebody has discarded it: a
        version of size 0 has none.
        """
        with reading(self._engine) as cursor:
            return needed_files(cursor, self.viewer)

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


def _named(query: Select[Any], title: str) -> Select[Any]:
    return query.where(documents.c.title.contains(title, autoescape=True)) if title else query
