"""The list of references as it was printed, and what may differ in it between two forms."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from briefs.lengths.abridgement import Flaw, FlawKind

_ENTRY: Final = re.compile(
    r"(?:\[(\d+)\] )?(.*?)(?:（(识别文本[^（）]*)）| \((recognised text.*?)\))?"
    r"(（[^（）]*）| \([^()]*\))?(?: <([^ <>]*)>)?",
    re.DOTALL,
)
_PERCENT: Final = r"(?:100|\d{1,2})%"
_UNIFORM: Final = re.compile(r"(?:识别文本，可信度|recognised text, confidence) (\d+)%")
_COMMAS: Final = re.compile(r"^(?:，|, )")


@dataclass(frozen=True, slots=True)
class Place:
    """One mark of the text, as it was printed."""

    number: str
    """Of the reference, or what the text calls it: ``陶野，2023a``."""
    place: str
    """``，第 12 页``, in a mark by name and year ``12``; empty where no page is named."""
    href: str
    """Where it leads; empty without a server."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One block below the heading of the references."""

    number: str
    """Empty where the text calls references by name and year, and for what is no entry."""
    text: str
    """Of the source, the same in every form."""
    recognised: str
    """How surely the words that this form quotes were recognised; empty where they were text."""
    href: str
    """Where the form first cites it; empty without a server."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The references of a file, with the marks of its text, both in their order."""

    entries: tuple[Entry, ...]
    marks: tuple[Place, ...]

    @property
    def is_numbered(self) -> bool:
        """Whether the text calls references by their numbers."""
        return all(entry.number for entry in self.entries)

    def first(self) -> dict[str, list[Place]]:
        """The marks of each reference, both in the order of appearance."""
        found: dict[str, list[Place]] = {}
        for each in self.marks:
            found.setdefault(each.number, []).append(each)
        return found

    def of(self, entry: Entry) -> list[Place]:
        """The marks that lead to an entry; all, where that is not known."""
        return [each for each in self.marks if not self.is_numbered or each.number == entry.number]


def entry_of(block: str) -> Entry:
    """What an entry says of its source, and what it says of all that a form quotes."""
    found = _ENTRY.fullmatch(block)
    if found is None:
        return Entry("", block, "", "")
    number, text, chinese, english, closed, href = (each or "" for each in found.groups())
    return Entry(number, text + closed, chinese or english, href)


def entry_flaws(short: Listing, long: Listing) -> Iterator[Flaw]:
    """What is wrong with a form's list of references, against that of the long form.

    Each entry is one of the long form's, stands once, is numbered in order and cited, by first
    appearance where the long form does so, links to where it is first cited, and says nothing of
    recognition but per cents and places that the form cites, as high as the long form has them.
    Where the text calls references by name and year they keep the long form's order, and there are
    as many as the text has names; which name is whose entry is not known.
    """
    known = [entry.text for entry in long.entries]
    spare = Counter(known)
    for place, entry in enumerate(short.entries, start=1):
        spare[entry.text] -= 1
        is_sound = (
            spare[entry.text] >= 0
            and entry.number == (str(place) if long.is_numbered else "")
            and _is_measured(entry.recognised, short.of(entry))
        )
        if is_sound and long.is_numbered:
            # Two versions of a document have the same entry.
            is_sound = any(
                _is_cited(entry, short.of(entry), meant=meant, theirs=long.of(meant))
                for meant in long.entries
                if meant.text == entry.text
            )
        if not is_sound:
            yield _flaw(entry)
    first, of_long = short.first(), long.first()
    if not long.is_numbered:
        at = [known.index(entry.text) for entry in short.entries if entry.text in known]
        are_all = len(of_long) == len(long.entries)
        if at != sorted(at) or (are_all and len(first) != len(short.entries)):
            yield Flaw(FlawKind.REFERENCE, 0, " ".join(first))
        return
    listed = {entry.number for entry in short.entries}
    is_ascending = _is_ascending(first) or not _is_ascending(of_long)
    if not (set(first) <= listed and is_ascending):
        yield Flaw(FlawKind.REFERENCE, 0, " ".join(f"[{each}]" for each in first))


def _flaw(entry: Entry) -> Flaw:
    number = f"[{entry.number}] " if entry.number else ""
    noted = f" ({entry.recognised})" if entry.recognised else ""
    return Flaw(FlawKind.REFERENCE, 0, number + entry.text + noted)


def _is_ascending(numbers: Iterable[str]) -> bool:
    found = [int(number) for number in numbers]
    return found == sorted(found)


def _is_cited(entry: Entry, own: Sequence[Place], *, meant: Entry, theirs: Sequence[Place]) -> bool:
    """Whether it links to its first mark, and is as sure of the words there as the long form."""
    if not own or entry.href != own[0].href:
        return False
    said, wanted = _sure(entry.recognised, own), _sure(meant.recognised, theirs)
    here, there = (Counter(_named(each) for each in marks) for marks in (own, theirs))
    for place in filter(None, here):
        percent, least = said.get(place), wanted.get(place)
        # Of several marks at a place the long form names the least sure: the form may lack it.
        if here[place] == there[place] or _UNIFORM.fullmatch(meant.recognised):
            if percent != least:
                return False
        elif percent is not None and (least is None or percent < least):
            return False
    return True


def _sure(recognised: str, own: Sequence[Place]) -> dict[str, int]:
    """The per cent of each place cited, of those that have one."""
    if uniform := _UNIFORM.fullmatch(recognised):
        return {_named(each): int(uniform[1]) for each in own}
    found = {}
    for place in map(_named, own):
        percent = re.search(rf"[：:、,] ?{re.escape(place)} (\d+)%", recognised.replace("\\", ""))
        if place and percent:
            found[place] = int(percent[1])
    return found


def _is_measured(recognised: str, own: Sequence[Place]) -> bool:
    """Whether a note on recognition is a per cent, or one for each of the places cited."""
    named = "|".join([*filter(None, (re.escape(_named(each)) for each in own)), "↑[0-9]+"])
    one = rf"(?:第 |p\. )?(?:{named})(?: 页)? {_PERCENT}"
    note = rf"识别文本，可信度(?: {_PERCENT}|：{one}(?:、{one})*)|"
    note += rf"recognised text, confidence(?: {_PERCENT}|: {one}(?:, {one})*)"
    return not recognised or re.fullmatch(note, recognised.replace("\\", "")) is not None


def _named(mark: Place) -> str:
    """The place of a mark as a note on recognition names it."""
    return _COMMAS.sub("", mark.place).replace("\\", "")
