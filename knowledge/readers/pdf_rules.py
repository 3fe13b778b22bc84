"""The ruling lines that are drawn on a PDF page, and the cell between them that a point is in."""

import ctypes
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from knowledge.readers.pdf_chars import Frame, function_of

_object: Final = function_of(pdfium.FPDFPage_GetObject, ctypes.c_int, result=ctypes.c_void_p)
_type: Final = function_of(pdfium.FPDFPageObj_GetType)
_bounds: Final = function_of(pdfium.FPDFPageObj_GetBounds, *[ctypes.c_void_p] * 4)
_LEAST_PATHS: Final = 4
_MOST_PATHS: Final = 20_000
_THICKEST: Final = 3.0
_SHORTEST: Final = 5.0
_SMALLEST: Final = 20.0
_SNAP: Final = 1.5
_TOUCH: Final = 3.0
_LEAST_CORNERS: Final = 6
"""Two cells side by side have six."""
_RECTANGLE: Final = 5
_MOST_SEGMENTS: Final = 4000

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rules:
    """Ruling lines, in points from the upper left corner of the page as displayed."""

    across: Rows
    """Rows of y, left end, right end."""
    down: Rows
    """Rows of x, upper end, lower end."""

    def corners(self) -> int:
        """How many rules across meet rules down."""
        y, left, right = self.across.T[:, :, None]
        x, top, bottom = self.down.T[:, None, :]
        meets = (left - _TOUCH <= x) & (x <= right + _TOUCH)
        meets &= (top - _TOUCH <= y) & (y <= bottom + _TOUCH)
        return int(meets.sum())

    def cells(self, points: Rows) -> Rows:
        """For each point (x, y): left, top, right, bottom of the cell around it; infinite: none."""
        left, right = _nearest(self.down, points[:, 0], points[:, 1])
        top, bottom = _nearest(self.across, points[:, 1], points[:, 0])
        return np.stack((left, top, right, bottom), axis=1)


def rules_of(page: Any, frame: Frame) -> Rules | None:
    """Find the ruling lines of a page; None unless there are two each way, as a table has."""
    count = pdfium.FPDFPage_CountObjects(page)
    if count < _LEAST_PATHS:
        return None
    handle = ctypes.addressof(page.raw.contents)
    objects = list(map(_object, repeat(handle), range(count)))
    kinds = list(map(_type, objects))
    paths = [
        item for item, kind in zip(objects, kinds, strict=True) if kind == pdfium.FPDF_PAGEOBJ_PATH
    ]
    if not _LEAST_PATHS <= len(paths) <= _MOST_PATHS:
        return None
    left, top, right, bottom = frame.displayed(_boxes(paths, frame)).T
    wide, high = right - left, bottom - top
    width, height = frame.size
    shown = (right > 0) & (bottom > 0) & (left < width) & (top < height)
    flat = shown & (high <= _THICKEST) & (wide >= _SHORTEST)
    thin = shown & (wide <= _THICKEST) & (high >= _SHORTEST)
    across = np.stack(((top + bottom) / 2, left, right), axis=1)[flat]
    down = np.stack(((left + right) / 2, top, bottom), axis=1)[thin]
    if len(across) < 2 or len(down) < 2:
        return None
    rules = Rules(_snapped(across), _snapped(down))
    return rules if rules.corners() >= _LEAST_CORNERS else None


def _boxes(paths: Sequence[int], frame: Frame) -> Rows:
    """The boxes of thin paths, and of the straight parts of those larger ones that are stroked."""
    raw = np.zeros((len(paths), 4), np.float32)
    start = raw.ctypes.data
    sides = [range(start + 4 * side, start + 16 * len(paths) + 4 * side, 16) for side in range(4)]
    deque(map(_bounds, paths, *sides), maxlen=0)
    boxes = raw.astype(np.float64)
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    large = (np.minimum(wide, high) > _THICKEST) & (np.maximum(wide, high) > _SMALLEST)
    # Printer's marks lie around the page.
    large &= (boxes[:, :2] > (frame.left, frame.bottom)).any(axis=1)
    parts = [box for place in np.flatnonzero(large).tolist() for box in _straight(paths[place])]
    return np.concatenate((boxes[~large], np.array(parts).reshape(-1, 4)))


def _straight(item: int) -> Iterator[tuple[float, float, float, float]]:
    path = ctypes.cast(item, pdfium.FPDF_PAGEOBJECT)
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(mode), ctypes.byref(stroked))
    segments = pdfium.FPDFPath_CountSegments(path)
    if (not stroked.value and segments <= _RECTANGLE) or segments > _MOST_SEGMENTS:
        return
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(path, ctypes.byref(matrix))
    x, y = ctypes.c_float(), ctypes.c_float()
    start: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    for number in range(segments):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            yield _around(last, point)
        if pdfium.FPDFPathSegment_GetClose(segment) and start is not None:
            yield _around(point, start)
        last = point


def _around(
    start: tuple[float, float], end: tuple[float, float]
) -> tuple[float, float, float, float]:
    (a, b), (c, d) = start, end
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _snapped(rules: Rows) -> Rows:
    """Rules that lie nearly on one another at exactly one place."""
    ordered = rules[np.argsort(rules[:, 0], kind="stable")]
    places = ordered[:, 0]
    groups = np.concatenate(([0], np.cumsum(np.diff(places) > _SNAP)))
    means = np.bincount(groups, weights=places) / np.bincount(groups)
    ordered[:, 0] = means[groups]
    return ordered


def _nearest(rules: Rows, along: Rows, crossing: Rows) -> tuple[Rows, Rows]:
    """The nearest rule before and after each point, among those that pass beside it."""
    places, starts, ends = rules.T
    passes = (starts - _SNAP <= crossing[:, None]) & (crossing[:, None] <= ends + _SNAP)
    before = passes & (places <= along[:, None])
    after = passes & (places > along[:, None])
    return (
        np.where(before, places, -np.inf).max(axis=1),
        np.where(after, places, np.inf).min(axis=1),
    )
