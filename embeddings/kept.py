"""An index that several threads search and change, that processes share, and that grows aside."""

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from embeddings.checks import without
from embeddings.errors import NoSnapshotError, SnapshotError
from embeddings.growing import USUAL, GrowingIndex, Sizes, make_segment
from embeddings.protocols import Ids, Scores, Vectors
from embeddings.snapshot import load_snapshot, read_manifest, save_snapshot

_LOG = logging.getLogger(__name__)
_PATIENCE = 600.0
"""Seconds before a segment that could not be made is tried again unasked."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How an index searches."""

    exact: int
    """Vectors that every search compares."""
    divided: int
    """Vectors in trained lists, of which a search reads a share; 0 while all search is exact."""
    segments: int
    is_growing: bool
    """A segment is being made."""
    problem: str | None = None
    """Why the last segment could not be made; the index works on without it."""


class KeptIndex:
    """A `GrowingIndex` and its snapshot.

    Safe in several threads: searches wait for changes, which take milliseconds, and never for the
    making of a segment or the writing of a snapshot. Each process holds its own tail; segments are
    mapped from the same files. One process at a time makes segments, and the others take them over
    when they come to save or to make some themselves.
    """

    def __init__(
        self, folder: Path, *, fingerprint: str, dimension: int, lock: Path, sizes: Sizes = USUAL
    ) -> None:
        """Load the snapshot in `folder`; where it cannot be used, start empty.

        Args:
            folder: of the snapshot; made when first saved.
            fingerprint: of the encoder whose vectors these are.
            dimension: of the encoder.
            lock: the file that a process locks while it writes in `folder`.
            sizes: when the index is divided.
        """
        self._folder = folder
        self._fingerprint = fingerprint
        self._sizes = sizes
        self._file_lock = FileLock(lock)
        self._changing = threading.RLock()
        """Held by whoever changes or saves the index; may be held for long."""
        self._searching = threading.Lock()
        """Held while the index is searched, or is in no state to be."""
        self._growing: threading.Thread | None = None
        self._is_making = False
        self._problem: str | None = None
        self._patient_until = 0.0
        self.damage: str | None = None
        """Why the saved index could not be used (an English phrase); None when it could."""
        self._index = GrowingIndex(dimension, sizes=sizes)
        try:
            self._index = self._loaded()
        except NoSnapshotError:
            pass
        except SnapshotError as error:
            self.damage = str(error.details["reason"])

    @property
    def shape(self) -> Shape:
        """How the index searches now."""
        index = self._index
        divided = sum(len(part.live) for part in index.parts)
        return Shape(len(index.tail), divided, len(index.parts), self._is_making, self._problem)

    def __len__(self) -> int:
        return len(self._index)

    def ids(self) -> Ids:
        """All ids held, ascending, each once."""
        return self._index.ids()

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors; all or none. See `VectorIndex.add`."""
        with self._changing, self._searching:
            self._index.add(ids, vectors)

    def remove(self, ids: Ids) -> int:
        """Remove those of `ids` that are held and return how many."""
        with self._changing, self._searching:
            return self._index.remove(ids)

    def search(self, queries: Vectors, k: int, *, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """Find the `k` nearest of each query. See `VectorIndex.search`."""
        with self._searching:
            return self._index.search(queries, k, allowed=allowed)

    def scores(self, queries: Vectors, ids: Ids) -> Scores:
        """Score given ids against each query. See `VectorIndex.scores`."""
        with self._searching:
            return self._index.scores(queries, ids)

    def save(self) -> None:
        """Write the snapshot that the next start begins from; another writer's is left alone.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
        """
        with suppress(Timeout), self._file_lock.acquire(timeout=0), self._changing:
            self._take_over()
            save_snapshot(self._index, self._folder, fingerprint=self._fingerprint)

    def grow(self) -> int:
        """Make the segments that are due, save, and return how many were made.

        Does nothing while another process or thread is at it.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
            SnapshotError: what was written cannot be read again.
        """
        with suppress(Timeout), self._file_lock.acquire(timeout=0):
            with self._changing:
                self._take_over()
            made = 0
            self._is_making = True
            try:
                while self._grew():
                    made += 1
            finally:
                self._is_making = False
            if made:
                with self._changing:
                    save_snapshot(self._index, self._folder, fingerprint=self._fingerprint)
            self._problem = None
            return made
        return 0

    def grow_aside(self) -> None:
        """Start a thread that makes the segments that are due, unless one is at it."""
        with self._changing:
            is_busy = self._growing is not None and self._growing.is_alive()
            if is_busy or not self._index.is_due() or time.monotonic() < self._patient_until:
                return
            self._growing = threading.Thread(target=self._grow_aside, name="growing", daemon=True)
            self._growing.start()

    def wait(self) -> None:
        """Wait until the thread of `grow_aside` has finished, if there is one."""
        if self._growing is not None:
            self._growing.join()

    def _grow_aside(self) -> None:
        # Whoever comes too late for the lock of the files looks again after a while, not at once.
        self._patient_until = time.monotonic() + _PATIENCE
        try:
            if self.grow():
                self._patient_until = 0.0
        except (OSError, SnapshotError) as error:
            self._problem = str(error)
            _LOG.warning("The vector index could not be divided: %s", error)

    def _grew(self) -> bool:
        with self._changing:
            plan = self._index.plan()
        if plan is None:
            return False
        started = time.monotonic()
        segment = make_segment(plan, self._folder)
        with self._changing, self._searching:
            self._index.adopt(plan, segment)
        shape = self.shape
        _LOG.info(
            "The vector index was divided in %.0f s: %d vectors in %d segments, %d compared one "
            "by one.",
            time.monotonic() - started,
            shape.divided,
            shape.segments,
            shape.exact,
        )
        return True

    def _take_over(self) -> None:
        """Take segments that another process has made, so that nobody makes them twice.

        Its segments hold the same vectors as the index here: ids never get another.
        """
        mine = {part.segment.path.name for part in self._index.parts}
        try:
            manifest = read_manifest(
                self._folder, fingerprint=self._fingerprint, dimension=self._index.dimension
            )
            if {piece.file for piece in manifest.segments} == mine:
                return
            theirs = self._loaded()
        except SnapshotError:
            return
        held = self._index.ids()
        theirs.remove(without(theirs.ids(), held))
        missing = without(held, theirs.ids())
        theirs.add(missing, self._index.vectors(missing))
        with self._searching:
            self._index = theirs

    def _loaded(self) -> GrowingIndex:
        return load_snapshot(
            self._folder,
            fingerprint=self._fingerprint,
            dimension=self._index.dimension,
            sizes=self._sizes,
        )
