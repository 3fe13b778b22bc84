"""Statements divided, joined and moved, without losing evidence; pure functions, nothing is saved.

Each takes the statements of a brief in order and gives them as they are afterwards; a statement is
named by its id. `pasted` makes statements of a text (`briefs.pasting`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from briefs.errors import (
    GoneStatementError,
    IndivisibleError,
    LastStatementError,
    UnlikeStatementsError,
    WithheldStatementError,
)
from briefs.evidence import holds, quotes, words_at
from briefs.evidence.stream import is_wide
from briefs.gate.reading import read
from briefs.model import Evidence, Length, Statement, StatementKind
from briefs.pasting import pasted, split
from knowledge.model import Page, Span
from knowledge.text import HAN, fold

__all__ = [
    "as_quoted",
    "dropped",
    "inserted",
    "merged",
    "moved",
    "neighbours",
    "pasted",
    "section_of",
    "split",
    "split_at",
]

_WHOLE: Final = frozenset({StatementKind.TABLE, StatementKind.FIGURE})
"""Neither divided nor joined."""
_FEATURE: Final = re.compile(rf"\d+(?:[.,]\d+)*|[{HAN}]+|[^\W\d_]+")
_HAN_RUN: Final = re.compile(rf"[{HAN}]+")
_NUMBER_WEIGHT: Final = 3
"""A number that both have says more than two characters that they have."""
_CLEARLY: Final = 4
"""So many times more of its words must stand in the quote for a half alone to rest on it."""


def as_quoted(line: Statement) -> Statement:
    """The statement; a quote that is not in its evidence word for word becomes a paraphrase."""
    if line.is_withheld or line.kind is not StatementKind.QUOTE:
        return line
    if any(quotes(line.text, item.quote) for item in line.evidence):
        return line
    return replace(line, kind=StatementKind.PARAPHRASE)


def split_at(lines: Sequence[Statement], statement_id: int, at: int) -> tuple[Statement, ...]:
    """Divide a statement before its character `at`; blanks there go.

    The first half keeps the id. Evidence goes with the half whose words and numbers stand in it, to
    both where that cannot be told. A half of a quote that is not in its evidence word for word is a
    paraphrase, and so is a half of a computed statement without any figure; the formula goes with
    the figures, in whatever numerals, and stays with the first half where there are none.

    Raises:
        GoneStatementError: there is no such statement.
        WithheldStatementError: its words are kept from the viewer.
        IndivisibleError: nothing stands on one side of `at`, or it is a table or a figure.
    """
    place = _place(lines, statement_id)
    line = lines[place]
    if line.is_withheld:
        raise WithheldStatementError
    texts = line.text[:at].rstrip(), line.text[at:].lstrip()
    if line.kind in _WHOLE or at < 0 or not all(text.strip() for text in texts):
        raise IndivisibleError
    first, second = _bound(texts, line.evidence)
    computed = _computed(texts)
    halves = (
        as_quoted(_half(line, texts[0], first, keeps=computed[0])),
        as_quoted(replace(_half(line, texts[1], second, keeps=computed[1]), id=None)),
    )
    return (*lines[:place], *halves, *lines[place + 1 :])


def merged(
    lines: Sequence[Statement], statement_id: int, *, pages: Sequence[Page] = ()
) -> tuple[Statement, ...]:
    """Join a statement with the one that follows it; the first one's id stays.

    Evidence is united without doubles. Quotes that follow each other at their source, but for white
    space, are one quote; others become a paraphrase. With a computed statement it is a computed
    one, and keeps the formula, else with a judgement a judgement. It stands in the shorter of their
    two forms, so that nothing vanishes from it.

    Args:
        lines: all statements.
        statement_id: the first of the two.
        pages: those on which quotes stand; without them only quotes that touch become one.

    Raises:
        GoneStatementError: there is no such statement.
        LastStatementError: none follows it.
        WithheldStatementError: the words of one of them are kept from the viewer.
        UnlikeStatementsError: one of them is a heading and the other is not, or one is a table or a
            figure, or they have different formulas.
    """
    first, second = neighbours(lines, statement_id)
    if first.is_withheld or second.is_withheld:
        raise WithheldStatementError
    headings = [line.kind is StatementKind.HEADING for line in (first, second)]
    formulas = {line.formula for line in (first, second) if line.formula}
    if any(headings) is not all(headings) or len(formulas) > 1:
        raise UnlikeStatementsError
    if first.kind in _WHOLE or second.kind in _WHOLE:
        raise UnlikeStatementsError
    line = replace(
        first,
        kind=_kind_of_both(first.kind, second.kind),
        text=_joined(first.text, second.text),
        evidence=_united(first.evidence, second.evidence),
        formula=next(iter(formulas), None),
        length=min(first.length, second.length, key=list(Length).index),
    )
    if first.kind is second.kind is StatementKind.QUOTE:
        line = _one_quote(line, first, second, pages=pages)
    place = _place(lines, statement_id)
    return (*lines[:place], line, *lines[place + 2 :])


def moved(
    lines: Sequence[Statement], statement_id: int, *, to: int, with_section: bool = False
) -> tuple[Statement, ...]:
    """Put a statement elsewhere, or a heading with all that stands under it.

    Args:
        lines: all statements.
        statement_id: which.
        to: how many of the others stand before it afterwards; at most all of them.
        with_section: take along what stands under a heading.

    Raises:
        GoneStatementError: there is no such statement.
    """
    block = _block(lines, statement_id, with_section=with_section)
    taken = lines[block.start : block.stop]
    rest = [*lines[: block.start], *lines[block.stop :]]
    at = min(max(to, 0), len(rest))
    return (*rest[:at], *taken, *rest[at:])


def inserted(
    lines: Sequence[Statement], new: Iterable[Statement], *, after: int | None
) -> tuple[Statement, ...]:
    """Put new statements after another one; `after` None: before all others.

    Raises:
        GoneStatementError: there is no such statement.
    """
    at = 0 if after is None else _place(lines, after) + 1
    return (*lines[:at], *new, *lines[at:])


def dropped(
    lines: Sequence[Statement], statement_id: int, *, with_section: bool = False
) -> tuple[Statement, ...]:
    """Take a statement out, or a heading with all that stands under it.

    Raises:
        GoneStatementError: there is no such statement.
    """
    block = _block(lines, statement_id, with_section=with_section)
    return (*lines[: block.start], *lines[block.stop :])


def section_of(lines: Sequence[Statement], statement_id: int) -> range:
    """The places of a heading and of all that stands under it; of another statement, its own.

    A section ends at the next heading of its level or a higher one.

    Raises:
        GoneStatementError: there is no such statement.
    """
    start = _place(lines, statement_id)
    end = start + 1
    if lines[start].kind is StatementKind.HEADING:
        level = lines[start].level or 1
        while end < len(lines) and not (
            lines[end].kind is StatementKind.HEADING and (lines[end].level or 1) <= level
        ):
            end += 1
    return range(start, end)


def neighbours(lines: Sequence[Statement], statement_id: int) -> tuple[Statement, Statement]:
    """A statement and the one that follows it.

    Raises:
        GoneStatementError: there is no such statement.
        LastStatementError: none follows it.
    """
    place = _place(lines, statement_id)
    if place + 1 == len(lines):
        raise LastStatementError
    return lines[place], lines[place + 1]


def _place(lines: Sequence[Statement], statement_id: int) -> int:
    for place, line in enumerate(lines):
        if line.id == statement_id:
            return place
    raise GoneStatementError(statement=statement_id)


def _block(lines: Sequence[Statement], statement_id: int, *, with_section: bool) -> range:
    if with_section:
        return section_of(lines, statement_id)
    place = _place(lines, statement_id)
    return range(place, place + 1)


def _half(line: Statement, text: str, evidence: tuple[Evidence, ...], *, keeps: bool) -> Statement:
    """A part of a statement; of a computed one, whether it `keeps` being computed."""
    half = replace(line, text=text, evidence=evidence)
    if line.kind is not StatementKind.COMPUTED or keeps:
        return half
    return replace(half, kind=StatementKind.PARAPHRASE, formula=None)


def _computed(texts: tuple[str, str]) -> tuple[bool, bool]:
    """Which halves have a figure, so that the formula goes with them; never neither."""
    first, second = (_has_figure(text) for text in texts)
    return first or not second, second


def _has_figure(text: str) -> bool:
    # What the gate reads no figure in may still have digits that it takes for a date or a name.
    return bool(read(text).quantities) or any(map(str.isdecimal, text))


def _bound(
    texts: tuple[str, str], items: Sequence[Evidence]
) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """The evidence of each half."""
    features = [_features(text) for text in texts]
    own = features[0] - features[1], features[1] - features[0]
    halves: tuple[list[Evidence], list[Evidence]] = ([], [])
    for item in items:
        quoted = _features(item.quote)
        weights = [_weight(each & quoted) for each in own]
        for side, half in enumerate(halves):
            this, other = weights[side], weights[1 - side]
            if not (other and other >= _CLEARLY * this and not _has_number(own[side] & quoted)):
                half.append(item)
    return tuple(halves[0]), tuple(halves[1])


def _features(text: str) -> set[str]:
    """Numbers, words, and pairs of Han characters, folded for comparison."""
    found: set[str] = set()
    for run in _FEATURE.findall(fold(text)):
        pairs = [run[at : at + 2] for at in range(len(run) - 1)]
        found.update(pairs if pairs and _HAN_RUN.fullmatch(run) else [run])
    return found


def _weight(features: Iterable[str]) -> int:
    return sum(_NUMBER_WEIGHT if each[0].isdecimal() else 1 for each in features)


def _has_number(features: Iterable[str]) -> bool:
    return any(each[0].isdecimal() for each in features)


def _joined(first: str, second: str) -> str:
    one, two = first.rstrip(), second.lstrip()
    apart = one and two and not (is_wide(one[-1]) or is_wide(two[0]))
    return f"{one} {two}" if apart else one + two


def _united(first: Sequence[Evidence], second: Sequence[Evidence]) -> tuple[Evidence, ...]:
    known = {(item.version_id, item.spans) for item in first}
    return (*first, *(item for item in second if (item.version_id, item.spans) not in known))


def _kind_of_both(first: StatementKind, second: StatementKind) -> StatementKind:
    both = {first, second}
    # A formula is kept of a computed statement alone: a judgement must not take it away.
    for kind in (StatementKind.COMPUTED, StatementKind.JUDGEMENT):
        if kind in both:
            return kind
    return first if first is second else StatementKind.PARAPHRASE


def _one_quote(
    line: Statement, first: Statement, second: Statement, *, pages: Sequence[Page]
) -> Statement:
    """A joined pair of quotes: one quote where their words follow each other at the source."""
    if as_quoted(line) is line:
        return line
    for one in first.evidence:
        for two in second.evidence:
            run = _run(one, two, pages)
            if run is not None and quotes(line.text, run.quote):
                rest = [item for item in line.evidence if item not in (one, two)]
                return replace(line, evidence=(run, *rest))
    return replace(line, kind=StatementKind.PARAPHRASE)


def _run(one: Evidence, two: Evidence, pages: Sequence[Page]) -> Evidence | None:
    """The words of two places as one, if nothing but white space stands between them."""
    left, right = one.spans[-1], two.spans[0]
    if one.version_id != two.version_id or (left.page, left.end) > (right.page, right.start):
        return None
    passage = one.passage_id if one.passage_id == two.passage_id else None
    if (left.page, left.end) == (right.page, right.start):
        spans = (*one.spans[:-1], Span(left.page, left.start, right.end), *two.spans[1:])
        return replace(one, spans=spans, quote=one.quote + two.quote, passage_id=passage)
    own = [page for page in pages if page.version_id == one.version_id]
    spans = (*one.spans, *two.spans)
    if not {span.page for span in spans} <= {page.index for page in own}:
        return None
    run = replace(one, spans=spans, quote=words_at(spans, own), passage_id=passage)
    if not holds(run, own):
        return None
    between = next(page.text for page in own if page.index == left.page)[left.end : right.start]
    if left.page != right.page or between.strip():
        return run
    spans = (*one.spans[:-1], Span(left.page, left.start, right.end), *two.spans[1:])
    return replace(run, spans=spans, quote=words_at(spans, own))
