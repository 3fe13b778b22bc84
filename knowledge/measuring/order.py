"""Whether a reading has the pieces of a text in the text's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from knowledge.measuring.differences import comparable
from knowledge.text import sentences

LEAST: Final = 6
"""Characters of a sentence that is judged; a heading of two would be found anywhere."""
_GRAM: Final = 6
_SLACK: Final = 12
"""Characters that may be wrong, missing or extra between two pieces."""
_LOOSE: Final = 1.5

Anchor = tuple[int, int]
"""A place in the truth and the place in the reading where the same words stand."""


@dataclass(frozen=True, slots=True)
class Order:
    """How many sentences keep their neighbour."""

    sentences: int
    """Of the truth, of at least `LEAST` characters."""
    found: int
    """Of these, those with words that stand once in the truth and once in the reading."""
    pairs: int
    """Sentences next to each other in the truth, both found."""
    kept: int
    """Of these, those that stand together in the reading too, in the same order."""

    @property
    def share(self) -> float | None:
        """Kept pairs among all; None when there is no pair."""
        return self.kept / self.pairs if self.pairs else None


def anchors(truth: str, reading: str) -> tuple[Anchor, ...]:
    """Where six characters that occur once in either text stand in both, in the truth's order."""
    once, other = _once(truth), _once(reading)
    shared = (gram for gram in once if gram in other)
    return tuple(sorted((once[gram], other[gram]) for gram in shared))


def order_of(truth: str, reading: str) -> Order:
    """Measure order by pairs of sentences.

    A pair is kept when the second begins where the first ends, give or take 12 characters, and
    together they take up no more than one and a half times their room: so neither a swapped
    paragraph passes, nor two columns read across.

    Args:
        truth: as written, with its line ends.
        reading: what `comparable` gave.
    """
    pieces, plain = _sentences(truth)
    places = _places(pieces, anchors(plain, reading))
    long = [index for index, (start, end) in enumerate(pieces) if end - start >= LEAST]
    pairs = kept = 0
    for one, other in pairwise(long):
        first, second = places[one], places[other]
        if first is None or second is None:
            continue
        pairs += 1
        room = pieces[other][1] - pieces[one][0]
        between = pieces[other][0] - pieces[one][1]
        together = max(first[1], second[1]) - min(first[0], second[0])
        gap = second[0] - first[1]
        kept += abs(gap) <= _SLACK + between and together <= _LOOSE * room + _SLACK
    return Order(len(long), sum(places[index] is not None for index in long), pairs, kept)


def put_in_order(truth: str, reading: str) -> str:
    """The reading with its pieces moved to where the truth has them; all its characters kept.

    The reading is cut wherever it leaves the course of the truth by more than 12 characters.

    Args:
        truth: what `comparable` gave.
        reading: likewise.
    """
    cuts: list[Anchor] = []
    before: Anchor | None = None
    for place, there in sorted(anchors(truth, reading), key=lambda anchor: anchor[1]):
        if before is None or abs((place - before[0]) - (there - before[1])) > _SLACK:
            at = 0 if before is None else _course_end(truth, reading, before, until=there)
            cuts.append((place, at))
        before = (place, there)
    if not cuts:
        return reading
    ends = [*(at for _, at in cuts[1:]), len(reading)]
    runs = [(place, reading[at:end]) for (place, at), end in zip(cuts, ends, strict=True)]
    return "".join(run for _, run in sorted(runs, key=lambda run: run[0]))


def _course_end(truth: str, reading: str, last: Anchor, *, until: int) -> int:
    """Where the reading stops agreeing with the truth after an anchor."""
    place, there = last
    while there < until and place < len(truth) and truth[place] == reading[there]:
        place, there = place + 1, there + 1
    return there


def _once(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for position in range(len(text) - _GRAM + 1):
        gram = text[position : position + _GRAM]
        found[gram] = -1 if gram in found else position
    return {gram: position for gram, position in found.items() if position >= 0}


def _sentences(truth: str) -> tuple[list[tuple[int, int]], str]:
    """The truth's sentences as places in its comparable form, and that form."""
    pieces: list[tuple[int, int]] = []
    plain = ""
    for start, end in sentences(truth):
        words = comparable(truth[start:end])
        if words:
            pieces.append((len(plain), len(plain) + len(words)))
            plain += words
    return pieces, plain


def _places(
    pieces: Sequence[tuple[int, int]], found: Sequence[Anchor]
) -> list[tuple[int, int] | None]:
    """Where each piece begins and ends in the reading; None when nothing of it was found."""
    places: list[tuple[int, int] | None] = []
    position = 0
    for start, end in pieces:
        inside: list[Anchor] = []
        while position < len(found) and found[position][0] < end:
            # Words that run on into the next piece tell where that one is.
            if found[position][0] + _GRAM <= end:
                inside.append(found[position])
            position += 1
        if not inside:
            places.append(None)
            continue
        begins = min(there - (place - start) for place, there in inside)
        ends = max(there + (end - place) for place, there in inside)
        places.append((begins, ends))
    return places
