"""A page of a PDF or a picture, at the resolution that recognition reads best."""

import io
from contextlib import suppress
from typing import Final, Self

import numpy as np
import pypdfium2
from PIL import Image, ImageOps

from knowledge.errors import UnknownRecordError
from knowledge.readers.drawing import MOST_PIXELS
from knowledge.readers.guard import PDFIUM, kind_of
from knowledge.recognition.glyphs import Picture

_POINTS_AN_INCH: Final = 72
_USUAL: Final = 150
"""Dots an inch of a page that is no scan: it is drawn."""
_LONGEST: Final = 2400
"""Pixels of the longer side: A4 at 200 dots an inch."""
_SHORTEST: Final = 1300
"""Coarser scans are drawn larger, up to `_ENLARGED` times: half as many lines again are found."""
_ENLARGED: Final = 2.0
_SCANNED: Final = 0.5
"""Share of the page's width that a picture has if the page is a scan."""
_A4_HEIGHT: Final = 842.0
_DENSITIES: Final = range(50, 1201)
_FAILURES: Final = (
    pypdfium2.PdfiumError,
    Image.DecompressionBombError,
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
)


class Canvas:
    """An open PDF or picture file; not safe in several threads.

    Raises:
        UnknownRecordError: it cannot be opened; `page`: there is no such page, or it is broken.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._document = None
            if kind_of(data) == "a PDF file":
                self._document = pypdfium2.PdfDocument(data)
            self._image = None if self._document else Image.open(io.BytesIO(data))
        except _FAILURES as error:
            raise UnknownRecordError(kind="page", id=1) from error

    def page(self, number: int) -> tuple[Picture, float]:
        """A page as rows × columns × 3 colours, and the size of a pixel in points.

        Args:
            number: 1-based; the frames of a picture file count as pages.
        """
        try:
            if self._document is not None:
                with PDFIUM:
                    return _drawn(self._document, number)
            if self._image is not None:
                return _frame(self._image, number)
        except _FAILURES as error:
            raise UnknownRecordError(kind="page", id=number) from error
        raise UnknownRecordError(kind="page", id=number)

    def close(self) -> None:
        """Let go of the file."""
        if self._document is not None:
            self._document.close()
        if self._image is not None:
            self._image.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def _drawn(document: pypdfium2.PdfDocument, number: int) -> tuple[Picture, float]:
    page = document[number - 1]
    wide, tall = page.get_size()
    density = _density(page, wide)
    scale = density * _enlarged(density * max(wide, tall))
    picture = np.array(page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3])
    page.close()
    # The picture's sides are whole pixels; the page's need not be.
    return picture, tall / picture.shape[0]


def _density(page: pypdfium2.PdfPage, width: float) -> float:
    """Pixels a point of the pictures on a scan; the usual for a page that is none."""
    densest = 0.0
    for picture in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,), max_depth=2):
        with suppress(pypdfium2.PdfiumError):
            left, bottom, right, top = picture.get_bounds()
            if max(right - left, top - bottom) >= _SCANNED * width:
                across, down = picture.get_px_size()
                densest = max(densest, max(across, down) / max(right - left, top - bottom))
    return densest or _USUAL / _POINTS_AN_INCH


def _frame(image: Image.Image, number: int) -> tuple[Picture, float]:
    if number < 1:
        raise EOFError
    image.seek(number - 1)
    if image.width * image.height > MOST_PIXELS:
        raise Image.DecompressionBombError
    upright = ImageOps.exif_transpose(image)
    points = _pixel_size(image)
    if upright.has_transparency_data:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    longest = max(upright.size)
    by = _enlarged(longest)
    size = (max(round(upright.width * by), 1), max(round(upright.height * by), 1))
    drawn = upright.convert("RGB").resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.array(drawn), points * longest / max(drawn.size)


def _enlarged(longest: float) -> float:
    """By how much a picture of so many pixels is made larger, or smaller."""
    return min(max(_SHORTEST / longest, 1.0), _ENLARGED, _LONGEST / longest)


def _pixel_size(image: Image.Image) -> float:
    """In points: as the file says, if it can be true; else as if it were an A4 page."""
    density = image.info.get("dpi", (0, 0))[0]
    if round(density) in _DENSITIES:
        return _POINTS_AN_INCH / float(density)
    return _A4_HEIGHT / max(image.size)
