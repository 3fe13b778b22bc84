"""A page of a PDF or a picture, drawn as a small PNG."""

import io
from contextlib import closing
from typing import Final

import pypdfium2
from PIL import Image, ImageOps

from knowledge.errors import UnknownRecordError
from knowledge.readers.guard import PDFIUM, kind_of

TALLEST: Final = 6400
"""Pixels of the longer way down; a page that would be taller is drawn smaller."""
COLOURS: Final = 64
MOST_PIXELS: Final = 100_000_000
"""A picture of more is not opened: A4 at 600 dpi has 35 million."""
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


def draw(data: bytes, page: int, *, width: int) -> bytes:
    """Draw a page as a PNG of at most `COLOURS` colours, upright as it is displayed.

    Pure: same bytes, page and width, same picture. Pictures (PNG, JPEG, TIFF …) count their frames
    as pages. Drawn in this process; `knowledge.readers.sandbox` has it done in one of its own.

    Args:
        data: the whole PDF or picture.
        page: 1-based.
        width: in pixels; a page taller than `TALLEST` at that width becomes narrower.

    Raises:
        UnknownRecordError: no such page, or it cannot be drawn.
    """
    if page < 1 or width < 1:
        raise UnknownRecordError(kind="page", id=page)
    try:
        if kind_of(data) == "a PDF file":
            picture = _of_pdf(data, page, width)
        else:
            picture = _of_picture(data, page, width)
        out = io.BytesIO()
        # A palette makes a page of print a third of its size, and keeps a red head red.
        picture.convert("RGB").quantize(COLOURS).save(out, "PNG")
    except _FAILURES as error:
        raise UnknownRecordError(kind="page", id=page) from error
    return out.getvalue()


def _of_pdf(data: bytes, page: int, width: int) -> Image.Image:
    with PDFIUM, closing(pypdfium2.PdfDocument(data)) as document:
        drawn = document[page - 1]
        wide, tall = drawn.get_size()
        scale = min(width / wide, TALLEST / tall)
        picture: Image.Image = drawn.render(scale=scale).to_pil()
        # The picture lies in memory that goes with the document.
        return picture.copy()


def _of_picture(data: bytes, page: int, width: int) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        opened.seek(page - 1)
        if opened.width * opened.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        picture = ImageOps.exif_transpose(opened)
        scale = min(width / picture.width, TALLEST / picture.height)
        size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
        if picture.has_transparency_data:
            paper = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(paper, picture.convert("RGBA"))
        return picture.convert("RGB").resize(size)
