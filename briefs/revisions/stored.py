"""The revisions of briefs in SQL: kept within a transaction, and read again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, insert, select

from briefs.errors import SpanError
from briefs.evidence import words_at
from briefs.model import Contents, Evidence, Statement
from briefs.revisions.recording import played, recorded, requoted
from briefs.schema import revisions
from knowledge.model import Actor, Page
from knowledge.store import rows
from knowledge.store.schema import pages

_WHOLE_EVERY: Final = 100
"""Revisions between two that are kept whole: reading one plays so many at the most."""


def keep(
    connection: Connection,
    brief_id: int,
    contents: Contents,
    *,
    number: int,
    before: Sequence[Statement],
    actor: Actor,
    at: datetime,
) -> None:
    """Keep what a brief says at a revision; each statement has its id.

    Args:
        connection: of the transaction that makes the revision.
        brief_id: the brief.
        contents: what it says.
        number: of the revision.
        before: the statements of the revision before it.
        actor: who made it.
        at: when.
    """
    is_whole = number % _WHOLE_EVERY == 0 or not is_kept(connection, brief_id, number - 1)
    connection.execute(
        insert(revisions).values(
            brief_id=brief_id,
            number=number,
            title=contents.title,
            content=recorded(before, contents.statements, is_whole=is_whole),
            made_by=actor.person_id,
            made_at=at,
        )
    )


def is_kept(connection: Connection, brief_id: int, number: int) -> bool:
    """Whether there is that revision of a brief; one of an older Zhiku was not kept."""
    this = revisions.c.brief_id == brief_id, revisions.c.number == number
    return connection.execute(select(revisions.c.number).where(*this)).first() is not None


def contents_at(connection: Connection, brief_id: int, number: int) -> Contents | None:
    """What a brief said at a revision, whoever may see it; None where that is not kept.

    Its evidence has no words: `with_words` reads them.
    """
    of_it = revisions.c.brief_id == brief_id, revisions.c.number <= number
    # Canonical JSON: no other key of it sorts last.
    is_whole = revisions.c.content.endswith('"whole":true}')
    first = select(func.max(revisions.c.number)).where(*of_it, is_whole).scalar_subquery()
    query = select(revisions).where(*of_it, revisions.c.number >= first)
    found = connection.execute(query.order_by(revisions.c.number)).all()
    if not found or found[-1].number != number:
        return None
    return Contents(found[-1].title, played(row.content for row in found))


def with_words(connection: Connection, lines: Sequence[Statement]) -> tuple[Statement, ...]:
    """Statements with the words of their evidence, read from the pages where they have none.

    They stay without where the pages have the words no more: the file was discarded.
    """
    bare = [item for line in lines for item in line.evidence if not item.quote]
    found = _pages_under(connection, bare)
    return tuple(requoted(line, [_words(item, found) for item in line.evidence]) for line in lines)


def _pages_under(connection: Connection, items: Sequence[Evidence]) -> dict[int, list[Page]]:
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for item in items:
        wanted[item.version_id].update(span.page for span in item.spans)
    columns = [column for column in pages.c if column.name != "places"]
    found = {}
    for version_id, indexes in wanted.items():
        query = select(*columns).where(
            pages.c.version_id == version_id, pages.c.position.in_(sorted(indexes))
        )
        found[version_id] = [rows.page_of(row) for row in connection.execute(query)]
    return found


def _words(item: Evidence, under: Mapping[int, Sequence[Page]]) -> str:
    if item.quote:
        return item.quote
    try:
        return words_at(item.spans, under[item.version_id])
    except SpanError:
        return ""
