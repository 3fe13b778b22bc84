"""Briefs and editions in SQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from briefs.errors import StaleRevisionError, UnknownBriefError, UnknownEditionError
from briefs.frozen import publication_of, text_of
from briefs.model import (
    Brief,
    BriefState,
    BriefSummary,
    Edition,
    EditionState,
    Evidence,
    Publication,
    Statement,
    StatementKind,
)
from briefs.schema import briefs, editions, evidence, statements
from knowledge.model import Stamp
from knowledge.store import rows
from knowledge.store.engine import new_id, writing
from knowledge.store.schema import passages


class Briefs:
    """The briefs; safe in several threads, every method one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def create(self, title: str, lines: Sequence[Statement], *, stamp: Stamp) -> Brief:
        """Make a draft with these statements at revision 1."""
        with self._writer.begin() as connection:
            result = connection.execute(
                insert(briefs).values(
                    title=title,
                    state=BriefState.DRAFT.value,
                    revision=1,
                    updated_at=stamp.made_at,
                    **rows.stamp_values(stamp),
                )
            )
            brief_id = new_id(result)
            _replace_statements(connection, brief_id, [replace(line, id=None) for line in lines])
            return _brief(connection, brief_id)

    def get(self, brief_id: int) -> Brief:
        """One brief with its statements in order.

        Raises:
            UnknownBriefError: no such brief.
        """
        with self._engine.connect() as connection:
            return _brief(connection, brief_id)

    def all(self) -> list[BriefSummary]:
        """All briefs, last changed first."""
        counted = (
            select(func.count())
            .where(
                statements.c.brief_id == briefs.c.id,
                statements.c.kind != StatementKind.HEADING.value,
            )
            .scalar_subquery()
        )
        newest = (
            select(func.max(editions.c.number))
            .where(editions.c.brief_id == briefs.c.id)
            .scalar_subquery()
        )
        query = select(briefs, counted.label("counted"), newest.label("edition")).order_by(
            briefs.c.updated_at.desc(), briefs.c.id.desc()
        )
        with self._engine.connect() as connection:
            return [
                BriefSummary(
                    id=row.id,
                    title=row.title,
                    state=BriefState(row.state),
                    revision=row.revision,
                    statement_count=row.counted,
                    updated_at=row.updated_at,
                    edition=row.edition,
                )
                for row in connection.execute(query)
            ]

    def save(
        self,
        brief: Brief,
        *,
        title: str,
        lines: Sequence[Statement],
        at: datetime,
    ) -> Brief:
        """Replace a brief's title and statements, and return it at its next revision.

        Statements that carry an id keep it; those of `brief` that are missing are deleted.

        Raises:
            StaleRevisionError: somebody else has saved since `brief` was read; nothing is changed.
            UnknownBriefError: no such brief.
        """
        changed = (
            update(briefs)
            .where(briefs.c.id == brief.id, briefs.c.revision == brief.revision)
            .values(
                title=title,
                state=BriefState.DRAFT.value,
                revision=brief.revision + 1,
                updated_at=at,
            )
        )
        with self._writer.begin() as connection:
            if connection.execute(changed).rowcount == 0:
                _brief(connection, brief.id)
                raise StaleRevisionError(id=brief.id)
            own = {line.id for line in brief.statements}
            kept = [line if line.id in own else replace(line, id=None) for line in lines]
            _replace_statements(connection, brief.id, kept)
            return _brief(connection, brief.id)

    def delete(self, brief_id: int) -> None:
        """Delete a brief that was never published.

        Raises:
            UnknownBriefError: no such brief, or it has an edition.
        """
        with self._writer.begin() as connection:
            if _newest_number(connection, brief_id):
                raise UnknownBriefError(id=brief_id)
            _brief(connection, brief_id)
            connection.execute(delete(statements).where(statements.c.brief_id == brief_id))
            connection.execute(delete(briefs).where(briefs.c.id == brief_id))

    def publish(self, brief: Brief, publication: Publication, *, stamp: Stamp) -> Edition:
        """Freeze `publication` as the brief's next edition; the one before is superseded.

        The edition's number is set here; `publication` says everything else.

        Raises:
            StaleRevisionError: the brief was changed since it was read; nothing is published.
        """
        with self._writer.begin() as connection:
            if _brief(connection, brief.id).revision != brief.revision:
                raise StaleRevisionError(id=brief.id)
            number = (_newest_number(connection, brief.id) or 0) + 1
            content, sha256 = text_of(publication, edition=number)
            connection.execute(
                update(editions)
                .where(
                    editions.c.brief_id == brief.id,
                    editions.c.state == EditionState.CURRENT.value,
                )
                .values(state=EditionState.SUPERSEDED.value)
            )
            result = connection.execute(
                insert(editions).values(
                    brief_id=brief.id,
                    number=number,
                    revision=brief.revision,
                    state=EditionState.CURRENT.value,
                    content=content,
                    sha256=sha256,
                    **rows.stamp_values(stamp),
                )
            )
            connection.execute(
                update(briefs)
                .where(briefs.c.id == brief.id)
                .values(state=BriefState.PUBLISHED.value)
            )
            row = connection.execute(select(editions).where(editions.c.id == new_id(result))).one()
            return _edition(row)

    def edition(self, brief_id: int, number: int | None = None) -> Edition:
        """An edition of a brief, the newest when no number is given.

        Raises:
            UnknownEditionError: the brief has no such edition.
        """
        query = select(editions).where(editions.c.brief_id == brief_id)
        if number is not None:
            query = query.where(editions.c.number == number)
        with self._engine.connect() as connection:
            row = connection.execute(query.order_by(editions.c.number.desc()).limit(1)).first()
        if row is None:
            raise UnknownEditionError(id=brief_id)
        return _edition(row)

    def editions(self, *, newest_only: bool = True) -> list[Edition]:
        """Editions, newest first; of each brief only the newest unless told otherwise."""
        query = select(editions).order_by(editions.c.made_at.desc(), editions.c.id.desc())
        if newest_only:
            query = query.where(editions.c.state != EditionState.SUPERSEDED.value)
        with self._engine.connect() as connection:
            return [_edition(row) for row in connection.execute(query)]


def _brief(connection: Connection, brief_id: int) -> Brief:
    row = connection.execute(select(briefs).where(briefs.c.id == brief_id)).first()
    if row is None:
        raise UnknownBriefError(id=brief_id)
    return Brief(
        id=row.id,
        title=row.title,
        state=BriefState(row.state),
        revision=row.revision,
        statements=_statements(connection, brief_id),
        stamp=rows.stamp_of(row),
        updated_at=row.updated_at,
    )


def _statements(connection: Connection, brief_id: int) -> tuple[Statement, ...]:
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
    return tuple(
        Statement(
            StatementKind(row.kind), row.text, tuple(bound.get(row.id, ())), row.level, row.id
        )
        for row in connection.execute(lines.order_by(statements.c.position))
    )


def _evidence(row: Row[Any]) -> Evidence:
    return Evidence(
        row.document_id, row.version_id, rows.spans_of(row.spans), row.quote, row.passage_id
    )


def _replace_statements(connection: Connection, brief_id: int, lines: Sequence[Statement]) -> None:
    connection.execute(delete(statements).where(statements.c.brief_id == brief_id))
    for position, line in enumerate(lines):
        values: dict[str, Any] = {
            "brief_id": brief_id,
            "position": position,
            "kind": line.kind.value,
            "text": line.text,
            "level": line.level,
        }
        if line.id is not None:
            values["id"] = line.id
        result = connection.execute(insert(statements).values(**values))
        _insert_evidence(connection, new_id(result), line.evidence)


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


def _newest_number(connection: Connection, brief_id: int) -> int | None:
    return connection.execute(
        select(func.max(editions.c.number)).where(editions.c.brief_id == brief_id)
    ).scalar()


def _edition(row: Row[Any]) -> Edition:
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
    )
