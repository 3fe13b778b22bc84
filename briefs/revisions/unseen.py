"""The statements of a brief that are kept from a viewer, as any of its revisions has them."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from briefs.model import Statement
from briefs.revisions.recording import said
from briefs.rows import as_seen, statements_of
from briefs.schema import revisions
from knowledge.access import KEEPER, Viewer
from knowledge.store.schema import documents
from knowledge.store.scoping import visible


def unseen(connection: Connection, brief_id: int, *, viewer: Viewer) -> list[Statement]:
    """Every statement, whole, that rests or ever rested on what is kept from the viewer today.

    As each revision has it that is kept, and as it is now: the same statement may come several
    times. Their evidence may be without words. Whoever calls shows them to nobody.
    """
    if not visible(documents, viewer):
        return []
    texts = select(revisions.c.content).where(revisions.c.brief_id == brief_id)
    ever = [
        *said(connection.execute(texts).scalars()),
        *statements_of(connection, brief_id, viewer=KEEPER),
    ]
    seen = as_seen(connection, ever, viewer=viewer)
    return [whole for whole, shown in zip(ever, seen, strict=True) if shown.is_withheld]


def wordings(lines: Iterable[Statement]) -> set[tuple[int | None, str]]:
    """Which statements say what: nobody reads it who may not read one of these."""
    return {(line.id, line.text) for line in lines}
