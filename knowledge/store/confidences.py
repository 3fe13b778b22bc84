"""How sure recognition was of the words of passages."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Engine, and_, func, select

from knowledge.model import Layer, Passage
from knowledge.store.prepared import Cursor, Prepared, given, reading
from knowledge.store.schema import pages, passages


class Confidences:
    """Reads what recognition said of pages; safe in several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, shown: Sequence[Passage], cursor: Cursor | None = None) -> dict[int, float]:
        """The least confidence of each passage's recognised words, 0 … 1, by passage id.

        A passage without any is left out.

        Args:
            shown: passages that whoever asks may see.
            cursor: of the transaction to read in; None: one of its own.
        """
        if not shown:
            return {}
        if cursor is None:
            with reading(self._engine) as own:
                return self.of(shown, own)
        by_id = {passage.id: passage for passage in shown}
        found: dict[int, float] = {}
        for id_, page, lines in _lines().rows(cursor, given=by_id):
            touched = [
                confidence
                for span in by_id[id_].spans
                if span.page == page
                for start, end, confidence in lines or ()
                if start < span.end and span.start < end
            ]
            if touched:
                found[id_] = min(*touched, found.get(id_, 1.0))
        return found


@cache
def _lines() -> Prepared:
    spans = func.json_each(passages.c.spans).table_valued("value", name="spans_of")
    page = func.json_extract(spans.c.value, "$[0]")
    return Prepared(
        select(passages.c.id, pages.c.position, pages.c.recognised)
        .distinct()
        .select_from(passages)
        .join(spans, spans.c.value.is_not(None))
        .join(pages, and_(pages.c.version_id == passages.c.version_id, pages.c.position == page))
        .where(passages.c.id.in_(given()), pages.c.layer == Layer.RECOGNISED.value)
    )
