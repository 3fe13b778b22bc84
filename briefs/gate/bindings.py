"""Dates and states in the rows of a table: 甲项目 2025年12月, 城西馆 未达标, each of its own row.

They are bound as figures are: in the evidence's tables to the names in their line, in its prose to
the name before them, else to the one behind. Told only where each row has a name of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from briefs.gate.findings import Found
from briefs.gate.grids import Axis, Label, mentions, owner_at
from briefs.gate.layout import Column, Layout, Use
from briefs.gate.model import FaultType
from briefs.gate.reading import Text, read
from briefs.gate.words import Family
from briefs.tables import Cell

_LONGEST: Final = 16
"""Characters of what is a state and no sentence."""
_SAID: Final = {Use.NAMES, Use.WORDS}


@dataclass(frozen=True, slots=True)
class Misbound:
    """A cell that the evidence gives to another row, and what it gives to this one."""

    cell: Cell
    type: FaultType | None
    """None where a person must decide."""
    found: Found


def misbound(layout: Layout, texts: Sequence[Text]) -> Iterator[Misbound]:
    """The dates and states that are another row's, by column and row."""
    names = [each for each in layout.of(Use.NAMES) if not _is_dated(each)]
    if not names or not _is_unique(layout, names[0]):
        return
    for column in layout.columns:
        if column.use in _SAID and column.at != names[0].at:
            yield from _of(layout, (names[0], column), texts)


def _is_dated(column: Column) -> bool:
    return any(label.date is not None for label in column.axis)


def _is_unique(layout: Layout, names: Column) -> bool:
    kept = [at for at in names.labels if at is not None]
    return len(kept) == len(set(kept)) > 1 and len(kept) >= len(layout.rows) - 1


def _of(layout: Layout, pair: tuple[Column, Column], texts: Sequence[Text]) -> Iterator[Misbound]:
    names, column = pair
    cells = [row[column.at] for row in layout.rows]
    said = [Label.of(c.text) if _is_short(c) else None for c in cells]
    axis = tuple(dict.fromkeys(label for label in said if label is not None))
    if len(axis) < 2:
        return
    owned = list(_owned(axis, names.axis, texts))
    for row, label in enumerate(said):
        whose = names.labels[row]
        if label is None or whose is None:
            continue
        own = [at for at, by, _ in owned if at == axis.index(label) and by == whose]
        held = [by for at, by, _ in owned if at == axis.index(label)]
        others = [found for at, by, found in owned if by == whose and at != axis.index(label)]
        if held and others and not own:
            yield Misbound(cells[row], _type(label, axis), others[0])


def _is_short(cell: Cell) -> bool:
    return bool(cell.text) and not cell.says_nothing and len(cell.text) <= _LONGEST


def _owned(axis: Axis, names: Axis, texts: Sequence[Text]) -> Iterator[tuple[int, int, Found]]:
    """Each place where the evidence has one of the axis, and the name that it belongs to."""
    for witness, text in enumerate(texts):
        for start, end, at in mentions(text, axis):
            by = owner_at(text, (start, end), names)
            if by is not None:
                yield at, by, Found(witness, start, end)


def _type(label: Label, axis: Axis) -> FaultType | None:
    if label.date is not None:
        return FaultType.DATE
    words = " ".join(form for each in axis for form in each.forms[:1])
    denied = any(word.family is Family.NEGATION for word in read(words).closed)
    return FaultType.NEGATION if denied else None
