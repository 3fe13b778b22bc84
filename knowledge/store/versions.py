"""Versions and pages of documents."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, Row, Select, select

from knowledge.access import KEEPER, Scope, Viewer
from knowledge.errors import UnknownRecordError
from knowledge.filter import NO_FILTER, Filter
from knowledge.model import Document, Page, Version
from knowledge.places import Places
from knowledge.store import rows
from knowledge.store.engine import chunks, writing
from knowledge.store.schema import documents, pages, versions
from knowledge.store.scoping import conditions, visible

HIDDEN: Final = "—"
"""The file name of a version that its viewer may not see."""


class Versions:
    """Versions and pages as one viewer sees them: the part of `Documents` that only reads."""

    def __init__(self, engine: Engine, viewer: Viewer) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self.viewer = viewer

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
                found |= {row.id: self._read(row) for row in connection.execute(query)}
        return found

    def versions(self, document_id: int) -> list[Version]:
        """All versions of a document, newest first."""
        query = (
            self._versions()
            .where(versions.c.document_id == document_id)
            .order_by(versions.c.number.desc())
        )
        with self._engine.connect() as connection:
            return [self._read(row) for row in connection.execute(query)]

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

    def _scope(self, selection: Filter = NO_FILTER) -> Scope:
        return Scope(self.viewer, selection)

    def _read(self, row: Row[Any]) -> Version:
        """A version; of one that is kept closer than its document, only that there is one."""
        version = rows.version_of(row)
        if self.viewer.may_see(version.stamp):
            return version
        return replace(
            version,
            sha256="",
            size=0,
            file_name=HIDDEN,
            page_count=0,
            passage_count=0,
            encoding=None,
            encoding_confidence=None,
            remarks=(),
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
