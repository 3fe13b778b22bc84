"""Do SQL, the originals and the indexes agree? What can be rebuilt is rebuilt on demand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from sqlalchemy import Connection, Engine, ScalarSelect, Select, Table, delete, func, select

from embeddings.protocols import Ids
from knowledge.indexing import DenseIndexing, LexicalIndexing
from knowledge.ingest import Ingest
from knowledge.originals import Originals
from knowledge.protocols import LexicalIndex
from knowledge.store import rows
from knowledge.store.documents import Documents
from knowledge.store.engine import writing
from knowledge.store.likenesses import Likenesses
from knowledge.store.passages import Passages
from knowledge.store.proving import (
    current_faults,
    group_faults,
    is_misshapen,
    log_faults,
    queue_faults,
    vector_faults,
)
from knowledge.store.schema import changes, documents, pages, passages, vectors, versions


class Check(StrEnum):
    """What was looked at."""

    DATABASE = "database"
    ORIGINALS = "originals"
    SPANS = "spans"
    QUEUE = "queue"
    """Pages that wait for recognition."""
    GROUPS = "groups"
    """Documents that are alike."""
    CHANGES = "changes"
    """The log by which indexes learn what changed."""
    EDITIONS = "editions"
    """What was published, against its SHA-256 and the log of deeds."""
    LEXICAL = "lexical"
    VECTORS = "vectors"
    DENSE = "dense"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    check: Check
    counted: int
    """How many things were looked at."""
    faults: tuple[str, ...] = ()
    """What is wrong, each a short name: ids or hashes."""
    waiting: int = 0
    """Passages still to be encoded, or taken into or out of an index; the next run does it."""
    can_repair: bool = True
    """Whether `repair` mends it; otherwise a person must."""

    @property
    def is_sound(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Within:
    """A check of what the database holds beside passages."""

    check: Check
    faults_of: Callable[[Connection], Iterable[str]]
    counted: Select[int]
    """How many things are looked at."""


class Doctor:
    """Compares what must agree. Changes nothing unless asked to repair."""

    def __init__(
        self,
        engine: Engine,
        documents: Documents,
        passages: Passages,
        *,
        originals: Originals,
        ingest: Ingest,
        indexes: tuple[LexicalIndex, LexicalIndexing, DenseIndexing | None],
        further: Sequence[Within] = (),
    ) -> None:
        """Make the service.

        Args:
            engine: the database.
            documents: all there are.
            passages: all there are.
            originals: the files.
            ingest: lets go of files that nothing refers to.
            indexes: of words with what fills it, and what fills the one of vectors, if any does.
            further: checks of tables that are not this package's.
        """
        self._engine = engine
        self._documents = documents
        self._passages = passages
        self._originals = originals
        self._ingest = ingest
        self._lexical, self._lexical_indexing, self._dense = indexes
        self._further = further
        self._is_repaired = False

    def examine(self) -> Iterator[Finding]:
        """Yield a finding per check, as each is done."""
        yield self._database()
        yield self._files()
        yield self._spans()
        yield from self._within()
        wanted = self._passages.ids()
        self._lexical.refresh()
        lexical = self._index(Check.LEXICAL, wanted, self._lexical.ids(), self._lexical.damage)
        yield replace(lexical, waiting=max(lexical.waiting, self._lexical_indexing.behind()))
        if self._dense is not None:
            with self._engine.connect() as connection:
                misshapen = tuple(vector_faults(connection))
            waiting = self._dense.pending()
            yield Finding(Check.VECTORS, len(wanted), misshapen, waiting=waiting)
            encoded = self._dense.encoded()
            dense = self._index(Check.DENSE, encoded, self._dense.ids(), self._dense.damage)
            differing = tuple(f"vector:{id_}" for id_ in self._dense.differing().tolist())
            yield replace(dense, faults=(*dense.faults, *differing))

    def repair(self, progress: Callable[[int, int], None] | None = None) -> bool:
        """Rebuild what can be rebuilt: encode what waits, make the indexes hold what SQL holds.

        Originals that nothing refers to are deleted, and so are vectors of a wrong length.

        Returns:
            False where another process is writing and something was left to it: try again later.
        """
        self._ingest.drop_unreferenced()
        with writing(self._engine).begin() as connection:
            connection.execute(delete(vectors).where(is_misshapen()))
        is_done = self._lexical_indexing.catch_up(in_full=True) is not None
        if self._dense is not None:
            self._dense.encode(progress)
            self._dense.catch_up(in_full=True)
            is_saved = self._dense.save()
            is_done = is_done and is_saved and not self._dense.pending()
        self._is_repaired = is_done
        return is_done

    def _index(self, check: Check, wanted: Ids, held: Ids, damage: str | None) -> Finding:
        # Every search catches up first, so what differs here only waits for that.
        waiting = len(np.setxor1d(wanted, held))
        faults = () if damage is None or self._is_repaired else (damage,)
        return Finding(check, len(wanted), faults, waiting)

    def _database(self) -> Finding:
        with self._engine.connect() as connection:
            integrity = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            counted = connection.execute(select(func.count()).select_from(versions)).scalar()
            unfinished = connection.execute(_UNFINISHED).all()
            stray = list(current_faults(connection))
        faults = [str(line) for line in integrity if line != "ok"]
        faults += [f"foreign-key:{row[0]}:{row[1]}" for row in orphans]
        faults += [*(f"version:{row.id}" for row in unfinished), *stray]
        return Finding(Check.DATABASE, counted or 0, tuple(faults), can_repair=False)

    def _within(self) -> Iterator[Finding]:
        """Check what the database holds beside passages."""
        looked_at = (
            Within(Check.QUEUE, queue_faults, select(func.count()).select_from(pages)),
            Within(Check.GROUPS, self._groups, select(func.count()).select_from(documents)),
            Within(Check.CHANGES, log_faults, select(func.max(changes.c.id))),
            *self._further,
        )
        for each in looked_at:
            with self._engine.connect() as connection:
                counted = connection.execute(each.counted).scalar() or 0
                faults = tuple(each.faults_of(connection))
            yield Finding(each.check, counted, faults, can_repair=False)

    def _groups(self, connection: Connection) -> Iterator[str]:
        # What was not looked at yet, or not let go, is in no group or still in one.
        if not any(Likenesses(self._engine).due()):
            yield from group_faults(connection)

    def _files(self) -> Finding:
        # The files first: one that is added meanwhile must not look unreferenced.
        present = set(self._originals.all())
        needed = self._documents.hashes()
        broken = [f"damaged:{sha}" for sha in needed if self._originals.is_intact(sha) is False]
        missing = [f"missing:{sha}" for sha in needed if sha not in present]
        surplus = [f"unreferenced:{sha}" for sha in sorted(present - needed.keys())]
        faults = (*broken, *missing, *surplus)
        return Finding(Check.ORIGINALS, len(needed), faults, can_repair=not (broken or missing))

    def _spans(self) -> Finding:
        """Every passage's words are the words at its spans."""
        faults: list[str] = []
        counted = 0
        with self._engine.connect() as connection:
            for version_id in connection.execute(select(versions.c.id)).scalars().all():
                query = select(pages).where(pages.c.version_id == version_id)
                texts = {row.position: row.text for row in connection.execute(query)}
                stored = select(passages).where(passages.c.version_id == version_id)
                for row in connection.execute(stored):
                    counted += 1
                    spans = rows.spans_of(row.spans)
                    words = "".join(texts.get(s.page, "")[s.start : s.end] for s in spans)
                    if words != row.text:
                        faults.append(f"passage:{row.id}")
        return Finding(Check.SPANS, counted, tuple(faults), can_repair=False)


def _counted(table: Table) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(table)
        .where(table.c.version_id == versions.c.id)
        .scalar_subquery()
    )


_UNFINISHED = (
    select(versions.c.id)
    .where(
        (_counted(pages) != versions.c.page_count)
        | (_counted(passages) != versions.c.passage_count)
    )
    .order_by(versions.c.id)
)
"""Versions with other pages or passages than were counted when they were stored."""
