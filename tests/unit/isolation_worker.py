"""A process for `tests.unit.test_isolation` that misbehaves as it is asked to."""

import ctypes
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from knowledge.isolation import Handler, Values, serve


def _echo(values: Values, data: bytes) -> tuple[Values, bytes]:
    return {**values, "pid": os.getpid()}, data[::-1]


def _spin(_values: Values, _data: bytes) -> tuple[Values, bytes]:
    while True:
        pass


def _sleep(values: Values, _data: bytes) -> tuple[Values, bytes]:
    time.sleep(values["seconds"])
    return {}, b""


def _hoard(_values: Values, _data: bytes) -> tuple[Values, bytes]:
    held = [bytearray(2**26) for _ in range(2**10)]
    return {"held": len(held)}, b""


def _abort(_values: Values, _data: bytes) -> tuple[Values, bytes]:
    os.abort()


def _fault(_values: Values, _data: bytes) -> tuple[Values, bytes]:
    return {"word": ctypes.string_at(8)}, b""


def _fail(_values: Values, _data: bytes) -> tuple[Values, bytes]:
    raise ZeroDivisionError("an unforeseen case")


def _chatter(_values: Values, _data: bytes) -> tuple[Values, bytes]:
    print("what a library prints" * 10_000)
    os.write(1, b"straight to the descriptor")
    return {}, b"quiet"


def _lie(_values: Values, _data: bytes) -> tuple[Values, bytes]:
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b"\xff" * 64)
        except OSError:
            continue
    os._exit(0)


def _try(values: Values, _data: bytes) -> tuple[Values, bytes]:
    place = values["place"]
    deeds: dict[str, Callable[[], object]] = {
        "connect": lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
        "resolve": lambda: socket.getaddrinfo("example.invalid", 80),
        "popen": lambda: subprocess.run(["true"], check=False),
        "system": lambda: os.system("true"),
        "fork": os.fork,
        "exec": lambda: os.execv(sys.executable, ["python"]),
        "write": lambda: Path(place, "new").write_text("x", encoding="ascii"),
        "append": lambda: os.open(Path(place, "kept"), os.O_RDWR),
        "remove": lambda: Path(place, "kept").unlink(),
        "rename": lambda: Path(place, "kept").rename(Path(place, "moved")),
        "mkdir": lambda: Path(place, "folder").mkdir(),
        "chmod": lambda: Path(place, "kept").chmod(0o777),
        "kill": lambda: os.kill(os.getppid(), 0),
    }
    try:
        deeds[values["deed"]]()
    except PermissionError as error:
        return {"refused": str(error)}, b""
    return {"refused": ""}, b""


HANDLERS: dict[str, Handler] = {
    "abort": _abort,
    "chatter": _chatter,
    "echo": _echo,
    "fail": _fail,
    "fault": _fault,
    "hoard": _hoard,
    "lie": _lie,
    "sleep": _sleep,
    "spin": _spin,
    "try": _try,
}

if __name__ == "__main__":
    serve(HANDLERS)
