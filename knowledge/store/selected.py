"""What filters let through, remembered as long as it is true."""

import threading
from collections import OrderedDict
from typing import Final

from embeddings.protocols import Ids
from knowledge.filter import Filter
from knowledge.store.changes import Mark

_MOST: Final = 16
"""Selections remembered."""
_ROOM: Final = 32 << 20
"""Bytes of them, 8 a passage; the last one is remembered whatever its size."""


class Selected:
    """Ids of passages by filter, for one viewer, as of one change; safe in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._change: Mark | None = None
        self._kept: OrderedDict[Filter, Ids] = OrderedDict()

    def get(self, selection: Filter, change: Mark) -> Ids | None:
        """What was kept for this filter as of this change; None: nothing."""
        with self._lock:
            if change != self._change:
                self._kept.clear()
                self._change = change
            if selection in self._kept:
                self._kept.move_to_end(selection)
            return self._kept.get(selection)

    def keep(self, selection: Filter, change: Mark, ids: Ids) -> Ids:
        """Keep what was read after `get` was asked as of `change`; gives it back."""
        ids.setflags(write=False)
        with self._lock:
            if change == self._change:
                self._kept[selection] = ids
                while len(self._kept) > 1 and not self._fits():
                    self._kept.popitem(last=False)
        return ids

    def _fits(self) -> bool:
        return len(self._kept) <= _MOST and sum(i.nbytes for i in self._kept.values()) <= _ROOM
