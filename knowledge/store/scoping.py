"""What a viewer may see and a filter lets through, as conditions on the table of documents."""

from sqlalchemy import ColumnElement, and_, false, or_

from knowledge.access import Scope, Viewer
from knowledge.model import Access, DocumentType, Filter
from knowledge.store.schema import documents

_LAST_DAY = "~"  # sorts after every digit and hyphen


def conditions(scope: Scope) -> list[ColumnElement[bool]]:
    """What must hold of a document, present or not; nothing for the whole collection."""
    return [*_visible(scope.viewer), *_selected(scope.selection)]


def _visible(viewer: Viewer) -> list[ColumnElement[bool]]:
    """What `Viewer.may_see` says, in SQL."""
    if viewer.sees_everything:
        return []
    access = documents.c.access
    of_staff: ColumnElement[bool] = access == Access.STAFF.value
    if viewer.branches is not None:
        of_staff = and_(of_staff, documents.c.branch_id.in_(viewer.branches))
    named: ColumnElement[bool] = false()
    if viewer.person_id is not None:
        named = and_(access == Access.NAMED.value, documents.c.made_by == viewer.person_id)
    return [or_(access == Access.PUBLIC.value, of_staff, named)]


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
