"""Figures of the same indicator, period and place that sources give differently, as a table.

Precision before recall: only figures whose indicator, year and place are certain are compared, and
a source that gives several values for one of them says nothing certain. What is only rounded is no
conflict. Another basis 口径 is shown, not judged: it may be why they differ.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from briefs.drafting.authority import authority_of, newness
from briefs.drafting.indicators import Figure
from briefs.gate.grading import Grade, grade
from briefs.model import Statement, StatementKind
from briefs.tables import Table, text_of

_VALUE: Final = re.compile(r"[-+−]?[\d０-９][\d０-９,，.．]*|[〇零一二两三四五六七八九十百千点]+")
_NONE: Final = "—"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One indicator of one period and place, with the figures that sources give."""

    figures: tuple[Figure, ...]
    """Two at the least, of different documents; the most authoritative first, then the newest."""

    @property
    def indicator(self) -> str:
        """What they are figures of."""
        return self.figures[0].indicator


@dataclass(frozen=True, slots=True)
class Columns:
    """The words of the table, in the language of the brief."""

    caption: str
    indicator: str
    value: str
    unit: str
    period: str
    basis: str
    source: str


CHINESE: Final = Columns("各来源数字不一致的指标", "指标", "数值", "单位", "时期", "口径", "来源")


def conflicts(figures: Iterable[Figure]) -> list[Conflict]:
    """The conflicts among figures, in the order in which their first figures come."""
    groups: defaultdict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[figure.key].append(figure)
    found = []
    for group in groups.values():
        certain = _certain(group)
        if any(not _agree(one, other) for one in certain for other in certain):
            found.append(Conflict(tuple(sorted(certain, key=_standing))))
    return found


def table_of_conflicts(found: Sequence[Conflict], columns: Columns = CHINESE) -> Statement | None:
    """A table statement, a row a figure, each row's sentence among its evidence; None of none."""
    figures = [figure for conflict in found for figure in conflict.figures]
    if not figures:
        return None
    header = (
        *(columns.indicator, columns.value, columns.unit),
        *(columns.period, columns.basis, columns.source),
    )
    rows = tuple(_row(figure) for figure in figures)
    evidence = tuple(dict.fromkeys(figure.evidence for figure in figures))
    text = text_of(Table(columns.caption, header, rows))
    return Statement(StatementKind.TABLE, text, evidence)


def _row(figure: Figure) -> tuple[str, ...]:
    value = _VALUE.match(figure.words)
    end = value.end() if value else len(figure.words)
    return (
        figure.indicator,
        figure.words[:end],
        figure.words[end:].strip() or _NONE,
        _period(figure),
        "、".join(figure.basis) or _NONE,
        f"《{figure.document.title}》",
    )


def _period(figure: Figure) -> str:
    year, month, until = figure.period
    if month is None:
        return f"{year}年"
    return f"{year}年{month}月" if until is None else f"{year}年{month}—{until}月"


def _certain(group: Sequence[Figure]) -> list[Figure]:
    """One figure of each document that gives only one value."""
    by_document: defaultdict[int, list[Figure]] = defaultdict(list)
    for figure in group:
        by_document[figure.document.id].append(figure)
    return [
        some[0] for some in by_document.values() if all(_agree(some[0], other) for other in some)
    ]


def _agree(one: Figure, other: Figure) -> bool:
    """Whether they are the same, or one is the other rounded."""
    left, right = one.quantity, other.quantity
    return grade(left, right) is not Grade.NOT or grade(right, left) is not Grade.NOT


def _standing(figure: Figure) -> tuple[int, int, int]:
    metadata = figure.document.metadata
    return (authority_of(metadata), -newness(metadata), figure.document.id)
