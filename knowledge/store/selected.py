"""What filters let through, remembered as long as it is true."""

import threading
from collections import OrderedDict
from typing import Final

from embeddings.protocols import Ids
from knowledge.model import Filter

_KEPT: Final = 16
"""Selections remembered; each takes 8 bytes a passage."""


class Selected:
    """Ids of passages by filter, for one viewer, as of one change; safe in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._change = -1
        self._kept: OrderedDict[Filter, Ids] = OrderedDict()

    def get(self, selection: Filter, change: int) -> Ids | None:
        """What was kept for this filter as of this change; None: nothing."""
        with self._lock:
            if change != self._change:
                self._kept.clear()
                self._change = change
            if selection in self._kept:
                self._kept.move_to_end(selection)
            return self._kept.get(selection)

    def keep(self, selection: Filter, change: int, ids: Ids) -> Ids:
        """Keep what was read after `get` was asked as of `change`; gives it back."""
        ids.setflags(write=False)
        with self._lock:
            if change == self._change:
                self._kept[selection] = ids
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return ids
