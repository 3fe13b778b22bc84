"""What is different between two states of a brief, statement by statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from briefs.model import Evidence, Statement
from briefs.revisions.merging import moved, same


class Change(StrEnum):
    """What became of a statement from one revision to another."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Aspect(StrEnum):
    """What of a statement was changed."""

    TEXT = "text"
    KIND = "kind"
    LENGTH = "length"
    LEVEL = "level"
    FORMULA = "formula"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of one statement."""

    change: Change
    statement_id: int
    before: Statement | None
    """None exactly when it was added."""
    after: Statement | None
    """None exactly when it was removed."""
    old_number: int | None = None
    """Its place in the old revision, 1-based, headings counted; None exactly when it was added."""
    number: int | None = None
    """Its place in the new revision; None exactly when it was removed."""

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """What of it was changed; nothing where one of the two is withheld from its viewer."""
        before, after = self.before, self.after
        if before is None or after is None or before.is_withheld or after.is_withheld:
            return ()
        is_other = {
            Aspect.TEXT: before.text != after.text,
            Aspect.KIND: before.kind is not after.kind,
            Aspect.LENGTH: before.length is not after.length,
            Aspect.LEVEL: before.level != after.level,
            Aspect.FORMULA: before.formula != after.formula,
            Aspect.EVIDENCE: _places(before.evidence) != _places(after.evidence),
        }
        return tuple(aspect for aspect, other in is_other.items() if other)


def changes_between(before: Sequence[Statement], after: Sequence[Statement]) -> list[Changed]:
    """In the new order; what was removed, after what it followed."""
    old = {line.id: line for line in before if line.id is not None}
    new = {line.id: line for line in after if line.id is not None}
    was, became = _numbers(before), _numbers(after)
    carried = moved(list(old), list(new))
    found = {
        id_: Changed(change, id_, old.get(id_), line, was.get(id_), became[id_])
        for id_, line in new.items()
        if (change := _change(old.get(id_), line, is_moved=id_ in carried)) is not None
    }
    order: list[int] = list(new)
    previous: int | None = None
    for id_, line in old.items():
        if id_ not in new:
            found[id_] = Changed(Change.REMOVED, id_, line, None, was[id_])
            order.insert(0 if previous is None else order.index(previous) + 1, id_)
        previous = id_
    return [found[id_] for id_ in order if id_ in found]


def _numbers(lines: Sequence[Statement]) -> dict[int | None, int]:
    return {line.id: number for number, line in enumerate(lines, start=1)}


def _change(before: Statement | None, after: Statement, *, is_moved: bool) -> Change | None:
    if before is None:
        return Change.ADDED
    if not same(before, after):
        return Change.CHANGED
    return Change.MOVED if is_moved else None


def _places(items: Sequence[Evidence]) -> list[tuple[object, ...]]:
    """Where the words stand; by which passage they were found is no matter."""
    return [(item.version_id, item.spans) for item in items]
