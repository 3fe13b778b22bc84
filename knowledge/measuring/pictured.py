"""What recognition reads in rectangles cut from a page: a witness for recognised words."""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from PIL import Image

from knowledge.places import Box, Places
from knowledge.readers.pdf_lines import Line
from knowledge.recognition.remote import RemoteRecogniser, UnreadPageError

Draw = Callable[[bytes, int, int], bytes]
"""File, page (1-based) and width in pixels → PNG, as `knowledge.readers.drawing.draw`."""
Recognise = Callable[[bytes], Sequence[Line]]
"""PNG → the lines on it, in points."""
_DOTS_AN_INCH: Final = 200
_POINTS_AN_INCH: Final = 72
_BESIDE: Final = 0.1
"""Shown around a rectangle, as a share of its shorter side: a stroke may lie on the edge."""
_MARGIN: Final = 48
"""Pixels of white around each cutting: recognition wants lines to stand on paper."""
_TALLEST: Final = 1200
"""Pixels of a sheet of cuttings; recognition would see a taller one smaller."""
_SHORTEST: Final = 740
"""A flatter one it would blow up."""


class PicturedWitness:
    """Cuts rectangles out of the drawn page and has them recognised, each a line of its own.

    What stands outside of the rectangles is not on the picture, so it cannot help. Several go on
    one sheet of paper, far from each other, to be recognised at once.

    Args:
        data: the file.
        places: the size of each page; pages without are not seen.
        draw: draws a page.
        recognise: reads a picture.
    """

    def __init__(
        self, data: bytes, places: Mapping[int, Places], *, draw: Draw, recognise: Recognise
    ) -> None:
        self._data = data
        self._places = places
        self._draw = draw
        self._recognise = recognise

    def seen(self, page: int, regions: Sequence[Box]) -> tuple[str, ...]:
        """The words in each rectangle of a page (1-based)."""
        width = round(self._places[page].width / _POINTS_AN_INCH * _DOTS_AN_INCH)
        with Image.open(io.BytesIO(self._draw(self._data, page, width))) as drawn:
            picture = drawn.convert("RGB")
        scale = picture.width / self._places[page].width
        cuttings = [_cut(picture, region, scale) for region in regions]
        return tuple(words for sheet in _sheets(cuttings) for words in self._read(sheet))

    def _read(self, cuttings: Sequence[Image.Image]) -> list[str]:
        """The words of each cutting, all on one sheet, one below the other."""
        size = (
            max(cutting.width for cutting in cuttings) + 2 * _MARGIN,
            max(sum(cutting.height + 2 * _MARGIN for cutting in cuttings), _SHORTEST),
        )
        paper = Image.new("RGB", size, "white")
        ends: list[int] = []
        top = 0
        for cutting in cuttings:
            paper.paste(cutting, (_MARGIN, top + _MARGIN))
            top += cutting.height + 2 * _MARGIN
            ends.append(top)
        out = io.BytesIO()
        paper.save(out, "PNG", dpi=(_DOTS_AN_INCH, _DOTS_AN_INCH))
        found: list[list[Line]] = [[] for _ in cuttings]
        for line in self._recognise(out.getvalue()):
            middle = (line.top + line.bottom) / 2 / _POINTS_AN_INCH * _DOTS_AN_INCH
            at = sum(end <= middle for end in ends)
            if at < len(found):
                found[at].append(line)
        return [
            _joined(lines, vertical=_is_vertical(cutting))
            for lines, cutting in zip(found, cuttings, strict=True)
        ]


class Cuttings:
    """Recognises small pictures with the product's own recogniser; close it after use.

    In a process of its own, as pages are; a picture that cannot be read has no lines.

    Raises:
        RecognitionUnavailableError: recognition is not installed.
    """

    def __init__(self) -> None:
        self._picture = b""
        self._recogniser = RemoteRecogniser(lambda _sha256: self._picture)

    def recognise(self, picture: bytes) -> Sequence[Line]:
        """The lines on a PNG, in no order; none when they do not stand upright."""
        self._picture = picture
        try:
            sheet = self._recogniser.recognise(hashlib.sha256(picture).hexdigest(), 1)
        except UnreadPageError:
            return ()
        return () if sheet.stance.turns else sheet.lines

    def close(self) -> None:
        """End the process."""
        self._recogniser.close()


def _cut(picture: Image.Image, region: Box, scale: float) -> Image.Image:
    beside = _BESIDE * min(region.right - region.left, region.bottom - region.top)
    edges = (
        max(int((region.left - beside) * scale), 0),
        max(int((region.top - beside) * scale), 0),
        min(round((region.right + beside) * scale) + 1, picture.width),
        min(round((region.bottom + beside) * scale) + 1, picture.height),
    )
    return picture.crop(edges)


def _sheets(cuttings: Sequence[Image.Image]) -> Iterator[list[Image.Image]]:
    """Cuttings in order, as many on a sheet as it holds."""
    sheet: list[Image.Image] = []
    height = 0
    for cutting in cuttings:
        if sheet and height + cutting.height + 2 * _MARGIN > _TALLEST:
            yield sheet
            sheet, height = [], 0
        sheet.append(cutting)
        height += cutting.height + 2 * _MARGIN
    if sheet:
        yield sheet


def _joined(lines: Sequence[Line], *, vertical: bool) -> str:
    # What is found in a line stands side by side; in vertical writing, one below the other.
    ordered = sorted(lines, key=lambda line: line.top if vertical else line.left)
    return "".join(line.text for line in ordered)


def _is_vertical(cutting: Image.Image) -> bool:
    return cutting.height > 2 * cutting.width
