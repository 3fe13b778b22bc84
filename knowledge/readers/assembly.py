"""Builds the text of a page and its blocks, line by line; tables as rows with their names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.model import Block, BlockKind, PageText
from knowledge.text import clean


class PageBuilder:
    """Collects paragraphs, headings, rows and furniture; joins them by line ends."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._size = 0

    def add(self, kind: BlockKind, text: str, *, level: int | None = None) -> None:
        """Append one block; blank text adds nothing, blanks at its ends are dropped."""
        words = clean(text).strip()
        if not words:
            return
        if self._parts:
            self._size += 1
        self._parts.append(words)
        self._blocks.append(Block(kind, self._size, self._size + len(words), level))
        self._size += len(words)

    @property
    def size(self) -> int:
        """Characters collected."""
        return self._size

    def page(self, *, label: str | None = None) -> PageText:
        """Give the page collected so far."""
        return PageText("\n".join(self._parts), label, tuple(self._blocks))


def row_text(names: Sequence[str], cells: Sequence[str]) -> str:
    """Write a table row with its column names, ``列名：值；列名：值``, without empty cells."""
    pairs: list[str] = []
    for position, cell in enumerate(cells):
        value = " ".join(clean(cell).split())
        column = names[position] if position < len(names) else ""
        if value:
            pairs.append(f"{column}：{value}" if column else value)
    return "；".join(pairs)


_YEAR: Final = re.compile(r"(?:19|20)\d\d\s*年?(?:末|度|上半年|\d{1,2}月)?$")
_FIGURE_MARKS: Final = str.maketrans(dict.fromkeys(" ,.%％-－+/:：年月日"))
_DEEPEST_HEADER: Final = 4
_LABEL: Final = re.compile(
    r"(?:姓\s*名|性\s*别|民\s*族|籍\s*贯|学\s*历|职\s*[务称]|单\s*位|地\s*址|电\s*话|邮\s*编|传\s*真|备\s*注|"
    r"出生年月|政治面貌|身份证号码?|(?:单位|机构|法定代表|联系|申请|负责|经办)人?(?:姓名|名称|地址|电话|方式|人)|"
    r"办公(?:地址|时间|电话)|办理(?:地点|时间|期限|对象)|通信地址|通讯地址|电子邮[箱件]|网\s*址|法人代表)[：:]?$"
)


def header_names(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Give the column names if a row can be the header.

    It has at least two, all distinct, none a figure: but years may stand beside another name.
    """
    names = tuple(" ".join(clean(cell).split()) for cell in cells)
    filled = [name for name in names if name]
    if len(filled) < 2 or len(set(filled)) < len(filled):
        return None
    figures = [name for name in filled if is_figure(name)]
    if len(figures) == len(filled) or not all(map(_YEAR.match, figures)):
        return None
    return names


def is_figure(text: str) -> bool:
    """Whether a cell holds a number or a date and no words."""
    return text.translate(_FIGURE_MARKS).isdecimal()


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell of a grid; a merged one stands, the same object, in each place that it covers."""

    text: str
    names: bool = False
    """The file itself says that it is a column's name."""


def add_grid(builder: PageBuilder, grid: Sequence[Sequence[Cell]]) -> None:
    """Append a table: each row with the names of its columns, joined over the header's rows.

    Rows of one cell above the header are paragraphs. The value of a merged cell stands in each
    row that it covers, once.
    """
    rows = [row for row in grid if any(cell.text for cell in row)]
    top = 0
    width = max(map(len, rows), default=0)
    while top < len(rows) - 1 and width > 1 and _is_title(rows[top]):
        builder.add(BlockKind.PARAGRAPH, rows[top][0].text)
        top += 1
    depth = header_depth(rows[top:], complete=True)
    header = rows[top : top + depth]
    names = tuple(column_names(header))
    for row in rows[top + depth :]:
        across = len(row) > 1 and len(set(row)) == 1
        cells = [cell.text for cell in once(row)]
        builder.add(BlockKind.ROW, row_text(() if across else names, cells))


def header_depth(rows: Sequence[Sequence[Cell]], *, complete: bool) -> int:
    """How many of the first rows hold column names; 0 when they hold none.

    Args:
        rows: of a grid, more than the header may have.
        complete: whether each column but the first must have a name.
    """
    said = 0
    if not rows or len({cell for cell in rows[0] if cell.text}) < 2:
        return 0
    while said < len(rows) - 1 and all(cell.names or not cell.text for cell in rows[said]):
        said += 1
    if len(rows) < 2:
        return said
    depth = max(said, 1)
    while depth < min(len(rows) - 1, _DEEPEST_HEADER) and _goes_on(rows, depth):
        depth += 1
    if said:
        return depth
    if _is_form(rows):
        return 0
    names = column_names(rows[:depth])
    others = names[1:]
    named = header_names(names if names[0] or not complete else ["\N{BULLET}", *others]) is not None
    return depth if named and (all(others) or not complete) else 0


def _is_title(row: Sequence[Cell]) -> bool:
    """Whether a row has one cell alone, its first."""
    return {cell for cell in row if cell.text} == {row[0]}


def _is_form(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether each row says what its values are: 姓名 | 张三 | 性别 | 女, below it 单位 | …."""
    return any(_LABEL.match(cell.text) for row in rows[1:] for cell in row[::2])


def _goes_on(rows: Sequence[Sequence[Cell]], depth: int) -> bool:
    """Whether a header goes on below: a cell of it does, or one stands over several columns."""
    above, below = rows[depth - 1], rows[depth]
    if any(is_figure(cell.text) and not _YEAR.match(cell.text) for cell in below):
        return False
    lasting = any(cell is under for cell, under in zip(above, below, strict=False))
    return lasting or len(set(above)) < len(above)


def column_names(header: Sequence[Sequence[Cell]]) -> list[str]:
    """The name of each column: its cells in the rows of the header, each once, joined."""
    names: list[str] = []
    for column in range(max((len(row) for row in header), default=0)):
        cells = dict.fromkeys(row[column] for row in header if column < len(row))
        names.append(" ".join(cell.text for cell in cells if cell.text))
    return names


def once(row: Sequence[Cell]) -> Iterator[Cell]:
    """The cells of a row, those merged with one before them blank."""
    seen: set[Cell] = set()
    for cell in row:
        yield _BLANK if cell in seen else cell
        seen.add(cell)


_BLANK: Final = Cell("")
_WIDEST: Final = 1000


def grid_of(rows: Iterable[Sequence[tuple[Cell, int, int]]]) -> list[list[Cell]]:
    """Lay out cells of given widths and heights, as HTML and Office tables merge them.

    Args:
        rows: of each row its cells with the columns and rows that each covers.
    """
    grid: list[list[Cell]] = []
    hanging: dict[int, tuple[Cell, int]] = {}
    for row in rows:
        laid: list[Cell] = []
        for cell, width, height in [*row, (_BLANK, 0, 1)]:
            while len(laid) in hanging:
                above, left = hanging.pop(len(laid))
                if left > 1:
                    hanging[len(laid)] = above, left - 1
                laid.append(above)
            for _ in range(min(width, _WIDEST - len(laid))):
                if height > 1:
                    hanging[len(laid)] = cell, height - 1
                laid.append(cell)
        grid.append(laid)
    return grid
