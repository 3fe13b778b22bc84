"""What the server does beside serving: recognising the pages that wait."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from briefs.workbench.bootstrap import Workbench
from knowledge.errors import RecognitionUnavailableError

_LOOKS_EVERY: Final = 3.0
_AFTER_TROUBLE: Final = 60.0
_LONGEST_FAREWELL: Final = 2.0
_LOG = logging.getLogger(__name__)


class Background:
    """Recognises waiting pages in a thread of its own, and indexes what they add.

    Never in the way of a page or of stopping: the work is done in another process, which goes with
    the server; a page in hand is read again next time.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, workbench: Callable[[], Workbench]) -> None:
        """Begin to look for pages that wait, every few seconds."""
        self._stopping.clear()
        self._thread = threading.Thread(
            target=self._run, args=(workbench(),), daemon=True, name="recognition"
        )
        self._thread.start()

    def stop(self) -> None:
        """Take up no more pages."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_LONGEST_FAREWELL)

    def _run(self, bench: Workbench) -> None:
        pause = _LOOKS_EVERY
        while not self._stopping.wait(pause):
            pause = _LOOKS_EVERY
            try:
                if bench.recognising.tally().waiting:
                    bench.recognising.work(settled=bench.index, stop=self._stopping.is_set)
            except RecognitionUnavailableError as problem:
                _LOG.warning("%s", problem)
                return
            except Exception:  # noqa: BLE001 – the outermost frame of this thread
                _LOG.exception("recognition is tried again")
                pause = _AFTER_TROUBLE
