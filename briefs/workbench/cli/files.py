"""Files that a command is given to read."""

import errno
from pathlib import Path
from typing import Final

from briefs.workbench.cli import console
from knowledge.errors import MissingFileError, NotAllowedError

_REASONS: Final = {
    errno.ENOENT: "usage.reason.missing",
    errno.EACCES: "usage.reason.denied",
    errno.EPERM: "usage.reason.denied",
    errno.EISDIR: "usage.reason.folder",
    errno.ENOTDIR: "usage.reason.no_folder",
    errno.ENOSPC: "usage.reason.full",
    errno.EROFS: "usage.reason.read_only",
    errno.ENAMETOOLONG: "usage.reason.long",
}


def read_bytes(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        MissingFileError: nothing is there.
        NotAllowedError: the system does not give it.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFileError(path=path) from error
    except OSError as error:
        raise NotAllowedError(path=path, reason=reason_of(error)) from error
    except ValueError as error:
        # A path with a NUL, which no system takes.
        raise MissingFileError(path=repr(str(path))) from error


def read_text(path: Path) -> str:
    """A text file in UTF-8, else as Chinese Windows writes it (GB 18030); never fails on bytes.

    Raises:
        MissingFileError: nothing is there.
        NotAllowedError: the system does not give it.
    """
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def reason_of(error: OSError) -> str:
    """Why the system did not give or take a file, in the words of the interface."""
    key = _REASONS.get(error.errno or 0)
    return console.words()(key) if key else error.strerror or str(error)
