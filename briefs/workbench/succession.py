"""Which encoder searches while another one takes its place.

A new encoder's index is built beside the old one's. Until it holds every passage, the old encoder
goes on searching, where its setting still loads it; then the new one takes over by itself.
"""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from embeddings.durable import write_durably
from embeddings.errors import BadInputError as EncoderProblem
from embeddings.protocols import Encoder
from knowledge.indexing import DenseIndexing

_LOG = logging.getLogger(__name__)


class Succession:
    """Remembers which encoder last had a vector for every passage; safe in several threads."""

    def __init__(
        self,
        setting: str,
        *,
        file: Path,
        load: Callable[[str], Encoder | EncoderProblem],
        index_of: Callable[[Encoder], DenseIndexing],
    ) -> None:
        """Read what is remembered.

        Args:
            setting: that names the encoder in use.
            file: where the last complete encoder is remembered.
            load: makes the encoder that a setting names.
            index_of: opens the index of an encoder.
        """
        self._setting = setting
        self._file = file
        self._load = load
        self._index_of = index_of
        self._lock = threading.Lock()
        self._is_begun = False
        self._before: tuple[Encoder, DenseIndexing] | None = None

    def serving(self, encoder: Encoder, index: DenseIndexing) -> tuple[Encoder, DenseIndexing]:
        """The encoder and the index to search with, given those of the settings, caught up."""
        with self._lock:
            if not self._is_begun:
                self._is_begun, self._before = True, self._predecessor(encoder)
                self.note(encoder, index)
            if self._before is None:
                return encoder, index
            before = self._before
            before[1].catch_up()
            if len(index) < len(before[1]):
                return before
            # What the one before has no vector of can wait no longer than it did before.
            _LOG.info("The encoder %s has taken the place of %s.", encoder.name, before[0].name)
            self._before = None
            self._remember(encoder)
            return encoder, index

    @property
    def before(self) -> Encoder | None:
        """The older encoder that searches until the new one has all passages; None: none."""
        return self._before[0] if self._before else None

    def note(self, encoder: Encoder, index: DenseIndexing) -> None:
        """Remember this encoder, if there is a vector of it for every passage."""
        if self._remembered() != self._mark(encoder) and not index.pending():
            self._remember(encoder)

    def _predecessor(self, encoder: Encoder) -> tuple[Encoder, DenseIndexing] | None:
        remembered = self._remembered()
        setting = remembered.get("setting", self._setting)
        # Where only the model behind the setting changed, the one before cannot be loaded by it.
        if setting == self._setting:
            return None
        before = self._load(setting)
        if isinstance(before, EncoderProblem):
            _LOG.warning("The encoder before cannot be loaded: %s", before)
            return None
        if before.fingerprint == encoder.fingerprint:
            return None
        if before.fingerprint != remembered.get("fingerprint"):
            return None
        _LOG.info("Until %s has all passages, %s searches.", encoder.name, before.name)
        return before, self._index_of(before)

    def _remember(self, encoder: Encoder) -> None:
        write_durably(self._file, json.dumps(self._mark(encoder)).encode())

    def _mark(self, encoder: Encoder) -> dict[str, str]:
        return {"setting": self._setting, "fingerprint": encoder.fingerprint}

    def _remembered(self) -> dict[str, str]:
        try:
            found = json.loads(self._file.read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
