"""The characters of a PDF page with their boxes, by PDFium.

`pypdfium2` gives characters one call at a time; here the same calls are mapped over a whole page
into one array, which is three times as fast.
"""

import ctypes
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

_LAST: Final = 0x10FFFF


def function_of(function: Any, *arguments: Any, result: Any = ctypes.c_int) -> Any:
    """A function of PDFium that takes the address it works on, a plain number, and `arguments`."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, ctypes.c_void_p, *arguments)(address or 0)


_unicode: Final = function_of(pdfium.FPDFText_GetUnicode, ctypes.c_int)
_tight: Final = function_of(pdfium.FPDFText_GetCharBox, ctypes.c_int, *[ctypes.c_void_p] * 4)
_loose: Final = function_of(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page's own coordinates lie on the page as it is displayed (crop box, rotation)."""

    left: float
    bottom: float
    right: float
    top: float
    """The box that is displayed, in the page's own coordinates, y upwards."""
    rotation: int
    """Clockwise, in degrees: 0, 90, 180 or 270."""

    @classmethod
    def of(cls, page: Any) -> "Frame":
        """Measure a page of pypdfium2."""
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation())

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as displayed, in points; never zero."""
        across, down = self.right - self.left, self.top - self.bottom
        size = (down, across) if self.rotation in {90, 270} else (across, down)
        return max(size[0], 1.0), max(size[1], 1.0)

    def displayed(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn rows of left, bottom, right, top into left, top, right, bottom on the page."""
        left, bottom, right, top = self.left, self.bottom, self.right, self.top
        columns, signs, shifts = {
            90: ((1, 0, 3, 2), (1, 1, 1, 1), (-bottom, -left, -bottom, -left)),
            180: ((2, 1, 0, 3), (-1, 1, -1, 1), (right, -bottom, right, -bottom)),
            270: ((3, 2, 1, 0), (-1, -1, -1, -1), (top, right, top, right)),
        }.get(self.rotation, ((0, 3, 2, 1), (1, -1, 1, -1), (-left, top, -left, top)))
        turned: NDArray[np.float64] = boxes[:, columns] * signs
        turned += shifts
        return turned


def text_of(textpage: Any) -> str:
    """All characters of a page, one for each of PDFium's: line ends and blanks it adds included."""
    count = textpage.count_chars()
    if not count:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    got = pdfium.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(buffer)[:-2].decode("utf-16-le", "surrogatepass")
    # GetText leaves out characters without a code and cuts high ones in two.
    if got == count + 1 and len(text) == count and "\0" not in text:
        return text
    codes = map(_unicode, repeat(_address(textpage)), range(count))
    return "".join(chr(code) if 0 <= code <= _LAST else "\ufffd" for code in codes)


def boxes_of(textpage: Any, count: int, frame: Frame) -> NDArray[np.float64]:
    """Left, top, right, bottom of the ink of each character, as displayed, in points."""
    raw = np.zeros((count, 4))
    # PDFium's order: left, right, bottom, top.
    starts = [range(raw.ctypes.data + 8 * place, raw.ctypes.data + 32 * count + 8 * place, 32)
              for place in (0, 2, 1, 3)]  # fmt: skip
    deque(map(_tight, repeat(_address(textpage)), range(count), *starts), maxlen=0)
    return frame.displayed(raw)


def loose_boxes_of(textpage: Any, positions: Sequence[int], frame: Frame) -> NDArray[np.float64]:
    """The line boxes of some characters: as wide as they advance, as high as their typeface."""
    raw = np.zeros((len(positions), 4), np.float32)
    # PDFium's order: left, top, right, bottom.
    starts = range(raw.ctypes.data, raw.ctypes.data + 16 * len(positions), 16)
    deque(map(_loose, repeat(_address(textpage)), positions, starts), maxlen=0)
    return frame.displayed(raw[:, [0, 3, 2, 1]].astype(np.float64))


def _address(textpage: Any) -> int:
    return ctypes.addressof(textpage.raw.contents)
