"""Three lengths from one set of statements: what stands in each, and what may not be parted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from briefs.errors import EmptyFormError
from briefs.lengths.abridgement import Flaw, FlawKind, Proof
from briefs.lengths.parting import LengthFault, Long, length_doubts, length_faults, stands_in
from briefs.lengths.proving import proof
from briefs.model import Length, Line, Publication, Reference, StatementKind

__all__ = [
    "Flaw",
    "FlawKind",
    "LengthFault",
    "Proof",
    "at_length",
    "forms",
    "in_form",
    "length_doubts",
    "length_faults",
    "proof",
    "stands_in",
]


def forms(lines: Sequence[Long]) -> tuple[Length, ...]:
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
