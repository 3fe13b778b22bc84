"""Three lengths from one set of statements: what stands in each, and what may not be parted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from briefs.errors import EmptyFormError
from briefs.lengths.abridgement import Flaw, FlawKind, Proof, proof
from briefs.lengths.ties import Bond, Told, tied
from briefs.model import Length, Line, Publication, Reference, StatementKind

__all__ = [
    "Flaw",
    "FlawKind",
    "LengthFault",
    "Proof",
    "at_length",
    "forms",
    "in_form",
    "length_faults",
    "proof",
    "stands_in",
]

_RANK: Final = {length: rank for rank, length in enumerate(Length)}


class _Long(Told, Protocol):
    """A statement or a line with the shortest form in which it stands."""

    @property
    def length(self) -> Length:
        """That form."""


@dataclass(frozen=True, slots=True)
class LengthFault:
    """Two statements that belong together, and are parted in a form."""

    first: int
    """What is said: its place, counted from 1."""
    second: int
    """What limits it or points back to it."""
    form: Length
    """The shortest form that has one without the other."""
    word: str
    """By which the second is known."""

    @property
    def numbers(self) -> tuple[int, int]:
        """Both places."""
        return self.first, self.second


def stands_in(length: Length, form: Length) -> bool:
    """Whether what is marked with a length stands in a form."""
    return _RANK[length] <= _RANK[form]


def forms(lines: Sequence[_Long]) -> tuple[Length, ...]:
    """The forms that differ and hold something, shortest first; the last one is the whole.

    One where every statement has the same length; none where there is no statement.
    """
    marked = {line.length for line in lines if line.kind is not StatementKind.HEADING}
    return tuple(form for form in Length if form in marked)


def at_length(publication: Publication, length: Length) -> Publication:
    """A publication in one of its forms.

    Lines keep their words, kind, citations and order; each carries its place in the whole, a table
    or a figure its number there, as the text may name it. A heading stands when something under it
    does. References that are no longer cited are left out; the others are numbered by first
    appearance again where the text calls them by number, and stay as they are where it calls them
    by name and year. A form that leaves no statement out is the publication itself.
    """
    kept = _kept(publication.lines, length)
    body = sum(line.kind is not StatementKind.HEADING for line in publication.lines)
    if body == sum(publication.lines[at].kind is not StatementKind.HEADING for at in kept):
        return publication
    placed = _placed(publication.lines)
    lines = [placed[at] for at in kept]
    numbers = _numbers(lines, publication.references)
    return replace(
        publication,
        lines=tuple(_renumbered(line, numbers) for line in lines),
        references=tuple(
            sorted(
                (
                    replace(each, number=numbers[each.number])
                    for each in publication.references
                    if each.number in numbers
                ),
                key=lambda each: each.number,
            )
        ),
        length=length,
    )


def in_form(publication: Publication, length: Length | None) -> Publication:
    """The form asked for, or the whole where none is.

    Raises:
        EmptyFormError: nothing stands in that form.
    """
    if length is None:
        return publication
    found = forms(publication.lines)
    if not found or not stands_in(found[0], length):
        raise EmptyFormError(id=publication.brief_id, length=length.value)
    return at_length(publication, length)


def length_faults(lines: Sequence[_Long]) -> tuple[LengthFault, ...]:
    """The statements that a form parts from what they limit or point back to; in order.

    A limit (但, 前提是, 其中, 除…外, 上述, 该) and what it limits need the same length. What only
    points back (据此, 两者) may be longer than what it points to, never shorter.
    """
    found = []
    for tie in tied(lines):
        first, second = _RANK[lines[tie.first].length], _RANK[lines[tie.second].length]
        if second < first or (tie.bond is Bond.LIMIT and first < second):
            form = tuple(Length)[min(first, second)]
            found.append(LengthFault(tie.first + 1, tie.second + 1, form, tie.word))
    return tuple(found)


def _kept(lines: Sequence[Line], form: Length) -> list[int]:
    """Places of the lines that stand in a form, from 0."""
    kept: list[int] = []
    above: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        if line.kind is StatementKind.HEADING:
            level = line.level or 1
            above = [each for each in above if each[0] < level] + [(level, at)]
        elif stands_in(line.length, form):
            kept += [heading for _, heading in above if heading not in kept]
            kept.append(at)
    return kept


def _placed(lines: Sequence[Line]) -> list[Line]:
    """The lines with their places in the whole, tables and figures with their numbers there."""
    shown: Counter[StatementKind] = Counter()
    placed = []
    for number, line in enumerate(lines, start=1):
        exhibit = None
        if line.kind in {StatementKind.TABLE, StatementKind.FIGURE}:
            shown[line.kind] += 1
            exhibit = line.exhibit or shown[line.kind]
        placed.append(replace(line, number=line.number or number, exhibit=exhibit))
    return placed


def _numbers(lines: Sequence[Line], references: Sequence[Reference]) -> dict[int, int]:
    """New numbers of the references cited, by the old ones."""
    cited = list(dict.fromkeys(c.reference for line in lines for c in line.citations))
    if any(reference.label for reference in references):
        return {number: number for number in cited}
    return {old: new for new, old in enumerate(cited, start=1)}


def _renumbered(line: Line, numbers: dict[int, int]) -> Line:
    return replace(
        line,
        citations=tuple(replace(c, reference=numbers[c.reference]) for c in line.citations),
    )
