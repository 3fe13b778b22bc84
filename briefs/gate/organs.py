"""Organs and places of a statement against those of its evidence."""

import re
from typing import Final

from briefs.gate.findings import Case, Found
from briefs.gate.gazetteer import PLACES
from briefs.gate.model import FaultType, Reason
from briefs.gate.naming import ORGAN, PLACE, Named, abbreviates, endings, is_generic, mentions
from briefs.gate.reading import Text, nearness

_HEAD: Final = 2
"""Characters before an ending that tell one name from another."""
_SWAPPED: Final = 7.0
"""How near another name must be where the statement's own stands elsewhere in the evidence."""
_REPLACED: Final = 4.0
"""And where it stands nowhere."""


def check_organs(case: Case) -> None:
    """Check those that are known by name, by how they end, and by where they stand."""
    _check_known(case)
    _check_endings(case)
    _check_swapped(case)


def nearest(case: Case, span: tuple[int, int]) -> list[Found]:
    """What stands in the evidence where the statement has the name."""
    left, right = (
        case.text.words[max(0, span[0] - 2) : span[0]],
        case.text.words[span[1] : span[1] + 2],
    )
    for witness, text in enumerate(case.texts):
        if len(right) == 2 and (at := text.words.find(right)) > 0:
            start = text.words.rfind(left, 0, at) + len(left) if left else 0
            if left and start >= len(left) and 0 < at - start <= 12:
                return [Found(witness, start, at)]
        for match in PLACE.finditer(text.words):
            if right and text.words[match.end() : match.end() + 1] == right[0]:
                return [Found(witness, *match.span())]
    return []


def _check_known(case: Case) -> None:
    """Organs that are known by name."""
    theirs = [m.group() for text in case.texts for m in ORGAN.finditer(text.words)]
    for match in ORGAN.finditer(case.text.words):
        name = match.group()
        if name.endswith(("部门", "机关")) or any(name in text.words for text in case.texts):
            continue
        if any(abbreviates(name, other) or abbreviates(other, name) for other in theirs):
            continue
        if any(name[-2:] in text.words for text in case.texts) and not any(
            other.endswith(name[-2:]) for other in theirs
        ):
            case.doubt(Reason.NAMED, match.span())
        else:
            case.fault(FaultType.NAME, match.span(), nearest(case, match.span()))


def _check_endings(case: Case) -> None:
    """What ends like a name must end so in the evidence."""
    theirs = [
        (w, named)
        for w, text in enumerate(case.texts)
        for named in endings(text.words, text.classes)
    ]
    for named in endings(case.text.words, case.text.classes):
        core = named.name[-(len(named.ending) + _HEAD) :]
        if is_generic(named) or _is_there(case, named, core):
            continue
        if not any(abbreviates(core, _run_up(case.texts[w], n)) for w, n in theirs):
            _report(case, named, (core, theirs))


def _is_there(case: Case, named: Named, core: str) -> bool:
    """Whether the evidence has the end of a name."""
    if any(core in text.words or _stands_alone(text, core) for text in case.texts):
        return True
    is_short = len(named.name) - len(named.ending) < _HEAD
    if is_short and any(named.name in text.words for text in case.texts):
        return True
    return core[-len(named.ending) - 1 :] in PLACES or _reduced(case, core)


def _report(case: Case, named: Named, known: tuple[str, list[tuple[int, Named]]]) -> None:
    """A fault where another name stands there or nothing like it does; else a doubt."""
    core, theirs = known
    span, head = (named.end - len(core), named.end), core[: -len(named.ending)]
    rivals = [(w, n) for w, n in theirs if n.ending == named.ending and not is_generic(n)]
    best = max(rivals, key=lambda item: _shared(case, named, item), default=None)
    is_new = not any(head in text.words for text in case.texts)
    if best and (is_new or _shared(case, named, best) >= 1):
        place = Found(best[0], max(best[1].end - len(core), 0), best[1].end)
        case.fault(FaultType.NAME, span, [place])
        return
    has_ending = any(named.ending in text.words for text in case.texts)
    is_long = len(named.ending) > 1
    if (is_new and (is_long or _touches(case, named))) or (is_long and not has_ending):
        case.fault(FaultType.NAME, span, nearest(case, span))
    elif is_new or is_long:
        case.doubt(Reason.NAMED, span)


def _check_swapped(case: Case) -> None:
    """A name of the evidence, but where the evidence has another."""
    theirs = [
        (w, m) for w, text in enumerate(case.texts) for m in mentions(text.words, text.classes)
    ]
    for own in mentions(case.text.words, case.text.classes):
        around = case.text.beside(own.start, own.end)
        if any(_whole_around(text, around, own.name) for text in case.texts):
            continue
        same = other = 0.0
        rival: tuple[int, Named] | None = None
        for witness, named in theirs:
            if named.ending != own.ending:
                continue
            near = nearness(around, case.texts[witness].beside(named.start, named.end))
            if named.name.endswith(own.name) or own.name.endswith(named.name):
                same = max(same, near)
            elif near > other:
                other, rival = near, (witness, named)
        known = same > 0 or any(own.name in text.words for text in case.texts)
        if rival is None or other < (_SWAPPED if known else _REPLACED) or other < same + 2:
            continue
        if known and same == 0.0:
            continue
        wide = _run_up(case.text, own)
        theirs_wide = _run_up(case.texts[rival[0]], rival[1])
        if not (abbreviates(own.name, theirs_wide) or abbreviates(rival[1].name, wide)):
            case.fault(
                FaultType.NAME,
                (own.start, own.end),
                [Found(rival[0], rival[1].start, rival[1].end)],
            )


def _whole_around(text: Text, around: tuple[str, str], name: str) -> bool:
    """Whether the name stands in the evidence between the same characters."""
    return f"{around[0][-3:]}{name}{around[1][:3]}" in text.skeleton


def _stands_alone(text: Text, core: str) -> bool:
    """Whether the name without its first character stands in the text, and is no end of another."""
    short = core[1:]
    at = text.words.find(short) if len(short) > 1 else -1
    while at >= 0:
        if not at or text.classes[at - 1] != "c":
            return True
        at = text.words.find(short, at + 1)
    return False


def _run_up(text: Text, named: Named) -> str:
    """The name with what stands before it, as far as no mark parts them."""
    words = text.words[max(0, named.end - 16) : named.end]
    return re.split(r"[^\u4e00-\u9fff]", words)[-1]


def _shared(case: Case, named: Named, item: tuple[int, Named]) -> int:
    """How many characters behind the two names are the same."""
    witness, other = item
    words = case.texts[witness].words
    count = 0
    for one, two in zip(
        case.text.words[named.end : named.end + 4], words[other.end : other.end + 4], strict=False
    ):
        if one != two:
            break
        count += 1
    return count


def _touches(case: Case, named: Named) -> bool:
    """Whether what follows the name follows something else in the evidence."""
    after = case.text.words[named.end : named.end + 2]
    return len(after) == 2 and any(after in text.words for text in case.texts)


def _reduced(case: Case, core: str) -> bool:
    """Whether the evidence abbreviates what the statement writes out."""
    return core.endswith("委员会") and any(
        f"{core[-5:-3][-1:]}委" in text.words for text in case.texts
    )
