"""Files from disk: their bytes within a limit, and their names as text."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from knowledge.errors import MissingFileError, NotAllowedError, TooLargeError

MAX_BYTES: Final = 200_000_000
"""Of one file."""


def load(path: Path) -> bytes:
    """Read a file of at most `MAX_BYTES`; a pipe or a device is no file.

    Raises:
        MissingFileError: nothing is there.
        NotAllowedError: the system does not give it, or it is no file.
        TooLargeError: it is larger.
    """
    shown = as_text(str(path.resolve()))
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise NotAllowedError(path=shown, reason="it is no file")
        check_size(as_text(path.name), about.st_size)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as problem:
        raise MissingFileError(path=shown) from problem
    except OSError as problem:
        raise NotAllowedError(path=shown, reason=problem.strerror) from problem
    check_size(as_text(path.name), len(data))
    return data


def check_size(name: str, size: int) -> None:
    """Refuse a file of more than `MAX_BYTES`.

    Raises:
        TooLargeError: it is.
    """
    if size > MAX_BYTES:
        limit = f"{MAX_BYTES / 1e6:.0f} MB"
        raise TooLargeError(name=name, size=f"{size / 1e6:.0f} MB", limit=limit)


def as_text(name: str) -> str:
    """A file name as text: one that is not UTF-8 is most likely from an old Chinese archive."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "backslashreplace")
