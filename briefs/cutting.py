"""A figure's picture: the part of a page around the words that its evidence boxes."""

import io
from collections.abc import Iterable, Sequence
from typing import Final

from PIL import Image, ImageOps

from knowledge.model import Version
from knowledge.places import Box

_MARGIN: Final = 8.0
"""Points left around the words."""
_THIN: Final = 72.0
"""Words that are no higher than this, in points, are a caption: what they name stands beside."""
_BLANK: Final = 36.0
"""A band without words, at least as high in points, may hold a picture."""
_PDF: Final = "application/pdf"
_INK: Final = 245
"""What is darker than this grey is printed."""


def is_drawn(version: Version) -> bool:
    """Whether a version's file has a picture of its pages; else a page is typeset."""
    return version.media_type == _PDF or version.media_type.startswith("image/")


def area_of(shapes: Sequence[Box], lines: Iterable[Box], *, page: Box) -> tuple[Box, Box | None]:
    """Where a figure stands on its page, and where its picture may stand besides.

    Args:
        shapes: the words of its evidence, one at the least.
        lines: all printed lines of the page.
        page: the page, from its upper left corner.

    Returns:
        A box around `shapes`; and, where these are no more than a caption, the band above it that
        has no words, else the one below it. All in points.
    """
    around = Box(
        max(min(s.left for s in shapes) - _MARGIN, page.left),
        max(min(s.top for s in shapes) - _MARGIN, page.top),
        min(max(s.right for s in shapes) + _MARGIN, page.right),
        min(max(s.bottom for s in shapes) + _MARGIN, page.bottom),
    )
    if around.bottom - around.top > _THIN + 2 * _MARGIN:
        return around, None
    first, last = min(s.top for s in shapes), max(s.bottom for s in shapes)
    others = list(lines)
    above = max((line.bottom for line in others if line.bottom <= first + 1), default=page.top)
    below = min((line.top for line in others if line.top >= last - 1), default=page.bottom)
    bands = [Box(page.left, above, page.right, first), Box(page.left, last, page.right, below)]
    wide = (band for band in bands if band.bottom - band.top >= _BLANK)
    return around, next(wide, None)


def cropped(png: bytes, around: Box, band: Box | None, *, page: Box) -> bytes:
    """Cut a figure out of the picture of its page; same input, same bytes.

    Of the band without words what is printed in it is taken in; nothing where it is blank.

    Args:
        png: the picture of the whole page.
        around: as `area_of` gives it.
        band: as `area_of` gives it.
        page: the page, from its upper left corner; in points.
    """
    with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
        picture = opened.convert("RGB")
    across, down = picture.width / page.right, picture.height / page.bottom
    wanted = _pixels(around, across, down)
    if band is not None:
        inside = _pixels(band, across, down)
        ink = _ink(picture.crop(inside))
        if ink is not None and ink[3] - ink[1] >= _BLANK / 2 * down:
            left, top = ink[0] + inside[0], ink[1] + inside[1]
            right, bottom = ink[2] + inside[0], ink[3] + inside[1]
            edge = round(_MARGIN * across)
            top, bottom = max(top - edge, inside[1]), min(bottom + edge, inside[3])
            wanted = (
                min(wanted[0], max(left - edge, 0)),
                min(wanted[1], top),
                max(wanted[2], min(right + edge, picture.width)),
                max(wanted[3], bottom),
            )
    out = io.BytesIO()
    picture.crop(wanted).quantize(64).save(out, "PNG")
    return out.getvalue()


def _pixels(box: Box, across: float, down: float) -> tuple[int, int, int, int]:
    left, top = round(box.left * across), round(box.top * down)
    return (
        left,
        top,
        max(round(box.right * across), left + 1),
        max(round(box.bottom * down), top + 1),
    )


def _ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """Around what is printed; None on a blank."""
    grey = ImageOps.grayscale(picture)
    return grey.point([255 if shade < _INK else 0 for shade in range(256)]).getbbox()
