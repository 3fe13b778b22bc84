"""The proof of a short form from what was published: two publications."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Final

from briefs.lengths.abridgement import Comparison, Flaw, FlawKind, Item, Proof, compared, proved
from briefs.lengths.parting import stands_in
from briefs.model import Length, Line, Publication, Reference, StatementKind

_OF_FORM: Final = frozenset({"lines", "references", "length"})
"""What two forms of one publication have of their own; in all else they agree."""


def proof(short: Publication, long: Publication) -> Proof:
    """Prove from two publications that the first is a shorter form of the second.

    Every line of the short one stands in the long one word for word, of the same kind, level,
    length and formula, under the same headings, in the same order, at the place and with the number
    of table or figure that it claims. Its citations and what they lead to are the same in
    everything but the number of the reference: page, label, characters, quoted words, entry,
    SHA-256, who may open it. What belongs together stands together. The form has every line that
    its length asks for and none beyond. Both are of the same edition and passed the same gate. The
    references are those that the form cites, each once, in their order.
    """
    places = {anchor: at for at, anchor in enumerate(_anchors(long.lines))}
    found = compared(
        _items(short), _items(long), claims=[places.get(each, -1) for each in _anchors(short.lines)]
    )
    found.flaws += _edition(short, long)
    found.flaws += _form(short, long, found=found)
    found.flaws += _references(short, long)
    return proved(found)


def _anchors(lines: Sequence[Line]) -> list[int]:
    """The number by which readers find each line: its own, else its place from 1."""
    return [line.number or number for number, line in enumerate(lines, start=1)]


def _items(publication: Publication) -> list[Item]:
    named = {each.number: replace(each, number=0) for each in publication.references}
    return [
        Item(
            line.kind,
            line.text,
            line.level,
            tuple((replace(c, reference=0), named.get(c.reference)) for c in line.citations),
            line.formula,
            length=line.length,
            exhibit=exhibit,
        )
        for line, exhibit in zip(publication.lines, _exhibits(publication.lines), strict=True)
    ]


def _exhibits(lines: Sequence[Line]) -> Iterator[int | None]:
    """The number of each table and figure, as it is printed."""
    shown: Counter[StatementKind] = Counter()
    for line in lines:
        if line.kind in {StatementKind.TABLE, StatementKind.FIGURE}:
            shown[line.kind] = line.exhibit or shown[line.kind] + 1
            yield shown[line.kind]
        else:
            yield line.exhibit


def _edition(short: Publication, long: Publication) -> Iterator[Flaw]:
    # By the class itself: what a publication gets to have some day is compared at once.
    for name in (each.name for each in fields(Publication) if each.name not in _OF_FORM):
        said, meant = getattr(short, name), getattr(long, name)
        if said != meant:
            yield Flaw(FlawKind.EDITION, 0, str(said), str(meant))


def _form(short: Publication, long: Publication, *, found: Comparison) -> Iterator[Flaw]:
    """Lines that are not of the form that it says it is, and lines of it that are gone."""
    form = short.length or Length.DEEP
    for number, line in enumerate(short.lines, start=1):
        if line.kind is not StatementKind.HEADING and not stands_in(line.length, form):
            yield Flaw(FlawKind.FORM, number, line.text)
    if len(found.at) < len(short.lines):
        return  # A line that was changed is told as that, and not as gone besides.
    kept = set(found.at.values())
    for place, line in enumerate(long.lines):
        is_due = line.kind is not StatementKind.HEADING and stands_in(line.length, form)
        if is_due and place not in kept:
            yield Flaw(FlawKind.FORM, 0, "", line.text)


def _references(short: Publication, long: Publication) -> list[Flaw]:
    """What is wrong with the list of references: its members, then their numbers and order."""
    cited = list(dict.fromkeys(c.reference for line in short.lines for c in line.citations))
    listed = [each.number for each in short.references]
    versions = Counter(each.version_id for each in short.references)
    lacking = sorted(set(cited) - set(listed))
    flaws = [Flaw(FlawKind.REFERENCE, 0, f"[{number}]") for number in lacking]
    flaws += [
        Flaw(FlawKind.REFERENCE, 0, each.entry)
        for each in short.references
        if each.number not in cited
        or versions[each.version_id] > 1
        or listed.count(each.number) > 1
    ]
    if flaws:
        return flaws
    meant = _numbers(short, long, cited=cited)
    ordered = sorted(short.references, key=lambda each: each.number)
    return [
        Flaw(FlawKind.REFERENCE, 0, _entry(each))
        for each, at_its_place in zip(short.references, ordered, strict=True)
        if each is not at_its_place or meant.get(each.version_id) != each.number
    ]


def _numbers(short: Publication, long: Publication, *, cited: Sequence[int]) -> dict[int, int]:
    """The number that each reference should have, by its version.

    By first appearance where lines are left out and the text calls references by number, else as
    in the long form.
    """
    if len(short.lines) == len(long.lines) or any(each.label for each in long.references):
        return {each.version_id: each.number for each in long.references}
    first = {number: place for place, number in enumerate(cited, start=1)}
    return {each.version_id: first[each.number] for each in short.references}


def _entry(reference: Reference) -> str:
    return f"[{reference.number}] {reference.entry}"
