"""What one search reads of SQL, in one transaction: titles of candidates, all of what it shows."""

from collections import namedtuple
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine, Select, and_, func, select

from knowledge.access import Scope, Viewer
from knowledge.filter import NO_FILTER, Filter
from knowledge.model import Document, Passage, Version
from knowledge.store import rows
from knowledge.store.prepared import Cursor, Prepared, given, reading
from knowledge.store.schema import documents, pages, passages, versions
from knowledge.store.scoping import conditions, visible

_VIEWERS: Final = 256
_PASSAGE: Final = (*passages.c, documents.c.id)
_DOCUMENT: Final = tuple(documents.c)
_VERSION: Final = tuple(versions.c)
_PassageRow: Final = namedtuple(  # type: ignore[misc]
    "_PassageRow", [*(column.name for column in passages.c), "document_id"]
)
_DocumentRow: Final = namedtuple(  # type: ignore[misc]
    "_DocumentRow", [column.name for column in _DOCUMENT]
)
_VersionRow: Final = namedtuple(  # type: ignore[misc]
    "_VersionRow", [column.name for column in _VERSION]
)


class Found(NamedTuple):
    """A passage with what it stands in."""

    passage: Passage
    document: Document
    version: Version


class Finding:
    """Reads passages that a viewer's search may show, all of one moment; for one thread.

    What the viewer may not see, and what is no longer current, does not exist here.
    """

    def __init__(self, cursor: Cursor, viewer: Viewer) -> None:
        """Begin; `finding` does."""
        self.cursor = cursor
        self._statements = _statements(viewer)

    def renew(self) -> None:
        """Read from here on as of a later moment."""
        self.cursor.execute("ROLLBACK")
        self.cursor.execute("BEGIN")

    def titles(self, ids: Collection[int]) -> dict[int, str]:
        """Title of the document of each of `ids`, by id."""
        return dict(self._statements.titles.rows(self.cursor, given=ids)) if ids else {}

    def of_groups(self, ids: Collection[int], groups: Collection[int]) -> set[int]:
        """Those of `ids` that are in documents of one of these groups."""
        found = self._statements.of_groups.rows(self.cursor, given=ids, groups=groups)
        return {id_ for (id_,) in found}

    def many(self, ids: Collection[int]) -> dict[int, Found]:
        """Those of `ids` that are there, by id."""
        found = self._statements.found.rows(self.cursor, given=ids) if ids else []
        return {row[0]: _found(row) for row in found}

    def labels(self, shown: Sequence[Passage]) -> dict[int, str | None]:
        """Printed label of the page on which each passage begins, by passage id."""
        begins = {passage.id: passage.begins.page for passage in shown}
        found = self._statements.labels.rows(self.cursor, given=begins) if begins else []
        return {id_: label for id_, page, label in found if begins[id_] == page}


@contextmanager
def finding(engine: Engine, viewer: Viewer) -> Iterator[Finding]:
    """Read for one search."""
    with reading(engine) as cursor:
        yield Finding(cursor, viewer)


def current(query: Select[Any], viewer: Viewer, selection: Filter = NO_FILTER) -> Select[Any]:
    """Of passages of current versions, in documents not removed: what a viewer's search may find.

    Args:
        query: of columns of ``passages``, ``versions`` and ``documents``.
        viewer: who searches.
        selection: what else must hold of the document.
    """
    return (
        query.select_from(passages)
        .join(versions, versions.c.id == passages.c.version_id)
        .join(
            documents,
            and_(
                documents.c.id == versions.c.document_id,
                documents.c.current_version_id == versions.c.id,
                documents.c.removed_at.is_(None),
            ),
        )
        .where(*conditions(Scope(viewer, selection)), *visible(versions, viewer))
    )


class _Statements(NamedTuple):
    titles: Prepared
    of_groups: Prepared
    found: Prepared
    labels: Prepared


@lru_cache(maxsize=_VIEWERS)
def _statements(viewer: Viewer) -> _Statements:
    titles = select(passages.c.id, documents.c.title)
    of_groups = select(passages.c.id).where(documents.c.group_id.in_(given("groups")))
    spans = func.json_each(passages.c.spans).table_valued("value", name="spans_of")
    page = func.json_extract(spans.c.value, "$[0]")
    labels = current(select(passages.c.id, pages.c.position, pages.c.label), viewer)
    labels = labels.join(spans, spans.c.value.is_not(None)).join(
        pages, and_(pages.c.version_id == passages.c.version_id, pages.c.position == page)
    )
    found = (titles, of_groups, select(*_PASSAGE, *_DOCUMENT, *_VERSION))
    every = (*(current(each, viewer) for each in found), labels)
    return _Statements(*(Prepared(each.where(passages.c.id.in_(given()))) for each in every))


def _found(row: tuple[Any, ...]) -> Found:
    first, second = len(_PASSAGE), len(_PASSAGE) + len(_DOCUMENT)
    return Found(
        rows.passage_of(_PassageRow._make(row[:first])),
        rows.document_of(_DocumentRow._make(row[first:second])),
        rows.version_of(_VersionRow._make(row[second:])),
    )
