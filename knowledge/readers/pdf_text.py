"""The printed lines of a PDF page: plain letters, each with its box."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.readers.layout import gutters_of
from knowledge.readers.pdf_chars import Frame, boxes_of, loose_boxes_of, text_of
from knowledge.readers.pdf_lines import MARK, Line, blank_places, run_together
from knowledge.text import clean

_STEPS: Final = 65_535
# PDFium goes on after a hyphen that breaks a word as if the next line were the same.
_LINE_END: Final = re.compile("\n|(?<=[\ufffe\x02])(?=\\S)")
_HYPHEN: Final = re.compile("[\ufffe\x02](?=\\s|$)")
# Kangxi radicals, CJK compatibility forms and ligatures stand for the plain letters; full-width
# forms and punctuation are left as printed, for quotes are verbatim.
_COMPATIBLE: Final = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06\U0002f800-\U0002fa1f]")
_LOST: Final = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
_CLUSTER: Final = re.compile(".[\u0300-\u036f\u3099\u309a]*", re.DOTALL)
_PLAIN: Final = re.compile(
    "[!-~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0600\u2010-\u2027\u2030-\u205e\u2070-\u2e7f"
    "\u3001-\u3098\u309b-\ud7ff\uff01-\uffee\U00020000-\U0002f7ff ]*$"
)
_BLANKS: Final = " \r\n"
_SPACED: Final = 4
_LEAST_CUT: Final = 4
_WIDE: Final = 1.2


@dataclass(frozen=True, slots=True)
class Folded:
    """A line's text and, for each of its characters, which character it was made of."""

    text: str
    origins: Sequence[int]


def folded(raw: str) -> Folded:
    """A printed line as text: plain letters, nothing invisible, broken words marked by a hyphen."""
    marked = _HYPHEN.sub("-", raw) if "\ufffe" in raw or "\x02" in raw else raw
    line = marked.rstrip(_BLANKS)
    if "  " not in line and _PLAIN.match(line):
        text = line.lstrip(" ")
        if text.count(" ") < _SPACED or not blank_places(text):
            return Folded(text, range(len(line) - len(text), len(line)))
    return _folded_slowly(marked)


def _folded_slowly(raw: str) -> Folded:
    letters: list[str] = []
    origins: list[int] = []
    for match in _CLUSTER.finditer(raw):
        cluster = match.group()
        for letter in cluster if _PLAIN.match(cluster) else _plain(cluster):
            blank = letter.isspace()
            if blank and (not letters or letters[-1] == " "):
                continue
            letters.append(" " if blank else letter)
            origins.append(match.start())
    if letters and letters[-1] == " ":
        del letters[-1], origins[-1]
    for position in reversed(blank_places("".join(letters))):
        del letters[position], origins[position]
    return Folded("".join(letters), origins)


def _plain(cluster: str) -> str:
    text = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), cluster)
    return clean(_LOST.sub("", text))


@dataclass(frozen=True, slots=True)
class Characters:
    """All characters of a page as PDFium gives them, line ends included, with their boxes."""

    text: str
    boxes: NDArray[np.float64]
    """Left, top, right, bottom in points from the upper left corner of the page as displayed."""
    width: float
    height: float

    inked: NDArray[np.bool_]
    """Which of them leave ink on the page."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A line, and the position of its first character in the content stream."""

    start: int
    line: Line


def characters_of(textpage: Any, frame: Frame) -> Characters:
    """Read a page's characters."""
    text = text_of(textpage)
    width, height = frame.size
    boxes = boxes_of(textpage, len(text), frame)
    left, top, right, bottom = boxes.T
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    shown = (right > 0) & (bottom > 0) & (left < width) & (top < height)
    shown &= (right > left) | (bottom > top)
    inked = (codes > 0x20) & (codes != 0xA0) & (codes != 0x3000) & shown
    return Characters(text, boxes, width, height, inked)


def lines_of(
    page: Characters, textpage: Any, frame: Frame, *, rows: Sequence[Placed] = ()
) -> list[Line]:
    """The printed lines of a page, in PDFium's order.

    Pieces that PDFium gives of one line are put together; a line that it made of two columns is
    cut at the white between them.

    Args:
        page: its characters, those of tables struck out.
        textpage: of pypdfium2.
        frame: of the page.
        rows: of the page's tables; each table stands where its first character does.
    """
    placed = _lines(page, textpage, frame)
    if rows:
        placed = sorted([*placed, *rows], key=lambda one: one.start)
    lines = _merged([one.line for one in placed])
    return _parted(lines, page.width) if _has_wide_gaps(page) else lines


def _has_wide_gaps(page: Characters) -> bool:
    """Whether there is white between neighbours on a line often enough to be that of columns."""
    visible = np.flatnonzero(page.inked)
    left, top, right, bottom = page.boxes[visible].T
    high = bottom - top
    wide = (left[1:] - right[:-1] > _WIDE * np.maximum(high[1:], high[:-1])) & (
        np.abs(bottom[1:] - bottom[:-1]) < np.maximum(high[1:], high[:-1])
    )
    return int(wide.sum()) >= _LEAST_CUT


def _lines(page: Characters, textpage: Any, frame: Frame) -> list[Placed]:
    ends = list(_LINE_END.finditer(page.text))
    starts = np.array([0, *(end.end() for end in ends)])
    bounds = np.array([*(end.start() for end in ends), len(page.text)])
    visible = np.flatnonzero(page.inked)
    first, last = np.searchsorted(visible, starts), np.searchsorted(visible, bounds)
    some = first < last
    if not some.any():
        return []
    starts, bounds, first, last = starts[some], bounds[some], first[some], last[some]
    boxes = page.boxes[visible]
    extents = _extents(boxes, (first, last))
    sizes = _sizes(textpage, visible, (first, last), frame)
    marks = _marks(page, (starts, bounds), extents)
    lines = []
    for start, end, (left, top, right, bottom), size in zip(
        starts.tolist(), bounds.tolist(), extents.tolist(), sizes.tolist(), strict=True
    ):
        fold = folded(page.text[start:end])
        if fold.text:
            printed = _picked(marks, start, fold)
            line = Line(fold.text, left, top, right, bottom, size, marks=printed)
            lines.append(Placed(start, line))
    return lines


def _extents(
    boxes: NDArray[np.float64], ranges: tuple[NDArray[np.intp], NDArray[np.intp]]
) -> NDArray[np.float64]:
    """The box around each range of boxes."""
    # Between two ranges lie boxes of neither: reduceat is given both ends and every second result.
    bounds = np.stack(ranges, axis=1).ravel()
    padded = np.concatenate((boxes, boxes[-1:]))
    low = np.minimum.reduceat(padded, bounds)[::2]
    high = np.maximum.reduceat(padded, bounds)[::2]
    return np.hstack((low[:, :2], high[:, 2:]))


def _sizes(
    textpage: Any,
    visible: NDArray[np.intp],
    ranges: tuple[NDArray[np.intp], NDArray[np.intp]],
    frame: Frame,
) -> NDArray[np.float64]:
    """The type size of each line, from its first three and last two characters.

    Latin letters among Han have a lower box, so the highest tells.
    """
    first, last = ranges
    end = last - 1
    second, third = np.minimum(first + 1, end), np.minimum(first + 2, end)
    sampled = visible[np.concatenate((first, second, third, np.maximum(end - 1, first), end))]
    boxes = loose_boxes_of(textpage, sampled.tolist(), frame)
    heights = (boxes[:, 3] - boxes[:, 1]).reshape(-1, len(first))
    sizes: NDArray[np.float64] = np.maximum(heights.max(axis=0), 1.0)
    return sizes


def _marks(
    page: Characters,
    ranges: tuple[NDArray[np.intp], NDArray[np.intp]],
    extents: NDArray[np.float64],
) -> bytes:
    """The marks of all characters: each its own sides, all of a line the line's height.

    Ink alone would make boxes of a dash or a comma too flat to be drawn or joined.
    """
    starts, bounds = ranges
    lengths = bounds - starts
    before = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    places = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    tall = (extents[:, 3] - extents[:, 1]) > 2 * (extents[:, 2] - extents[:, 0])
    upright = tall & (lengths > 1)
    line = np.repeat(extents, lengths, axis=0)
    boxes = page.boxes.copy()
    boxes[places, 1] = line[:, 1]
    boxes[places, 3] = line[:, 3]
    if upright.any():
        turned = np.repeat(upright, lengths)
        chosen = places[turned]
        boxes[chosen] = page.boxes[chosen]
        boxes[chosen, 0] = line[turned, 0]
        boxes[chosen, 2] = line[turned, 2]
    return marks_of(boxes, page.inked, width=page.width, height=page.height)


def marks_of(
    boxes: NDArray[np.float64], inked: NDArray[np.bool_], *, width: float, height: float
) -> bytes:
    """Boxes as `Places.steps` keeps them; zeros where there is no ink."""
    steps = boxes * (_STEPS / width, _STEPS / height, _STEPS / width, _STEPS / height)
    np.rint(steps, out=steps)
    np.maximum(steps, 0, out=steps)
    np.minimum(steps, _STEPS - 1, out=steps)
    np.maximum(steps[:, 2:], steps[:, :2] + 1, out=steps[:, 2:])
    steps[~inked] = 0
    return steps.astype("<u2").tobytes()


def _picked(marks: bytes, start: int, fold: Folded) -> bytes:
    origins = fold.origins
    if isinstance(origins, range):
        return marks[(start + origins.start) * MARK : (start + origins.stop) * MARK]
    places = ((start + origin) * MARK for origin in origins)
    return b"".join(marks[place : place + MARK] for place in places)


def _merged(lines: Sequence[Line]) -> list[Line]:
    """Put together pieces of one printed line that PDFium gives as several."""
    merged: list[Line] = []
    for line in lines:
        above = merged[-1] if merged else None
        if above is not None and _continues(above, line):
            run = run_together((above, line))
            merged[-1] = Line(
                run.text,
                above.left,
                min(above.top, line.top),
                line.right,
                max(above.bottom, line.bottom),
                above.size,
                marks=run.marks,
            )
        else:
            merged.append(line)
    return merged


def _continues(above: Line, line: Line) -> bool:
    gap = line.left - above.right
    if above.kind or line.kind or above.is_upright or line.is_upright:
        return False
    if not -0.3 * above.size < gap < 1.2 * above.size:
        return False
    lower = min(above.bottom, line.bottom) - max(above.top, line.top)
    height = min(above.bottom - above.top, line.bottom - line.top)
    return lower > 0.5 * height and abs(above.size - line.size) < 0.3 * above.size


def _parted(lines: list[Line], width: float) -> list[Line]:
    """Cut lines that run over two columns, where the pieces show that there are columns."""
    wide = [_cut(line, width) if " " in line.text and not line.kind else [line] for line in lines]
    if sum(len(pieces) > 1 for pieces in wide) < _LEAST_CUT:
        return lines
    gutters = gutters_of([piece for pieces in wide for piece in pieces])
    if not gutters:
        return lines
    parted: list[Line] = []
    for line, pieces in zip(lines, wide, strict=True):
        crossed = any(line.left < gutter.left and line.right > gutter.right for gutter in gutters)
        parted += pieces if crossed else [line]
    return parted


def _cut(line: Line, width: float) -> list[Line]:
    """The pieces of a line between blanks that are much wider than one between words."""
    sides = np.frombuffer(line.marks, "<u2").reshape(-1, 4)[:, [0, 2]] * (width / _STEPS)
    blanks = [match.start() for match in re.finditer(" ", line.text)]
    cuts = [place for place in blanks if 0 < sides[place - 1, 1] < sides[place + 1, 0] - line.size]
    if not cuts:
        return [line]
    pieces = []
    for start, end in pairwise((-1, *cuts, len(line.text))):
        place = slice(start + 1, end)
        text, marks = line.text[place], line.marks[(start + 1) * MARK : end * MARK]
        inked = sides[place][sides[place, 1] > 0]
        left, right = float(inked[:, 0].min()), float(inked[:, 1].max())
        pieces.append(replace(line, text=text, left=left, right=right, marks=marks))
    return pieces
