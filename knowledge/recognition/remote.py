"""Pages recognised in a process of their own, with limits on time, memory, files and network."""

import logging
from collections.abc import Callable
from importlib.util import find_spec
from typing import Final, Protocol

from knowledge.errors import RecognitionUnavailableError
from knowledge.isolation import Isolated, IsolationError, Limits
from knowledge.recognition.sheet import Sheet

LIMITS: Final = Limits(seconds=120, memory=4_000_000_000)
"""For one page; the models' threads take address space that is never filled."""
_WORKER: Final = "knowledge.recognition.worker"
_NEEDED: Final = ("rapidocr", "onnxruntime", "cv2")
_log = logging.getLogger(__name__)


class UnreadPageError(Exception):
    """A page that could not be recognised; its words say why, for the record."""


class PageRecogniser(Protocol):
    """Reads the pages of files, one at a time."""

    def recognise(self, sha256: str, page: int) -> Sheet:
        """Read a page.

        Args:
            sha256: names the file.
            page: 1-based.

        Raises:
            UnreadPageError: this page cannot be read.
            UnknownRecordError: there is no such file.
            RecognitionUnavailableError: none can be read here.
        """
        ...

    def close(self) -> None:
        """Let go of what reading needed; it can be used again."""
        ...


class RemoteRecogniser:
    """rapidocr in a process of its own, started when first needed; safe in several threads.

    Args:
        load: gives a file's bytes by its SHA-256; asked once for the pages of a file in a row.
        limits: for each page.
    """

    def __init__(self, load: Callable[[str], bytes], *, limits: Limits = LIMITS) -> None:
        self._load = load
        self._isolated = Isolated(_WORKER, limits)

    @property
    def peak(self) -> int | None:
        """Bytes of memory that the process has held at the most, as of its last answer."""
        return self._isolated.peak

    def recognise(self, sha256: str, page: int) -> Sheet:
        """As `PageRecogniser.recognise`."""
        if any(find_spec(name) is None for name in _NEEDED):
            raise RecognitionUnavailableError
        asked = {"sha256": sha256, "page": page}
        try:
            values, packed = self._isolated.call("page", values=asked)
            if values["state"] == "file-needed":
                values, packed = self._isolated.call("page", self._load(sha256), values=asked)
        except IsolationError as problem:
            _log.warning("recognising page %d of %s ended: %s", page, sha256, problem)
            raise UnreadPageError(problem.trouble.value) from problem
        if values["state"] != "read":
            raise UnreadPageError(str(values["state"]))
        return Sheet.unpack(packed)

    def close(self) -> None:
        """End the process; the next page starts it anew."""
        self._isolated.close()
