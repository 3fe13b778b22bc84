"""What a viewer may see and a filter lets through, as conditions in SQL."""

from functools import lru_cache
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
)

from knowledge.access import Scope, Viewer
from knowledge.filter import Filter
from knowledge.model import Access, DocumentType
from knowledge.store.schema import documents, versions

_LAST_DAY = "~"  # sorts after every digit and hyphen
_VIEWERS: Final = 256
"""Viewers whose conditions are remembered: each search needs them several times."""


def conditions(scope: Scope) -> list[ColumnElement[bool]]:
    """What must hold of a document, present or not; nothing for the whole collection."""
    return [*visible(documents, scope.viewer), *_selected(scope.selection)]


@lru_cache(maxsize=2 * _VIEWERS)
def visible(table: Table, viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What `Viewer.may_see` says of the records of a table: of documents or of versions."""
    if viewer.sees_everything:
        return ()
    return (or_(table.c.access == Access.PUBLIC.value, _not_public_but_seen(table, viewer)),)


def anything_hidden(viewer: Viewer) -> ColumnElement[bool]:
    """Whether any present document or current version is kept from a viewer; quick to find out."""
    is_current = and_(
        documents.c.id == versions.c.document_id, documents.c.current_version_id == versions.c.id
    )
    is_present = documents.c.removed_at.is_(None)
    return or_(
        exists().where(is_present, *_hidden(documents, viewer)),
        exists().where(is_present, is_current, *_hidden(versions, viewer)),
    )


def _hidden(table: Table, viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    # In the words of the partial index (0003): few records are not public.
    # Without a type: SQLAlchemy compares a Boolean with 1, and SQLite no longer knows the index.
    is_not_public: ColumnElement[bool] = literal_column(f"{table.name}.access <> 'public'")
    return is_not_public, not_(_not_public_but_seen(table, viewer))


def _not_public_but_seen(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    access = table.c.access
    of_staff: ColumnElement[bool] = access == Access.STAFF.value
    if not viewer.is_staff:
        of_staff = false()
    elif viewer.branches is not None:
        is_of_theirs = table.c.branch_id.in_(viewer.branches)
        of_staff = and_(of_staff, or_(is_of_theirs, table.c.shared))
    named: ColumnElement[bool] = false()
    if viewer.person_id is not None:
        named = and_(access == Access.NAMED.value, _is_for(table, viewer.person_id))
    return or_(of_staff, named)


def _is_for(table: Table, person_id: int) -> ColumnElement[bool]:
    recipients = func.json_each(table.c.recipients).table_valued("value", name=f"for_{table.name}")
    # The function reads the very row that is looked at: no other table belongs to the subquery.
    is_recipient = (
        select(literal(1))
        .select_from(recipients)
        .where(recipients.c.value == person_id)
        .correlate(table)
        .exists()
    )
    return or_(table.c.made_by == person_id, is_recipient)


def _selected(selection: Filter) -> list[ColumnElement[bool]]:
    """What `Scope.admits` says of a filter, in SQL."""
    found: list[ColumnElement[bool]] = []
    if selection.types:
        found.append(documents.c.type.in_({DocumentType(t).value for t in selection.types}))
    if selection.issuers:
        found.append(documents.c.issuer.in_(selection.issuers))
    if selection.documents:
        found.append(documents.c.id.in_(selection.documents))
    if selection.languages:
        found.append(documents.c.language.in_(selection.languages))
    if selection.issued_from:
        found.append(documents.c.issued_on >= selection.issued_from)
    if selection.issued_to:
        found.append(documents.c.issued_on <= selection.issued_to + _LAST_DAY)
    if selection.branches:
        found.append(documents.c.branch_id.in_(selection.branches))
    if selection.access:
        found.append(documents.c.access.in_({Access(a).value for a in selection.access}))
    return found
