"""What the columns of a table are for: names of rows, figures, units, sources."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from briefs.gate.grids import Axis, Label, mentions
from briefs.gate.quantities import Quantity
from briefs.gate.reading import Text, read
from briefs.tables import Cell, Grid

_UNITS: Final = re.compile(r"(?:计量|计价)?单位|units?", re.IGNORECASE)
_DATES: Final = re.compile(
    r"(?:统计|数据)?(?:年份|年度|年|时间|日期|时期|月份|季度)|years?|dates?|period|month|quarter",
    re.IGNORECASE,
)
_SOURCES: Final = re.compile(
    r"(?:数据|资料)?(?:来源|出处)(?:文献)?|文献|sources?|references?", re.IGNORECASE
)
_COUNT: Final = re.compile(r"序号?|编号|no\.?|#|№", re.IGNORECASE)
_RANK: Final = re.compile(r"排名|名次|位次|排序|rank(?:ing)?", re.IGNORECASE)
_THINGS: Final = re.compile(
    r"指标(?:名称)?|项目|类别|类型|内容|事项|口径|方面|分类|indicators?|items?|measures?|"
    r"categor(?:y|ies)|types?",
    re.IGNORECASE,
)
_MEAN: Final = re.compile(r"平\s*均|均\s*值|平均值|average|mean", re.IGNORECASE)
_TOTAL: Final = re.compile(
    rf"合\s*计|总\s*计|小\s*计|共\s*计|总\s*和|总\s*数|全\s*部|totals?|sum|{_MEAN.pattern}",
    re.IGNORECASE,
)
_BRACKETS: Final = re.compile(r"\s*[（(]\s*(?:单位\s*[：:]?\s*)?([^（()）]+?)\s*[）)]\s*$")
_SLASH: Final = re.compile(r"\s*[/／]\s*([^/／]+)$")
_STATED: Final = re.compile(r"单位\s*[：:]\s*([^\s（()）；;。,，|]+)")
_PERCENT: Final = re.compile(r"\s*[%％]\s*$")
_ABOUT: Final = re.compile(r"约数|概数|约[，,）)]|[（(]约")
_DATE: Final = re.compile(r"(?:1[5-9]|20|21)\d\d\s*(?:[-–—~～至]\s*(?:19|20)\d\d\s*)?年?度?末?底?")


class Use(StrEnum):
    """What a column is for."""

    NAMES = "names"
    """Says what the rows are of: a name, a year."""
    FIGURES = "figures"
    UNITS = "units"
    SOURCES = "sources"
    COUNT = "count"
    """1, 2, 3: ours alone."""
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    at: int
    use: Use
    name: Cell
    unit: str
    """As its name says; empty where it says none."""
    words: str
    """Its name, folded, without unit and date."""
    axis: Axis
    """The names in it, each once; empty unless `Use.NAMES`."""
    labels: tuple[int | None, ...]
    """Of each row the position of its name in `axis`."""
    is_thing: bool
    """Whether its names are of our own wording: 指标, not 馆名."""

    @property
    def bare(self) -> Cell:
        """Its name without the unit."""
        text = _SLASH.sub("", _BRACKETS.sub("", self.name.text)) or self.name.text
        return Cell(text, self.name.start, self.name.start + len(text))

    def mentions(self, text: Text) -> tuple[tuple[int, int, int], ...]:
        """Where its names stand in a text."""
        return mentions(text, self.axis) if self.axis else ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A table with what its columns are for."""

    grid: Grid
    columns: tuple[Column, ...]
    dates: Axis
    """The dates that columns of figures are named by, each once."""
    heads: Axis
    """The other words that they are named by, each once."""

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows below the header."""
        return self.grid.rows

    def of(self, use: Use) -> list[Column]:
        """The columns for something."""
        return [column for column in self.columns if column.use is use]

    def is_total(self, row: int) -> bool:
        """Whether a row sums up others, or is their mean."""
        return any(_TOTAL.fullmatch(cell.text) for cell in self.rows[row])

    def is_mean(self, row: int) -> bool:
        """Whether a row is the mean of others."""
        return any(_MEAN.fullmatch(cell.text) for cell in self.rows[row])

    def headed(self, column: Column) -> Iterator[tuple[Axis, int]]:
        """The names of a column of figures: axis and position in it."""
        dated, words = _named(column.bare.text)
        if dated is not None:
            yield self.dates, self.dates.index(dated)
        if words is not None and len(self.heads) > 1:
            yield self.heads, self.heads.index(words)

    def unit(self, row: int, column: Column) -> str:
        """The unit of a cell that has none itself: of its row, its column, or the caption."""
        stated = [self.rows[row][each.at].text for each in self.of(Use.UNITS)]
        named = [unit_in(self.rows[row][each.at].text) for each in self.of(Use.NAMES)]
        found = [*stated, *named, column.unit, self.caption_unit]
        return next((unit for unit in found if unit and is_unit(unit)), "")

    @property
    def caption_unit(self) -> str:
        """The unit that the caption gives for the whole table."""
        stated = _STATED.search(self.grid.caption.text)
        return stated[1] if stated else unit_in(self.grid.caption.text)

    def is_about(self, column: Column) -> bool:
        """Whether all figures of a column are given as nearly right."""
        return any(_ABOUT.search(text) for text in (column.name.text, self.grid.caption.text))


def layout_of(grid: Grid) -> Layout:
    """Tell what the columns of a table are for."""
    figures = grid.figures
    # 序号 and 排名 may stand before the names.
    named = figures.index(False) if False in figures else 0
    first = figures.index(True, named) if True in figures[named:] else len(figures)
    columns = tuple(_column(grid, at, first=first) for at in range(len(grid.header)))
    heads = [_named(each.bare.text) for each in columns if each.use is Use.FIGURES]
    return Layout(
        grid,
        columns,
        tuple(dict.fromkeys(dated for dated, _ in heads if dated is not None)),
        tuple(dict.fromkeys(words for _, words in heads if words is not None)),
    )


def unit_in(name: str) -> str:
    """The unit at the end of a name, ``到馆人次（万）``; empty where there is none."""
    for pattern in (_BRACKETS, _SLASH):
        match = pattern.search(name)
        if match is not None and is_unit(match[1]):
            return match[1]
    return "%" if _PERCENT.search(name) else ""


def is_unit(words: str) -> bool:
    """Whether words are a unit and nothing else: 万人次, %, 亿元."""
    return quantity(f"1{words}") is not None and bool(words)


def quantity(words: str) -> Quantity | None:
    """The one figure that words are, from their beginning to their end; None for others."""
    text = read(words)
    if len(text.quantities) != 1:
        return None
    only = text.quantities[0]
    return only if (only.start, only.end) == (0, len(text.words)) else None


def is_rank(column: Column) -> bool:
    """Whether a column holds places in an order."""
    return bool(_RANK.fullmatch(column.words))


def _column(grid: Grid, at: int, *, first: int) -> Column:
    name, cells = grid.header[at], [row[at] for row in grid.rows]
    use = _use(grid, at, first=first)
    names: tuple[str, ...] = ()
    if use is Use.NAMES:
        names = tuple(_filled(cell.text for cell in cells))
    known = [Label.of(each) if each and not _TOTAL.fullmatch(each) else None for each in names]
    axis = tuple(dict.fromkeys(label for label in known if label is not None))
    labels = tuple(None if label is None else axis.index(label) for label in known)
    bare = _BRACKETS.sub("", name.text)
    return Column(
        at, use, name, unit_in(name.text), read(_DATE.sub("", bare)).words.strip(), axis,
        labels or (None,) * len(cells), bool(_THINGS.fullmatch(bare)),
    )  # fmt: skip


def _use(grid: Grid, at: int, *, first: int) -> Use:
    name, cells = grid.header[at].text, [row[at] for row in grid.rows]
    texts = [cell.text for cell in cells if not cell.says_nothing]
    if _COUNT.fullmatch(name) and texts == [str(n) for n in range(1, len(texts) + 1)]:
        return Use.COUNT
    if _UNITS.fullmatch(name):
        return Use.UNITS
    if _SOURCES.fullmatch(name):
        return Use.SOURCES
    if _DATES.fullmatch(name) or (texts and all(c.is_date for c in cells if not c.says_nothing)):
        return Use.NAMES
    if any(cell.is_figure for cell in cells) and (at or grid.figures[at]):
        return Use.FIGURES
    return Use.NAMES if at <= first else Use.WORDS


def _filled(names: Iterator[str]) -> Iterator[str]:
    """A blank goes on with the name above it."""
    last = ""
    for name in names:
        last = name or last
        yield last


def _named(name: str) -> tuple[Label | None, Label | None]:
    """The date and the words that a column is named by."""
    text = read(name)
    dated, words = None, name
    if len(text.dates) == 1:
        start, end = text.span(text.dates[0].start, text.dates[0].end)
        dated, words = Label.of(text.raw[start:end]), text.raw[:start] + text.raw[end:]
    words = words.strip(" 年末底的")
    return dated, Label.of(words) if words else None
