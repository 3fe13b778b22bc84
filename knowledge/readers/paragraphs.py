"""Paragraphs and headings made of printed lines."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from knowledge.headings import enumerator_of, structure_of
from knowledge.model import BlockKind
from knowledge.readers.pdf_lines import FINISHED, Line, Run, run_together

_FULL_SHARE: Final = 0.7
_EDGE_STEP: Final = 6.0
_EDGE_SHARE: Final = 0.06
_UNBREAKABLE: Final = re.compile(r"[“‘（《(]*(?:[A-Za-z0-9.,%:/@_-]+|.)[，。、；：！？”’）》)]*")
_HEADING_RATIO: Final = 1.15
_LONGEST_HEADING: Final = 60


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines run together: one block of a page."""

    run: Run
    kind: BlockKind
    size: float
    """Its type size; of headings, it tells the level."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a document is set, measured over all its pages."""

    body_size: float
    full_width: float
    edges: tuple[float, ...]
    """Where its columns end, ascending."""
    line_gap: float
    """White between the lines of a paragraph."""


def shape_of(pages: Sequence[Sequence[Line]]) -> Shape:
    """Measure a document's lines, rows of tables apart."""
    free = [[line for line in page if line.kind is None] for page in pages]
    return Shape(_body_size(pages), _full_width(free), _right_edges(free), _line_gap(free))


def paragraphs(
    lines: Sequence[Line], furniture: set[int], *, shape: Shape
) -> tuple[Paragraph, ...]:
    """Join a page's lines, in the order given; furniture and rows of tables stand alone."""
    made: list[Paragraph] = []
    current: list[Line] = []
    columns = _columns(
        [line for position, line in enumerate(lines) if position not in furniture], shape
    )
    column = iter(columns)
    above: tuple[float, float] = (0.0, 0.0)
    for position, line in enumerate(lines):
        alone = BlockKind.FURNITURE if position in furniture else line.kind
        if current and (alone or _breaks(current[-1], line, above, shape)):
            made.append(_finished(current, shape.body_size))
            current = []
        if alone:
            made.append(Paragraph(run_together([line]), alone, line.size))
        else:
            current.append(line)
        if position not in furniture:
            above = next(column)
    if current:
        made.append(_finished(current, shape.body_size))
    return tuple(made)


def _finished(lines: Sequence[Line], body_size: float) -> Paragraph:
    run = run_together(lines)
    size = max(line.size for line in lines)
    large = size > body_size * _HEADING_RATIO and len(run.text) <= _LONGEST_HEADING
    heading = large and not run.text.endswith(("。", "；", "，")) and re.search(r"\w{2}", run.text)
    return Paragraph(run, BlockKind.HEADING if heading else BlockKind.PARAGRAPH, size)


def _right_edges(pages: Sequence[Sequence[Line]]) -> tuple[float, ...]:
    """Places at which many lines of the document end and which few lines cross."""
    lines = [line for page in pages for line in page]
    counts = Counter(round(line.right / _EDGE_STEP) for line in lines)
    often = max(3, len(lines) * _EDGE_SHARE)
    edges: list[float] = []
    for step in sorted(counts):
        ending = counts[step - 1] + counts[step] + counts[step + 1]
        if ending < often:
            continue
        place = (step + 0.5) * _EDGE_STEP
        crossing = sum(line.left < place < line.right - 1.5 * line.size for line in lines)
        if crossing < ending:
            if edges and place - edges[-1] < 1.5 * _EDGE_STEP:
                edges.pop()
            edges.append(place)
    return tuple(edges)


def _line_gap(pages: Sequence[Sequence[Line]]) -> float:
    """The usual white between a line and the next below it."""
    pairs = (pair for page in pages for pair in pairwise(page))
    gaps = sorted(line.top - above.bottom for above, line in pairs if line.bottom > above.bottom)
    return gaps[len(gaps) // 2] if gaps else 0.0


def _full_width(pages: Sequence[Sequence[Line]]) -> float:
    """Width of a full line of the document: three in four are no wider."""
    widths = sorted(line.right - line.left for page in pages for line in page)
    return widths[len(widths) * 3 // 4] if widths else 0.0


def _columns(lines: Sequence[Line], shape: Shape) -> list[tuple[float, float]]:
    """For each line the left and right edge of the column that it stands in."""
    if not lines:
        return []
    left, right, size = np.array([(line.left, line.right, line.size) for line in lines]).T
    near = np.abs(left[:, None] - left) < 3.5 * size[:, None]
    level = near & (np.abs(right[:, None] - right) < 0.6 * size[:, None])
    begins = np.where(near, left, np.inf).min(axis=1)
    full = (level.sum(axis=1) > 2) & (right - left > _FULL_SHARE * shape.full_width)
    edges = np.array([*shape.edges, right.max()])
    reachable = np.searchsorted(edges[:-1], right - 0.5 * size)
    ends = np.where(full, right, edges[reachable])
    return list(zip(begins.tolist(), ends.tolist(), strict=True))


def _breaks(above: Line, line: Line, column: tuple[float, float], shape: Shape) -> bool:
    """Whether a paragraph ends between two lines that follow each other in the text."""
    size = max(above.size, 1.0)
    white = line.top - above.bottom
    if above.text.count("《") > above.text.count("》") and white < size:
        return False
    another_size = abs(line.size - above.size) > 0.2 * size
    left, right = column
    # A line may stop short only because the next word did not fit.
    room = max(2.0, _first_word_width(line.text) + 1.0)
    stops_short = above.right < right - room * size
    if another_size or white > max(shape.line_gap, 0.0) + 0.5 * size or stops_short:
        return True
    announced = structure_of(line.text) is not None or enumerator_of(line.text) is not None
    if announced and structure_of(above.text) is not None:
        return True
    indented = announced or line.left > left + 1.2 * size
    return above.text.endswith(FINISHED) and indented


def _first_word_width(text: str) -> float:
    """Width of what cannot be broken off a line's start, in type sizes."""
    match = _UNBREAKABLE.match(text)
    word = match.group() if match else ""
    return sum(0.55 if letter.isascii() else 1.0 for letter in word)


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size most letters have."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes.items(), key=lambda item: (item[1], -item[0]))[0] if sizes else 10.0


def levels_of(sizes: Iterable[float]) -> dict[float, int]:
    """Sizes of headings → levels, the largest 1; sizes within half a point are one."""
    distinct: list[float] = []
    for size in sorted(set(sizes), reverse=True):
        if not distinct or distinct[-1] - size > 0.5:
            distinct.append(size)
    ranks = {}
    for size in set(sizes):
        ranks[size] = min(1 + sum(other - size > 0.5 for other in distinct), 6)
    return ranks
