"""Two changes to the same brief, made one: three-way, statement by statement."""

from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from briefs.model import Conflict, Contents, Statement

Key = int | tuple[str, int]
"""Of a statement: its id, or for a new one whose it is and its place."""
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Merged:
    """Two changes made one."""

    contents: Contents
    """Where there is a conflict, theirs."""
    conflicts: tuple[Conflict, ...]
    """The title first, then statements in the order of the base; those new in both last."""


def merge(base: Contents, mine: Contents, *, theirs: Contents) -> Merged:
    """Make one of what two persons made of the same base.

    Statements are the same by their id; one without an id, or whose id an earlier one has, is new.
    What one of them changed, deleted, inserted or moved is changed, deleted, inserted and moved;
    what both changed alike is changed once, and what both inserted alike after the same statement
    of the base stands once. A statement that both changed to different things, or that one changed
    and the other deleted, is a conflict, and so is the title. No order is: where both moved a
    statement it stands where mine has it, and of two insertions at the same place theirs comes
    first. A statement inserted or moved by mine follows the one that it follows there.

    Args:
        base: what both began with.
        mine: what one made of it.
        theirs: what the other made of it, and is stored.
    """
    known, stored = _keyed(base, "base"), _keyed(theirs, "theirs")
    sides = known, _met(known, _keyed(mine, "mine"), stored), stored
    kept: dict[Key, Statement] = {}
    conflicts: list[Conflict] = []
    title, is_titled = _settled(base.title, mine.title, theirs.title)
    if not is_titled:
        conflicts.append(Conflict(None, mine.title, theirs.title))
    for key in dict.fromkeys(key for side in sides for key in side):
        was, here, there = (side.get(key) for side in sides)
        line, is_one = _agreed(was, here, there)
        if not is_one:
            conflicts.append(Conflict(_id(here, there), _text(here), _text(there)))
        if line is not None:
            kept[key] = line
    order = _ordered(list(sides[0]), list(sides[1]), list(sides[2]), kept=kept.keys())
    return Merged(Contents(title, tuple(kept[key] for key in order)), tuple(conflicts))


def same(one: Statement | None, other: Statement | None) -> bool:
    """Whether two statements say the same and rest on the same words.

    The passage by which the words were found may be another one, or gone; and the quoted words are
    those at the spans, whether they are at hand or not.
    """
    if one is None or other is None:
        return one is other
    return one == other or _said(one) == _said(other)


def moved(before: Sequence[K], after: Sequence[K]) -> set[K]:
    """Which of the keys that both have were moved: the fewest that explain the new order."""
    places: dict[K, int] = {key: place for place, key in enumerate(before)}
    common: list[K] = [key for key in after if key in places]
    stays: list[K] = _longest_rising(common, places)
    return set(common).difference(stays)


def _keyed(contents: Contents, side: str) -> dict[Key, Statement]:
    found: dict[Key, Statement] = {}
    for number, line in enumerate(contents.statements):
        is_known = line.id is not None and line.id not in found
        found[line.id if is_known and line.id is not None else (side, number)] = line
    return found


def _met(
    base: Mapping[Key, Statement], mine: Mapping[Key, Statement], theirs: Mapping[Key, Statement]
) -> dict[Key, Statement]:
    """Mine, where what theirs inserted too has the key that it has there.

    Else what two persons did alike, or one whose save was sent again, would stand twice.
    """
    free = _inserted(base, theirs)
    keys: dict[Key, Key] = {}
    for key, after in _inserted(base, mine).items():
        alike = (
            each for each, place in free.items() if place == after and same(mine[key], theirs[each])
        )
        # One that has an id comes back as itself.
        if isinstance(key, tuple) and (found := next(alike, None)) is not None:
            keys[key] = found
            del free[found]
    return {keys.get(key, key): line for key, line in mine.items()}


def _inserted(base: Mapping[Key, Statement], side: Iterable[Key]) -> dict[Key, Key | None]:
    """What a side inserted, and which statement of the base it follows there; None: none."""
    found: dict[Key, Key | None] = {}
    after: Key | None = None
    for key in side:
        if key in base:
            after = key
        else:
            found[key] = after
    return found


def _settled(was: str, mine: str, theirs: str) -> tuple[str, bool]:
    if mine in {was, theirs}:
        return theirs, True
    return (mine, True) if theirs == was else (theirs, False)


def _agreed(
    was: Statement | None, mine: Statement | None, theirs: Statement | None
) -> tuple[Statement | None, bool]:
    """What becomes of a statement, and whether that is no conflict."""
    if theirs == was or (same(was, theirs) and not same(was, mine)):
        return mine, True
    if same(was, mine) or same(mine, theirs):
        return theirs, True
    return theirs, False


def _said(line: Statement) -> tuple[object, ...]:
    rests = [(each.version_id, each.spans) for each in line.evidence]
    return (
        *(line.kind, line.text, line.level, line.formula, line.length, line.is_withheld),
        rests,
    )


def _id(mine: Statement | None, theirs: Statement | None) -> int | None:
    line = mine or theirs
    return None if line is None else line.id


def _text(line: Statement | None) -> str | None:
    return None if line is None else line.text


def _ordered(
    base: Sequence[Key], mine: Sequence[Key], theirs: Sequence[Key], *, kept: Collection[Key]
) -> list[Key]:
    known = {*base, *mine}
    carried = moved(base, mine)
    placed = [key for key in theirs if key in kept and key not in carried]
    stays, added = set(placed), {key for key in theirs if key not in known}
    previous: Key | None = None
    for key in mine:
        if key not in kept:
            continue
        if key not in stays:
            at = 0 if previous is None else placed.index(previous) + 1
            while at < len(placed) and placed[at] in added:
                at += 1
            placed.insert(at, key)
        previous = key
    return placed


def _longest_rising(keys: Iterable[K], places: Mapping[K, int]) -> list[K]:
    """The longest run of keys, not necessarily neighbours, whose places rise."""
    tails: list[int] = []
    ends: list[K] = []
    before: dict[K, K | None] = {}
    for key in keys:
        at = bisect_left(tails, places[key])
        before[key] = ends[at - 1] if at else None
        tails[at : at + 1], ends[at : at + 1] = [places[key]], [key]
    run: list[K] = []
    last = ends[-1] if ends else None
    while last is not None:
        run.append(last)
        last = before[last]
    return run[::-1]
