"""SQL → indexes: encode what has no vector yet, then make each index hold what SQL holds.

An index catches up by a set difference of ids: remove what SQL no longer has, add what it has
more. Passages are immutable and ids are never reused, so nothing else can differ but what is known
of their documents. The first catching-up of a process compares all ids; from then on the log of
changes names those to compare. A database put back from a copy uses ids anew: an index remembers by
which change it was right, and where the log does not know that one, contents are compared as well.
"""

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from embeddings.checks import among, without
from embeddings.durable import write_durably
from embeddings.growing import USUAL, Sizes
from embeddings.kept import KeptIndex, Shape
from embeddings.protocols import Encoder, Ids, Scores, Vectors
from knowledge.model import Passage
from knowledge.protocols import LexicalIndex
from knowledge.store.changes import Mark, Touched
from knowledge.store.encoders import KeptEncoder
from knowledge.store.passages import Passages

_ENCODE_CHUNK = 256
_ADD_CHUNK = 4096
_COMPARE_CHUNK = 32_768
_ROUNDING = 1e-3
"""How far two vectors of length 1 may differ in a number that was rounded to 16 bits."""


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
    """Keeps the lexical index at what SQL holds; one writer among all processes.

    The index is one for all processes, so how far it has taken changes in is kept on disk beside
    it: in a file, for a search that catches up must not wait until SQL may be written.
    """

    def __init__(self, passages: Passages, index: LexicalIndex, *, lock: Path, state: Path) -> None:
        self._passages = passages
        self._changes = passages.changes
        self._index = index
        self._lock = FileLock(lock)
        self._state = state
        self._seen: Mark | None = None
        """Up to which change this process knows the index to be right; None: it never compared."""

    def catch_up(self, *, in_full: bool = False) -> Change | None:
        """Make the index hold exactly the passages that may be found, as SQL describes them.

        While another process is writing, only sees what that one has committed, and returns None:
        it does the work, but is not done yet.

        Args:
            in_full: describe every passage anew, whatever the log says.
        """
        # Before the look at the index: what is taken in between is then looked at again.
        taken_in = self._taken_in()
        self._index.refresh()
        if in_full:
            self._seen = None
        if self._seen is not None and not self._is_touched(self._seen, taken_in):
            return Change()
        try:
            with self._lock.acquire(timeout=0):
                self._index.refresh()
                return self._caught_up(in_full=in_full)
        except Timeout:
            return None

    def behind(self) -> int:
        """How many passages the index on disk has not taken in as they are described now."""
        touched = self._changes.since(self._taken_in())
        return len(self._passages.ids() if touched.ids is None else touched.ids)

    def _is_touched(self, seen: Mark, taken_in: Mark | None) -> bool:
        if taken_in is None:
            # Another process found the index damaged, and started it empty.
            return True
        # Another process may have taken in more.
        touched = self._changes.since(max(seen, taken_in))
        if touched.ids is None or len(touched.ids):
            return True
        self._seen = touched.upto
        return False

    def _caught_up(self, *, in_full: bool) -> Change:
        taken_in = self._taken_in()
        touched = self._changes.since(taken_in)
        if self._seen is None or touched.ids is None:
            change = self._compared(None if in_full else touched.ids)
        else:
            wanted = self._passages.present(touched.ids)
            change = self._update(wanted, without(touched.ids, wanted))
        if touched.upto != taken_in:
            write_durably(self._state, str(touched.upto).encode())
        self._seen = touched.upto
        return change

    def _compared(self, touched: Ids | None) -> Change:
        wanted, held = self._passages.ids(), self._index.ids()
        # Where the log does not reach back, any document may have been described anew.
        anew = wanted if touched is None else touched[among(touched, wanted)]
        missing = np.union1d(without(wanted, held), anew)
        return self._update(missing, without(held, wanted))

    def _update(self, missing: Ids, surplus: Ids) -> Change:
        if len(missing) or len(surplus):
            self._index.update(remove=surplus, add=self._passages.entries(missing))
        return Change(len(missing), len(surplus))

    def _taken_in(self) -> Mark | None:
        try:
            return Mark.read(self._state.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None


class DenseIndexing:
    """Keeps vectors in SQL for every passage, and a vector index at what SQL holds.

    Safe in several threads. Processes share vectors through SQL and a snapshot on disk, each
    holding its own index; every encoder has a snapshot of its own. An index that has become too
    large for exact search is divided in a thread aside (`KeptIndex`), and searched meanwhile.
    """

    def __init__(
        self,
        passages: Passages,
        encoder: Encoder,
        *,
        folder: Path,
        lock: Path,
        sizes: Sizes = USUAL,
    ) -> None:
        """Load what was saved.

        Args:
            passages: of the collection.
            encoder: of the vectors.
            folder: a folder in it is this encoder's.
            lock: a process holds it while it encodes.
            sizes: when the index is divided.
        """
        self._passages = passages
        self._encoder = encoder
        self._encoder_id = passages.encoder_id(encoder)
        self._file_lock = FileLock(lock)
        self._catching_up = threading.Lock()
        self._folder = folder / encoder.fingerprint[:16]
        self._index = KeptIndex(
            self._folder,
            fingerprint=encoder.fingerprint,
            dimension=encoder.dimension,
            lock=lock.with_name(f"{lock.stem}-files{lock.suffix}"),
            sizes=sizes,
            is_known=self._is_known,
        )
        self._taken_in = _marks_in(self._index.state)
        """By which change of passages and of vectors the index in memory is right; None: unknown.

        It may hold some of what came later."""
        self._is_compared = False
        """Whether this process has compared all ids."""
        self._is_doubted = False
        """Whether the snapshot on disk does not say a state of this database."""

    @property
    def damage(self) -> str | None:
        """Why the saved index could not be used (an English phrase); None when it could."""
        return self._index.damage

    @property
    def shape(self) -> Shape:
        """How the index searches now: exactly, or in trained lists."""
        return self._index.shape

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

    def waiting(self) -> int:
        """As `pending`, but quick: what this process has not yet taken in counts as waiting too."""
        return max(0, self._passages.encoders.wanted() - len(self._index))

    def encoded(self) -> Ids:
        """Ids of the passages that may be found and have a vector, ascending."""
        return self._passages.with_vector(self._encoder_id)

    def ids(self) -> Ids:
        """Ids of the passages that the index in memory holds, ascending."""
        return self._index.ids()

    def catch_up(self, *, in_full: bool = False) -> Change:
        """Make the index hold exactly the passages that may be found and have a vector.

        What was removed is out before anything is added; searches go on meanwhile.

        Args:
            in_full: compare all ids and all vectors, whatever the log says.
        """
        with self._catching_up:
            if in_full:
                self._is_compared, self._taken_in = False, None
            before, encoded_before = self._taken_in or (None, None)
            changed = self._passages.changes.since(before)
            encoded = self._passages.encodings.since(encoded_before)
            change = self._update(self._touched(changed, encoded), encoded)
            self._taken_in = changed.upto, encoded.upto
            self._index.note(" ".join(map(str, self._taken_in)))
            self._is_compared = True
        self._index.grow_aside()
        return change

    def differing(self) -> Ids:
        """Ids of the passages whose vector in memory is not that of SQL; reads all of them."""
        return self._differing(self.encoded())

    def _touched(self, changed: Touched, encoded: Touched) -> Ids | None:
        """The ids to compare; None: all."""
        if not self._is_compared or changed.ids is None or encoded.ids is None:
            return None
        return np.union1d(changed.ids, encoded.ids)

    def _update(self, touched: Ids | None, encoded: Touched) -> Change:
        wanted = self._passages.with_vector(self._encoder_id, touched)
        held = self._index.ids()
        if touched is not None:
            held = touched[among(touched, held)]
        stale: Ids = np.empty(0, dtype=np.int64)
        if encoded.ids is None:
            self._is_doubted = True
            stale = self._differing(wanted)
        elif not self._is_compared:
            # The snapshot may hold more than it says, of a state that is no longer.
            stale = self._differing(encoded.ids[among(encoded.ids, wanted)])
        surplus = np.union1d(without(held, wanted), stale)
        self._index.remove(surplus)
        missing = np.union1d(without(wanted, held), stale)
        added = 0
        for start in range(0, len(missing), _ADD_CHUNK):
            ids, values = self._vectors_of(missing[start : start + _ADD_CHUNK])
            if len(ids):
                self._index.add(ids, values)
                added += len(ids)
        return Change(added, len(surplus))

    def _differing(self, ids: Ids) -> Ids:
        """Those of `ids` (ascending) whose vector in memory is not that of SQL."""
        found: list[Ids] = [np.empty(0, dtype=np.int64)]
        for start in range(0, len(ids), _COMPARE_CHUNK):
            held, contents = self._index.contents(ids[start : start + _COMPARE_CHUNK])
            present, values = self._vectors_of(held)
            if len(present):
                is_near = np.abs(contents[np.isin(held, present)] - values) <= _ROUNDING
                found.append(present[~is_near.all(axis=1)])
        return np.concatenate(found)

    def _is_known(self, state: str) -> bool:
        marks = _marks_in(state)
        return marks is not None and self._passages.encodings.knows(marks[1])

    def _vectors_of(self, ids: Ids) -> tuple[Ids, Vectors]:
        """Those of `ids` that still have a vector, and these."""
        while True:
            try:
                return ids, self._passages.vectors(self._encoder_id, ids)
            except KeyError:
                # A passage was replaced since it was counted.
                ids = self._passages.with_vector(self._encoder_id, ids)

    def save(self) -> bool:
        """Write the snapshot that the next start begins from.

        Returns:
            False while another process or thread is writing: that one's is left alone.
        """
        is_saved = self._index.save(always=self._is_doubted)
        if is_saved:
            self._is_doubted = False
        for path in self._folder.parent.glob("*.*"):
            if path.is_file():
                # Of a release that kept one index for whichever encoder.
                path.unlink(missing_ok=True)
        return is_saved

    def finish(self) -> None:
        """Wait until the trained lists that are due are made; `shape` tells of a failure."""
        self._index.finish()

    def others(self) -> list[KeptEncoder]:
        """Other encoders that this home still keeps, with their vectors; takes a while."""
        return self._passages.encoders.besides(self._encoder.fingerprint)

    def forget_others(self) -> None:
        """Delete the vectors and the indexes of other encoders; encoding them again takes hours.

        No process may search with them meanwhile: it would find less and less.
        """
        for other in self.others():
            self._passages.encoders.forget(other.id)
        for folder in self._folder.parent.glob("*/"):
            if folder != self._folder:
                shutil.rmtree(folder)

    def search(
        self, queries: Vectors, k: int, *, allowed: Ids | None
    ) -> list[list[tuple[int, float]]]:
        """Nearest passages of each query vector, best first, as (id, score)."""
        ids, scores = self._index.search(queries, k, allowed=allowed)
        return [
            list(zip(row_ids.tolist(), row_scores.tolist(), strict=True))
            for row_ids, row_scores in zip(ids, scores, strict=True)
        ]

    def scores(self, queries: Vectors, ids: Ids) -> Scores:
        """Score given passages against each query vector: shape ``(queries, ids)``.

        NaN for a passage that the index does not hold.
        """
        return self._index.scores(queries, ids)

    def __len__(self) -> int:
        return len(self._index)

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


def _marks_in(state: str) -> tuple[Mark, Mark] | None:
    try:
        changed, encoded = map(Mark.read, state.split())
    except ValueError:
        return None
    return changed, encoded
