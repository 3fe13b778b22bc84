"""Rows of the briefs' tables to the dataclasses of `briefs.model`, and back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

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
from knowledge.store.engine import chunks, new_id
from knowledge.store.schema import documents, passages, versions
from knowledge.store.scoping import visible


def brief_of(
    connection: Connection,
    row: Row[Any],
    *,
    viewer: Viewer,
    lines: Sequence[Statement] | None = None,
) -> Brief:
    """A brief, its statements as a viewer gets them; `lines` are those just stored."""
    if lines is None:
        seen = statements_of(connection, row.id, viewer=viewer)
    else:
        seen = as_seen(connection, lines, viewer=viewer)
    return Brief(
        id=row.id,
        title=row.title,
        state=BriefState(row.state),
        revision=row.revision,
        statements=seen,
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
    bound: dict[int, list[Evidence]] = {}
    query = (
        select(evidence)
        .join(statements, statements.c.id == evidence.c.statement_id)
        .where(statements.c.brief_id == brief_id)
        .order_by(evidence.c.statement_id, evidence.c.position)
    )
    for row in connection.execute(query):
        bound.setdefault(row.statement_id, []).append(_evidence(row))
    lines = select(statements).where(statements.c.brief_id == brief_id)
    found = (
        Statement(
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
    return as_seen(connection, tuple(found), viewer=viewer)


def as_seen(
    connection: Connection, lines: Sequence[Statement], *, viewer: Viewer
) -> tuple[Statement, ...]:
    """Statements as a viewer gets them: those that rest on what is kept from them are withheld."""
    if not visible(documents, viewer):
        return tuple(lines)
    cited = {item.version_id for line in lines for item in line.evidence}
    seen = seen_versions(connection, cited, viewer=viewer)
    return tuple(
        line if all(item.version_id in seen for item in line.evidence) else withheld(line)
        for line in lines
    )


def withheld(line: Statement) -> Statement:
    """What is left of a statement for whoever may not see its source."""
    return Statement(
        line.kind, "", level=line.level, id=line.id, length=line.length, is_withheld=True
    )


def seen_versions(
    connection: Connection, version_ids: Collection[int], *, viewer: Viewer
) -> set[int]:
    """Those of the versions that a viewer may see, as they may their documents."""
    query = (
        select(versions.c.id)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(*visible(documents, viewer), *visible(versions, viewer))
    )
    return {
        id_
        for chunk in chunks(sorted(version_ids))
        for id_ in connection.execute(query.where(versions.c.id.in_(chunk))).scalars()
    }


def restored(lines: Iterable[Statement], stored: Iterable[Statement]) -> list[Statement]:
    """The statements to be saved: withheld ones with what is stored, gone ones left out."""
    kept = {line.id: line for line in stored}
    return [
        line if not line.is_withheld else kept[line.id]
        for line in lines
        if not line.is_withheld or line.id in kept
    ]


def write_statements(
    connection: Connection,
    brief_id: int,
    lines: Iterable[Statement],
    *,
    stored: Sequence[Statement] = (),
    own: Collection[int] = (),
) -> tuple[Statement, ...]:
    """Bring a brief's statements from those stored to these; writes only what differs.

    A statement keeps its id if it is stored or one of `own`, ids that the brief had before; else,
    and where an earlier one has it, it gets a new one.

    Returns:
        The statements, each with its id.
    """
    held = {line.id: (place, line) for place, line in enumerate(stored)}
    free = {*held, *own}
    made: list[Statement] = []
    shifted: list[dict[str, int]] = []
    for place, line in enumerate(lines):
        id_ = line.id if line.id in free else None
        free.discard(id_)
        known = held.pop(id_, None)
        if known is None:
            made.append(_insert(connection, brief_id, replace(line, id=id_), place=place))
            continue
        made.append(_write_changes(connection, known[1], line))
        if known[0] != place and id_ is not None:
            shifted.append({"of": id_, "to": place})
    gone = [id_ for id_ in held if id_ is not None]
    for chunk in chunks(gone):
        connection.execute(delete(statements).where(statements.c.id.in_(chunk)))
    if shifted:
        placed = update(statements).where(statements.c.id == bindparam("of"))
        connection.execute(placed.values(position=bindparam("to")), shifted)
    return tuple(made)


def _insert(connection: Connection, brief_id: int, line: Statement, *, place: int) -> Statement:
    values = {"brief_id": brief_id, "position": place, **_columns(line)}
    if line.id is not None:
        values["id"] = line.id
    id_ = new_id(connection.execute(insert(statements).values(**values)))
    return replace(line, id=id_, evidence=_insert_evidence(connection, id_, line.evidence))


def _write_changes(connection: Connection, old: Statement, new: Statement) -> Statement:
    if new == old or new.id is None:
        return old
    if (columns := _columns(new)) != _columns(old):
        connection.execute(update(statements).where(statements.c.id == new.id).values(**columns))
    if new.evidence != old.evidence:
        connection.execute(delete(evidence).where(evidence.c.statement_id == new.id))
        return replace(new, evidence=_insert_evidence(connection, new.id, new.evidence))
    return new


def _columns(line: Statement) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "text": line.text,
        "level": line.level,
        "formula": line.formula,
        "length": line.length.value,
    }


def _evidence(row: Row[Any]) -> Evidence:
    return Evidence(
        row.document_id, row.version_id, rows.spans_of(row.spans), row.quote, row.passage_id
    )


def _insert_evidence(
    connection: Connection, statement_id: int, items: Sequence[Evidence]
) -> tuple[Evidence, ...]:
    if not items:
        return ()
    # A passage may have been replaced since it was quoted: the spans say where the words stand.
    named = {item.passage_id for item in items if item.passage_id is not None}
    known = set(connection.execute(select(passages.c.id).where(passages.c.id.in_(named))).scalars())
    kept = [item if item.passage_id in known else replace(item, passage_id=None) for item in items]
    connection.execute(
        insert(evidence),
        [
            {
                "statement_id": statement_id,
                "position": position,
                "document_id": item.document_id,
                "version_id": item.version_id,
                "passage_id": item.passage_id,
                "spans": rows.spans_value(item.spans),
                "quote": item.quote,
            }
            for position, item in enumerate(kept)
        ],
    )
    return tuple(kept)


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
