"""What else is drawn on a PDF page, and whether its typefaces name their characters."""

import ctypes
import re
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.readers.pdf_chars import function_of

_DEPTH: Final = 4
_MOST_OBJECTS: Final = 5000
_SAMPLE: Final = 40
_COVERED: Final = 0.5
_FEW: Final = 50
_PICTURE: Final = 0.01
_MANY_PATHS: Final = 20
_OUTLINES: Final = 200
_unmapped: Final = function_of(pdfium.FPDFText_HasUnicodeMapError, ctypes.c_int)
_IDENTITY_MAP: Final = re.compile(rb"/ToUnicode\s*/Identity")
_COMPOSITE: Final = re.compile(rb"<<[^<>]*/Subtype\s*/Type0\b[^<>]*>>")
_GLYPH_NUMBERS: Final = re.compile(rb"/Encoding\s*/Identity-")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn on a page besides characters."""

    pictures: float
    """Share of the page that images cover, at most 1."""
    paths: int
    segments: int
    """Straight lines and curves of all paths: letters drawn as outlines have very many."""


def shows_more(page: Any, visible: int) -> bool:
    """Whether a page with few characters shows words that it does not hold.

    Pictures over half of the page beside a few characters (a scan with a stamp), or, without any
    character, a picture or outlines of letters at all.

    Args:
        page: of pypdfium2.
        visible: how many visible characters its text layer has.
    """
    if visible >= _FEW:
        return False
    drawn = _drawn(page)
    if visible:
        return drawn.pictures >= _COVERED
    return drawn.pictures >= _PICTURE or drawn.paths >= _MANY_PATHS or drawn.segments >= _OUTLINES


def _drawn(page: Any) -> Drawn:
    width, height = page.get_size()
    covered = 0.0
    paths = segments = 0
    for count, item in enumerate(page.get_objects(max_depth=_DEPTH)):
        if count > _MOST_OBJECTS:
            break
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            covered += _area(item)
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
            segments += max(0, int(pdfium.FPDFPath_CountSegments(item)))
    return Drawn(min(1.0, covered / max(width * height, 1.0)), paths, segments)


def _area(item: Any) -> float:
    try:
        left, bottom, right, top = map(float, item.get_bounds())
    except pypdfium2.PdfiumError:
        return 0.0
    return float((right - left) * (top - bottom))


def unmapped_share(textpage: Any, count: int) -> float:
    """The share of a page's characters whose typeface does not say which they are, by a sample."""
    if not count:
        return 0.0
    sampled = range(0, count, max(1, count // _SAMPLE))
    faults = map(_unmapped, repeat(ctypes.addressof(textpage.raw.contents)), sampled)
    return [fault == 1 for fault in faults].count(True) / len(sampled)


def has_identity_map(data: bytes) -> bool:
    """Whether a typeface names its characters by a map that says nothing (seen in broken files)."""
    return _IDENTITY_MAP.search(data) is not None


def has_bare_typeface(data: bytes) -> bool:
    """Whether a typeface prints numbered shapes and does not say which characters they are.

    PDFium then guesses by the collection that the numbers are of. Seen only where the file's
    objects are not compressed.
    """
    return any(
        _GLYPH_NUMBERS.search(typeface.group()) and b"/ToUnicode" not in typeface.group()
        for typeface in _COMPOSITE.finditer(data)
    )
