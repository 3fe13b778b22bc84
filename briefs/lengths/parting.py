"""Which pairs of statements the forms part: those that may not be, and those that a person sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from briefs.lengths.ties import Bond, Told, qualified, tied
from briefs.model import Length

_RANK: Final = {length: rank for rank, length in enumerate(Length)}


class Long(Told, Protocol):
    """A statement or a line with the shortest form in which it stands."""

    @property
    def length(self) -> Length:
        """That form."""


@dataclass(frozen=True, slots=True)
class LengthFault:
    """Two statements of which a form has only one."""

    first: int
    """What is said: its place, counted from 1."""
    second: int
    """What limits it or points back to it, or may do so."""
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


def length_faults(lines: Sequence[Long]) -> tuple[LengthFault, ...]:
    """The statements that a form parts from what they limit or point back to; in order.

    A limit (但, 前提是, 不含, 仅, 未, 若, 其中, 除…外, 上述, 该) and what it limits need the same
    length. What only points back (据此, 两者) may be longer than what it points to, never shorter.
    """
    return tuple(
        _fault(lines, tie.first, tie.second, word=tie.word)
        for tie in tied(lines)
        if _RANK[lines[tie.second].length] < _RANK[lines[tie.first].length]
        or (tie.bond is Bond.LIMIT and lines[tie.first].length != lines[tie.second].length)
    )


def length_doubts(lines: Sequence[Long]) -> tuple[LengthFault, ...]:
    """The neighbours of different lengths whose second says no or sets a condition; in order.

    Only a person can tell whether it limits the first: they are shown, and nothing is refused. A
    pair that `length_faults` names is not among them.
    """
    return tuple(_doubts(lines))


def _doubts(lines: Sequence[Long]) -> Iterator[LengthFault]:
    held = {fault.numbers for fault in length_faults(lines)}
    for first, second, word in qualified(lines):
        if lines[first].length == lines[second].length or (first + 1, second + 1) in held:
            continue
        yield _fault(lines, first, second, word=word)


def _fault(lines: Sequence[Long], first: int, second: int, *, word: str) -> LengthFault:
    form = min(lines[first].length, lines[second].length, key=lambda each: _RANK[each])
    return LengthFault(first + 1, second + 1, form, word)
