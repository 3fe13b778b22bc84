"""A version whose file was read anew and has the same words: what else was found of its pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from knowledge.accounts.audit import Deed, enter
from knowledge.errors import UnknownRecordError
from knowledge.model import Layer, PageText, PassageDraft
from knowledge.store import rows
from knowledge.store.engine import writing
from knowledge.store.likenesses import Likenesses
from knowledge.store.recutting import recut
from knowledge.store.schema import documents, pages, versions


class Rereadings:
    """Gives stored pages their places and blocks; safe in several threads."""

    def __init__(self, engine: Engine) -> None:
        self._writer = writing(engine)

    def refit(
        self,
        version_id: int,
        found: Mapping[int, PageText],
        *,
        cut: Callable[[Sequence[PageText]], Sequence[PassageDraft]],
        deed: Deed,
        at: datetime,
    ) -> bool:
        """Give pages the places and blocks of `found` (by position) and cut the passages anew.

        All or nothing, and only pages with just these words, held as characters; a passage that
        is the same as before keeps its id. Returns whether anything was different: then `deed` is
        entered, done `at` that moment.

        Raises:
            UnknownRecordError: no such version.
        """
        with self._writer.begin() as connection:
            title = connection.execute(
                select(documents.c.title)
                .join(versions, versions.c.document_id == documents.c.id)
                .where(versions.c.id == version_id)
            ).scalar()
            if title is None:
                raise UnknownRecordError(kind="version", id=version_id)
            if not _refitted(connection, version_id, found):
                return False
            query = select(pages).where(pages.c.version_id == version_id)
            held = connection.execute(query.order_by(pages.c.position))
            drafts = cut([rows.page_text(rows.page_of(row)) for row in held])
            recut(connection, version_id, drafts, title=title)
            counted = update(versions).where(versions.c.id == version_id)
            connection.execute(counted.values(passage_count=len(drafts)))
            Likenesses.forget(version_id, connection)
            enter(connection, deed, at=at)
            return True


def _refitted(connection: Connection, version_id: int, found: Mapping[int, PageText]) -> bool:
    changed = False
    query = select(pages).where(pages.c.version_id == version_id, pages.c.layer == Layer.TEXT.value)
    for row in connection.execute(query).all():
        page = found.get(row.position)
        if page is None or page.text != row.text:
            continue
        values = {
            "blocks": rows.blocks_value(page.blocks),
            "places": row.places if page.places is None else page.places.pack(),
        }
        if values != {"blocks": row.blocks, "places": row.places}:
            this = (pages.c.version_id == version_id, pages.c.position == row.position)
            connection.execute(update(pages).where(*this).values(**values))
            changed = True
    return changed
