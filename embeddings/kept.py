"""An index that several threads search and change, that processes share, and that grows aside."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from embeddings.checks import findable
from embeddings.errors import NoSnapshotError, SnapshotError
from embeddings.gate import Gate
from embeddings.growing import USUAL, GrowingIndex, Sizes, make_segment
from embeddings.protocols import Ids, Scores, Vectors
from embeddings.snapshot import (
    MANIFEST,
    load_snapshot,
    open_segments,
    read_manifest,
    save_snapshot,
)

_LOG = logging.getLogger(__name__)
_PATIENCE = 600.0
"""Seconds before a segment that could not be made is tried again unasked."""
_LITTLE = 64
"""A snapshot is behind when more than one of so many ids was added or removed since."""
_SAVING = 5.0
"""Seconds that the writing of a snapshot may take."""
_BRIEF_PATIENCE = 20.0
"""Seconds before a look whether another process has finished the segment it makes."""


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
    is_due: bool = False
    """One should be made, or is being made."""
    problem: str | None = None
    """Why the last segment could not be made; the index works on without it."""


class KeptIndex:
    """A `GrowingIndex` and its snapshot.

    Safe in several threads. Searches run beside each other; they wait for a change to be taken in,
    which is milliseconds, and never for the making of a segment or the writing of a snapshot. Each
    process holds its own tail; segments are mapped from the same files. One process at a time makes
    segments, and the others take them over when they come to save or to make some themselves.
    """

    def __init__(
        self,
        folder: Path,
        *,
        fingerprint: str,
        dimension: int,
        lock: Path,
        sizes: Sizes = USUAL,
        is_known: Callable[[str], bool] = lambda _state: True,
    ) -> None:
        """Load the snapshot in `folder`; where it cannot be used, start empty.

        Args:
            folder: of the snapshot; made when first saved.
            fingerprint: of the encoder whose vectors these are.
            dimension: of the encoder.
            lock: the file that a process locks while it writes in `folder`.
            sizes: when the index is divided.
            is_known: whether a `state` is one of this collection; of another one, as before a copy
                was put back, no vectors are taken over.
        """
        self._folder = folder
        self._is_known = is_known
        self._fingerprint = fingerprint
        self._file_lock = FileLock(lock)
        """Held by whoever makes segments or saves; taken before the other two, never waited for."""
        self._changing = threading.Lock()
        """Held by whoever changes the index or copies of it what is written."""
        self._gate = Gate()
        """Passed by whoever searches the index, and held alone while it is changed."""
        self._growing: threading.Thread | None = None
        self._is_making = False
        self._unsaved = 0
        """Ids added and removed since the snapshot that was loaded or written last."""
        self._problem: str | None = None
        self._patient_until = 0.0
        self.damage: str | None = None
        """Why the saved index could not be used (an English phrase); None when it could."""
        self._index = GrowingIndex(dimension, sizes=sizes)
        self._state = ""
        try:
            # First: what is loaded then may be newer than the state says, but never older.
            manifest = read_manifest(folder, fingerprint=fingerprint, dimension=dimension)
            self._index = load_snapshot(
                folder, fingerprint=fingerprint, dimension=dimension, sizes=sizes
            )
            self._state = manifest.state
        except NoSnapshotError:
            pass
        except SnapshotError as error:
            self.damage = str(error.details["reason"])

    @property
    def shape(self) -> Shape:
        """How the index searches now."""
        index = self._index
        divided = sum(len(part.live) for part in index.parts)
        return Shape(
            exact=len(index.tail),
            divided=divided,
            segments=len(index.parts),
            is_growing=self._is_making,
            is_due=index.is_due(),
            problem=self._problem,
        )

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._index.dimension

    def __len__(self) -> int:
        return len(self._index)

    def ids(self) -> Ids:
        """All ids held, ascending, each once."""
        return self._index.ids()

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors; all or none. See `VectorIndex.add`."""
        with self._changing, self._gate.alone():
            self._index.add(ids, vectors)
            self._unsaved += len(ids)

    def remove(self, ids: Ids) -> int:
        """Remove those of `ids` that are held and return how many; then no search finds them."""
        with self._changing, self._gate.alone():
            removed = self._index.remove(ids)
            self._unsaved += removed
            return removed

    def contents(self, ids: Ids) -> tuple[Ids, npt.NDArray[np.float16]]:
        """Return those of `ids` (ascending) that are held, and their vectors as they lie here."""
        with self._gate.passing():
            held = findable(self._index.ids(), ids)
            return held, self._index.contents(held)

    def search(self, queries: Vectors, k: int, *, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """Find the `k` nearest of each query. See `VectorIndex.search`."""
        with self._gate.passing():
            return self._index.search(queries, k, allowed=allowed)

    def scores(self, queries: Vectors, ids: Ids) -> Scores:
        """Score given ids against each query. See `VectorIndex.scores`."""
        with self._gate.passing():
            return self._index.scores(queries, ids)

    @property
    def state(self) -> str:
        """What the collection was like when the index was last made to hold it; blank: unknown."""
        return self._state

    def note(self, state: str) -> None:
        """Say that the index holds all of this state; the next snapshot carries it."""
        with self._changing:
            self._state = state

    def save(self, *, always: bool = False) -> bool:
        """Write the snapshot that the next start begins from, if enough has changed since the last.

        All of the tail is written, so a little is left for the next start to make up from SQL.

        Args:
            always: also when little has changed.

        Returns:
            False while another process or thread is writing: that one's is left alone.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
        """
        is_little = self._unsaved * _LITTLE < len(self._index)
        if is_little and not always and (self._folder / MANIFEST).exists():
            return True
        with suppress(Timeout), self._file_lock.acquire(timeout=0):
            self._take_over()
            self._write()
            return True
        return False

    def grow(self, *, patience: float = 0.0) -> int:
        """Make the segments that are due, save, and return how many were made.

        Args:
            patience: seconds to wait while another process or thread writes; does nothing if it
                still does then.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
            SnapshotError: what was written cannot be read again.
        """
        made = 0
        if not self._index.is_due():
            return made
        with suppress(Timeout), self._file_lock.acquire(timeout=patience):
            self._take_over()
            self._is_making = True
            try:
                while self._grew():
                    made += 1
                    self._write()
                self._problem = None
            except (OSError, MemoryError, SnapshotError) as error:
                self._problem = str(error) or type(error).__name__
                raise
            finally:
                self._is_making = False
        return made

    def grow_aside(self) -> None:
        """Start a thread that makes the segments that are due, unless one is at it."""
        with self._changing:
            is_busy = self._growing is not None and self._growing.is_alive()
            if is_busy or not self._index.is_due() or time.monotonic() < self._patient_until:
                return
            self._growing = threading.Thread(target=self._grow_aside, name="growing", daemon=True)
            self._growing.start()

    def finish(self) -> None:
        """Wait until what is due is made, by whomever; `shape` tells of a failure."""
        if self._growing is not None:
            self._growing.join()
        self._grow_tolerantly(_PATIENCE)

    def _grow_aside(self) -> None:
        # Who finds another at it for longer than a save takes looks again after a while.
        self._patient_until = time.monotonic() + _BRIEF_PATIENCE
        self._grow_tolerantly(_SAVING)

    def _grow_tolerantly(self, patience: float) -> None:
        try:
            self.grow(patience=patience)
        except (OSError, MemoryError, SnapshotError) as error:
            self._patient_until = time.monotonic() + _PATIENCE
            _LOG.warning("The vector index could not be divided, and works on without: %s", error)

    def _grew(self) -> bool:
        with self._changing:
            plan = self._index.plan()
        if plan is None:
            return False
        started = time.monotonic()
        segment = make_segment(plan, self._folder)
        with self._changing:
            self._replace(self._index.adopted(plan, segment))
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

        They hold the same vectors as the index here, for an id never gets another; which ids are
        held here stays as it is.
        """
        mine = [part.segment for part in self._index.parts]
        try:
            manifest = read_manifest(
                self._folder, fingerprint=self._fingerprint, dimension=self._index.dimension
            )
            if not self._is_known(manifest.state):
                return
            if {piece.file for piece in manifest.segments} == {each.path.name for each in mine}:
                return
            theirs = open_segments(self._folder, manifest, known=mine)
        except SnapshotError:
            return
        with self._changing:
            self._replace(self._index.divided_as(theirs))

    def _replace(self, index: GrowingIndex) -> None:
        with self._gate.alone():
            self._index = index

    def _write(self) -> None:
        with self._changing:
            frozen, taken, state = self._index.frozen(), self._unsaved, self._state
        save_snapshot(frozen, self._folder, fingerprint=self._fingerprint, state=state)
        with self._changing:
            self._unsaved -= taken
