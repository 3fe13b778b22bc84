"""The same and nearly the same: found, grouped, and never deleted – draft and final both matter."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import eq
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from knowledge.model import Document
from knowledge.shingles import ALIKE, Shingles, band_keys, jaccard, letters, shingles, text_key
from knowledge.store import likenesses as store
from knowledge.store.documents import Documents
from knowledge.store.grouping import components
from knowledge.store.likenesses import Entry, Fingerprint, Kind, Likenesses, Source

MOST_COMPARED: Final = 64
"""With how many candidates a version is compared, most promising first: in a collection of filled
forms each is like thousands of others, and a chain of a few joins them all the same."""
_BATCH: Final = 32
"""Versions a transaction: a commit waits for the disk, which takes longer than looking."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A document of the same group."""

    document: Document
    kind: Kind | None
    """None when only a third document joins the two."""
    similarity: float | None
    """Jaccard similarity of the runs of five characters; None as above."""


@dataclass(frozen=True, slots=True)
class _Looked:
    entry: Entry
    runs: Shingles


class Likeness:
    """Keeps fingerprints, likenesses and groups at what SQL holds; safe in several threads.

    Like an index it catches up by a difference of sets, a few versions a transaction, so that it
    may be interrupted at any moment. One process at a time does the work.
    """

    def __init__(self, likenesses: Likenesses, documents: Documents, *, lock: Path) -> None:
        self._likenesses = likenesses
        self._documents = documents
        self._lock = FileLock(lock)

    def catch_up(
        self,
        progress: Callable[[int, int], None] | None = None,
        *,
        limit: int | None = None,
        among: Sequence[int] | None = None,
    ) -> int | None:
        """Look at every version not looked at yet, and let go those no longer current.

        Does nothing and returns None while another process is at it: that one does these too.

        Args:
            progress: called with versions done and versions in all.
            limit: look at so many at the most, the oldest first.
            among: only at these versions, of which it is known that they may have changed.

        Returns:
            How many versions were taken in and let go.
        """
        if not any(self._likenesses.due(among)):
            return 0
        try:
            with self._lock.acquire(timeout=0):
                return self._caught_up(progress or (lambda _done, _total: None), limit, among)
        except Timeout:
            return None

    def of(self, document_id: int) -> tuple[Alike, ...]:
        """The other documents of a document's group, most alike first; empty when it is alone.

        Two documents that only one joins which the viewer may not see are not alike for them.

        Raises:
            UnknownRecordError: no such document.
        """
        document = self._documents.get(document_id)
        if document.group is None:
            return ()
        near = {each.other: each for each in self._likenesses.beside(document_id)}
        members = self._likenesses.members(document.group)
        found = self._documents.many([*near, *members])
        parts = self._parts(document.group, members, found)
        joined = next((part for part in parts if document_id in part), ())
        chained = [id_ for id_ in joined if id_ != document_id and id_ not in near]
        direct = [Alike(found[i], e.kind, e.similarity) for i, e in near.items() if i in found]
        return (*direct, *(Alike(found[id_], None, None) for id_ in chained if id_ in found))

    def groups(self) -> list[tuple[Document, ...]]:
        """All groups, each by ascending id of document; by the first of them."""
        groups = self._likenesses.groups()
        found = self._documents.many([id_ for ids in groups.values() for id_ in ids])
        parts = [p for name, ids in groups.items() for p in self._parts(name, ids, found)]
        return [tuple(found[id_] for id_ in part) for part in sorted(parts) if len(part) > 1]

    def _parts(
        self, group: int, members: Sequence[int], found: Container[int]
    ) -> list[tuple[int, ...]]:
        """What of a group hangs together without the members that are not `found`."""
        if all(id_ in found for id_ in members):
            return [tuple(members)]
        pairs = self._likenesses.pairs(group)
        seen = {id_: pairs.get(id_, set()) for id_ in members if id_ in found}
        beside = {id_: others & seen.keys() for id_, others in seen.items()}
        return [tuple(part) for part in components(beside)]

    def _caught_up(
        self,
        progress: Callable[[int, int], None],
        limit: int | None,
        among: Sequence[int] | None,
    ) -> int:
        missing, surplus = self._likenesses.due(among)
        if surplus:
            self._likenesses.drop(surplus)
        wanted = missing[:limit]
        for start in range(0, len(wanted), _BATCH):
            self._take_in(wanted[start : start + _BATCH])
            progress(min(start + _BATCH, len(wanted)), len(wanted))
        return len(wanted) + len(surplus)

    def _take_in(self, version_ids: Sequence[int]) -> None:
        """Look at versions, each beside those kept and those before it in the batch."""
        batch: list[_Looked] = []
        for source in self._likenesses.sources(version_ids):
            looked = _looked(source)
            found = (*self._found(looked), *_found_among(batch, looked))
            batch.append(replace(looked, entry=replace(looked.entry, found=found)))
        self._likenesses.store([looked.entry for looked in batch])

    def _found(self, looked: _Looked) -> Iterator[store.Likeness]:
        entry = looked.entry
        candidates = self._likenesses.candidates(
            entry.source, entry.fingerprint, limit=MOST_COMPARED
        )
        for candidate in candidates:
            if candidate.kind is not None:
                yield store.Likeness(candidate.version_id, candidate.kind, 1.0)
                continue
            for other in self._likenesses.sources([candidate.version_id]):
                similarity = jaccard(looked.runs, shingles(letters(other.words)))
                if similarity >= ALIKE:
                    yield store.Likeness(candidate.version_id, Kind.NEAR, similarity)


def _looked(source: Source) -> _Looked:
    words = letters(source.words)
    runs = shingles(words)
    return _Looked(Entry(source, Fingerprint(text_key(words), band_keys(runs)), ()), runs)


def _found_among(batch: Sequence[_Looked], looked: _Looked) -> Iterator[store.Likeness]:
    mine = looked.entry
    for other in batch:
        theirs = other.entry
        id_, keys = theirs.source.version_id, theirs.fingerprint.band_keys
        if not any(map(eq, mine.fingerprint.band_keys, keys)):
            continue
        if mine.source.sha256 and mine.source.sha256 == theirs.source.sha256:
            yield store.Likeness(id_, Kind.BYTES, 1.0)
        elif mine.fingerprint.text_key == theirs.fingerprint.text_key:
            yield store.Likeness(id_, Kind.TEXT, 1.0)
        elif (similarity := jaccard(looked.runs, other.runs)) >= ALIKE:
            yield store.Likeness(id_, Kind.NEAR, similarity)
