"""How much memory a stretch of work takes, helper processes included."""

import threading
from contextlib import suppress
from types import TracebackType
from typing import Final

import psutil

_EVERY_SECONDS: Final = 0.2


class PeakMemory:
    """Watches this process and all below it while a ``with`` block runs.

    `peak` is the largest sum of their resident sets seen, in bytes. What several of them share is
    counted for each, so it is never too low by that; peaks shorter than the interval may be missed.
    Looking takes some milliseconds: do not time anything meanwhile with a short interval.

    Args:
        every: seconds between two looks.
    """

    def __init__(self, *, every: float = _EVERY_SECONDS) -> None:
        self.peak = 0
        self._every = every
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "PeakMemory":
        self._watching.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        this = psutil.Process()
        over = False
        while not over:
            over = self._over.wait(self._every)
            self.peak = max(self.peak, _resident(this))


def _resident(process: psutil.Process) -> int:
    total = 0
    with suppress(psutil.Error):
        total = process.memory_info().rss
        for child in process.children(recursive=True):
            # A child may end between being listed and being asked.
            with suppress(psutil.Error):
                total += child.memory_info().rss
    return int(total)
