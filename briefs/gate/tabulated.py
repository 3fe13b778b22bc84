"""Tables before their evidence: every figure under its row's and its column's name.

A figure has the unit of its cell, of a column “单位”, of the name of its row or its column, or
of the caption. It is borne out by a figure of the evidence of the same value that is not another
row's or another column's; the names of rows must stand in the evidence, too. A total that the
evidence does not give must be the sum of its column.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from briefs.errors import TableError
from briefs.gate.bindings import misbound
from briefs.gate.figures import check_figures, report_missing
from briefs.gate.findings import Case, Found
from briefs.gate.grading import Grade
from briefs.gate.grids import Axis, owners
from briefs.gate.layout import Column, Layout, Use, layout_of
from briefs.gate.lexicon import Bound
from briefs.gate.model import Doubt, Fault, FaultType, Place, Reason
from briefs.gate.names import check_names
from briefs.gate.periods import check_dates
from briefs.gate.reading import alike, labels, read, stands
from briefs.gate.readings import (
    Figure,
    Seen,
    close_to,
    figure_of,
    graded,
    is_guessed,
    seen_in,
    shows,
)
from briefs.tables import Cell, grid_of

_MOST: Final = 60_000
"""Pairs of a cell and a figure of the evidence."""
_UPWARD: Final = {Bound.AT_LEAST, Bound.ABOVE}
_DOWNWARD: Final = {Bound.AT_MOST, Bound.BELOW}
_HALF: Final = 0.5
_SHORTEST: Final = 3
_LONGEST: Final = 8
"""Characters of a name that may be short for another."""


def check_table(case: Case) -> None:
    """Check the table that a case's text is; what is no table is put before a person."""
    try:
        layout = layout_of(grid_of(case.text.raw))
    except TableError:
        case.doubt(Reason.UNLIKE, (0, len(case.text.words)))
        return
    seen = seen_in(case)
    if len(layout.columns) * len(layout.rows) * len(seen) > _MOST:
        case.doubt(Reason.UNLIKE, (0, len(case.text.words)))
        return
    table = _Checked(case, layout, seen)
    table.check_names()
    for row in range(len(layout.rows)):
        for column in layout.of(Use.FIGURES):
            table.check_cell(row, column)
    table.check_bindings()


@dataclass(slots=True)
class _Checked:
    """A table while it is checked."""

    case: Case
    layout: Layout
    seen: Sequence[Seen]
    owned: dict[tuple[int, Axis, bool], frozenset[int]] = field(default_factory=dict)
    """Whose figures of the evidence are, by their order."""
    around: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The words around them."""

    # Names

    def check_names(self) -> None:
        """Caption, names of columns and rows, and what else is no figure."""
        self._check_words(self.layout.grid.caption, is_ours=True)
        for column in self.layout.columns:
            if column.use is Use.FIGURES:
                self._check_words(column.bare, is_ours=True)
        for number, row in enumerate(self.layout.rows):
            for column in self.layout.columns:
                cell = row[column.at]
                if column.use is Use.NAMES and not self.layout.is_total(number):
                    self._check_label(number, column, cell)
                elif column.use in {Use.WORDS, Use.SOURCES} and not cell.says_nothing:
                    self._check_words(cell, is_ours=column.use is Use.SOURCES)

    def _check_words(self, cell: Cell, *, is_ours: bool) -> None:
        """Words of a cell as those of a sentence; in our own wording a name may be another's."""
        text = read(cell.text)
        if not cell.text or any(stands(text.words, each) for each in self.case.texts):
            return
        own = Case(text, self.case.witnesses, self.case.texts)
        sizes = {len(self.layout.rows), len(self.layout.of(Use.FIGURES))} if is_ours else set()
        for missing in check_figures(own):
            # 两馆, 三个街道: the caption counts what the table shows.
            if missing.value not in sizes:
                report_missing(own, missing)
        check_dates(own)
        check_names(own)
        for fault in own.faults:
            place = _moved(fault.statement, cell)
            calm = fault.type is FaultType.NAME or (fault.type is FaultType.DATE and self._undated)
            if is_ours and calm:
                self._doubt(Reason.NAMED, place, fault.evidence)
            else:
                self._fault(fault.type, place, fault.evidence, value=fault.value)
        for doubt in own.doubts:
            self._doubt(doubt.reason, _moved(doubt.statement, cell), doubt.evidence)

    @property
    def _undated(self) -> bool:
        return not any(text.dates for text in self.case.texts)

    def _check_label(self, row: int, column: Column, cell: Cell) -> None:
        """The name of a row must stand in the evidence."""
        at = column.labels[row]
        if at is None or cell.says_nothing or self._is_found(column, row):
            return
        label = column.axis[at]
        beside = [
            seen.place(self.case)
            for figure in self.layout.of(Use.FIGURES)
            if (own := self._figure(row, figure)) is not None
            for seen in close_to(own, self.seen)
            if graded(own, seen) is not Grade.NOT
        ][:1]
        if label.date is not None:
            dates = [
                self.case.found(Found(w, d.start, d.end))
                for w, text in enumerate(self.case.texts)
                for d in text.dates
            ][:1]
            self._fault(FaultType.DATE, _whole(cell), dates or beside)
            return
        pairs = read(cell.text).pairs
        theirs: frozenset[str] = frozenset().union(*(text.pairs for text in self.case.texts))
        share = len(pairs & theirs) / len(pairs) if pairs else 0.0
        if share == 1.0 or (share >= _HALF and column.is_thing):
            return
        if column.is_thing:
            self._doubt(Reason.WORDING, _whole(cell), beside)
        elif share >= _HALF or self._is_short_for(label.forms[0]):
            self._doubt(Reason.NAMED, _whole(cell), beside)
        else:
            self._fault(FaultType.NAME, _whole(cell), beside)

    def _is_short_for(self, name: str) -> bool:
        """Whether the evidence has the characters of a name in their order: 发改委."""
        if not _SHORTEST <= len(name) <= _LONGEST:
            return False
        parted = re.compile("[^,;。]{0,3}".join(map(re.escape, name)))
        return any(parted.search(text.words) for text in self.case.texts)

    def _is_found(self, column: Column, row: int) -> bool:
        at = column.labels[row]
        return at is None or any(
            found == at for text in self.case.texts for _, _, found in column.mentions(text)
        )

    def check_bindings(self) -> None:
        """Dates and states must be their own row's in the evidence."""
        for each in misbound(self.layout, self.case.texts):
            found = [self.case.found(each.found)]
            if each.type is None:
                self._doubt(Reason.WORDING, _whole(each.cell), found)
            else:
                self._fault(each.type, _whole(each.cell), found)

    # Figures

    def check_cell(self, row: int, column: Column) -> None:
        """A figure must stand in the evidence, and be this row's and this column's there."""
        cell = self.layout.rows[row][column.at]
        own = None if cell.says_nothing else self._figure(row, column)
        if own is None and not cell.is_figure:
            self._check_blank(row, column)
        if cell.says_nothing:
            return
        if own is None:
            self._check_words(cell, is_ours=False)
            return
        held: list[Seen] = []
        free: list[Seen] = []
        for exactly in (True, False):
            held = [
                s for s in close_to(own, self.seen, exactly=exactly)
                if graded(own, s) is not Grade.NOT
            ]  # fmt: skip
            free = [s for s in held if self._is_free(row, column, s)]
            if free:
                break
        if not free:
            self._report(row, column, own, held)
            return
        best = max(
            free,
            key=lambda s: (graded(own, s), self._is_own(row, s), self._fit(column, s), -s.order),
        )
        rival = self._rival(row, column, (own, best))
        if rival is not None:
            self._fault(FaultType.NUMBER, _whole(cell), [rival.place(self.case)])
            return
        self._hold(cell, column, (own, best))

    def _check_blank(self, row: int, column: Column) -> None:
        """A blank, a dash or 停业 where the evidence has a figure for this very cell."""
        rows = range(len(self.layout.rows))
        kind = next((own for n in rows if (own := self._figure(n, column)) is not None), None)
        if kind is None or self.layout.is_total(row):
            return
        others = [
            own
            for each in self.layout.of(Use.FIGURES)
            if each is not column and (own := self._figure(row, each)) is not None
        ]
        found = [
            seen
            for seen in self._rights(row, column, kind)
            if all(graded(own, seen) is Grade.NOT for own in others)
        ]
        if found:
            place = _whole(self.layout.rows[row][column.at])
            self._doubt(Reason.WORDING, place, [found[0].place(self.case)])

    def _figure(self, row: int, column: Column) -> Figure | None:
        return figure_of(self.layout, row, column)

    def _axes(self, row: int, column: Column) -> Iterator[tuple[Axis, int, bool]]:
        """The names that a cell stands under: axis, position in it, whether they are close by."""
        if not self.layout.is_total(row):
            for each in self.layout.of(Use.NAMES):
                at = each.labels[row]
                if at is not None and self._is_found(each, row):
                    yield each.axis, at, False
        for axis, at in self.layout.headed(column):
            yield axis, at, True

    def _is_free(self, row: int, column: Column, seen: Seen) -> bool:
        """Whether a figure of the evidence is not another row's or column's."""
        for axis, at, near in self._axes(row, column):
            tells = len(axis) > 1 or axis[0].date is not None
            if tells and at not in (self._owners(seen, axis, near=near) or {at}):
                return False
        return True

    def _is_own(self, row: int, seen: Seen) -> bool:
        """Whether the evidence says that a figure is this row's."""
        names = [each for each in self.layout.of(Use.NAMES) if each.labels[row] is not None]
        return bool(names) and all(
            self._owners(seen, each.axis, near=False) == {each.labels[row]} for each in names
        )

    def _owners(self, seen: Seen, axis: Axis, *, near: bool) -> frozenset[int]:
        key = seen.order, axis, near
        if key not in self.owned:
            self.owned[key] = owners(seen.text, seen.each, axis, near=near, column=seen.column)
        return self.owned[key]

    def _fit(self, column: Column, seen: Seen) -> float:
        """How much the words around a figure are those of the column's name; 0 … 1."""
        if seen.order not in self.around:
            self.around[seen.order] = (seen.column, *labels(seen.text, seen.each))
        return max(alike(column.words, each) for each in self.around[seen.order])

    def _rival(self, row: int, column: Column, pair: tuple[Figure, Seen]) -> Seen | None:
        """What the evidence gives for this very row, where it does not say that of the figure."""
        own, best = pair
        if self.layout.is_total(row) or self._is_own(row, best):
            return None
        found = [
            seen
            for seen in self._rights(row, column, own)
            if seen.witness == best.witness and self._fit(column, seen) >= self._fit(column, best)
        ]
        return found[0] if found and graded(own, found[0]) is Grade.NOT else None

    def _rights(self, row: int, column: Column, own: Figure) -> list[Seen]:
        """The figures of the same kind that the evidence gives for a row, best fit first."""
        found = [
            seen
            for seen in self.seen
            if shows(own, seen) and self._is_own(row, seen) and self._is_free(row, column, seen)
        ]
        return sorted(found, key=lambda seen: (-self._fit(column, seen), seen.order))

    def _report(self, row: int, column: Column, own: Figure, held: Sequence[Seen]) -> None:
        """No figure of the evidence is this one's."""
        place = _whole(self.layout.rows[row][column.at])
        if not held and self.layout.is_total(row) and (total := self._total(row, column)):
            if abs(own.each.value - total) > own.each.step / 2 * self.layout.is_mean(row):
                self._fault(FaultType.COMPUTED, place, (), value=f"{float(total / own.worth):g}")
            return
        printed = [
            seen
            for seen in self.seen
            if seen.each.printed == abs(own.each.printed) and self._is_free(row, column, seen)
            and not (shows(own, seen) and abs(seen.valued.value) == abs(own.each.value))
            and not seen.each.dimension.startswith("第")
        ]  # fmt: skip
        rights = self._rights(row, column, own)
        ours = [seen for seen in printed if not rights or seen in rights]
        if ours and not held:
            self._fault(FaultType.UNIT, place, [ours[0].place(self.case)])
            return
        nearest = [*rights, *held, *(s for s in self.seen if shows(own, s))][:1]
        self._fault(FaultType.NUMBER, place, [seen.place(self.case) for seen in nearest])

    def _total(self, row: int, column: Column) -> Fraction | None:
        """The sum or mean of the other rows of a column; None where one of them is no figure."""
        others = [n for n in range(len(self.layout.rows)) if not self.layout.is_total(n)]
        figures = [self._figure(number, column) for number in others]
        if row < len(others) or len(figures) < 2 or None in figures:
            return None
        total = sum((f.each.value for f in figures if f is not None), Fraction(0))
        return total / len(figures) if self.layout.is_mean(row) else total

    def _hold(self, cell: Cell, column: Column, pair: tuple[Figure, Seen]) -> None:
        """Check what belongs to a figure whose value stands in the evidence."""
        own, best = pair
        place, found = _whole(cell), [best.place(self.case)]
        one, two = own.each.bound, best.each.bound
        if is_guessed(own, best) and best.column:
            self._doubt(Reason.WORDING, place, found)
        if graded(own, best) is Grade.ROUNDED:
            self._doubt(Reason.ROUNDED, place, found)
        elif graded(own, best) is Grade.SAME and one is not two:
            both = {one, two}
            if both <= _UPWARD or both <= _DOWNWARD:
                self._doubt(Reason.STRICTNESS, place, found)
            elif not (one is Bound.ABOUT and two in {Bound.EXACT, Bound.NEARLY}):
                self._fault(FaultType.COMPARATOR, place, found)
        if best.points and own.points(column) and best.points != own.points(column):
            self._fault(FaultType.TREND, place, found)

    def _fault(
        self,
        kind: FaultType,
        place: Place,
        evidence: Sequence[Place],
        *,
        value: str | None = None,
    ) -> None:
        made = Fault(kind, place, tuple(evidence), value)
        if not any((f.type, f.statement) == (kind, place) for f in self.case.faults):
            self.case.faults.append(made)

    def _doubt(self, reason: Reason, place: Place, evidence: Sequence[Place]) -> None:
        made = Doubt(reason, place, tuple(evidence))
        if not any((d.reason, d.statement) == (reason, place) for d in self.case.doubts):
            self.case.doubts.append(made)


def _whole(cell: Cell) -> Place:
    return Place(cell.text, cell.start, cell.end)


def _moved(place: Place, cell: Cell) -> Place:
    return replace(place, start=place.start + cell.start, end=place.end + cell.start)
