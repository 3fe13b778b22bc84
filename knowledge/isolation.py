"""Runs work on untrusted bytes in a process of its own, with limits that the system enforces.

The process is started when first needed and serves one request at a time. It is ended and
started anew after anything that could have left it in doubt: a crash, an overrun, a refusal of
memory, or many requests. The other side of the pipe is a module that calls `serve`.
"""

import faulthandler
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO, Final

_FRAME: Final = struct.Struct("<IQ")
_GRACE_SECONDS: Final = 5
_NETWORK: Final = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto")
_PROCESSES: Final = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn")

Values = Mapping[str, Any]
"""What crosses the pipe beside the payload; JSON values."""
Handler = Callable[[Values, bytes], tuple[Values, bytes]]


class Trouble(StrEnum):
    """Why the process gave no answer."""

    TIME = "time"
    MEMORY = "memory"
    CRASH = "crash"


class IsolationError(Exception):
    """The process was ended without an answer; the next request gets a new one."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may use."""

    seconds: float
    """For one request, on the wall's clock."""
    memory: int
    """Bytes of address space."""
    requests: int = 200
    """After as many it is started anew."""


class Isolated:
    """A process that answers requests; safe in several threads, which wait for each other.

    Args:
        module: run as ``python -m module``; it calls `serve`.
        limits: for each request.
    """

    def __init__(self, module: str, limits: Limits) -> None:
        self._module = module
        self._limits = limits
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0

    def call(
        self, operation: str, payload: bytes = b"", *, values: Values | None = None
    ) -> tuple[Values, bytes]:
        """Have one request answered.

        Raises:
            IsolationError: no answer; the reason is one of `Trouble`.
        """
        with self._lock:
            process = self._running()
            timer = threading.Timer(self._limits.seconds, process.kill)
            timer.start()
            try:
                request = {"operation": operation, "values": dict(values or {})}
                _write(_pipe(process.stdin), request, payload)
                answer = _read(_pipe(process.stdout))
            except (BrokenPipeError, EOFError, OSError) as error:
                overran = not timer.is_alive()
                self._end()
                raise IsolationError(Trouble.TIME if overran else Trouble.CRASH) from error
            except BaseException:
                self._end()
                raise
            finally:
                timer.cancel()
            self._served += 1
            head, body = answer
            if head["trouble"] is not None:
                self._end()
                raise IsolationError(Trouble(head["trouble"]))
            if self._served >= self._limits.requests:
                self._end()
            return head["values"], body

    def close(self) -> None:
        """End the process, if it runs."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            command = [sys.executable, "-m", self._module, str(self._limits.memory)]
            self._process = subprocess.Popen(
                [*command, str(int(self._limits.seconds) + _GRACE_SECONDS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._served = 0
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    _pipe(pipe).close()
            process.wait()


def serve(handlers: Mapping[str, Handler]) -> None:
    """Answer requests on standard input until it ends; for the module that `Isolated` runs.

    Limits are set first, and the process may from then on neither use the network, start another
    process nor write a file. What libraries print goes nowhere.
    """
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _confine(memory=int(sys.argv[1]))
    while True:
        try:
            head, payload = _read(requests)
        except EOFError:
            return
        # Should the other side be gone, nobody else would end an endless parse.
        faulthandler.dump_traceback_later(int(sys.argv[2]), exit=True)
        try:
            values, body = handlers[head["operation"]](head["values"], payload)
            trouble = None
        except MemoryError:
            values, body, trouble = {}, b"", Trouble.MEMORY.value
        faulthandler.cancel_dump_traceback_later()
        with suppress(BrokenPipeError):
            _write(answers, {"values": dict(values), "trouble": trouble}, body)


def _confine(*, memory: int) -> None:
    if sys.platform != "win32":
        import resource

        for kind, limit in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            _, hard = resource.getrlimit(kind)
            bounded = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
            with suppress(ValueError, OSError):
                resource.setrlimit(kind, (bounded, hard))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: object) -> None:
    if event in _NETWORK or event in _PROCESSES:
        raise PermissionError(f"{event} is not for a process that reads files")


def _pipe(pipe: Any) -> BinaryIO:
    if pipe is None:
        raise BrokenPipeError
    found: BinaryIO = pipe
    return found


def _write(pipe: BinaryIO, head: Mapping[str, Any], payload: bytes) -> None:
    encoded = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    pipe.write(_FRAME.pack(len(encoded), len(payload)))
    pipe.write(encoded)
    pipe.write(payload)
    pipe.flush()


def _read(pipe: BinaryIO) -> tuple[Any, bytes]:
    size, payload = _FRAME.unpack(_exactly(pipe, _FRAME.size))
    head = json.loads(_exactly(pipe, size).decode("utf-8", "surrogatepass"))
    return head, _exactly(pipe, payload)


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
