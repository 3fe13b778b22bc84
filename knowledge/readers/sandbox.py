"""Reads and draws every file in a process of its own, so that no file can hurt the application."""

import logging
from typing import Final, Protocol

from knowledge.errors import (
    CrashingError,
    DamagedError,
    TooDemandingError,
    TookTooLongError,
    UnknownRecordError,
    UnreadableError,
)
from knowledge.isolation import Isolated, IsolationError, Limits, Trouble, Values
from knowledge.model import Reading
from knowledge.readers import drawing, read_file
from knowledge.readers.wire import unpack_error, unpack_reading

LIMITS: Final = Limits(seconds=120, processor=30, memory=1_500_000_000)
"""For a small file; as many seconds come on top for every `MEGABYTES`."""
MEGABYTES: Final = 15
_WORKER: Final = "knowledge.readers.worker"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_NOT_OURS: Final = (LookupError, TypeError, ValueError)
_log = logging.getLogger(__name__)


class Files(Protocol):
    """Reads and draws files; safe in several threads."""

    def read(self, data: bytes, name: str) -> Reading:
        """Read a file's bytes; raises `UnreadableError` only."""
        ...

    def draw(self, data: bytes, page: int, *, width: int) -> bytes:
        """Draw a page as PNG; raises `UnknownRecordError` only."""
        ...

    def close(self) -> None:
        """Let go of what was needed for it; it can be used again."""
        ...


class InProcess:
    """Reads and draws here and now, without limits: for files of one's own making, as in tests."""

    def read(self, data: bytes, name: str) -> Reading:
        """As `knowledge.readers.read_file`."""
        return read_file(data, name)

    def draw(self, data: bytes, page: int, *, width: int) -> bytes:
        """As `knowledge.readers.drawing.draw`."""
        return drawing.draw(data, page, width=width)

    def close(self) -> None:
        """Nothing is held."""


class Sandbox:
    """Reading and drawing with limits on time, memory, files and network.

    One process reads and another draws, each started when first needed: a page can be drawn while
    a large file is read. A process that met a damaged file does not read another one. Safe in
    several threads; files of one kind of work wait for each other.
    """

    def __init__(self, *, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._reading = Isolated(_WORKER, limits)
        self._drawing = Isolated(_WORKER, limits)

    @property
    def peak(self) -> int | None:
        """Bytes of memory that the reading process has held at the most, as of its last answer."""
        return self._reading.peak

    def forget_peak(self) -> None:
        """Have `peak` tell of what is read from now on; of use with one request a process."""
        self._reading.peak = None

    def read(self, data: bytes, name: str) -> Reading:
        """As `knowledge.readers.read_file`.

        Raises:
            UnreadableError: as there; `TookTooLongError`, `TooDemandingError` and `CrashingError`
                when the process had to be ended.
        """
        patience = 1 + len(data) / 1e6 / MEGABYTES
        try:
            values, body = self._reading.call(
                "read", data, values={"name": name}, patience=patience
            )
        except IsolationError as problem:
            _log.warning("reading a file of %d bytes ended: %s", len(data), problem)
            raise self._refusal(problem.trouble, name, patience) from problem
        try:
            error = unpack_error(values)
            if error is None:
                return unpack_reading(values, body)
        except _NOT_OURS as problem:
            self._reading.renew()
            raise CrashingError(name=name) from problem
        if isinstance(error, DamagedError):
            self._reading.renew()
        raise error

    def draw(self, data: bytes, page: int, *, width: int) -> bytes:
        """As `knowledge.readers.drawing.draw`.

        Raises:
            UnknownRecordError: as there, or the process had to be ended.
        """
        asked: Values = {"page": page, "width": width}
        try:
            values, body = self._drawing.call("draw", data, values=asked)
            error = unpack_error(values)
        except (IsolationError, *_NOT_OURS) as problem:
            _log.warning("drawing page %d ended: %s", page, problem)
            raise UnknownRecordError(kind="page", id=page) from problem
        if error is not None:
            raise error
        if not body.startswith(_PNG):
            raise UnknownRecordError(kind="page", id=page)
        return body

    def close(self) -> None:
        """End the processes; the next file starts them anew."""
        self._reading.close()
        self._drawing.close()

    def _refusal(self, trouble: Trouble, name: str, patience: float) -> UnreadableError:
        if trouble is Trouble.TIME:
            seconds = self._limits.processor or self._limits.seconds
            return TookTooLongError(name=name, seconds=round(seconds * patience))
        if trouble is Trouble.MEMORY:
            return TooDemandingError(name=name, limit=f"{self._limits.memory / 1e9:.1f} GB")
        return CrashingError(name=name)
