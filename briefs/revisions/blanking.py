"""Words taken out of what briefs said before: of somebody erased, or blanked on publishing.

What a brief says now is not touched, nor a quotation, whose words are its source's.
"""

from collections import defaultdict

from sqlalchemy import Connection, select, update

from briefs.model import StatementKind
from briefs.revisions.recording import blanked
from briefs.schema import briefs, revisions, statements
from knowledge.forgetting import Forgotten
from knowledge.sought import Sought

Wording = tuple[int, str]
"""Id of a statement, and its words."""


def blank(connection: Connection, words: Sought, *, brief_id: int | None = None) -> set[int]:
    """Blank words in the revisions of a brief, or of every one, within a transaction.

    Where the brief still says the same, the words stay there: nothing else would agree with it.

    Returns:
        The briefs of which a revision was changed.
    """
    query = select(revisions)
    if brief_id is not None:
        query = query.where(revisions.c.brief_id == brief_id)
    named = [
        row
        for row in connection.execute(query).all()
        if words.stands_in(row.title) or words.stands_in(row.content)
    ]
    ids = {row.brief_id for row in named}
    titles, standing = _now(connection, ids)
    changed: set[int] = set()
    for row in named:
        values = {
            "title": row.title if row.title == titles[row.brief_id] else words.blanked(row.title),
            "content": blanked(row.content, words.blanked, standing=standing[row.brief_id]),
        }
        if (values["title"], values["content"]) != (row.title, row.content):
            this = revisions.c.brief_id == row.brief_id, revisions.c.number == row.number
            connection.execute(update(revisions).where(*this).values(**values))
            changed.add(row.brief_id)
    return changed


def forget(connection: Connection, words: Sought) -> Forgotten:
    """Blank the words of a person in what briefs said before, and tell where they stand today."""
    changed = blank(connection, words)
    own = select(statements.c.brief_id, statements.c.text).where(
        statements.c.kind != StatementKind.QUOTE.value
    )
    texts = [
        *connection.execute(select(briefs.c.id, briefs.c.title)).all(),
        *connection.execute(own).all(),
    ]
    named = {brief_id for brief_id, text in texts if words.stands_in(text)}
    return Forgotten(tables=frozenset({revisions} if changed else ()), briefs=tuple(sorted(named)))


def _now(
    connection: Connection, brief_ids: set[int]
) -> tuple[dict[int, str], defaultdict[int, set[Wording]]]:
    """Titles, and what the statements say, by brief."""
    titled = select(briefs.c.id, briefs.c.title).where(briefs.c.id.in_(brief_ids))
    lines = select(statements).where(statements.c.brief_id.in_(brief_ids))
    standing: defaultdict[int, set[Wording]] = defaultdict(set)
    for row in connection.execute(lines):
        standing[row.brief_id].add((row.id, row.text))
    return {row.id: row.title for row in connection.execute(titled)}, standing
