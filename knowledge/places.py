"""Where the characters of a page are printed: one box a character, small enough to be stored."""

import struct
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_STEPS: Final = 65_535
_HEAD: Final = struct.Struct("<ff")
_SAME_LINE: Final = 0.5
_WIDEST_GAP: Final = 3.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points (1/72 inch) from the page's upper left corner, as it is displayed."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Places:
    """The size of a page in points, and for each character of its text a box or none.

    A box is kept in 65,535ths of the page's width and height, so it is right at any resolution.
    """

    width: float
    height: float
    steps: bytes
    """Four little-endian 16-bit numbers a character: left, top, right, bottom; zeros for none."""

    @classmethod
    def of(cls, width: float, height: float, *, boxes: Sequence[Box | None]) -> "Places":
        """Keep the boxes of a page's characters, in the order of its text; clipped to the page."""
        steps = array("H")
        across, down = _STEPS / width, _STEPS / height
        for box in boxes:
            if box is None:
                steps.extend((0, 0, 0, 0))
                continue
            left, right = _step(box.left * across), _step(box.right * across)
            top, bottom = _step(box.top * down), _step(box.bottom * down)
            steps.extend((left, top, max(right, left + 1), max(bottom, top + 1)))
        return cls(width, height, _little(steps).tobytes())

    def __len__(self) -> int:
        return len(self.steps) // 8

    def box(self, position: int) -> Box | None:
        """The box of one character; None when it has none (a blank, a line's end)."""
        left, top, right, bottom = struct.unpack_from("<4H", self.steps, position * 8)
        if not right:
            return None
        across, down = self.width / _STEPS, self.height / _STEPS
        return Box(left * across, top * down, right * across, bottom * down)

    def regions(self, start: int, end: int) -> tuple[Box, ...]:
        """What to box on the page for the characters ``[start, end)``.

        One rectangle for each printed line that they touch (each column, in vertical writing), in
        the order of the text.
        """
        return tuple(_joined(self._boxes(start, end)))

    def pack(self) -> bytes:
        """As bytes to be stored."""
        return _HEAD.pack(self.width, self.height) + zlib.compress(self.steps, 6)

    @classmethod
    def unpack(cls, packed: bytes) -> "Places":
        """Read what `pack` gave."""
        width, height = _HEAD.unpack_from(packed)
        return cls(width, height, zlib.decompress(packed[_HEAD.size :]))

    def _boxes(self, start: int, end: int) -> Iterator[Box]:
        for position in range(max(start, 0), min(end, len(self))):
            if (box := self.box(position)) is not None:
                yield box


def _step(value: float) -> int:
    return min(max(round(value), 0), _STEPS - 1)


def _little(steps: "array[int]") -> "array[int]":
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        steps.byteswap()
    return steps


def _joined(boxes: Iterator[Box]) -> Iterator[Box]:
    run: Box | None = None
    last: Box | None = None
    for box in boxes:
        if run is not None and last is not None and (_on_line(last, box) or _in_column(last, box)):
            run = Box(
                min(run.left, box.left),
                min(run.top, box.top),
                max(run.right, box.right),
                max(run.bottom, box.bottom),
            )
        else:
            if run is not None:
                yield run
            run = box
        last = box
    if run is not None:
        yield run


def _on_line(last: Box, box: Box) -> bool:
    # Either way: on a page turned upside down a line runs to the left.
    size = min(last.bottom - last.top, box.bottom - box.top)
    overlap = min(last.bottom, box.bottom) - max(last.top, box.top)
    gap = max(box.left - last.right, last.left - box.right)
    return overlap > _SAME_LINE * size and gap < _WIDEST_GAP * size


def _in_column(last: Box, box: Box) -> bool:
    wide, size = box.right - box.left, box.bottom - box.top
    same = abs(last.left - box.left) + abs(last.right - box.right) < 0.5 * wide
    gap = max(box.top - last.bottom, last.top - box.bottom)
    return same and gap < 0.5 * size
