"""Reading order of printed lines: columns, full-width bands between them, vertical writing.

A PDF gives lines in the order of its content stream, which is right in most files and knows more
than geometry does; it is left alone unless it reads upwards or hops between columns. Recognition
gives lines in any order, so the same test sends them to be ordered by their places.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

from knowledge.readers.pdf_lines import MARK, Line

_LEAST_LINES: Final = 4
_LEAST_WIDTH: Final = 0.2
_LEAST_FULLNESS: Final = 0.55
_NARROWEST: Final = 0.6
_WIDEST_STEP: Final = 2.5
_EDGE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Gutter:
    """The white strip between two columns."""

    left: float
    right: float


def in_reading_order(lines: Sequence[Line], *, width: float) -> list[Line]:
    """Put a page's lines into the order in which they are read; none is lost or changed.

    Args:
        lines: of one page, in the order of the file.
        width: of the page, in points.
    """
    if is_upright(lines):
        return _upright(lines, width)
    gutters = gutters_of(lines)
    if _reads_down(lines) and not _hops(lines, gutters):
        return list(lines)
    return _ordered(lines, gutters)


def is_upright(lines: Sequence[Line]) -> bool:
    """Whether most of the letters stand in columns of vertical writing, or are set sideways."""
    upright = sum(len(line.text) for line in lines if line.is_upright)
    return upright * 2 > sum(len(line.text) for line in lines)


def levelled(lines: Sequence[Line], *, width: float) -> list[Line]:
    """Turn upright lines so that they lie, the first on top: paragraphs are made of lying lines."""
    if _run_upwards(lines):
        return [
            replace(line, left=-line.bottom, right=-line.top, top=line.left, bottom=line.right)
            for line in lines
        ]
    return [
        replace(
            line,
            left=line.top,
            right=line.bottom,
            top=width - line.right,
            bottom=width - line.left,
        )
        for line in lines
    ]


def gutters_of(lines: Sequence[Line]) -> tuple[Gutter, ...]:
    """The strips between columns of running text, from left to right; none on other pages.

    Only lines that have another beside them tell where columns are: headings and bands above them
    stand alone. Columns are wide and mostly full; those of a table are not.
    """
    beside = _beside(lines)
    if len(beside) < 2 * _LEAST_LINES:
        return ()
    left, right = min(line.left for line in beside), max(line.right for line in beside)
    gutters = tuple(_gaps(beside, _NARROWEST * median(line.size for line in beside)))
    columns = _columns(beside, gutters)
    whole = all(_is_column(column, right - left) for column in columns)
    return gutters if gutters and whole else ()


def _beside(lines: Sequence[Line]) -> list[Line]:
    """The lines that share their height with another one."""
    order = sorted(range(len(lines)), key=lambda place: lines[place].top)
    found: set[int] = set()
    for position, place in enumerate(order):
        line = lines[place]
        for other in order[position + 1 :]:
            if lines[other].top >= line.bottom:
                break
            if _share_row(line, lines[other]):
                found |= {place, other}
    return [lines[place] for place in sorted(found)]


def _share_row(line: Line, other: Line) -> bool:
    height = min(line.bottom - line.top, other.bottom - other.top)
    overlap = min(line.bottom, other.bottom) - max(line.top, other.top)
    apart = line.right <= other.left or other.right <= line.left
    return apart and overlap > 0.4 * height


def _gaps(lines: Sequence[Line], narrowest: float) -> Iterator[Gutter]:
    """Strips of at least a width that no line touches."""
    reach: float | None = None
    for line in sorted(lines, key=lambda line: line.left):
        if reach is not None and line.left - reach >= narrowest:
            yield Gutter(reach, line.left)
        reach = line.right if reach is None else max(reach, line.right)


def _columns(lines: Sequence[Line], gutters: Sequence[Gutter]) -> list[list[Line]]:
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line in lines:
        columns[_column_of(line, gutters)].append(line)
    return columns


def _column_of(line: Line, gutters: Sequence[Gutter]) -> int:
    middle = (line.left + line.right) / 2
    return sum(middle > (gutter.left + gutter.right) / 2 for gutter in gutters)


def _is_column(lines: Sequence[Line], page: float) -> bool:
    if len(lines) < _LEAST_LINES:
        return False
    width = max(line.right for line in lines) - min(line.left for line in lines)
    usual = median(line.right - line.left for line in lines)
    tops = sorted(line.top for line in lines)
    step = median(below - above for above, below in pairwise(tops))
    dense = step < _WIDEST_STEP * median(line.size for line in lines)
    return dense and width > _LEAST_WIDTH * page and usual > _LEAST_FULLNESS * width


def _crosses(line: Line, gutters: Sequence[Gutter]) -> bool:
    return any(line.left < gutter.left + 1 and line.right > gutter.right - 1 for gutter in gutters)


def _reads_down(lines: Sequence[Line]) -> bool:
    """Whether no line is followed by one above it in the same column, edges of the page apart."""
    if len(lines) < 2:
        return True
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    edge = _EDGE * (bottom - top)
    body = [line for line in lines if line.bottom > top + edge and line.top < bottom - edge]
    return not any(
        line.bottom < above.top + 0.3 * line.size
        and line.left < above.right
        and above.left < line.right
        for above, line in pairwise(body)
    )


def _hops(lines: Sequence[Line], gutters: Sequence[Gutter]) -> bool:
    """Whether the order changes columns more often than bands between them explain."""
    if not gutters:
        return False
    columns = [None if _crosses(line, gutters) else _column_of(line, gutters) for line in lines]
    inside = [column for column in columns if column is not None]
    bands = sum(column is None for column in columns) + 1
    back = sum(later < earlier for earlier, later in pairwise(inside))
    return back > min(bands, len(lines) // 4)


def _ordered(lines: Sequence[Line], gutters: Sequence[Gutter]) -> list[Line]:
    if not gutters:
        return _by_rows(lines)
    ordered: list[Line] = []
    between: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.top, line.left)):
        if _crosses(line, gutters):
            ordered += _down_columns(between, gutters)
            between = []
            ordered.append(line)
        else:
            between.append(line)
    return ordered + _down_columns(between, gutters)


def _down_columns(lines: Sequence[Line], gutters: Sequence[Gutter]) -> list[Line]:
    return [line for column in _columns(lines, gutters) for line in _by_rows(column)]


def _by_rows(lines: Sequence[Line]) -> list[Line]:
    """Downwards; lines at one height from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom, line.left)):
        if rows and any(_share_row(line, other) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]


def _upright(lines: Sequence[Line], width: float) -> list[Line]:
    """Columns from right to left, or from left to right where letters run upwards.

    Lying lines above the columns come first, those below last.
    """
    columns = [line for line in lines if line.is_upright]
    highest, lowest = min(line.top for line in columns), max(line.bottom for line in columns)
    above = [line for line in lines if line.bottom <= highest]
    below = [line for line in lines if line.top >= lowest]
    rest = [line for line in lines if line.bottom > highest and line.top < lowest]
    turned = levelled(rest, width=width)
    originals = {id(new): old for new, old in zip(turned, rest, strict=True)}
    between = [originals[id(line)] for line in _by_rows(turned)]
    return [*_by_rows(above), *between, *_by_rows(below)]


def _run_upwards(lines: Sequence[Line]) -> bool:
    """Whether the first letters of most upright lines stand below their last."""
    upright = [line for line in lines if line.is_upright]
    heights = (
        (
            int.from_bytes(line.marks[2:4], "little"),
            int.from_bytes(line.marks[2 - MARK : 4 - MARK], "little"),
        )
        for line in upright
    )
    return sum(first > last for first, last in heights) * 2 > len(upright)
