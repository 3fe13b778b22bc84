"""Indexes that grow, as the contract suite takes them: divided as soon as they may be."""

import tempfile
from abc import ABC, abstractmethod
from pathlib import Path

from embeddings.growing import GrowingIndex, Sizes, make_segment
from embeddings.kept import KeptIndex
from embeddings.protocols import Ids, Scores, Vectors
from embeddings.snapshot import load_snapshot, save_snapshot

TINY = Sizes(exact=3, tail=2, segment=8)
"""Segments this small have one list or two, and a search reads all: it must be exact."""


class _Grown(ABC):
    """An index in a folder that makes what is due after each change."""

    inner: GrowingIndex | KeptIndex

    @abstractmethod
    def _grow(self) -> None:
        """Make the segments that are due."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self.inner.dimension

    def __len__(self) -> int:
        return len(self.inner)

    def ids(self) -> Ids:
        """All ids held."""
        return self.inner.ids()

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add, then make the segments that are due."""
        self.inner.add(ids, vectors)
        self._grow()

    def remove(self, ids: Ids) -> int:
        """Remove, then make the segments that are due."""
        removed = self.inner.remove(ids)
        self._grow()
        return removed

    def search(self, queries: Vectors, k: int, *, allowed: Ids | None = None) -> tuple[Ids, Scores]:
        """Find the nearest."""
        return self.inner.search(queries, k, allowed=allowed)

    def scores(self, queries: Vectors, ids: Ids) -> Scores:
        """Score given ids."""
        return self.inner.scores(queries, ids)


class Divided(_Grown):
    """A `GrowingIndex` that is divided as soon as it may be."""

    inner: GrowingIndex

    def __init__(self, dimension: int, *, held: GrowingIndex | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="zhiku-segments-")
        self.folder = Path(self._folder.name)
        self.inner = held or GrowingIndex(dimension, sizes=TINY)

    def save(self, path: Path) -> None:
        """Save into the folder of the segments, and write to `path` where that is."""
        save_snapshot(self.inner, self.folder, fingerprint="a")
        path.write_text(f"{self.folder}\n{self.dimension}")

    @classmethod
    def load(cls, path: Path) -> "Divided":
        """Load what `save` saved."""
        folder, dimension = path.read_text().split("\n")
        held = load_snapshot(Path(folder), fingerprint="a", dimension=int(dimension), sizes=TINY)
        return cls(int(dimension), held=held)

    def _grow(self) -> None:
        while (plan := self.inner.plan()) is not None:
            self.inner = self.inner.adopted(plan, make_segment(plan, self.folder))


class Kept(_Grown):
    """A `KeptIndex` that is divided as soon as it may be."""

    inner: KeptIndex

    def __init__(self, dimension: int, *, folder: Path | None = None) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="zhiku-segments-")
        self.folder = folder or Path(self._temporary.name) / "index"
        self.inner = KeptIndex(
            self.folder,
            fingerprint="a",
            dimension=dimension,
            lock=self.folder.with_suffix(".lock"),
            sizes=TINY,
        )

    def save(self, path: Path) -> None:
        """Save into its folder, and write to `path` where that is."""
        self.inner.save()
        path.write_text(f"{self.folder}\n{self.dimension}")

    @classmethod
    def load(cls, path: Path) -> "Kept":
        """Open what `save` saved."""
        folder, dimension = path.read_text().split("\n")
        return cls(int(dimension), folder=Path(folder))

    def _grow(self) -> None:
        self.inner.grow()
