"""Figures of a table's cells, and those of the evidence, each with its unit."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from briefs.gate.findings import Case, Found
from briefs.gate.grading import Grade, counted, grade
from briefs.gate.grids import headers, spot_of
from briefs.gate.layout import Column, Layout, is_rank, quantity, unit_in
from briefs.gate.lexicon import Bound, Way
from briefs.gate.model import Place
from briefs.gate.quantities import Quantity
from briefs.gate.reading import Text

_RATIOS: Final = {"%", "pp", "times"}
_RATE: Final = re.compile(r"率|比重|占比|比例|份额|增长|增幅|降幅|增速|百分比|rate|share|growth")
_UPWARD: Final = re.compile(
    r"增(?!加值)|涨|升|提高|同比|环比|比上年|较上年|变化|变动|growth|change"
)
_DOWNWARD: Final = re.compile(r"降|减|跌|回落|decline|decrease|drop")
_LOST: Final = re.compile(r"^(?:净?亏损|赤字|逆差)额?$")
_LEFT: Final = re.compile(r"盈余|盈利|盈亏|损益|利润|顺差|结余")
_LESS: Final = re.compile(r"[降减跌亏负低缩]|逆差|赤字|回落|少")
_BRACKETED: Final = re.compile(r"[（(]\s*(\d[\d,.，．]*\s*[%％]?)\s*[）)]")
"""Accountants write -12 as (12)."""
_OPENED: Final = re.compile(r"(?:^|[\t|\n：:]) *[（(]$")
_CLOSED: Final = re.compile(r"[）)] *(?:$|[\t|\n；;])")
_UNIT: Final = re.compile(r"单位\s*[：:]\s*([^\s（()）；;。,，|]+)")
_EXACT: Final = 1e-9
_ROUNDED: Final = 0.02
_HEDGED: Final = 0.35
"""Shares by which figures may differ; what is graded allows less."""
_UP: Final = {Way.UP, Way.WIDER, Way.HIGHER}
_DOWN: Final = {Way.DOWN, Way.NARROWER, Way.LOWER}


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure of a cell."""

    each: Quantity
    has_unit: bool
    """Whether cell, row, column or caption gives it a unit or a scale."""
    is_rate: bool
    """Whether the column's name says that it is a share or a change."""

    @property
    def worth(self) -> Fraction:
        """What one of the printed figure is."""
        return self.each.worth

    def points(self, column: Column) -> int:
        """1 where it says that something rose, -1 where it fell, 0 where it does not say."""
        sign = -1 if self.each.value < 0 else 1
        if _DOWNWARD.search(column.words) and not _UPWARD.search(column.words):
            return -sign
        return sign if _UPWARD.search(column.words) or sign < 0 else 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A figure of the evidence."""

    order: int
    """Its place among all of them."""
    witness: int
    text: Text
    each: Quantity
    """As it stands."""
    valued: Quantity
    """With the unit of its column."""
    has_unit: bool
    column: str
    """Name of its column in the evidence; empty in prose and where nothing tells."""
    in_table: bool
    near: tuple[float, float]
    """About what it is, as printed and with its unit; 0 and more."""

    @property
    def points(self) -> int:
        """As `Figure.points`."""
        if self.each.way is None or self.each.reaches:
            return -1 if self.each.value < 0 else 0
        sign = -1 if self.each.value < 0 else 1
        return sign if self.each.way in _UP else -sign if self.each.way in _DOWN else 0

    def place(self, case: Case) -> Place:
        """The words and where they stand."""
        return case.found(Found(self.witness, *self.each.core))


def figure_of(layout: Layout, row: int, column: Column) -> Figure | None:
    """The figure of a cell with its unit; None where it is not one figure and nothing else."""
    cell = layout.rows[row][column.at]
    if is_rank(column):
        words = cell.text if cell.text.startswith("第") else f"第{cell.text}位"
        ranked = quantity(words)
        return None if ranked is None else Figure(ranked, has_unit=True, is_rate=False)
    words = cell.text.replace("−", "-").replace("－", "-").replace("＋", "+").lstrip("+")
    words = _BRACKETED.sub(r"-\1", words) if _BRACKETED.fullmatch(words) else words
    own = quantity(words)
    if own is None:
        return None
    unit, has_unit = layout.unit(row, column), own.worth != 1 or bool(own.dimension)
    if unit and not has_unit:
        own, has_unit = quantity(words + unit) or own, True
    elif unit and not own.dimension:
        # 12万 below 到馆人次（人次）.
        own = quantity(words + unit) or own
    if layout.is_about(column) and own.bound is Bound.EXACT:
        own = replace(own, bound=Bound.ABOUT)
    if own.way is None and _DOWNWARD.search(column.words) and not _UPWARD.search(column.words):
        own = replace(own, way=Way.DOWN)
    lost, left = _LOST.search(column.words), _LEFT.search(column.words)
    own = replace(own, balance=-1 if lost else 1 if left else own.balance)
    return Figure(own, has_unit, is_rate=bool(_RATE.search(column.words)))


def seen_in(case: Case) -> list[Seen]:
    """All figures of the evidence in order, those in tables with the units of their columns.

    A row whose witness does not name its columns has the names of another's, where the evidence has
    one such row of names and no more.
    """
    found: list[Seen] = []
    heads = {names for text in case.texts for names in headers(text.raw)}
    sizes = Counter(map(len, heads))
    names = {len(each): each for each in heads if sizes[len(each)] == 1}
    for witness, text in enumerate(case.texts):
        for each in text.quantities:
            spot = spot_of(text, each)
            column = "" if spot is None else spot.column
            if spot is not None and not column and spot.place[1] in names:
                column = names[spot.place[1]][spot.place[0]]
            valued, has_unit = _valued(text, each, None if spot is None else column)
            if spot is not None and _is_bracketed(text, each):
                valued = replace(valued, value=-valued.value, printed=-valued.printed)
            near = abs(float(each.printed)), abs(float(valued.value))
            found.append(
                Seen(
                    len(found), witness, text, each, valued, has_unit, column,
                    in_table=spot is not None, near=near,
                )
            )  # fmt: skip
    return found


def _is_bracketed(text: Text, each: Quantity) -> bool:
    """Whether a cell of the evidence is a figure in brackets and nothing else."""
    start, end = text.span(*each.core)
    before, behind = text.raw[:start].rstrip(" "), text.raw[end:].lstrip(" ")
    return bool(_OPENED.search(before) and _CLOSED.match(behind))


def _valued(text: Text, each: Quantity, column: str | None) -> tuple[Quantity, bool]:
    """A figure with the unit of its column, and whether it has any."""
    has_unit = each.worth != 1 or bool(each.dimension)
    if column is None or has_unit:
        return each, has_unit
    stated = _UNIT.search(text.raw)
    unit = unit_in(column) or (stated[1] if stated else "")
    if not unit or (one := quantity(f"1{unit}")) is None:
        return each, has_unit
    factor = one.value
    valued = replace(
        each, value=each.value * factor, step=each.step * factor, dimension=one.dimension,
        worth=one.worth, upper=None if each.upper is None else each.upper * factor,
    )  # fmt: skip
    return valued, True


def shows(own: Figure, seen: Seen) -> bool:
    """Whether a figure of the evidence counts what a cell counts."""
    one, two = own.each.dimension, seen.valued.dimension
    if one.startswith("第") != two.startswith("第"):
        return False
    if one == two or ("个" in {one, two} and counted(one or "个") and counted(two or "个")):
        return True
    return not (one and two) and not (own.has_unit and seen.has_unit and {one, two} & _RATIOS)


def close_to(own: Figure, seen: Sequence[Seen], *, exactly: bool = False) -> list[Seen]:
    """Those figures of the evidence that may bear out a cell's: `graded` says `NOT` of others."""
    value, printed = abs(float(own.each.value)), abs(float(own.each.printed))
    off = _EXACT if exactly else _HEDGED if own.each.bound is not Bound.EXACT else _ROUNDED
    low, high = value * (1 - off), value * (1 + off)
    return [
        each
        for each in seen
        if low <= each.near[1] <= high or low <= each.near[0] <= high or printed == each.near[0]
    ]


def graded(own: Figure, seen: Seen) -> Grade:
    """How well a figure of the evidence bears out a cell's; the sign may be a word there."""
    if not shows(own, seen) or not _fits(own, seen):
        return Grade.NOT
    dimension = own.each.dimension or seen.valued.dimension
    one, two = (replace(q, dimension=dimension) for q in (own.each, seen.valued))
    if one.value < 0 < two.value and not two.balance and (seen.points < 0 or _is_lowered(seen)):
        one = replace(one, value=-one.value)
    found = grade(one, two)
    if found is Grade.NOT and is_guessed(own, seen):
        return Grade.SAME
    return found


def _is_lowered(seen: Seen) -> bool:
    """Whether the words before a figure say less or lost, though not right before it."""
    if seen.points > 0 or seen.in_table:
        return False
    start, _ = seen.text.clause(seen.each.start)
    return bool(_LESS.search(seen.text.words, start, seen.each.core[0]))


def is_guessed(own: Figure, seen: Seen) -> bool:
    """Whether a figure is the cell's only if the evidence's unit, which is not quoted, is its."""
    return (
        own.has_unit
        and not seen.has_unit
        and seen.in_table
        and own.each.value != seen.each.value
        and own.each.printed == seen.each.printed
    )


def _fits(own: Figure, seen: Seen) -> bool:
    """Whether units that one side does not give leave it possible."""
    if own.has_unit or not seen.has_unit:
        return True
    if seen.valued.dimension in _RATIOS:
        return own.is_rate
    return seen.valued.worth == 1
