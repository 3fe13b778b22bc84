"""Boxes around words on the picture of a page, as a reader would mark them by hand."""

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw

from knowledge.places import Box

COLOURS: Final = 64
MARGIN: Final = 1.5
"""Points left free between the words and the frame."""
_MARKER: Final = (255, 226, 122)
"""Multiplied with what is printed: black stays black, as under a real marker."""
_FRAME: Final = (122, 75, 0)
"""Dark enough to be seen in grey print and by who does not see yellow."""
_LINE: Final = 500
"""The frame is one pixel thick for as many pixels of the picture's width, rounded up."""


def boxed(png: bytes, regions: Sequence[Box], *, width: float, height: float) -> bytes:
    """Draw regions of a page into its picture; no regions, the same bytes.

    Args:
        png: the picture of the whole page.
        regions: in points from the page's upper left corner.
        width: of the page, in points.
        height: of the page, in points.
    """
    if not regions:
        return png
    with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
        picture = _limited(opened)
    across, down = picture.width / width, picture.height / height
    shapes = [_shape(region, across, down) for region in regions]
    # The palette gets each colour a second time, as seen under the marker, and the frame's.
    plain = (picture.getpalette("RGB") or [])[: 3 * COLOURS]
    plain += [0] * (3 * COLOURS - len(plain))
    marked = [round(c * _MARKER[i % 3] / 255) for i, c in enumerate(plain)]
    picture.putpalette([*plain, *marked, *_FRAME])
    under = [colour + COLOURS if colour < COLOURS else colour for colour in range(256)]
    for shape in shapes:
        # Empty where a box lies outside of the picture.
        if (inside := _clipped(shape, picture)) is not None:
            picture.paste(picture.crop(inside).point(under), inside)
    pen = ImageDraw.Draw(picture)
    for left, top, right, bottom in shapes:
        line = -(-picture.width // _LINE)
        pen.rectangle((left, top, right - 1, bottom - 1), outline=2 * COLOURS, width=line)
    return _png(picture)


def packed(picture: Image.Image) -> bytes:
    """The picture as a small PNG: a palette makes a page of print a third of its size."""
    return _png(picture.convert("RGB").quantize(COLOURS))


def _limited(picture: Image.Image) -> Image.Image:
    if picture.mode == "P" and not any(picture.histogram()[COLOURS:]):
        return picture.copy()
    return picture.convert("RGB").quantize(COLOURS)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _shape(region: Box, across: float, down: float) -> tuple[int, int, int, int]:
    left, top = round((region.left - MARGIN) * across), round((region.top - MARGIN) * down)
    right, bottom = round((region.right + MARGIN) * across), round((region.bottom + MARGIN) * down)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _clipped(
    shape: tuple[int, int, int, int], picture: Image.Image
) -> tuple[int, int, int, int] | None:
    left, top, right, bottom = shape
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, picture.width), min(bottom, picture.height)
    return (left, top, right, bottom) if left < right and top < bottom else None
