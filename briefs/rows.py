"""Rows of the briefs' tables to the dataclasses of `briefs.model`, and back."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, true

from briefs.errors import DamagedEditionError, UnknownBriefError
from briefs.frozen import is_genuine, publication_of
from briefs.model import (
    Brief,
    BriefState,
    Edition,
    EditionState,
    Evidence,
    Length,
    Statement,
    StatementKind,
    Withdrawal,
)
from briefs.schema import briefs, evidence, statements
from knowledge.access import Viewer, is_own, viewer_of
from knowledge.errors import OtherBranchError
from knowledge.model import Actor, Stamp
from knowledge.store import rows
from knowledge.store.engine import new_id
from knowledge.store.schema import documents, passages, versions
from knowledge.store.scoping import visible


def brief_of(connection: Connection, row: Row[Any], *, viewer: Viewer) -> Brief:
    """A brief, its statements as a viewer gets them."""
    return Brief(
        id=row.id,
        title=row.title,
        state=BriefState(row.state),
        revision=row.revision,
        statements=statements_of(connection, row.id, viewer=viewer),
        stamp=rows.stamp_of(row),
        updated_at=row.updated_at,
        template=row.template,
    )


def edition_of(row: Row[Any]) -> Edition:
    """An edition, its state and withdrawal as they are today.

    Raises:
        DamagedEditionError: its content is not what was published.
    """
    if not is_genuine(row.content, row.sha256):
        raise DamagedEditionError(id=row.brief_id, number=row.number)
    state = EditionState(row.state)
    return Edition(
        id=row.id,
        brief_id=row.brief_id,
        number=row.number,
        revision=row.revision,
        state=state,
        publication=publication_of(row.content, state=state),
        sha256=row.sha256,
        stamp=rows.stamp_of(row),
        withdrawal=None
        if row.withdrawn_at is None
        else Withdrawal(row.withdrawn_at, row.withdrawn_by, row.withdrawal_reason),
    )


def statements_of(
    connection: Connection, brief_id: int, *, viewer: Viewer
) -> tuple[Statement, ...]:
    """The statements of a brief in order; those resting on what is kept from the viewer, withheld.

    A source is seen when both the document and the version are.
    """
    is_seen = and_(true(), *visible(documents, viewer), *visible(versions, viewer))
    bound: dict[int, list[Evidence]] = {}
    withheld: set[int] = set()
    query = (
        select(evidence, is_seen.label("is_seen"))
        .join(statements, statements.c.id == evidence.c.statement_id)
        .join(versions, versions.c.id == evidence.c.version_id)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(statements.c.brief_id == brief_id)
        .order_by(evidence.c.statement_id, evidence.c.position)
    )
    for row in connection.execute(query):
        bound.setdefault(row.statement_id, []).append(_evidence(row))
        if not row.is_seen:
            withheld.add(row.statement_id)
    lines = select(statements).where(statements.c.brief_id == brief_id)
    return tuple(
        Statement(
            StatementKind(row.kind),
            "",
            level=row.level,
            id=row.id,
            length=Length(row.length),
            is_withheld=True,
        )
        if row.id in withheld
        else Statement(
            StatementKind(row.kind),
            row.text,
            tuple(bound.get(row.id, ())),
            level=row.level,
            id=row.id,
            formula=row.formula,
            length=Length(row.length),
        )
        for row in connection.execute(lines.order_by(statements.c.position))
    )


def restored(lines: Iterable[Statement], stored: Iterable[Statement]) -> list[Statement]:
    """The statements to be saved: withheld ones with what is stored, gone ones left out."""
    kept = {line.id: line for line in stored}
    return [
        line if not line.is_withheld else kept[line.id]
        for line in lines
        if not line.is_withheld or line.id in kept
    ]


def replace_statements(
    connection: Connection, brief_id: int, lines: Sequence[Statement], *, own: Iterable[int | None]
) -> None:
    """Store these statements instead of those there are; ids that are not its own are given up."""
    connection.execute(delete(statements).where(statements.c.brief_id == brief_id))
    mine = set(own)
    for position, line in enumerate(lines):
        values: dict[str, Any] = {
            "brief_id": brief_id,
            "position": position,
            "kind": line.kind.value,
            "text": line.text,
            "level": line.level,
            "formula": line.formula,
            "length": line.length.value,
        }
        if line.id is not None and line.id in mine:
            values["id"] = line.id
        result = connection.execute(insert(statements).values(**values))
        _insert_evidence(connection, new_id(result), line.evidence)


def _evidence(row: Row[Any]) -> Evidence:
    return Evidence(
        row.document_id, row.version_id, rows.spans_of(row.spans), row.quote, row.passage_id
    )


def _insert_evidence(connection: Connection, statement_id: int, items: Sequence[Evidence]) -> None:
    if not items:
        return
    # A passage may have been replaced since it was quoted: the spans say where the words stand.
    named = {item.passage_id for item in items if item.passage_id is not None}
    known = set(connection.execute(select(passages.c.id).where(passages.c.id.in_(named))).scalars())
    connection.execute(
        insert(evidence),
        [
            {
                "statement_id": statement_id,
                "position": position,
                "document_id": item.document_id,
                "version_id": item.version_id,
                "passage_id": item.passage_id if item.passage_id in known else None,
                "spans": rows.spans_value(item.spans),
                "quote": item.quote,
            }
            for position, item in enumerate(items)
        ],
    )


def row_of(connection: Connection, brief_id: int) -> Row[Any]:
    """The row of a brief, whoever may see it.

    Raises:
        UnknownBriefError: no such brief.
    """
    row = connection.execute(select(briefs).where(briefs.c.id == brief_id)).first()
    if row is None:
        raise UnknownBriefError(id=brief_id)
    return row


def own_row(connection: Connection, brief_id: int, actor: Actor) -> Row[Any]:
    """The row of a brief that is the actor's to change.

    Raises:
        UnknownBriefError: no such brief, or the actor may not see it.
        OtherBranchError: they see it, and another branch keeps it.
    """
    row = row_of(connection, brief_id)
    _check_own(brief_id, rows.stamp_of(row), actor)
    return row


def check_own(brief: Brief, actor: Actor) -> None:
    """Go on only if a brief is the actor's to change; raises as `own_row`."""
    _check_own(brief.id, brief.stamp, actor)


def _check_own(brief_id: int, stamp: Stamp, actor: Actor) -> None:
    if not viewer_of(actor).may_see(stamp):
        raise UnknownBriefError(id=brief_id)
    if not is_own(actor, stamp):
        raise OtherBranchError(kind="brief", id=brief_id)
