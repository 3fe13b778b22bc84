"""Getting search ready in the background, so that nobody waits for the model to load."""

import logging
import sys
import threading
from collections.abc import Callable
from enum import StrEnum

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.wording import wording
from embeddings.errors import EmbeddingsError
from knowledge.errors import KnowledgeError

_LOG = logging.getLogger(__name__)


class WarmthState(StrEnum):
    """How far search is."""

    COLD = "cold"
    WARMING = "warming"
    READY = "ready"
    WORDS_ONLY = "words-only"
    """Ready without dense search: there is no encoder here."""
    FAILED = "failed"


class Warmth:
    """Warms a workbench once, in a thread of its own; never in the way of stopping."""

    def __init__(self) -> None:
        self.state = WarmthState.COLD

    @property
    def is_ready(self) -> bool:
        """True when a search would be answered at once."""
        return self.state in {WarmthState.READY, WarmthState.WORDS_ONLY}

    def start(self, workbench: Callable[[], Workbench]) -> threading.Thread:
        """Begin warming and return the thread that does it."""
        self.state = WarmthState.WARMING
        thread = threading.Thread(target=self._warm, args=(workbench,), daemon=True, name="warmth")
        thread.start()
        return thread

    def _warm(self, workbench: Callable[[], Workbench]) -> None:
        try:
            bench = workbench()
            bench.refresh()
            if (problem := bench.encoder_problem) is None:
                serving = bench.serving
                (bench.encoder if serving is None else serving[0]).encode_queries(["预热"])
                self.state = WarmthState.READY
            else:
                print(wording(bench.settings.language).error(problem), file=sys.stderr)
                self.state = WarmthState.WORDS_ONLY
        except (KnowledgeError, EmbeddingsError) as error:
            _LOG.warning("%s", error)
            self.state = WarmthState.FAILED
