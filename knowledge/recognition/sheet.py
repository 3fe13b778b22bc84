"""What recognition reads on one page, small enough to cross a pipe and to be stored."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from knowledge.model import Layer, PageText
from knowledge.places import Box, Places
from knowledge.readers.pdf_lines import Line
from knowledge.readers.printed import PrintedPage, page_texts
from knowledge.recognition.optics import Stance

_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of one page, in no order."""

    stance: Stance
    """The displayed page, in points, and how the print lies on it."""
    lines: tuple[Line, ...] = ()
    """Places are on the straight page; each has a confidence and a box a character."""

    def pack(self) -> bytes:
        """As bytes, to cross a pipe or be stored."""
        stance = self.stance
        value = {
            "size": [stance.width, stance.height],
            "turns": stance.turns,
            "skew": stance.skew,
            "lines": [_packed(line) for line in self.lines],
        }
        return zlib.compress(json.dumps(value, ensure_ascii=False).encode(), 6)

    @classmethod
    def unpack(cls, packed: bytes) -> "Sheet":
        """Read what `pack` gave.

        Raises:
            ValueError: it did not give this.
        """
        try:
            value = json.loads(zlib.decompress(packed))
            wide, high = value["size"]
            stance = Stance(wide, high, value["turns"], value["skew"])
            return cls(stance, tuple(_unpacked(*line) for line in value["lines"]))
        except (zlib.error, LookupError, TypeError) as error:
            raise ValueError("these bytes are no sheet") from error


def sheet_texts(sheets: Sequence[Sheet]) -> tuple[PageText, ...]:
    """Turn the sheets of a file into text, one for one; boxes are on the pages as displayed.

    A sheet without words gives a page without text, `Layer.UNREAD`.
    """
    printed = [
        PrintedPage(*sheet.stance.upright, sheet.lines, layer=Layer.RECOGNISED) for sheet in sheets
    ]
    return tuple(
        _displayed(page, sheet.stance)
        for page, sheet in zip(page_texts(printed), sheets, strict=True)
    )


def _displayed(page: PageText, stance: Stance) -> PageText:
    if not page.text.strip():
        return PageText("", page.label, layer=Layer.UNREAD)
    if page.places is None or not (stance.turns or stance.skew):
        return page
    boxes = [page.places.box(position) for position in range(len(page.places))]
    shown = [None if box is None else stance.shown(box) for box in boxes]
    return replace(page, places=Places.of(stance.width, stance.height, boxes=shown))


def _packed(line: Line) -> list[Any]:
    edges = (line.left, line.top, line.right, line.bottom, line.size)
    boxes = [None if box is None else _edges(box) for box in line.boxes]
    return [line.text, *(round(edge, _DIGITS) for edge in edges), line.confidence, boxes]


def _unpacked(text: str, *rest: Any) -> Line:
    left, top, right, bottom, size, confidence, boxes = rest
    made = tuple(None if box is None else Box(*box) for box in boxes)
    return Line(text, left, top, right, bottom, size, made, confidence)


def _edges(box: Box) -> list[float]:
    return [round(edge, _DIGITS) for edge in (box.left, box.top, box.right, box.bottom)]
