"""A whole list of references: numbers or names and years, in the order that its system has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefs.citing.cleaning import joined
from briefs.citing.collation import by_name, by_words, language_group
from briefs.citing.gbt7714 import reference, year_of
from briefs.citing.names import in_text
from briefs.citing.style import DEFAULT, RULES, Style, System
from knowledge.csl import Work

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One source in a list."""

    number: int
    """Its place in the list, 1-based."""
    entry: str
    """Without its ``[n]``."""
    label: str = ""
    """What the text calls it, ``陶野，2023a``; empty in the numeric system."""


def listed(works: Sequence[Work], style: Style = DEFAULT) -> tuple[Listed, ...]:
    """Print works as one list; the result is in the order of `works`, its numbers are the list's.

    Numeric: numbers follow `works`, which are in the order of first appearance. Author-date: by
    language, names and year; works that the text would call the same are told apart, first by the
    initials of their first authors, then by letters behind the year. Ties keep the order of
    `works`.
    """
    if style.system is System.NUMERIC:
        return tuple(
            Listed(number, reference(work, style)) for number, work in enumerate(works, start=1)
        )
    order = sorted(range(len(works)), key=lambda place: (*_order(works[place]), place))
    numbers = {place: number for number, place in enumerate(order, start=1)}
    names = _names(works, style)
    suffixes = _suffixes(works, order, names=names)
    comma = RULES[style.edition].comma
    return tuple(
        Listed(
            number=numbers[place],
            entry=reference(work, style, suffix=suffixes.get(place, "")),
            label=joined(comma, names[place], year_of(work) + suffixes.get(place, "")),
        )
        for place, work in enumerate(works)
    )


def cited(label: str, page: str = "", *, style: Style) -> str:
    """What stands in the text: ``（陶野，2023a：12）``.

    The standard raises the page behind the bracket; inside it, it can be read in plain text too.
    """
    rules = RULES[style.edition]
    return f"{rules.opening}{joined(rules.colon, label, page)}{rules.closing}"


def _order(work: Work) -> _Key:
    """By language, all names (one before more), year, title."""
    people = work.author or work.editor
    names = tuple(by_name(name) for name in people) or (by_words(_anonymous(work)),)
    year = work.issued.year if work.issued else 0
    return (language_group(work), names, year, by_words(work.title))


def _anonymous(work: Work) -> str:
    return "佚名" if work.is_chinese else "Anon"


def _names(works: Sequence[Work], style: Style) -> list[str]:
    """What the text calls the authors of each; initials where two first authors look the same."""
    short = [_called(work, style, initials=False) for work in works]
    firsts: dict[tuple[str, str], set[object]] = {}
    for work, name in zip(works, short, strict=True):
        firsts.setdefault((name, year_of(work)), set()).add((work.author or work.editor)[:1])
    return [
        _called(work, style, initials=len(firsts[name, year_of(work)]) > 1)
        for work, name in zip(works, short, strict=True)
    ]


def _called(work: Work, style: Style, *, initials: bool) -> str:
    people = [name for name in work.author or work.editor if in_text(name)]
    if not people:
        return _anonymous(work)
    first = in_text(people[0], initials=initials)
    if len(people) == 1:
        return first
    if work.is_chinese:
        return f"{first}{RULES[style.edition].and_others}等"
    return f"{first} et al."


def _suffixes(
    works: Sequence[Work], order: Sequence[int], *, names: Sequence[str]
) -> Mapping[int, str]:
    """A letter for each work that shares its name and year with another, in the list's order."""
    same: dict[tuple[str, str], list[int]] = {}
    for place in order:
        same.setdefault((names[place], year_of(works[place])), []).append(place)
    found: dict[int, str] = {}
    for (_name, year), places in same.items():
        if len(places) > 1:
            dash = "" if year[-1:].isdecimal() else "-"
            found |= {place: dash + _letter(count) for count, place in enumerate(places)}
    return found


def _letter(count: int) -> str:
    """A … z, then aa … zz."""
    high, low = divmod(count, len(_LETTERS))
    return (_letter(high - 1) if high else "") + _LETTERS[low]
