"""What PDFium finds printed inside a rectangle: a witness that knows nothing of the reader."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.places import Box
from knowledge.readers.guard import PDFIUM

_FINE: Final = 100
"""Steps a point in which places on the page are asked for."""


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    across: float
    """Its middle, in points from the page's left edge as displayed."""
    down: float


class PrintedWitness:
    """Reads the characters of a PDF whose middle lies in a rectangle; close it after use.

    Characters stand in the order in which they are printed: from left to right, or from the top in
    a rectangle much taller than wide. PDFium itself turns and shifts the page as it is displayed.
    """

    def __init__(self, data: bytes) -> None:
        with PDFIUM:
            self._document = pypdfium2.PdfDocument(data)
        self._pages: dict[int, tuple[_Character, ...]] = {}

    def __enter__(self) -> "PrintedWitness":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the document."""
        with PDFIUM:
            self._document.close()

    def seen(self, page: int, regions: Sequence[Box]) -> tuple[str, ...]:
        """The words in each rectangle of a page (1-based)."""
        if page not in self._pages:
            with PDFIUM:
                self._pages[page] = tuple(_characters(self._document, page))
        return tuple(_inside(self._pages[page], region) for region in regions)


def text_of(data: bytes) -> str:
    """The words of all pages of a PDF as PDFium gives them, nothing else."""
    parts: list[str] = []
    with PDFIUM:
        document = pypdfium2.PdfDocument(data)
        try:
            for page in document:
                textpage = page.get_textpage()
                parts.append(textpage.get_text_range())
                textpage.close()
                page.close()
        finally:
            document.close()
    return "\n".join(parts)


def _inside(characters: Sequence[_Character], region: Box) -> str:
    inside = [
        one
        for one in characters
        if region.left <= one.across <= region.right and region.top <= one.down <= region.bottom
    ]
    vertical = region.bottom - region.top > 2 * (region.right - region.left)
    inside.sort(key=lambda one: one.down if vertical else one.across)
    return "".join(one.text for one in inside)


def _characters(document: Any, number: int) -> Iterator[_Character]:
    page = document[number - 1]
    textpage = page.get_textpage()
    wide, tall = (round(size * _FINE) for size in page.get_size())
    corners = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = corners
    across, down = ctypes.c_int(), ctypes.c_int()
    try:
        for index in range(textpage.count_chars()):
            code = pdfium.FPDFText_GetUnicode(textpage, index)
            text = chr(code) if code <= 0x10FFFF else "\ufffd"
            if text.isspace() or pdfium.FPDFText_IsGenerated(textpage, index) == 1:
                continue
            if not pdfium.FPDFText_GetCharBox(textpage, index, *map(ctypes.byref, corners)):
                continue
            middle = (left.value + right.value) / 2, (bottom.value + top.value) / 2
            pdfium.FPDF_PageToDevice(
                page, 0, 0, wide, tall, 0, *middle, ctypes.byref(across), ctypes.byref(down)
            )
            yield _Character(text, across.value / _FINE, down.value / _FINE)
    finally:
        textpage.close()
        page.close()
