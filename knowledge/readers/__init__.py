"""One file's bytes into pages of text, whatever its format.

A format is a file of its own with a `Reader`; `readers` lists them. Everything that a reader
refuses is a subclass of `UnreadableError`, which says what to do.

The readers bring a library each, which together take longer to import than all the rest of the
application: they are imported when a file is to be read.
"""

from dataclasses import replace
from functools import cache
from pathlib import PurePath

from knowledge.errors import EmptyFileError, UnreadableError
from knowledge.model import Reading
from knowledge.protocols import Reader
from knowledge.readers.guard import ending_of, kind_of, refuse

__all__ = ["read_file", "reader_for", "readers", "suffixes"]


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader, in the order in which they are asked."""
    from knowledge.readers.docx import DocxReader
    from knowledge.readers.html import HtmlReader
    from knowledge.readers.mail import MailReader
    from knowledge.readers.pdf import PdfReader
    from knowledge.readers.pictures import PictureReader
    from knowledge.readers.plain import PlainReader
    from knowledge.readers.slides import SlidesReader
    from knowledge.readers.tables import TableReader

    return (
        PdfReader(),
        PictureReader(),
        DocxReader(),
        HtmlReader(),
        PlainReader(),
        TableReader(),
        MailReader(),
        SlidesReader(),
    )


@cache
def suffixes() -> frozenset[str]:
    """Every file ending that can be read, lower case, with its dot."""
    return frozenset(suffix for reader in readers() for suffix in reader.suffixes)


def reader_for(name: str, data: bytes) -> Reader:
    """Choose the reader by the file's ending; the reader checks the bytes against it.

    Raises:
        EmptyFileError: no bytes.
        UnsupportedFormatError: no reader has that ending; `OldOfficeError` and `ArchiveError`
            say more.
    """
    suffix = PurePath(name).suffix.lower()
    reader = _reader_of(suffix)
    if reader is None:
        refuse(name, suffix, data)
    if not data:
        raise EmptyFileError(name=name)
    return reader


def read_file(data: bytes, name: str) -> Reading:
    """Read a file's bytes: pure, touching neither disk nor network.

    A file whose bytes are plainly of another format that is read, whatever its ending says, is
    read as that, with the remark ``read-as:ENDING``; so is a text of an unknown ending.

    Raises:
        UnreadableError: a subclass that says why it cannot be read and what to do.
    """
    named, ending = _reader_of(PurePath(name).suffix.lower()), ending_of(data)
    told = None if ending is None else _reader_of(ending)
    # Marked-up text is text too: only an ending that says nothing gives way to it.
    differs = told is not None and told is not named
    if ending is not None and differs and (named is None or ending != ".html"):
        return _read_as(ending, data, name)
    if named is None and _is_text(data, name):
        return _read_as(".txt", data, name)
    return reader_for(name, data).read(data, name)


def _reader_of(suffix: str) -> Reader | None:
    return next((reader for reader in readers() if suffix in reader.suffixes), None)


def _read_as(ending: str, data: bytes, name: str) -> Reading:
    told = str(PurePath(name).with_suffix(ending))
    try:
        reading = reader_for(told, data).read(data, told)
    except UnreadableError as error:
        raise type(error)(**{**error.details, "name": name}) from error
    remarks = (*reading.remarks, f"read-as:{ending.removeprefix('.').upper()}")
    return replace(reading, remarks=remarks)


def _is_text(data: bytes, name: str) -> bool:
    from knowledge.readers.encoding import decode

    if kind_of(data) is not None or not data.strip():
        return False
    try:
        decode(data, name)
    except UnreadableError:
        return False
    return True
