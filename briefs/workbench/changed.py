"""What became of a statement between two revisions, in words."""

from typing import Final

from briefs.model import Statement
from briefs.revisions.comparing import Aspect, Change, Changed
from briefs.workbench.wording import Wording

_SHORT: Final = 120


def place_in_words(changed: Changed, _: Wording) -> str:
    """Which statement it was, by its place; and its place before, where that was another one."""
    number = changed.number or changed.old_number
    said = _(f"revising.change.{changed.change}", number=number)
    if changed.change is Change.REMOVED or changed.old_number in {None, changed.number}:
        return said
    return said + _("revising.was", number=changed.old_number)


def aspects_in_words(changed: Changed, _: Wording) -> list[str]:
    """What else than its words was changed, one sentence each; none where it is withheld."""
    before, after = changed.before, changed.after
    if before is None or after is None:
        return []
    return [
        _(f"revising.aspect.{aspect}", before=_value(before, aspect, _), after=value)
        if (value := _value(after, aspect, _)) != _value(before, aspect, _)
        else _("revising.aspect.places")
        for aspect in changed.aspects
        if aspect is not Aspect.TEXT
    ]


def shortened(text: str, most: int = _SHORT) -> str:
    """Its first words, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _value(line: Statement, aspect: Aspect, _: Wording) -> str:
    none = _("revising.none")
    match aspect:
        case Aspect.KIND:
            return _(f"kind.{line.kind}")
        case Aspect.LENGTH:
            return _(f"length.{line.length}")
        case Aspect.LEVEL:
            return none if line.level is None else str(line.level)
        case Aspect.FORMULA:
            return line.formula or none
        case Aspect.EVIDENCE:
            return str(len(line.evidence))
        case Aspect.TEXT:
            return line.text
