"""Scans that are pictures: PNG, JPEG and TIFF, every frame a page that waits for recognition."""

import io
from typing import Final

from PIL import Image, UnidentifiedImageError

from knowledge.errors import (
    DamagedError,
    MislabelledError,
    SmallPictureError,
    TooLargeError,
)
from knowledge.model import Layer, PageText, Reading
from knowledge.readers.drawing import MOST_PIXELS
from knowledge.readers.guard import kind_of, library_failures
from knowledge.readers.metadata import catalogue

_MOST_FRAMES: Final = 1000
_FEWEST_PIXELS: Final = 60_000
"""Icons and buttons of saved web pages have fewer."""
_FORMATS: Final = ("PNG", "JPEG", "TIFF", "MPO")
_EXPECTED: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".tif": "TIFF", ".tiff": "TIFF"}


class PictureReader:
    """Reads how many pages a picture has; what they say is for recognition to find."""

    suffixes = frozenset(_EXPECTED)

    def read(self, data: bytes, name: str) -> Reading:
        """Read a picture: its frames are pages without text, `Layer.WAITING`."""
        kind = kind_of(data)
        if kind != "an image":
            raise MislabelledError(name=name, expected="picture", actual=kind or "something else")
        with library_failures(name):
            media_type, frames = _opened(data, name)
        pages = (PageText("", layer=Layer.WAITING),) * frames
        catalogued = catalogue(pages, name)
        waiting = f"pages-without-text:1-{frames}" if frames > 1 else "pages-without-text:1"
        return Reading(
            media_type,
            True,
            pages,
            catalogued.metadata,
            remarks=(waiting,),
            grounds=catalogued.grounds,
        )


def _opened(data: bytes, name: str) -> tuple[str, int]:
    """Its media type and how many frames it has; the first is looked at in full."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            pixels = picture.width * picture.height
            if pixels < _FEWEST_PIXELS:
                raise SmallPictureError(name=name, size=f"{picture.width} × {picture.height}")
            frames = int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1
            if pixels > MOST_PIXELS or frames > _MOST_FRAMES:
                limit = f"{MOST_PIXELS / 1e6:.0f} megapixels, {_MOST_FRAMES:,} pages"
                size = f"{pixels / 1e6:.0f} megapixels, {frames:,} pages"
                raise TooLargeError(name=name, size=size, limit=limit)
            picture.load()
            return Image.MIME[picture.format or "TIFF"], frames
    except Image.DecompressionBombError as error:
        limit = f"{MOST_PIXELS / 1e6:.0f} megapixels"
        raise TooLargeError(name=name, size=str(error), limit=limit) from error
    except UnidentifiedImageError as error:
        raise DamagedError(name=name, reason="it is no PNG, JPEG or TIFF picture") from error
