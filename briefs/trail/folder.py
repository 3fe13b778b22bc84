"""The folder of a brief (资料夹): passages kept for it, each with its place and a note."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from briefs.editing import Editing
from briefs.errors import EvidenceError, UnknownBriefError, UnknownItemError
from briefs.evidence import holds
from briefs.model import Brief, Evidence, page_href
from briefs.rows import own_row, row_of
from briefs.schema import kept_passages
from briefs.store import Briefs
from briefs.trail.sources import Source, meet, sources_of
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Deed, enter
from knowledge.accounts.roles import Permission, require
from knowledge.model import Actor
from knowledge.store import rows
from knowledge.store.documents import Documents
from knowledge.store.engine import new_id, writing
from knowledge.store.schema import passages


@dataclass(frozen=True, slots=True)
class FolderItem:
    """One passage in a folder, as its viewer may see it."""

    id: int
    evidence: Evidence | None
    """The words and where they stand, ready to be bound to a statement; None where it is withheld:
    the viewer may not see its source. The quote of a file that was discarded is blank."""
    source: Source | None
    """None where it is withheld."""
    note: str
    """Empty where it is withheld."""
    made_by: int | None
    """None where it is withheld."""
    made_at: datetime | None
    cited_in: tuple[int, ...]
    """Numbers, from 1, of the brief's statements whose evidence has words in common with it."""

    @property
    def is_withheld(self) -> bool:
        """Whether its viewer may see no more of it than that it is there; they may drop it."""
        return self.evidence is None

    @property
    def is_usable(self) -> bool:
        """Whether a statement can rest on it now: its words are still in the collection."""
        return self.source is not None and self.source.is_there

    @property
    def page(self) -> int | None:
        """Physical page on which it begins; None for formats without pages."""
        if self.evidence is None or self.source is None or not self.source.paged:
            return None
        return self.evidence.spans[0].page

    @property
    def href(self) -> str | None:
        """Site path of the source page with the words marked; None where it is withheld."""
        if self.evidence is None:
            return None
        return page_href(self.evidence.version_id, self.evidence.spans)


class Folder:
    """Keeps, lists and drops passages for briefs; safe in several threads and processes.

    Whoever may write a brief fills its folder, several persons freely at once; whoever may read it
    reads the folder. Words are checked against the stored pages before they are kept, as evidence
    is. What a viewer may not see is listed as withheld, without words.
    """

    def __init__(
        self,
        engine: Engine,
        briefs: Briefs,
        *,
        editing: Editing,
        documents: Documents,
        clock: Callable[[], datetime],
    ) -> None:
        """Make it for the viewer for whom the others were made."""
        self._engine = engine
        self._writer = writing(engine)
        self._briefs = briefs
        self._editing = editing
        self._documents = documents
        self._clock = clock

    def items(self, brief_id: int) -> tuple[FolderItem, ...]:
        """What is kept for a brief: by document and place, withheld passages last.

        Raises:
            UnknownBriefError: no such brief.
        """
        brief = self._briefs.get(brief_id)
        kept = select(kept_passages).where(kept_passages.c.brief_id == brief_id)
        with self._engine.connect() as connection:
            found = connection.execute(kept.order_by(kept_passages.c.id)).all()
            sources = sources_of(
                connection, (row.version_id for row in found), viewer=self._briefs.viewer
            )
        items = [_item(row, sources.get(row.version_id), brief) for row in found]
        return tuple(sorted(items, key=_order))

    def kept(self, brief_id: int, passage_ids: Sequence[int]) -> dict[int, int]:
        """Which of these passages are in a brief's folder: the item's number by passage.

        Raises:
            UnknownBriefError: no such brief.
        """
        query = select(kept_passages.c.passage_id, kept_passages.c.id).where(
            kept_passages.c.brief_id == brief_id, kept_passages.c.passage_id.in_(passage_ids)
        )
        with self._engine.connect() as connection:
            if not self._briefs.viewer.may_see(rows.stamp_of(row_of(connection, brief_id))):
                raise UnknownBriefError(id=brief_id)
            found = connection.execute(query.order_by(kept_passages.c.id.desc()))
            return {row.passage_id: row.id for row in found}

    def keep(self, brief_id: int, what: int | Evidence, *, note: str = "", actor: Actor) -> int:
        """Keep a passage or words of one for a brief, and return the number of the item.

        Words that are kept already at the same place are not kept twice: the item that there is
        takes the note on, below its own.

        Args:
            brief_id: for which brief.
            what: a passage, whose sentences are kept; or the words with their place.
            note: what they are kept for.
            actor: who keeps them.

        Raises:
            NotPermittedError: the actor may not write briefs.
            UnknownBriefError: no such brief.
            OtherBranchError: another branch's, which shares it for reading.
            UnknownRecordError: no such passage or version.
            EvidenceError: the words do not stand at their place; nothing is kept.
        """
        require(actor, Permission.DRAFT)
        words = self._proved(what)
        note = note.strip()
        with self._writer.begin() as connection:
            own_row(connection, brief_id, actor)
            there = _same(connection, brief_id, words)
            if there is not None:
                item_id = int(there.id)
                if not note or note in there.note.split("\n"):
                    return item_id
                _set_note(connection, item_id, f"{there.note}\n{note}".strip())
            else:
                values = _values(connection, brief_id, words) | {
                    "note": note,
                    "made_by": actor.person_id,
                    "made_at": self._clock(),
                }
                item_id = new_id(connection.execute(insert(kept_passages).values(**values)))
            self._enter(connection, brief_id, "keep", item=item_id, actor=actor)
        return item_id

    def annotate(self, item_id: int, note: str, *, actor: Actor) -> None:
        """Replace the note on an item; blank takes it away.

        Raises:
            NotPermittedError: the actor may not write briefs.
            UnknownItemError: no such item, or one that is withheld.
            OtherBranchError: the brief is another branch's.
        """
        require(actor, Permission.DRAFT)
        with self._writer.begin() as connection:
            row = self._own(connection, item_id, actor)
            seen = sources_of(connection, [row.version_id], viewer=self._briefs.viewer)
            if row.version_id not in seen:
                raise UnknownItemError(id=item_id)
            if row.note != note.strip():
                _set_note(connection, item_id, note.strip())
                self._enter(connection, row.brief_id, "annotate", item=item_id, actor=actor)

    def drop(self, item_id: int, *, actor: Actor) -> None:
        """Take an item out, also one that is withheld; statements that cite it keep their evidence.

        Raises:
            NotPermittedError: the actor may not write briefs.
            UnknownItemError: no such item.
            OtherBranchError: the brief is another branch's.
        """
        require(actor, Permission.DRAFT)
        with self._writer.begin() as connection:
            row = self._own(connection, item_id, actor)
            connection.execute(delete(kept_passages).where(kept_passages.c.id == item_id))
            self._enter(connection, row.brief_id, "drop", item=item_id, actor=actor)

    def _proved(self, what: int | Evidence) -> Evidence:
        if isinstance(what, int):
            return self._editing.quote(what).evidence[0]
        of_it = self._documents.document_of_version(what.version_id)
        indexes = [span.page for span in what.spans]
        pages = self._documents.pages(what.version_id, range(min(indexes), max(indexes) + 1))
        if not holds(what, pages):
            raise EvidenceError(quote=what.quote)
        return replace(what, document_id=of_it.id)

    def _own(self, connection: Connection, item_id: int, actor: Actor) -> Row[Any]:
        """An item of a brief that is the actor's to change."""
        query = select(kept_passages).where(kept_passages.c.id == item_id)
        row = connection.execute(query).first()
        if row is not None:
            # What hangs on a brief that they may not see does not exist for them either.
            with suppress(UnknownBriefError):
                own_row(connection, row.brief_id, actor)
                return row
        raise UnknownItemError(id=item_id)

    def _enter(
        self, connection: Connection, brief_id: int, change: str, *, item: int, actor: Actor
    ) -> None:
        deed = Deed.by(
            actor, Action.CHANGE_FOLDER, kind="brief", record=brief_id, change=change, item=item
        )
        enter(connection, deed, at=self._clock())


def _item(row: Row[Any], source: Source | None, brief: Brief) -> FolderItem:
    if source is None:
        return FolderItem(row.id, None, None, "", None, None, ())
    spans = rows.spans_of(row.spans)
    words = Evidence(row.document_id, row.version_id, spans, row.quote, row.passage_id)
    return FolderItem(
        id=row.id,
        evidence=words,
        source=source,
        note=row.note,
        made_by=row.made_by,
        made_at=row.made_at,
        cited_in=tuple(_citing(brief, words)),
    )


def _order(item: FolderItem) -> tuple[object, ...]:
    if item.evidence is None:
        return True, item.id
    at = [(span.page, span.start, span.end) for span in item.evidence.spans]
    return False, item.evidence.document_id, item.evidence.version_id, at, item.id


def _citing(brief: Brief, words: Evidence) -> Iterator[int]:
    """Numbers of the statements that rest on some of these words."""
    for number, line in enumerate(brief.statements, start=1):
        if any(_meet(words, each) for each in line.evidence):
            yield number


def _meet(one: Evidence, other: Evidence) -> bool:
    return one.version_id == other.version_id and meet(one.spans, other.spans)


def _same(connection: Connection, brief_id: int, words: Evidence) -> Row[Any] | None:
    """The item that keeps the same place already."""
    query = select(kept_passages).where(
        kept_passages.c.brief_id == brief_id, kept_passages.c.version_id == words.version_id
    )
    found = connection.execute(query.order_by(kept_passages.c.id))
    return next((row for row in found if rows.spans_of(row.spans) == words.spans), None)


def _set_note(connection: Connection, item_id: int, note: str) -> None:
    this = update(kept_passages).where(kept_passages.c.id == item_id)
    connection.execute(this.values(note=note))


def _values(connection: Connection, brief_id: int, words: Evidence) -> dict[str, Any]:
    # A passage may have been replaced since it was found: the spans say where the words stand.
    known = select(passages.c.id).where(passages.c.id == words.passage_id)
    return {
        "brief_id": brief_id,
        "document_id": words.document_id,
        "version_id": words.version_id,
        "passage_id": connection.execute(known).scalar(),
        "spans": rows.spans_value(words.spans),
        "quote": words.quote,
    }
