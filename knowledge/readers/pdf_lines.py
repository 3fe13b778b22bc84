"""Lines of PDF pages with their places, and paragraphs made of them; knows no PDF library."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from knowledge.headings import enumerator_of, structure_of
from knowledge.text import HAN, fold

_JOINS_WITHOUT_BLANK: Final = f"[{HAN}\u2018-\u201d\u3000-\u303f\uff00-\uffef·—…]"
_WIDE_LEFT: Final = re.compile(_JOINS_WITHOUT_BLANK + "$")
_WIDE_RIGHT: Final = re.compile("^" + _JOINS_WITHOUT_BLANK)
_SPACED_OUT: Final = re.compile(
    rf"(?<=[{HAN}，。、：；！？（）《》“”…０-９]) (?=[{HAN}，。、：；！？（）《》“”…０-９])"
)
_FINISHED: Final = tuple("。！？；：”’）》】.!?:;")
_PAGE_NUMBER: Final = re.compile(
    r"[-—–―·•\s]*(?:第\s*)?([0-9０-９]{1,4}|[ivxlc]{1,6})(?:\s*页)?(?:\s*[/／]\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?"
    r"(?:\s*[,，]?\s*共\s*\d{1,4}\s*页)?[-—–―·•\s]*$",
    re.IGNORECASE,
)
_EDGE_LINES: Final = 2
_FULL_SHARE: Final = 0.7
_EDGE_STEP: Final = 6.0
_EDGE_SHARE: Final = 0.06
_UNBREAKABLE: Final = re.compile(r"[“‘（《(]*(?:[A-Za-z0-9.,%:/@_-]+|.)[，。、；：！？”’）》)]*")
_HEADING_RATIO: Final = 1.15
_LONGEST_HEADING: Final = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; places in points from the page's lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    """Height of its letters' line box: the type size, nearly."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines joined; a heading has a level, furniture stands alone."""

    text: str
    size: float
    furniture: bool = False
    level: int | None = None


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
    """Measure a document's lines."""
    return Shape(_body_size(pages), _full_width(pages), _right_edges(pages), _line_gap(pages))


def tightened(text: str) -> str:
    """Take out the blanks of spaced-out Chinese (关 于 红 军), where most letters have one."""
    pairs = re.findall(rf"[{HAN}] ?(?=[{HAN}])", text)
    spaced = sum(pair.endswith(" ") for pair in pairs)
    return _SPACED_OUT.sub("", text) if spaced > 3 and spaced * 2 > len(pairs) else text


def furniture_of(pages: Sequence[Sequence[Line]]) -> list[set[int]]:
    """Find running headers, footers and page numbers: for each page the positions of such lines.

    A line at a page's edge is furniture when the same words, digits apart, stand at the edge of
    many pages, or when it is nothing but a page number.
    """
    edges = [_edge(lines) for lines in pages]
    counts: Counter[str] = Counter()
    for lines, edge in zip(pages, edges, strict=True):
        counts.update({_shape(lines[position].text) for position in edge})
    with_text = sum(bool(lines) for lines in pages)
    often = max(3, with_text * 3 // 10)
    furniture: list[set[int]] = []
    for lines, edge in zip(pages, edges, strict=True):
        furniture.append(
            {
                position
                for position in edge
                if counts[_shape(lines[position].text)] >= often
                or (len(lines) > 1 and _PAGE_NUMBER.match(lines[position].text))
            }
        )
    return furniture


def _edge(lines: Sequence[Line]) -> set[int]:
    order = sorted(range(len(lines)), key=lambda position: -lines[position].top)
    return {*order[:_EDGE_LINES], *order[-_EDGE_LINES:]}


def _shape(text: str) -> str:
    return re.sub(r"[0-9]+", "#", fold(text).replace(" ", ""))


def printed_numbers(
    pages: Sequence[Sequence[Line]], furniture: Sequence[set[int]]
) -> list[str | None]:
    """Page numbers as printed, kept only where they count up with the pages."""
    found: dict[int, int] = {}
    for index, (lines, positions) in enumerate(zip(pages, furniture, strict=True)):
        for position in sorted(positions):
            match = _PAGE_NUMBER.match(lines[position].text)
            if match and match.group(1).isdecimal():
                found.setdefault(index, int(match.group(1)))
    offsets = Counter(number - index for index, number in found.items())
    if not offsets:
        return [None] * len(pages)
    offset, times = max(offsets.items(), key=lambda item: (item[1], -abs(item[0])))
    if times < max(2, len(found) // 2):
        return [None] * len(pages)
    agreeing = {index for index, number in found.items() if number - index == offset}
    return [str(index + offset) if index in agreeing else None for index in range(len(pages))]


def bare_number(label: str) -> str:
    """A page label without what surrounds its number: — 1 — → 1; others unchanged."""
    match = _PAGE_NUMBER.match(label)
    return match.group(1) if match else label


def paragraphs(lines: Sequence[Line], furniture: set[int], *, shape: Shape) -> list[Paragraph]:
    """Join a page's lines into paragraphs, in the order given; furniture stands alone."""
    made: list[Paragraph] = []
    current: list[Line] = []
    kept = [line for position, line in enumerate(lines) if position not in furniture]
    for position, line in enumerate(lines):
        if position in furniture:
            made.extend(_finished(current, shape.body_size))
            current = []
            made.append(Paragraph(line.text, line.size, furniture=True))
            continue
        if current and _breaks(current[-1], line, _column(current[-1], kept, shape), shape):
            made.extend(_finished(current, shape.body_size))
            current = []
        current.append(line)
    made.extend(_finished(current, shape.body_size))
    return made


def _finished(lines: Sequence[Line], body_size: float) -> list[Paragraph]:
    if not lines:
        return []
    text = joined(line.text for line in lines)
    size = max(line.size for line in lines)
    large = size > body_size * _HEADING_RATIO and len(text) <= _LONGEST_HEADING
    heading = large and not text.endswith(("。", "；", "，")) and re.search(r"\w{2}", text)
    return [Paragraph(text, size, level=1 if heading else None)]


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
    gaps = sorted(above.bottom - line.top for above, line in pairs if above.bottom > line.bottom)
    return gaps[len(gaps) // 2] if gaps else 0.0


def _full_width(pages: Sequence[Sequence[Line]]) -> float:
    """Width of a full line of the document: three in four are no wider."""
    widths = sorted(line.right - line.left for page in pages for line in page)
    return widths[len(widths) * 3 // 4] if widths else 0.0


def _column(line: Line, lines: Sequence[Line], shape: Shape) -> tuple[float, float]:
    """The left and right edge of the column that a line stands in."""
    near = [other for other in lines if abs(other.left - line.left) < 3.5 * line.size]
    left = min(other.left for other in near)
    level = [other for other in near if abs(other.right - line.right) < 0.6 * line.size]
    if len(level) > 2 and line.right - line.left > _FULL_SHARE * shape.full_width:
        return left, line.right
    reachable = (edge for edge in shape.edges if edge >= line.right - 0.5 * line.size)
    return left, next(reachable, max(other.right for other in lines))


def _breaks(above: Line, line: Line, column: tuple[float, float], shape: Shape) -> bool:
    """Whether a paragraph ends between two lines that follow each other in the text."""
    left, right = column
    size = max(above.size, 1.0)
    if above.text.count("《") > above.text.count("》") and above.bottom - line.top < size:
        return False
    # A line may stop short only because the next word did not fit.
    room = max(2.0, _first_word_width(line.text) + 1.0)
    if above.right < right - room * size or abs(line.size - above.size) > 0.2 * size:
        return True
    if above.bottom - line.top > max(shape.line_gap, 0.0) + 0.5 * size:
        return True
    announced = structure_of(line.text) is not None or enumerator_of(line.text) is not None
    if announced and structure_of(above.text) is not None:
        return True
    if not above.text.endswith(_FINISHED):
        return False
    return announced or line.left > left + 1.2 * size


def _first_word_width(text: str) -> float:
    """Width of what cannot be broken off a line's start, in type sizes."""
    match = _UNBREAKABLE.match(text)
    word = match.group() if match else ""
    return sum(0.55 if letter.isascii() else 1.0 for letter in word)


def joined(texts: Iterable[str]) -> str:
    """Join printed lines: Chinese without a blank, words with one, broken words without hyphen."""
    result = ""
    for text in texts:
        part = text.strip()
        if result.endswith("-") and part[:1].islower() and result[-2:-1].isalpha():
            result = result[:-1] + part
        elif not result or not part or _WIDE_LEFT.search(result) or _WIDE_RIGHT.match(part):
            result += part
        else:
            result += " " + part
    return result


def ends_open(text: str) -> bool:
    """Whether words that go on elsewhere need a blank in between."""
    return bool(text) and not text.endswith(_FINISHED) and not _WIDE_LEFT.search(text)


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
