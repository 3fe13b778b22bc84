"""PDF files by PDFium: the text layer, page by page."""

import ctypes
import re
import threading
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.errors import (
    DamagedError,
    EncryptedError,
    GarbledTextError,
    MislabelledError,
    NoTextError,
    TooLargeError,
)
from knowledge.model import Block, BlockKind, Metadata, PageText, Reading
from knowledge.readers.guard import check_text_size, kind_of, library_failures
from knowledge.readers.metadata import Hints, describe
from knowledge.readers.pdf_lines import (
    Line,
    Paragraph,
    bare_number,
    ends_open,
    furniture_of,
    joined,
    levels_of,
    paragraphs,
    printed_numbers,
    shape_of,
    tightened,
)
from knowledge.readers.plausible import is_garbled
from knowledge.text import clean

_MOST_PAGES: Final = 3000
_PASSWORD_NEEDED: Final = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
_HYPHEN: Final = re.compile("[\ufffe\x02](?=\\s|$)")
# Kangxi radicals, CJK compatibility forms and ligatures stand for the plain letters; full-width
# forms and punctuation are left as printed, for quotes are verbatim.
_COMPATIBLE: Final = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06\U0002f800-\U0002fa1f]")
_LOST: Final = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
_LOST_SHARE: Final = 0.3
_LOCK: Final = threading.Lock()
"""PDFium is not safe for threads: one file at a time."""


class PdfReader:
    """Reads the text layer of PDF files; pages are pages, with the numbers printed on them."""

    suffixes = frozenset({".pdf"})

    def read(self, data: bytes, name: str) -> Reading:
        """Read a PDF; pages without text are named in the remarks."""
        kind = kind_of(data)
        if kind != "a PDF file":
            raise MislabelledError(name=name, expected="PDF", actual=kind or "something else")
        with _LOCK, library_failures(name):
            document = _open(data, name)
            try:
                lines, labels = _pages(document, name)
                hints = _hints(document)
            finally:
                document.close()
        garbled = [index for index, page in enumerate(lines) if is_garbled(_letters(page))]
        lines = [[] if index in set(garbled) else page for index, page in enumerate(lines)]
        without = [i for i, page in enumerate(lines) if not page and i not in set(garbled)]
        if not any(lines):
            raise (GarbledTextError if garbled else NoTextError)(name=name)
        pages = _page_texts(lines, labels)
        named = {"pages-without-text": without, "pages-garbled": garbled}
        remarks = tuple(f"{what}:{_ranges(which)}" for what, which in named.items() if which)
        return Reading("application/pdf", True, pages, _metadata(pages, name, hints), None, remarks)


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


def _pages(document: Any, name: str) -> tuple[list[list[Line]], list[str | None]]:
    lines: list[list[Line]] = []
    labels: list[str | None] = []
    size = 0
    for index in range(len(document)):
        page_lines = _lines_of_page(document, index)
        size += sum(len(line.text) for line in page_lines)
        check_text_size(size, name)
        lines.append(page_lines)
        labels.append(bare_number(clean(document.get_page_label(index) or "").strip()) or None)
    return lines, labels


def _letters(lines: Sequence[Line]) -> str:
    return "".join(line.text for line in lines)


def _lines_of_page(document: Any, index: int) -> list[Line]:
    """The lines of one page in PDFium's order; none when the page is broken or unreadable."""
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return []
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return []
    count = textpage.count_chars()
    codes = [pdfium.FPDFText_GetUnicode(textpage, position) for position in range(count)]
    raw = "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)
    visible = [letter for letter in raw if not letter.isspace() and letter not in "\0\r\n"]
    if visible and sum(bool(_LOST.match(letter)) for letter in visible) > _LOST_SHARE * len(
        visible
    ):
        return []
    lines: list[Line] = []
    start = 0
    for end in [*(match.start() for match in re.finditer("\n", raw)), count]:
        line = _line(textpage, raw, start, end)
        if line is not None:
            lines.append(line)
        start = end + 1
    return _merged(lines)


def _line(textpage: Any, raw: str, start: int, end: int) -> Line | None:
    text = normalised(raw[start:end])
    if not text:
        return None
    boxes = [
        box
        for position in _sampled(raw, start, end)
        if (box := _box(textpage, position)) is not None
    ]
    if not boxes:
        return Line(text, 0.0, 0.0, 0.0, 0.0, 10.0)
    return Line(
        text,
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        bottom=min(box[1] for box in boxes),
        top=max(box[3] for box in boxes),
        # Latin letters among Han have a lower box, so the highest tells the type size.
        size=max(1.0, *(box[3] - box[1] for box in boxes)),
    )


def _sampled(raw: str, start: int, end: int) -> list[int]:
    """Positions of a line's first three and last two visible characters: enough for its place."""
    visible = [position for position in range(start, end) if raw[position].strip("\0\r\n\ufffe ")]
    return sorted({*visible[:3], *visible[-2:]})


def _box(textpage: Any, position: int) -> tuple[float, float, float, float] | None:
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(textpage, position, ctypes.byref(box)):
        return None
    return box.left, box.bottom, box.right, box.top


def _merged(lines: Sequence[Line]) -> list[Line]:
    """Put together pieces of one printed line that PDFium gives as several."""
    merged: list[Line] = []
    for line in lines:
        above = merged[-1] if merged else None
        if (
            above is not None
            and abs(above.bottom - line.bottom) < 0.3 * above.size
            and abs(above.size - line.size) < 0.3 * above.size
            and -0.3 * above.size < line.left - above.right < 1.2 * above.size
        ):
            merged[-1] = Line(
                joined((above.text, line.text)),
                above.left,
                line.right,
                min(above.bottom, line.bottom),
                max(above.top, line.top),
                above.size,
            )
        else:
            merged.append(line)
    return merged


def normalised(raw: str) -> str:
    """A printed line as text: plain letters, nothing invisible, broken words marked by a hyphen."""
    text = _HYPHEN.sub("-", raw.rstrip("\r\n"))
    text = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = clean(_LOST.sub("", text))
    return tightened(" ".join(text.replace("\u3000", " ").split()))


def _page_texts(
    lines: Sequence[Sequence[Line]], labels: Sequence[str | None]
) -> tuple[PageText, ...]:
    furniture = furniture_of(lines)
    numbers = printed_numbers(lines, furniture)
    shape = shape_of(lines)
    made = [
        paragraphs(page, edge, shape=shape) for page, edge in zip(lines, furniture, strict=True)
    ]
    headings = [part.size for page in made for part in page if part.level is not None]
    levels = levels_of(headings)
    return tuple(
        _page_text(page, label or number, levels)
        for page, label, number in zip(made, labels, numbers, strict=True)
    )


def _page_text(parts: Sequence[Paragraph], label: str | None, levels: dict[float, int]) -> PageText:
    texts: list[str] = []
    blocks: list[Block] = []
    size = 0
    for part in parts:
        if not part.text:
            continue
        kind = BlockKind.PARAGRAPH if part.level is None else BlockKind.HEADING
        kind = BlockKind.FURNITURE if part.furniture else kind
        level = levels[part.size] if kind is BlockKind.HEADING else None
        blocks.append(Block(kind, size, size + len(part.text), level))
        text = part.text + (" " if kind is BlockKind.PARAGRAPH and ends_open(part.text) else "")
        texts.append(text)
        size += len(text) + 1
    return PageText("\n".join(texts), label, tuple(blocks))


def _hints(document: Any) -> Hints:
    claimed = document.get_metadata_dict()
    author = clean(claimed.get("Author") or "").strip()
    return Hints(title=clean(claimed.get("Title") or ""), authors=_people(author))


def _people(author: str) -> tuple[str, ...]:
    names = [name.strip() for name in re.split(r"[;；、,，]", author)]
    is_name = re.compile(r"(?!用户|微软|管理员|匿名|未知)[\u4e00-\u9fff·]{2,4}$")
    return tuple(names) if all(map(is_name.match, names)) else ()


def _metadata(pages: Sequence[PageText], name: str, hints: Hints) -> Metadata:
    lines = [
        line
        for page in pages
        for block in page.blocks
        if block.kind is not BlockKind.FURNITURE
        for line in page.text[block.start : block.end].split("\n")
    ]
    return describe(lines, name, hints=hints)


def _ranges(indexes: Sequence[int]) -> str:
    """1-based page numbers: ``3-5,8``."""
    ranges: list[tuple[int, int]] = []
    for number in (index + 1 for index in indexes):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ",".join(f"{first}-{last}" if first < last else str(first) for first, last in ranges)
