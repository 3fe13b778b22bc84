"""PDF files by PDFium: the text layer, page by page."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.errors import (
    DamagedError,
    EmptyFileError,
    EncryptedError,
    MislabelledError,
    TooLargeError,
)
from knowledge.model import Layer, Reading
from knowledge.readers.guard import check_text_size, kind_of, library_failures
from knowledge.readers.legibility import legibility_of
from knowledge.readers.metadata import Hints, catalogue
from knowledge.readers.pdf_chars import Frame
from knowledge.readers.pdf_lines import Line
from knowledge.readers.pdf_look import (
    has_bare_typeface,
    has_identity_map,
    shows_more,
    unmapped_share,
)
from knowledge.readers.pdf_rows import Continued, tabled
from knowledge.readers.pdf_rules import rules_of
from knowledge.readers.pdf_text import Characters, characters_of, lines_of
from knowledge.readers.printed import PrintedPage, page_texts
from knowledge.readers.running_heads import bare_number
from knowledge.text import clean

_MOST_PAGES: Final = 3000
_A4: Final = (595.0, 842.0)
"""For a page that does not even tell its size."""
_PASSWORD_NEEDED: Final = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
_UNSURE: Final = "characters-unsure"
"""A remark: a typeface does not say which characters it prints."""
_LOCK: Final = threading.Lock()
"""PDFium is not safe for threads: one file at a time."""


class PdfReader:
    """Reads the text layer of PDF files; pages are pages, with the numbers printed on them."""

    suffixes = frozenset({".pdf"})

    def read(self, data: bytes, name: str) -> Reading:
        """Read a PDF, page by page.

        A page that shows words which the file does not hold, or holds wrongly, waits for
        recognition (`Layer.WAITING`) and has no text; a broken one is `Layer.UNREAD`. The remarks
        name both. Every page knows its size, the others where each character is printed.
        """
        kind = kind_of(data)
        if kind != "a PDF file":
            raise MislabelledError(name=name, expected="PDF", actual=kind or "something else")
        with _LOCK, library_failures(name):
            document = _open(data, name)
            try:
                taken = _pages(document, name, distrusted=has_identity_map(data))
                hints = _hints(document)
            finally:
                document.close()
        _refuse_empty(taken, name)
        pages = page_texts([page.printed for page in taken])
        catalogued = catalogue(pages, name, hints=hints)
        return Reading(
            "application/pdf",
            True,
            pages,
            catalogued.metadata,
            remarks=(*_remarks(taken), *([_UNSURE] if has_bare_typeface(data) else [])),
            grounds=catalogued.grounds,
        )


def _refuse_empty(taken: Sequence["_Taken"], name: str) -> None:
    states = {page.state for page in taken}
    if states == {State.BROKEN}:
        raise DamagedError(name=name, reason="none of its pages can be read")
    if states <= {State.BLANK, State.BROKEN}:
        raise EmptyFileError(name=name)


class State(StrEnum):
    """What a page of the file turned out to be; the values of the last three name remarks."""

    READ = "read"
    BLANK = "blank"
    WORDLESS = "pages-without-text"
    GARBLED = "pages-garbled"
    BROKEN = "pages-broken"


_LAYERS: Final = {
    State.READ: Layer.TEXT,
    State.BLANK: Layer.TEXT,
    State.WORDLESS: Layer.WAITING,
    State.GARBLED: Layer.WAITING,
    State.BROKEN: Layer.UNREAD,
}


@dataclass(frozen=True, slots=True)
class _Taken:
    """One page as it was found."""

    printed: PrintedPage
    state: State
    table: Continued | None = None
    """The table at its end."""


def _open(data: bytes, name: str) -> Any:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in _PASSWORD_NEEDED:
            raise EncryptedError(name=name) from error
        raise DamagedError(name=name, reason=str(error)) from error
    if len(document) == 0:
        document.close()
        raise DamagedError(name=name, reason="it has no pages")
    if len(document) > _MOST_PAGES:
        size = f"{len(document):,} pages"
        document.close()
        raise TooLargeError(name=name, size=size, limit=f"{_MOST_PAGES:,}")
    return document


def _pages(document: Any, name: str, *, distrusted: bool) -> list[_Taken]:
    taken: list[_Taken] = []
    size = 0
    table: Continued | None = None
    for index in range(len(document)):
        page = _page(document, index, distrusted=distrusted, above=table)
        table = page.table
        size += sum(len(line.text) for line in page.printed.lines)
        check_text_size(size, name)
        taken.append(page)
    return taken


def _page(document: Any, index: int, *, distrusted: bool, above: Continued | None) -> _Taken:
    label = bare_number(clean(document.get_page_label(index) or "").strip()) or None
    try:
        page = document[index]
        try:
            return _read(page, label, distrusted=distrusted, above=above)
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        return _Taken(PrintedPage(*_A4, (), label, Layer.UNREAD), State.BROKEN)


def _read(page: Any, label: str | None, *, distrusted: bool, above: Continued | None) -> _Taken:
    frame = Frame.of(page)
    textpage = page.get_textpage()
    try:
        characters = characters_of(textpage, frame)
        unmapped = 1.0 if distrusted else unmapped_share(textpage, len(characters.text))
        judged = legibility_of(characters.text, unmapped=unmapped)
        state = State.READ if judged.visible else State.BLANK
        if not judged.is_legible:
            state = State.GARBLED
        elif shows_more(page, judged.visible):
            state = State.WORDLESS
        lines: list[Line] = []
        table: Continued | None = None
        if state is State.READ:
            lines, table = _lines(page, textpage, characters, frame=frame, above=above)
    finally:
        textpage.close()
    printed = PrintedPage(*frame.size, tuple(lines), label, _LAYERS[state])
    return _Taken(printed, state, table)


def _lines(
    page: Any, textpage: Any, characters: Characters, *, frame: Frame, above: Continued | None
) -> tuple[list[Line], Continued | None]:
    rules = rules_of(page, frame)
    if rules is None:
        return lines_of(characters, textpage, frame), None
    parts = tabled(characters, rules, textpage, frame=frame, above=above)
    return lines_of(parts.rest, textpage, frame, rows=parts.rows), parts.last


def _remarks(taken: Sequence[_Taken]) -> tuple[str, ...]:
    named = {
        state: [index for index, page in enumerate(taken) if page.state is state]
        for state in (State.WORDLESS, State.GARBLED, State.BROKEN)
    }
    return tuple(f"{state}:{_ranges(which)}" for state, which in named.items() if which)


def _hints(document: Any) -> Hints:
    claimed = document.get_metadata_dict()
    author = clean(claimed.get("Author") or "").strip()
    return Hints(title=clean(claimed.get("Title") or ""), authors=_people(author))


def _people(author: str) -> tuple[str, ...]:
    names = [name.strip() for name in re.split(r"[;；、,，]", author)]
    is_name = re.compile(r"(?!用户|微软|管理员|匿名|未知)[\u4e00-\u9fff·]{2,4}$")
    return tuple(names) if all(map(is_name.match, names)) else ()


def _ranges(indexes: Sequence[int]) -> str:
    """1-based page numbers: ``3-5,8``."""
    ranges: list[tuple[int, int]] = []
    for number in (index + 1 for index in indexes):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ",".join(f"{first}-{last}" if first < last else str(first) for first, last in ranges)
