"""An index that grows from exact search into trained lists, a segment at a time.

Whatever is added goes into the tail, an exact index in memory. A tail that has become too long for
quick exact search is divided among trained lists and becomes a segment: a file that no longer
changes. Whoever holds the index does that in three steps, of which only the long one in the middle
may run beside searches and changes: `GrowingIndex.plan`, `make_segment`, `GrowingIndex.adopted`.
What is removed is struck from the segment's live ids at once, and its bytes go when the segment is
made anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embeddings.checks import (
    aligned,
    checked_addition,
    checked_queries,
    findable,
    united,
    without,
)
from embeddings.durable import TEMPORARY_SUFFIX, publish, sha256_of, sync_file
from embeddings.faiss_index import HALF, FaissIndex
from embeddings.protocols import Ids, Scores, Vectors
from embeddings.segment import Segment, share_of, write_segment
from embeddings.selecting import Selection, best

_NONE: Ids = np.empty(0, dtype=np.int64)
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Sizes:
    """From how many vectors on an index is divided, and into how large parts.

    The figures are those of 384 numbers a vector: exact search reads 32 vectors a microsecond, so
    it takes 8 ms at `exact`, and 1 ms at `tail` beside the segments.
    """

    exact: int = 262_144
    """Longest tail without segments."""
    tail: int = 32_768
    """Longest tail beside segments."""
    segment: int = 262_144
    """Vectors of a full segment."""


USUAL = Sizes()


@dataclass(frozen=True, slots=True)
class Part:
    """A segment and those of its ids that were not removed."""

    segment: Segment
    live: Selection


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes into one new segment; `make_segment` needs nothing else."""

    ids: Ids
    contents: npt.NDArray[np.float16]
    replaces: tuple[Part, ...]
    """Segments that go, for what is live of them is in the new one."""
    fits_tail: bool
    """So few that they go into the tail instead."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a filter lets through of the tail and of each segment."""

    allowed: Ids
    tail: Selection
    parts: tuple[Selection, ...]


class GrowingIndex:
    """`VectorIndex` of an exact tail and any number of segments; equals `FaissIndex` without any.

    A search compares the query with all of the tail and with a share of each segment
    (`Segment.search`), so with segments it is approximate: which neighbours are found, never their
    scores, filters or removals.
    """

    def __init__(self, dimension: int, *, sizes: Sizes = USUAL) -> None:
        self.sizes = sizes
        self._tail = FaissIndex(dimension)
        self._parts: tuple[Part, ...] = ()
        self._ids: Ids = _NONE
        self._scope: _Scope | None = None
        """That of the last filter that nobody can write to; None after each change."""
        self._gone: list[Ids] | None = None
        """What was removed since `plan`; None when nothing is planned."""

    @classmethod
    def of_parts(
        cls, tail: FaissIndex, segments: Sequence[tuple[Segment, Ids]], *, sizes: Sizes
    ) -> "GrowingIndex":
        """Put together what was saved: the tail, and each segment with what was removed of it.

        Raises:
            DuplicateIdError: an id is live in two of them.
            DimensionError: they do not have one dimension.
        """
        index = cls(tail.dimension, sizes=sizes)
        index._tail = tail
        index._ids = tail.ids()
        for segment, removed in segments:
            live = without(segment.ids, removed)
            blank = np.broadcast_to(np.float32(0), (len(live), segment.dimension))
            checked_addition(index._ids, live, blank, dimension=tail.dimension)
            index._parts += (Part(segment, Selection(live)),)
            index._ids = united(index._ids, live)
        return index

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._tail.dimension

    @property
    def tail(self) -> FaissIndex:
        """What is searched exactly."""
        return self._tail

    @property
    def parts(self) -> tuple[Part, ...]:
        """The segments; none while the whole index is exact."""
        return self._parts

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self) -> Ids:
        """All ids held, ascending, each once."""
        return self._ids.copy()

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors to the tail; all or none. See `VectorIndex.add`."""
        ids, vectors = checked_addition(self._ids, ids, vectors, dimension=self.dimension)
        if len(ids):
            self._scope = None
            self._tail.add(ids, vectors)
            self._ids = united(self._ids, ids)

    def remove(self, ids: Ids) -> int:
        """Remove those of `ids` that are held and return how many; from now on none is found."""
        held = findable(self._ids, ids)
        if not len(held):
            return 0
        self._scope = None
        self._tail.remove(held)
        self._parts = tuple(_reduced(part, held) for part in self._parts)
        self._ids = without(self._ids, held)
        if self._gone is not None:
            self._gone.append(held)
        return len(held)

    def search(self, queries: Vectors, k: int, *, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """Find the `k` nearest of each query. See `VectorIndex.search`."""
        queries = checked_queries(queries, self.dimension)
        scope = None if allowed is None else self._scope_of(allowed)
        tail = Selection(self._tail.held) if scope is None else scope.tail
        found = [self._tail.search_within(queries, k, within=tail)]
        live = scope.parts if scope else tuple(part.live for part in self._parts)
        share = share_of(len(tail) + sum(len(within) for within in live))
        for part, within in zip(self._parts, live, strict=True):
            depth = min(k, len(within))
            if depth > 0 and len(queries):
                chosen = None if len(within) == len(part.segment) else within
                look = part.segment.search(queries, depth, within=chosen, share=share)
                found.append(look)
            else:
                found.append(_nothing(len(queries), depth))
        if len(found) == 1:
            return found[0]
        ids, scores = (np.concatenate(column, axis=1) for column in zip(*found, strict=True))
        return best(ids, scores, max(0, k))

    def scores(self, queries: Vectors, ids: Ids) -> Scores:
        """Score given ids against each query. See `VectorIndex.scores`."""
        if not self._parts:
            return self._tail.scores(queries, ids)
        return aligned(*self.search(queries, len(ids), allowed=ids), ids)

    def is_due(self) -> bool:
        """True when something should become a segment, or a segment be made anew."""
        limit = self.sizes.tail if self._parts else self.sizes.exact
        return len(self._tail) > limit or any(_is_worn(part) for part in self._parts)

    def plan(self) -> Plan | None:
        """Say what the next segment is made of; None when nothing is due.

        From here to `adopted` the index notes what is removed. A plan that comes to nothing is
        forgotten with the next one.
        """
        self._gone = None
        if not self.is_due():
            return None
        chosen = [part for part in self._parts if _is_worn(part)]
        moved = self._tail.held[: self.sizes.segment]
        count = len(moved) + sum(len(part.live) for part in chosen)
        # The rest by size: small ones are united, so that there are few to search, and only with as
        # much as themselves, so that a vector is moved as often as sizes double, and no oftener.
        for part in sorted(self._parts, key=lambda part: (len(part.live), part.segment.path.name)):
            room = self.sizes.segment - count
            if part not in chosen and len(part.live) <= min(count, room):
                chosen.append(part)
                count += len(part.live)
        self._gone = []
        ids = np.sort(np.concatenate([moved, *(part.live.ids for part in chosen)]))
        limit = self.sizes.exact if len(chosen) == len(self._parts) else self.sizes.tail
        # Half of it, so that a collection about as large as the limit does not go to and fro.
        return Plan(
            ids,
            self.contents(ids),
            replaces=tuple(chosen),
            fits_tail=len(self._tail) == len(moved) and count <= limit // 2,
        )

    def adopted(self, plan: Plan, segment: Segment | None) -> "GrowingIndex":
        """Return an index of the same ids with the segment made of the last plan; leave this one.

        What was removed meanwhile stays removed, what was added stays in the tail.

        Args:
            plan: from `plan`.
            segment: from `make_segment`.
        """
        live = without(plan.ids, np.concatenate([_NONE, *(self._gone or ())]))
        index = GrowingIndex(self.dimension, sizes=self.sizes)
        index._ids = self._ids
        # Not by the parts themselves: something may have been removed of them meanwhile.
        replaced = {part.segment.path for part in plan.replaces}
        index._parts = tuple(part for part in self._parts if part.segment.path not in replaced)
        # An id that was removed and added again since is in the tail, and stays there.
        if segment is None:
            index._tail = self._tail.copy()
            _fill(index._tail, without(live, self._tail.held), self.contents)
        else:
            _fill(index._tail, without(self._tail.held, live), self.contents)
            index._parts += (Part(segment, Selection(live)),)
        return index

    def divided_as(self, segments: Sequence[tuple[Segment, Ids]]) -> "GrowingIndex":
        """Return an index of the same ids with these segments instead; leave this one.

        Args:
            segments: with what was removed of each; of an id that both hold, the vectors here and
                there are the same.
        """
        index = GrowingIndex(self.dimension, sizes=self.sizes)
        index._ids = self._ids
        rest = self._ids
        for segment, removed in segments:
            live = findable(rest, without(segment.ids, removed))
            rest = without(rest, live)
            index._parts += (Part(segment, Selection(live)),)
        _fill(index._tail, rest, self.contents)
        return index

    def frozen(self) -> "GrowingIndex":
        """Return a copy that stays as this one is now."""
        index = GrowingIndex(self.dimension, sizes=self.sizes)
        index._tail, index._parts, index._ids = self._tail.copy(), self._parts, self._ids
        return index

    def contents(self, ids: Ids) -> npt.NDArray[np.float16]:
        """Return the vectors held under `ids` (ascending, all held), as they lie in the index."""
        found = np.empty((len(ids), self.dimension), dtype=HALF)
        holders = [(self._tail.held, self._tail.contents)]
        holders += [(part.live.ids, part.segment.contents) for part in self._parts]
        for held, contents in holders:
            mine = findable(ids, held)
            for start in range(0, len(mine), _CHUNK):
                some = mine[start : start + _CHUNK]
                found[np.searchsorted(ids, some)] = contents(some)
        return found

    def _scope_of(self, allowed: Ids) -> _Scope:
        known = self._scope
        if known is not None and known.allowed is allowed:
            return known
        scope = _Scope(
            allowed,
            Selection(findable(self._tail.held, allowed)),
            tuple(Selection(findable(part.live.ids, allowed)) for part in self._parts),
        )
        if isinstance(allowed, np.ndarray) and not allowed.flags.writeable:
            self._scope = scope
        return scope


def make_segment(plan: Plan, folder: Path) -> Segment | None:
    """Write the segment of a plan into `folder`, whole or not at all, and open it.

    Returns:
        The segment; None when what was planned fits the tail.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
        SnapshotError: what was written cannot be read again.
    """
    if plan.fits_tail:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"segment{TEMPORARY_SUFFIX}"
    write_segment(temporary, plan.ids, plan.contents)
    sync_file(temporary)
    digest = sha256_of(temporary)
    path = folder / f"segment-{digest[:16]}.faiss"
    publish(temporary, path)
    return Segment(path, sha256=digest)


def _is_worn(part: Part) -> bool:
    return 2 * len(part.live) < len(part.segment)


def _reduced(part: Part, removed: Ids) -> Part:
    live = without(part.live.ids, removed)
    return part if len(live) == len(part.live) else Part(part.segment, Selection(live))


def _fill(tail: FaissIndex, ids: Ids, contents: Callable[[Ids], npt.NDArray[np.float16]]) -> None:
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        tail.add(some, contents(some).astype(np.float32))


def _nothing(queries: int, depth: int) -> tuple[Ids, Scores]:
    shape = (queries, max(0, depth))
    return np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.float32)
