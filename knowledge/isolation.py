"""Runs work on untrusted bytes in a process of its own, with limits that the system enforces.

The process is started when first needed and serves one request at a time. It is ended and
started anew after anything that could have left it in doubt: a crash, an overrun, a refusal of
memory, or many requests. The other side of the pipe is a module that calls `serve`.

What the process may not do: use the network, start processes, write, rename or delete files. A
hook of the interpreter refuses it; where the system allows, the process has no network at all and
the kernel lets it write nothing. It dies with its parent.
"""

import ctypes
import faulthandler
import json
import os
import signal
import struct
import subprocess  # nosec B404 – no shell, and no argument that a person gives
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final

_FRAME: Final = struct.Struct("<IQ")
_LARGEST: Final = 2**30
_GRACE_SECONDS: Final = 5
_NO_ROOM: Final = 87
"""Exit code of a process that cannot hold its request."""
_FORBIDDEN: Final = (
    "socket.",
    "subprocess.",
    *(f"os.{call}" for call in ("exec", "fork", "kill", "posix_spawn", "spawn", "system")),
    *(f"os.{call}" for call in ("link", "mkdir", "remove", "rename", "rmdir", "symlink")),
    *(f"os.{call}" for call in ("chmod", "chown", "truncate", "utime", "setxattr")),
)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # unshare(2)

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

    def __init__(self, trouble: Trouble, reason: str = "") -> None:
        super().__init__(f"{trouble.value}: {reason}" if reason else trouble.value)
        self.trouble = trouble
        self.reason = reason
        """What is known of a crash, for the log."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may use."""

    seconds: float
    """For one request, on the wall's clock."""
    memory: int
    """Bytes of address space."""
    processor: float | None = None
    """Seconds of the processor for one request, where the system counts them: a busy machine
    makes nobody late."""
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
        self.peak: int | None = None
        """Bytes of memory that the process had held at its last answer, at the most at any one
        moment of its life; None where the system does not tell."""

    def call(
        self,
        operation: str,
        payload: bytes = b"",
        *,
        values: Values | None = None,
        patience: float = 1.0,
    ) -> tuple[Values, bytes]:
        """Have one request answered.

        Args:
            operation: the name of a handler on the other side.
            payload: bytes for it.
            values: JSON values for it.
            patience: how many times the limits' seconds are allowed.

        Raises:
            IsolationError: no answer; the reason is one of `Trouble`.
        """
        seconds = self._limits.seconds * patience
        request = {
            "operation": operation,
            "values": dict(values or {}),
            "seconds": seconds,
            "processor": (self._limits.processor or 0) * patience,
        }
        with self._lock:
            try:
                process = self._running()
            except OSError as error:
                raise IsolationError(Trouble.CRASH, str(error)) from error
            deadline = _Deadline(process, seconds)
            try:
                with deadline:
                    _write(_pipe(process.stdin), request, payload)
                    head, body = _read(_pipe(process.stdout))
                    found, trouble = dict(head["values"]), head["trouble"]
                    reason, self.peak = str(head["reason"]), head["peak"]
            except (OSError, EOFError, LookupError, TypeError, ValueError) as error:
                trouble = Trouble.TIME if deadline.passed else _why(process)
                self._end()
                raise IsolationError(trouble) from error
            except BaseException:
                self._end()
                raise
            self._served += 1
            if trouble or deadline.passed or self._served >= self._limits.requests:
                self._end()
            if trouble:
                raise IsolationError(Trouble(trouble), reason)
            return found, body

    def renew(self) -> None:
        """Have the next request answered by a new process."""
        self.close()

    def close(self) -> None:
        """End the process, if it runs; waits for a request that is being answered."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            # -P: nothing is imported from the folder that the person happens to stand in.
            self._process = subprocess.Popen(  # nosec B603 – this interpreter, our own module
                [sys.executable, "-P", "-m", self._module, str(self._limits.memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_environment()},
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

    The process first shuts itself in. What libraries print goes nowhere. A handler that fails ends
    it: its other side hears of a crash.
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
        except MemoryError:
            os._exit(_NO_ROOM)
        # Should the other side be gone, nobody else would end an endless parse.
        faulthandler.dump_traceback_later(head["seconds"] + _GRACE_SECONDS, exit=True)
        _count_processor(head["processor"])
        values, body, trouble, reason = _answer(handlers, head, payload)
        _count_processor(0)
        faulthandler.cancel_dump_traceback_later()
        del payload
        answer = {"values": dict(values), "trouble": trouble, "reason": reason, "peak": _peak()}
        try:
            _write(answers, answer, body)
        except BrokenPipeError:
            return


def _answer(
    handlers: Mapping[str, Handler], head: Values, payload: bytes
) -> tuple[Values, bytes, Trouble | None, str]:
    try:
        values, body = handlers[head["operation"]](head["values"], payload)
    except MemoryError:
        return {}, b"", Trouble.MEMORY, ""
    except Exception as error:  # noqa: BLE001 – the outermost frame of this process
        return {}, b"", Trouble.CRASH, f"{type(error).__name__}: {error}"[:500]
    return values, body, None, ""


def _count_processor(seconds: float) -> None:
    """Have the kernel end this process after so many seconds of work; 0 calls it off."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _confine(*, memory: int) -> None:
    sys.dont_write_bytecode = True
    if sys.platform == "linux":
        # Best effort: the kernel may forbid it, or another thread may run already.
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
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
                resource.setrlimit(kind, (bounded, bounded))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        threading.Thread(target=_follow, args=(os.getppid(),), daemon=True).start()
    sys.addaudithook(_refuse)


def _follow(parent: int) -> None:
    """End with the parent, even amid a request: one that was killed cannot end us."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        _, _, flags = arguments
        refused = isinstance(flags, int) and flags & _WRITING
    else:
        refused = event.startswith(_FORBIDDEN)
    if refused:
        raise PermissionError(f"{event} is not for a process that reads files")


def _peak() -> int | None:
    with suppress(OSError), Path("/proc/self/status").open(encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


def _environment() -> dict[str, str]:
    # A thread at start would keep the process from giving up the network; BLAS makes some.
    return {"PYTHONPATH": str(Path(__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"}


class _Deadline:
    """Kills the process when its time is over; `passed` tells that it did."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self._timer = threading.Timer(seconds, self._end)
        self.passed = False

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.passed = True
        self._process.kill()


def _why(process: subprocess.Popen[bytes]) -> Trouble:
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    if sys.platform != "win32" and process.returncode == -signal.SIGPROF:
        return Trouble.TIME
    # SIGKILL that we did not send is the system's way with a process that takes all memory.
    killed = sys.platform != "win32" and process.returncode == -signal.SIGKILL
    return Trouble.MEMORY if killed or process.returncode == _NO_ROOM else Trouble.CRASH


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
    if size > _LARGEST:
        raise ValueError("the other side announces more than it may send")
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
