"""One file's bytes into pages of text, whatever its format.

A format is a file of its own with a `Reader`; `READERS` lists them. Everything that a reader
refuses is a subclass of `UnreadableError`, which says what to do.
"""

from pathlib import PurePath
from typing import Final

from knowledge.errors import EmptyFileError, UnsupportedFormatError
from knowledge.model import Reading
from knowledge.protocols import Reader
from knowledge.readers.docx import DocxReader
from knowledge.readers.guard import refuse_archive
from knowledge.readers.html import HtmlReader
from knowledge.readers.pdf import PdfReader
from knowledge.readers.plain import PlainReader
from knowledge.readers.tables import TableReader

READERS: Final[tuple[Reader, ...]] = (
    PdfReader(),
    DocxReader(),
    HtmlReader(),
    PlainReader(),
    TableReader(),
)
SUFFIXES: Final = frozenset(suffix for reader in READERS for suffix in reader.suffixes)
"""Every file ending that can be read, lower case, with its dot."""

__all__ = ["READERS", "SUFFIXES", "read_file", "reader_for"]


def reader_for(name: str, data: bytes) -> Reader:
    """Choose the reader by the file's ending; the reader checks the bytes against it.

    Raises:
        EmptyFileError: no bytes.
        UnsupportedFormatError: no reader has that ending; `OldOfficeError` and `ArchiveError`
            say more.
    """
    suffix = PurePath(name).suffix.lower()
    for reader in READERS:
        if suffix in reader.suffixes:
            if not data:
                raise EmptyFileError(name=name)
            return reader
    refuse_archive(name, suffix)
    raise UnsupportedFormatError(name=name)


def read_file(data: bytes, name: str) -> Reading:
    """Read a file's bytes: pure, touching neither disk nor network.

    Raises:
        UnreadableError: a subclass that says why it cannot be read and what to do.
    """
    return reader_for(name, data).read(data, name)
