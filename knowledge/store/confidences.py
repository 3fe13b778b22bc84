"""How sure recognition was of the words of passages."""

from collections.abc import Sequence

from sqlalchemy import Engine, select

from knowledge.model import Layer, Passage
from knowledge.store.schema import pages


class Confidences:
    """Reads what recognition said of pages; safe in several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, passages: Sequence[Passage]) -> dict[int, float]:
        """The least confidence of each passage's recognised words, 0 … 1, by passage id.

        A passage without any is left out.
        """
        lines = self._lines({(p.version_id, span.page) for p in passages for span in p.spans})
        found: dict[int, float] = {}
        for passage in passages:
            touched = [
                confidence
                for span in passage.spans
                for start, end, confidence in lines.get((passage.version_id, span.page), ())
                if start < span.end and span.start < end
            ]
            if touched:
                found[passage.id] = min(touched)
        return found

    def _lines(
        self, keys: set[tuple[int, int]]
    ) -> dict[tuple[int, int], list[tuple[int, int, float]]]:
        query = select(pages.c.version_id, pages.c.position, pages.c.recognised).where(
            pages.c.version_id.in_({version for version, _ in keys}),
            pages.c.position.in_({page for _, page in keys}),
            pages.c.layer == Layer.RECOGNISED.value,
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return {(row.version_id, row.position): row.recognised or [] for row in rows}
