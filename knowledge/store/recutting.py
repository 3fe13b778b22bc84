"""Passages of a version cut anew, without losing what refers to them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from knowledge.model import PassageDraft
from knowledge.store import rows
from knowledge.store.engine import chunks, new_id
from knowledge.store.references import redirect
from knowledge.store.schema import passages, vectors


def recut(
    connection: Connection, version_id: int, drafts: Sequence[PassageDraft], *, title: str
) -> None:
    """Give a version these passages in place of those it has, within a writing transaction.

    A passage that is in both the old and the new cut keeps its id; what cited one that is gone
    refers to the one that now has its first word.
    """
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
    redirect(connection, {id_: _holder(spans, holders) for id_, spans in gone.items()})
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
