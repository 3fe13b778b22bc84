"""What readers share: limits, file kinds by magic bytes, library failures as our errors."""

import csv
import io
import lzma
import re
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, NoReturn

from lxml import etree

from knowledge.errors import (
    ArchiveError,
    DamagedError,
    EncryptedArchiveError,
    EncryptedError,
    MislabelledError,
    OldOfficeError,
    TooLargeError,
    UnreadableError,
    UnsupportedFormatError,
)

PDFIUM: Final = threading.Lock()
"""PDFium keeps global state: held by whatever uses it, one thread at a time in the process."""
LARGEST_TEXT: Final = 20_000_000
"""Characters in one file."""
_LARGEST_PACKAGE: Final = 200 * 2**20
_HIGHEST_RATIO: Final = 150
_RATIO_MATTERS_FROM: Final = 20 * 2**20
_MOST_ENTRIES: Final = 5000
_ENTITY_MARKS: Final = tuple(
    "<!ENTITY".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be")
)
_MAGIC: Final = (
    (b"PK\x03\x04", "a ZIP package"),
    (b"PK\x05\x06", "a ZIP package"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an OLE container"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"{\\rtf", "an RTF file"),
)
_MARKUP: Final = re.compile(rb"(?i)(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|\?xml|rss|feed)\b")
_ENDINGS: Final = {
    b"\x89PNG": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"II*\0": ".tif",
    b"MM\0*": ".tif",
}
_MEMBERS: Final = {
    "word/document.xml": ".docx",
    "xl/workbook.xml": ".xlsx",
    "ppt/presentation.xml": ".pptx",
}
_OLD_OFFICE: Final = frozenset({".doc", ".dot", ".xls", ".et", ".wps", ".wpt", ".ppt", ".dps"})
_ARCHIVES: Final = frozenset({".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz"})
# Everything pypdfium2, python-docx, openpyxl, trafilatura and lxml were seen to raise on fuzzed
# files; the list is long because they do not wrap what their own parsers raise.
_FAILURES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    csv.Error,
    etree.LxmlError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
)


@contextmanager
def library_failures(name: str) -> Iterator[None]:
    """Turn what a parsing library raises into `DamagedError`; a lack of memory is let through."""
    try:
        yield
    except UnreadableError:
        raise
    except _FAILURES as error:
        reason = str(error).split("\n", 1)[0][:120] or type(error).__name__
        raise DamagedError(name=name, reason=reason) from error


def kind_of(data: bytes) -> str | None:
    """Name what the magic bytes tell, None when they tell nothing (text, perhaps)."""
    if b"%PDF-" in data[:1024]:
        return "a PDF file"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def ending_of(data: bytes) -> str | None:
    """The file ending that the bytes call for; None when they do not tell for certain."""
    kind = kind_of(data)
    if kind == "a PDF file":
        return ".pdf"
    if kind == "a ZIP package":
        with suppress(*_FAILURES), zipfile.ZipFile(io.BytesIO(data)) as package:
            names = frozenset(package.namelist())
            return next((end for member, end in _MEMBERS.items() if member in names), None)
        return None
    if _MARKUP.match(data[:4096]):
        return ".html"
    return next((end for magic, end in _ENDINGS.items() if data.startswith(magic)), None)


def check_text_size(size: int, name: str) -> None:
    """Refuse more text than one document can hold."""
    if size > LARGEST_TEXT:
        raise TooLargeError(name=name, size=f"{size:,} characters", limit=f"{LARGEST_TEXT:,}")


def check_package(data: bytes, name: str, *, expected: str, member: str) -> None:
    """Make sure an Office file can be opened safely, before any library unpacks it.

    Args:
        data: the whole file.
        name: for messages.
        expected: the format by its ending, e.g. ``DOCX``.
        member: the part that such a file must have.

    Raises:
        EncryptedError: an encrypted Office file (an OLE container) or encrypted entries.
        OldOfficeError: an OLE container that is a DOC, XLS or WPS file.
        MislabelledError: another kind of file.
        TooLargeError: it would unpack to too much.
        DamagedError: not a sound ZIP package, or one that declares XML entities.
    """
    kind = kind_of(data)
    if kind == "an OLE container":
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EncryptedError(name=name)
        raise OldOfficeError(name=name)
    if kind != "a ZIP package":
        raise MislabelledError(name=name, expected=expected, actual=kind or "something else")
    with library_failures(name), zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        _check_sizes(entries, len(data), name)
        if member not in package.namelist():
            raise MislabelledError(name=name, expected=expected, actual=_other(package))
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                _check_entities(package, entry, name)


def _check_sizes(entries: list[zipfile.ZipInfo], size: int, name: str) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise EncryptedError(name=name)
    total = sum(entry.file_size for entry in entries)
    bomb = total > _RATIO_MATTERS_FROM and total > _HIGHEST_RATIO * size
    if total > _LARGEST_PACKAGE or bomb or len(entries) > _MOST_ENTRIES:
        raise TooLargeError(
            name=name,
            size=f"{total // 2**20} MiB unpacked in {len(entries)} parts",
            limit=f"{_LARGEST_PACKAGE // 2**20} MiB in {_MOST_ENTRIES}, {_HIGHEST_RATIO}-fold",
        )


def _check_entities(package: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
    with package.open(entry) as part:
        head = part.read(65_536)
    if any(mark in head for mark in _ENTITY_MARKS):
        raise DamagedError(name=name, reason="it declares XML entities, as no Office program does")


def _other(package: zipfile.ZipFile) -> str:
    names = package.namelist()
    known = {"word/": "DOCX", "xl/": "XLSX", "ppt/": "PPTX", "content.xml": "OpenDocument"}
    for start, kind in known.items():
        if any(member.startswith(start) for member in names):
            return f"a {kind} file"
    return "another ZIP package"


def refuse(name: str, suffix: str, data: bytes) -> NoReturn:
    """Raise the error that fits a file which no reader reads.

    Raises:
        OldOfficeError: a binary format of Word, Excel or WPS.
        ArchiveError: by its ending or by its bytes; `EncryptedArchiveError` says more.
        UnsupportedFormatError: anything else.
    """
    if suffix in _OLD_OFFICE:
        raise OldOfficeError(name=name)
    kind = kind_of(data)
    if suffix in _ARCHIVES or kind in {"an archive", "a ZIP package"}:
        raise (EncryptedArchiveError if _needs_password(data) else ArchiveError)(name=name)
    raise UnsupportedFormatError(name=name)


def _needs_password(data: bytes) -> bool:
    with suppress(*_FAILURES), zipfile.ZipFile(io.BytesIO(data)) as package:
        return any(entry.flag_bits & 1 for entry in package.infolist())
    return False
