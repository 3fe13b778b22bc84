"""SQL → indexes: encode what has no vector yet, then make each index hold what SQL holds.

An index catches up by a set difference of ids: remove what SQL no longer has, add what it has
more. Passages are immutable and ids are never reused, so nothing else can differ.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from sqlalchemy import Engine

from embeddings.errors import NoSnapshotError, SnapshotError
from embeddings.faiss_index import FaissIndex
from embeddings.protocols import Encoder, Ids, Vectors
from embeddings.snapshot import load_snapshot, save_snapshot
from knowledge.model import Passage
from knowledge.protocols import LexicalIndex
from knowledge.store.passages import Passages

_ENCODE_CHUNK = 256
_ADD_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Change:
    """How many passages an index took in and let go."""

    added: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def embedded_text(passage: Passage) -> str:
    """What is encoded of a passage: its words, under the title and headings they stand below."""
    return "\n".join((passage.context, passage.text)) if passage.context else passage.text


class LexicalIndexing:
    """Keeps the lexical index at what SQL holds; one writer among all processes."""

    def __init__(self, passages: Passages, index: LexicalIndex, *, lock: Path) -> None:
        self._passages = passages
        self._index = index
        self._lock = FileLock(lock)

    def catch_up(self) -> Change | None:
        """Make the index hold exactly the passages that may be found.

        While another process is writing, only sees what that one has committed, and returns None:
        it does the work, but is not done yet.
        """
        self._index.refresh()
        missing, surplus = _difference(self._passages.ids(), self._index.ids())
        if not len(missing) and not len(surplus):
            return Change()
        try:
            with self._lock.acquire(timeout=0):
                self._index.refresh()
                missing, surplus = _difference(self._passages.ids(), self._index.ids())
                self._index.update(remove=surplus, add=self._passages.entries(missing))
        except Timeout:
            return None
        return Change(len(missing), len(surplus))

    def forget(self, ids: Ids) -> None:
        """Take passages out, so that the next catching-up reads them anew from SQL."""
        with self._lock:
            self._index.refresh()
            self._index.update(remove=ids, add=())


class DenseIndexing:
    """Keeps vectors in SQL for every passage, and a FAISS index in memory at what SQL holds.

    Safe in several threads: one lock around the index. Processes share vectors through SQL and a
    snapshot on disk, each holding its own index in memory.
    """

    def __init__(self, passages: Passages, encoder: Encoder, *, folder: Path, lock: Path) -> None:
        self._passages = passages
        self._encoder = encoder
        self._encoder_id = passages.encoder_id(encoder)
        self._folder = folder
        self._file_lock = FileLock(lock)
        self._memory_lock = threading.Lock()
        self.damage: str | None = None
        """Why the saved index could not be used (an English phrase); None when it could."""
        self._index = self._opened()

    def encode(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Encode every passage that has no vector and return how many that were.

        Commits as it goes: an interruption loses the batch in hand and nothing else. While another
        process is encoding, does nothing: that one finishes these too.

        Args:
            progress: called with passages done and passages in all.
        """
        try:
            with self._file_lock.acquire(timeout=0):
                return self._encode_all(progress or (lambda _done, _total: None))
        except Timeout:
            return 0

    def pending(self) -> int:
        """How many passages have no vector yet."""
        return len(self._passages.without_vector(self._encoder_id))

    def encoded(self) -> Ids:
        """Ids of the passages that may be found and have a vector, ascending."""
        return self._passages.with_vector(self._encoder_id)

    def ids(self) -> Ids:
        """Ids of the passages that the index in memory holds, ascending."""
        with self._memory_lock:
            return self._index.ids()

    def catch_up(self) -> Change:
        """Make the index hold exactly the passages that may be found and have a vector."""
        with self._memory_lock:
            wanted = self.encoded()
            missing, surplus = _difference(wanted, self._index.ids())
            self._index.remove(surplus)
            for start in range(0, len(missing), _ADD_CHUNK):
                chunk = missing[start : start + _ADD_CHUNK]
                try:
                    vectors = self._passages.vectors(self._encoder_id, chunk)
                except KeyError:
                    # A passage was replaced since it was counted.
                    chunk = np.intersect1d(chunk, self.encoded(), assume_unique=True)
                    vectors = self._passages.vectors(self._encoder_id, chunk)
                self._index.add(chunk, vectors)
        return Change(len(missing), len(surplus))

    def save(self) -> None:
        """Write the snapshot that the next start begins from; another writer's is left alone."""
        with suppress(Timeout), self._file_lock.acquire(timeout=0), self._memory_lock:
            save_snapshot(self._index, self._folder, fingerprint=self._encoder.fingerprint)

    def search(
        self, queries: Vectors, k: int, *, allowed: Ids | None = None
    ) -> list[list[tuple[int, float]]]:
        """Nearest passages of each query vector, best first, as (id, score)."""
        with self._memory_lock:
            ids, scores = self._index.search(queries, k, allowed=allowed)
        return [
            list(zip(row_ids.tolist(), row_scores.tolist(), strict=True))
            for row_ids, row_scores in zip(ids, scores, strict=True)
        ]

    def __len__(self) -> int:
        return len(self._index)

    def _opened(self) -> FaissIndex:
        try:
            return load_snapshot(
                self._folder,
                fingerprint=self._encoder.fingerprint,
                dimension=self._encoder.dimension,
            )
        except NoSnapshotError:
            return FaissIndex(self._encoder.dimension)
        except SnapshotError as error:
            self.damage = str(error.details["reason"])
            return FaissIndex(self._encoder.dimension)

    def _encode_all(self, progress: Callable[[int, int], None]) -> int:
        done = 0
        pending = self._passages.without_vector(self._encoder_id)
        while len(pending):
            total = done + len(pending)
            for start in range(0, len(pending), _ENCODE_CHUNK):
                done += self._encode_chunk(pending[start : start + _ENCODE_CHUNK])
                progress(done, total)
            pending = self._passages.without_vector(self._encoder_id)
        return done

    def _encode_chunk(self, ids: Ids) -> int:
        found = self._passages.many(ids.tolist())
        present = [id_ for id_ in ids.tolist() if id_ in found]
        texts = [embedded_text(found[id_]) for id_ in present]
        if present:
            vectors = self._encoder.encode_passages(texts)
            self._passages.store_vectors(
                self._encoder_id, np.array(present, dtype=np.int64), values=vectors
            )
        return len(ids)


class Freshness:
    """Tells cheaply whether any process has changed the database; safe in several threads."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.raw_connection()
        self._lock = threading.Lock()

    def state(self) -> int:
        """A number that is another one after every commit."""
        with self._lock:
            cursor = self._connection.cursor()
            cursor.execute("PRAGMA data_version")
            (now,) = cursor.fetchone() or (0,)
            cursor.close()
        return int(now)


def _difference(wanted: Ids, held: Ids) -> tuple[Ids, Ids]:
    missing = np.setdiff1d(wanted, held, assume_unique=True)
    surplus = np.setdiff1d(held, wanted, assume_unique=True)
    return missing, surplus
