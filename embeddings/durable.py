"""Files that are either whole or absent: written aside, flushed to disk, then renamed.

A rename on one file system is atomic (POSIX ``rename``), but only a flushed file, renamed in a
folder that is flushed afterwards, is sure to survive a loss of power.
"""

import hashlib
import os
import sys
from pathlib import Path

TEMPORARY_SUFFIX = ".tmp"
"""Files of this ending are remains of an interrupted write and may be deleted."""


def sync_file(path: Path) -> None:
    """Flush a file's content to disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Flush a folder's list of names to disk, so that a rename in it lasts."""
    if sys.platform == "win32":  # Windows cannot open a folder, and flushes renames itself.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publish(temporary: Path, path: Path) -> None:
    """Give a finished file its final name in the same folder, replacing what is there."""
    sync_file(temporary)
    os.replace(temporary, path)  # noqa: PTH105 - the tests stop exactly this call
    sync_folder(path.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Write a small file whole: after any interruption it holds the old or the new content."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    temporary.write_bytes(content)
    publish(temporary, path)


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
