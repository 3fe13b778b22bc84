"""Whose the figures of the evidence are: by row and column of its tables, by words of its prose.

Evidence out of a table stands as lines: cells apart by tabs or bars below a line of names, or each
with its name (``馆名：城东馆；到馆人次：12``). In prose a figure is of the name before it in its
sentence, else of one behind it in its clause; of 甲、乙分别为3、5 each has its own.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from briefs.gate.dates import Dated
from briefs.gate.quantities import Quantity
from briefs.gate.reading import Text, origin, read
from briefs.tables import Cell

OTHER: Final = -1
"""Of a date that is none of the axis's."""
_ALOUD: Final = re.compile(r"分别|依次|respectively")
_AND: Final = re.compile(r" ?(?:、|,|和|与|及|以及|和为| and|, and| or) ?(?:为|是)?$")
_PAIR: Final = re.compile(r"\s*([^：:；;。\t|]{1,30})[：:]\s*(.{0,60}?)\s*")
_SPLIT: Final = re.compile(r"[；;]")
_COMPARED: Final = re.compile(r"[比较于与同过]的?$| than$")
_DASHES: Final = re.compile(r"[\s|:-]+")
_BRACKET: Final = re.compile(r" ?[(\[]")
_TAIL: Final = re.compile(r"(?<=..)(?:人次|册次|人数|数量|总量|总数|总额|金额|数|量|额)$")
_KINDS: Final = re.compile(r"(?<=..)(?:省|市|区|县|街道|镇|乡|村|馆)$")


@dataclass(frozen=True, slots=True)
class Label:
    """One name of an axis: a date, or words in the forms in which the evidence may have them."""

    forms: tuple[str, ...]
    """Folded, the fullest first; empty for a date."""
    date: Dated | None = None

    @classmethod
    def of(cls, words: str) -> "Label":
        """Read a label; brackets behind it are left out."""
        bare = re.sub(r"\s*[（(][^（()）]*[）)]\s*$", "", words) or words
        text = read(bare)
        whole = text.words.strip()
        if len(text.dates) == 1 and text.words[text.dates[0].end :].strip() in {"", "末", "底"}:
            only = text.dates[0]
            if not text.words[: only.start].strip():
                return cls((), only)
        forms = [whole, _TAIL.sub("", whole), _KINDS.sub("", whole)]
        return cls(tuple(dict.fromkeys(form for form in forms if form)))


Axis = tuple[Label, ...]
"""The names of the rows in one column, or of the columns; each once."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a figure stands in a table of the evidence, in characters of the witness."""

    start: int
    """Of its row."""
    end: int
    column: str
    """Name of its column; empty where nothing in the witness tells."""
    place: tuple[int, int] = (0, 0)
    """Its position in the row, and how many cells that has; zeros where cells have their names."""


@lru_cache(maxsize=256)
def spots(raw: str) -> tuple[tuple[int, ...], tuple[tuple[int, Spot], ...]]:
    """The cells of a text's table rows: where each starts; where it ends, and its place."""
    found: list[tuple[int, int, Spot]] = []
    header: tuple[str, ...] = ()
    at = 0
    for line in raw.split("\n"):
        cells = list(_cells(line, at))
        names = tuple(raw[cell.start : cell.end].strip() for cell in cells)
        if not cells:
            named = list(_pairs(line, at))
            found += [(cell.start, cell.end, Spot(at, at + len(line), cell.text)) for cell in named]
            header = ()
        elif not any(_counts(name) for name in names):
            header = header if _DASHES.fullmatch(line) else names
        else:
            columns = header if len(header) == len(cells) else ("",) * len(cells)
            found += [
                (cell.start, cell.end, Spot(at, at + len(line), column, (place, len(cells))))
                for place, (cell, column) in enumerate(zip(cells, columns, strict=True))
            ]
        at += len(line) + 1
    return tuple(start for start, _, _ in found), tuple((end, spot) for _, end, spot in found)


@lru_cache(maxsize=256)
def headers(raw: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a text that hold no figure: names of columns, perhaps of another witness's."""
    found = []
    for line in raw.split("\n"):
        names = tuple(line[cell.start : cell.end].strip() for cell in _cells(line, 0))
        if len(names) > 1 and all(names) and not any(_counts(n) for n in names):
            found.append(names)
    return tuple(found)


def _counts(words: str) -> bool:
    """Whether a cell holds a figure, also in an accountant's brackets."""
    return Cell(words.strip("()（）"), 0, 0).is_figure


def spot_of(text: Text, each: Quantity) -> Spot | None:
    """Where a figure stands in a table; None in prose."""
    starts, known = spots(text.raw)
    at = text.offsets[each.core[0]]
    place = bisect_right(starts, at) - 1
    return known[place][1] if place >= 0 and at < known[place][0] else None


def owners(
    text: Text, each: Quantity, axis: Axis, *, near: bool = False, column: str = ""
) -> frozenset[int]:
    """Of which labels of an axis a figure may be: their positions, `OTHER`; empty: nothing tells.

    Args:
        text: the evidence.
        each: a figure of it.
        axis: the labels.
        near: whether a name must stand in the figure's clause, as the name of a column must.
        column: name of the figure's column in the evidence, where that is known.
    """
    spot = spot_of(text, each)
    if spot is not None:
        return _in_table(text, replace(spot, column=column or spot.column), axis)
    found = mentions(text, axis)
    only = _in_prose(text, each, found, near=near) if found else None
    return frozenset() if only is None else frozenset({only})


def owner_at(text: Text, span: tuple[int, int], axis: Axis) -> int | None:
    """The label of an axis that words of the evidence belong to; None where nothing tells."""
    start, end = span
    found = mentions(text, axis)
    first = text.raw.rfind("\n", 0, text.offsets[start]) + 1
    last = text.raw.find("\n", first)
    line = text.raw[first : last if last >= 0 else len(text.raw)]
    if "\t" in line or line.count("|") > 1 or _pairs(line, 0):
        beside = {at for s, _, at in found if first <= text.offsets[s] < first + len(line)}
        return beside.pop() if len(beside) == 1 else None
    if _ALOUD.search(text.words, *text.sentence(start)):
        return None
    return _beside(text, (start, end, start), found, near=False)


def mentions(text: Text, axis: Axis) -> tuple[tuple[int, int, int], ...]:
    """Where labels of an axis stand: start, end, position of the label; folded, ascending."""
    return _mentions(text.raw, axis)


@lru_cache(maxsize=1024)
def _mentions(raw: str, axis: Axis) -> tuple[tuple[int, int, int], ...]:
    text = read(raw)
    found: list[tuple[int, int, int]] = []
    if any(label.date for label in axis):
        for dated in text.dates:
            of = (at for at, label in enumerate(axis) if label.date and _same(dated, label.date))
            found.append((dated.start, dated.end, next(of, OTHER)))
    forms = {form: at for at, label in reversed([*enumerate(axis)]) for form in label.forms}
    if forms:
        pattern = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
        found += [(*m.span(), forms[m.group()]) for m in re.finditer(pattern, text.words)]
    return tuple(sorted(found))


def _cells(line: str, at: int) -> Iterator[Cell]:
    mark = "\t" if "\t" in line else "|" if line.count("|") > 1 else ""
    if not mark:
        return
    for part in line.split(mark):
        yield Cell("", at, at + len(part))
        at += len(part) + 1


def _pairs(line: str, at: int) -> list[Cell]:
    """The values of ``名：值；名：值``, each with its name; none where the line is prose."""
    parts = _SPLIT.split(line.rstrip("；;。"))
    made = []
    for part in parts:
        match = _PAIR.fullmatch(part)
        if match is not None:
            made.append(Cell(match[1], at + match.start(2), at + match.end(2)))
        at += len(part) + 1
    few = len(parts) == 1 and not (made and Cell(line[made[0].start - at :], 0, 0).is_figure)
    return [] if few or len(made) < len(parts) - 1 else made


def _in_table(text: Text, spot: Spot, axis: Axis) -> frozenset[int]:
    if spot.column:
        above = {at for _, _, at in mentions(read(spot.column), axis)}
        if len(above) == 1:
            return frozenset(above)
    beside = {
        at for start, _, at in mentions(text, axis) if spot.start <= text.offsets[start] < spot.end
    }
    return frozenset(beside - {OTHER} or beside)


def _in_prose(
    text: Text, each: Quantity, found: tuple[tuple[int, int, int], ...], *, near: bool
) -> int | None:
    start, end = text.sentence(each.start)
    inside = [m for m in found if start <= m[0] < end]
    if (item := _listed(text, each, inside)) is not None:
        return item
    free = tuple(m for m in inside if m[1] > each.core[0] or not _is_origin(text, m, each))
    return _beside(text, (each.start, each.end, each.core[0]), free, near=near)


def _beside(
    text: Text, span: tuple[int, int, int], found: tuple[tuple[int, int, int], ...], *, near: bool
) -> int | None:
    """The name before a place in its sentence, else behind it in its clause.

    Args:
        text: the evidence.
        span: where the place starts and ends, and where its core starts.
        found: the names.
        near: whether a name before it must stand in its clause.
    """
    start, end = text.sentence(span[0])
    inside = [m for m in found if start <= m[0] < end]
    if bracket := _BRACKET.match(text.words, span[1]):
        behind = [m for m in inside if m[0] == bracket.end()]
        if behind:
            return behind[0][2]
    first, last = text.clause(span[0])
    before = [m for m in inside if m[1] <= span[2] and (not near or m[0] >= first)]
    if before and before[-1][1] > first:
        return before[-1][2]
    behind = [
        m for m in inside
        if span[1] <= m[0] < last and not _COMPARED.search(text.words, m[0] - 2, m[0])
    ]  # fmt: skip
    if behind:
        return behind[0][2]
    return before[-1][2] if before else None


def _is_origin(text: Text, mention: tuple[int, int, int], each: Quantity) -> bool:
    """Whether a date is only what a figure is compared with: 比2022年增长8%, not 比2022年的9万."""
    dates = [d for d in text.dates if (d.start, d.end) == mention[:2]]
    touches = text.words[mention[1] : each.start].strip() in {"", "的"}
    return bool(dates) and not touches and origin(text, dates[0])


def _listed(text: Text, each: Quantity, inside: list[tuple[int, int, int]]) -> int | None:
    """The item of an enumeration that a figure belongs to: 甲、乙分别为3、5."""
    start, end = text.sentence(each.start)
    if not _ALOUD.search(text.words, start, end):
        return None
    figures = [q for q in text.quantities if start <= q.start < end]
    at = figures.index(each)
    first = last = at
    while first and _AND.fullmatch(text.words[figures[first - 1].end : figures[first].start]):
        first -= 1
    while last + 1 < len(figures) and _AND.fullmatch(
        text.words[figures[last].end : figures[last + 1].start]
    ):
        last += 1
    items = [m for m in inside if m[1] <= figures[first].start][-(last - first + 1) :]
    if first == last or len(items) != last - first + 1:
        return None
    return items[at - first][2]


def _same(dated: Dated, wanted: Dated) -> bool:
    """Whether a date is the one wanted, or a part of it."""
    if (dated.year, dated.word) != (wanted.year, wanted.word) or dated.until != wanted.until:
        return dated.year is None and wanted.year is None and dated.month == wanted.month != None  # noqa: E711
    if wanted.month is None:
        return True
    return dated.month == wanted.month and (wanted.day is None or dated.day == wanted.day)
