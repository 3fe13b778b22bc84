"""Many vectors that no longer change, in trained lists on disk, of which a search reads a share."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.errors import SnapshotError
from embeddings.faiss_index import HALF
from embeddings.protocols import Ids, Scores, Vectors
from embeddings.selecting import Selection, faiss, settled, threads_for

SHARE = 9 / 32
"""Share of the lists that a search reads where it may find `_FULL` vectors or fewer."""
_FULL = 262_144
FEWEST_LISTS = 16
"""Lists that a search reads at least: small segments, where it costs nothing, are read whole."""
_PER_LIST = 64
"""Vectors that train each list; more did not raise the recall."""
_ROUNDS = 8
_CHUNK = 16_384
_MAPPED = 0 if sys.platform == "win32" else faiss.IO_FLAG_MMAP
"""FAISS maps lists on POSIX systems only; elsewhere they are read into memory."""


class Segment:
    """An inverted file of float16 vectors (``IndexIVFScalarQuantizer``), mapped, read only.

    The lists hold the vectors as they were given, so a score is the same as that of `FaissIndex`:
    only which vectors are compared is approximate. Safe in several threads.
    """

    def __init__(self, path: Path, *, sha256: str) -> None:
        """Open a file that `write_segment` wrote; whoever opens it has checked its hash.

        Raises:
            SnapshotError: FAISS cannot read it, it is another kind, or an id stands in it twice.
        """
        try:
            index: Any = faiss.read_index(str(path), _MAPPED)
        except RuntimeError as error:
            raise SnapshotError(reason="FAISS cannot read it") from error
        if not isinstance(index, faiss.IndexIVFScalarQuantizer):
            raise SnapshotError(reason="it is another kind of index")
        self.path = path
        self.sha256 = sha256
        self._index = index
        self._lists = faiss.downcast_InvertedLists(index.invlists)
        if _MAPPED:
            # FAISS would start 32 threads for each search, to read lists ahead.
            self._lists.prefetch_nthread = 0
        sizes = [self._lists.list_size(number) for number in range(index.nlist)]
        held = np.concatenate([self._ids_of(number, size) for number, size in enumerate(sizes)])
        order = np.argsort(held)
        self.ids: Ids = held[order]
        """Ascending, each once."""
        self._list_of = np.repeat(np.arange(index.nlist, dtype=np.int64), sizes)[order]
        if (self.ids[1:] == self.ids[:-1]).any():
            raise SnapshotError(reason="an id stands in it twice")

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        return len(self.ids)

    def search(
        self, queries: Vectors, k: int, *, within: Selection | None = None, share: float = SHARE
    ) -> tuple[Ids, Scores]:
        """Find about the `k` nearest of each query, best first, ties by id.

        With a filter that lets no more through than a search would read anyway, and where the lists
        read hold too few of what it lets through, the result is exact.

        Args:
            queries: shape ``(n, dimension)``, float32, n at least 1.
            k: at least 1, at most the number that can be found: so many are found.
            within: some of `ids`; None allows all.
            share: of the lists, that is read; `share_of` says which is right.
        """
        count = len(self) if within is None else len(within)
        every = np.arange(self._index.nlist)
        if within is not None and count <= share * len(self):
            rows = np.searchsorted(self.ids, within.ids)
            return self._search(queries, k, lists=np.unique(self._list_of[rows]), within=within)
        probes = max(FEWEST_LISTS, int(np.ceil(share * len(every))))
        if probes < len(every):
            ids, scores = self._search(queries, k, lists=probes, within=within)
            if (ids >= 0).all():
                return ids, scores
        return self._search(queries, k, lists=every, within=within)

    def contents(self, ids: Ids) -> npt.NDArray[np.float16]:
        """Return the vectors of `ids` (ascending, all of this segment), as they lie on disk."""
        found = np.empty((len(ids), self.dimension), dtype=HALF)
        for number in np.unique(self._list_of[np.searchsorted(self.ids, ids)]).tolist():
            size = self._lists.list_size(number)
            held = self._ids_of(number, size)
            places = np.minimum(np.searchsorted(ids, held), len(ids) - 1)
            is_wanted = ids[places] == held
            if is_wanted.any():
                pointer = self._lists.get_codes(number)
                codes = faiss.rev_swig_ptr(pointer, size * int(self._index.code_size))
                found[places[is_wanted]] = codes.view(HALF).reshape(size, -1)[is_wanted]
        return found

    def _search(
        self, queries: Vectors, k: int, *, lists: int | Ids, within: Selection | None
    ) -> tuple[Ids, Scores]:
        """Search the nearest so many lists of each query, or the lists named."""
        selector = None if within is None else within.selector
        count = len(self) if within is None else len(within)
        with threads_for(len(queries)):
            if isinstance(lists, int):
                _, chosen = self._index.quantizer.search(queries, lists)
            else:
                chosen = np.ascontiguousarray(np.broadcast_to(lists, (len(queries), len(lists))))
            filters = faiss.SearchParametersIVF(sel=selector, nprobe=chosen.shape[1])
            return settled(
                lambda depth: self._look(queries, depth, chosen=chosen, filters=filters),
                k,
                count=count,
            )

    def _look(
        self, queries: Vectors, depth: int, *, chosen: Ids, filters: Any
    ) -> tuple[Scores, Ids]:
        scores = np.empty((len(queries), depth), dtype=np.float32)
        ids = np.empty((len(queries), depth), dtype=np.int64)
        # How near the lists are says nothing here: the vectors lie in them whole, not as offsets.
        nearness = np.zeros(chosen.shape, dtype=np.float32)
        arrays = (chosen, nearness, scores, ids)
        self._index.search_preassigned_c(
            len(queries),
            faiss.swig_ptr(queries),
            depth,
            *(faiss.swig_ptr(array) for array in arrays),
            False,
            filters,
        )
        return scores, ids

    def _ids_of(self, number: int, size: int) -> Ids:
        if not size:
            return np.empty(0, dtype=np.int64)
        held: Ids = faiss.rev_swig_ptr(self._lists.get_ids(number), size)
        return held


def write_segment(path: Path, ids: Ids, contents: npt.NDArray[np.float16]) -> None:
    """Train lists for these vectors and write them to `path`; takes seconds to a minute.

    Uses one thread, so that searches meanwhile keep the other. The same input gives the same file.

    Args:
        path: the file to write.
        ids: ascending, each once, at least one.
        contents: the vectors, in the same order, as `FaissIndex.contents` gives them.

    Raises:
        OSError: the disk is full, or the file cannot be written.
        SnapshotError: there are vectors among them that are no numbers.
    """
    count, dimension = contents.shape
    lists = number_of_lists(count)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,
    )
    try:
        with threads_for(1):
            nearest = _trained(contents, lists)
            index.quantizer.add(
                faiss.rev_swig_ptr(nearest.get_xb(), lists * dimension).reshape(lists, -1)
            )
            index.is_trained = True
            for start in range(0, count, _CHUNK):
                some = contents[start : start + _CHUNK].astype(np.float32)
                own = np.ascontiguousarray(ids[start : start + _CHUNK])
                _, chosen = nearest.search(some, 1)
                arrays = (some, own, chosen)
                index.add_core(len(some), *(faiss.swig_ptr(array) for array in arrays))
    except RuntimeError as error:
        raise SnapshotError(reason="FAISS cannot train lists for it") from error
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise OSError(f"cannot write {path}") from error


def _trained(contents: npt.NDArray[np.float16], lists: int) -> Any:
    """Return an index of the centres of so many lists, by distance.

    A vector goes into the list whose centre is nearest, and the centres are left as long as they
    are: a query's product with one is then the mean of its products with the list. With centres of
    length 1, which FAISS makes for products, half as many lists more were read for one recall.
    """
    nearest = faiss.IndexFlatL2(contents.shape[1])
    training = faiss.Clustering(contents.shape[1], lists)
    training.niter = _ROUNDS
    training.min_points_per_centroid = 1
    training.max_points_per_centroid = _PER_LIST
    step = max(1, len(contents) // (lists * _PER_LIST))
    training.train(contents[::step].astype(np.float32), nearest)
    return nearest


def share_of(count: int) -> float:
    """Share of its lists that a search reads of each segment, where it may find so many vectors.

    It falls with the square root: in four times as many vectors the nearest ones are nearer, and
    lie in fewer lists. Measured with readers' questions on mixtures of statutes' vectors, recall@10
    in an eighth, three sixteenths and a quarter of the lists is 0.967, 0.975, 0.983 of 262,144
    vectors, and 0.985, 0.993, 0.994 of a million.
    """
    return SHARE * float(np.sqrt(_FULL / max(count, _FULL)))


def number_of_lists(count: int) -> int:
    """How many lists so many vectors are divided among.

    The power of two next to four times the square root: with more, finding the lists costs what
    reading fewer vectors saves. Each gets sixteen vectors or more.
    """
    near = int(2 ** np.round(np.log2(4 * np.sqrt(count))))
    return max(1, min(near, count // 16))
