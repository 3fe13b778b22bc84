"""Words that turn a sentence: negation, and trends and comparisons that belong to no figure."""

import re
from bisect import bisect_left
from typing import Final

from briefs.gate.clauses import PAUSE, within
from briefs.gate.findings import Case, Found
from briefs.gate.model import FaultType, Reason
from briefs.gate.reading import Text, alike, common, nearness, stands
from briefs.gate.words import Family, Word, agree, opposed

_SEED: Final = 2
_LATIN: Final = 4
_WHOLE: Final = 0.8
_TOUCHING: Final = 4.0
_SURE: Final = 5.0
_HARDLY: Final = 0.75
_LACKING: Final = re.compile("[没未]有")
_CONTEXTS: Final = ((3, 3), (1, 5), (6, 1))
"""Characters before and behind 没有 that tell its place; one behind is enough if it is a mark."""
_MARKS: Final = str.maketrans(dict.fromkeys("。;!?\n:、(", ","))
_BARE: Final = 4
"""Content around a word that is too little to tell anything."""
_SHARED: Final = 0.6
_TYPES: Final = {
    Family.TREND: FaultType.TREND,
    Family.COMPARED: FaultType.COMPARATOR,
    Family.BASE: FaultType.DATE,
}


def check_turns(case: Case) -> None:
    """Check every such word of the statement, and the negations of the evidence that it lacks."""
    for word in case.text.closed:
        if word.family is Family.NEGATION:
            _negated(case, word)
        elif word.start not in case.text.attached:
            _pointed(case, word)
    for witness in range(len(case.texts)):
        _cut_out(case, witness)
        _dropped(case, witness)


def _pointed(case: Case, word: Word) -> None:
    """The word of the evidence that stands most alike must point the same way."""
    own = case.text.around(word.start, word.end)
    found = [
        (nearness(own, text.around(each.start, each.end)), -witness, -each.start, each)
        for witness, text in enumerate(case.texts)
        for each in _family(text, word.family)
        if _is_noun(text, each) == _is_noun(case.text, word)
    ]
    same = max((item for item in found if agree(item[3].way, word.way)), default=None, key=_key)
    other = max((item for item in found if opposed(item[3].way, word.way)), default=None, key=_key)
    kind = _TYPES[word.family]
    if same and other and _is_in_place(case, word, same, other):
        case.fault(kind, (word.start, word.end), [_at(other)])
        return
    if other and (same is None or other[0] > same[0] + 1) and (other[0] >= 3 or same is None):
        if same is None and other[0] < _HARDLY and len(own[0]) + len(own[1]) > _BARE:
            case.doubt(Reason.WORDING, (word.start, word.end), [_at(other)])
            return
        case.fault(kind, (word.start, word.end), [_at(other)])
    elif same is None and word.family is Family.BASE:
        if not any(q.base is word.way for t in case.texts for q in t.quantities):
            case.fault(kind, (word.start, word.end))
    elif same is None and not any(
        case.text.words[word.start : word.end] in t.words for t in case.texts
    ):
        case.doubt(Reason.WORDING, (word.start, word.end))


def _is_in_place(
    case: Case,
    word: Word,
    same: tuple[float, int, int, Word],
    other: tuple[float, int, int, Word],
) -> bool:
    """Whether the opposite word stands just where the statement has its own, as no other does.

    降低了增长水平 has both words: what touches them tells which one was put for which.
    """
    beside, instead = (
        _touching(case.text, word, case.texts[-item[1]], item[3]) for item in (same, other)
    )
    return sum(beside) < sum(instead) and min(instead) > 1 and other[0] >= same[0]


def _touching(left: Text, one: Word, right: Text, two: Word) -> tuple[int, int]:
    """How many characters directly before and behind two words are the same, 0 … 3."""
    before = (
        text.words[max(0, each.start - 3) : each.start]
        for text, each in ((left, one), (right, two))
    )
    behind = (text.words[each.end : each.end + 3] for text, each in ((left, one), (right, two)))
    first, second = before
    return common(first[::-1], second[::-1]), common(*behind)


def _family(text: Text, family: Family) -> list[Word]:
    return [word for word in text.closed if word.family is family]


def _is_noun(text: Text, word: Word) -> bool:
    """增幅 and 降幅 are compared with each other, not with what became of them."""
    return text.words[word.end - 1] in "幅速"


def _key(item: tuple[float, int, int, Word]) -> tuple[float, int, int]:
    return item[:3]


def _at(item: tuple[float, int, int, Word]) -> Found:
    return Found(-item[1], item[3].start, item[3].end)


def _negated(case: Case, word: Word) -> None:
    """What the statement denies, the evidence must deny."""
    head = case.text.beside(word.start, word.end)
    denied = [
        (nearness(head, text.beside(each.start, each.end)), witness, each)
        for witness, text in enumerate(case.texts)
        for each in _family(text, Family.NEGATION)
    ]
    best = max(denied, default=None, key=lambda item: (item[0], -item[1], -item[2].start))
    plain = _plain(case, word)
    if plain and (best is None or plain[0] > best[0] + 0.5):
        case.fault(FaultType.NEGATION, (word.start, word.end), [plain[1]])
    elif best is None:
        case.fault(FaultType.NEGATION, (word.start, word.end))
    elif best[0] < 1:
        found = Found(best[1], best[2].start, best[2].end)
        case.doubt(Reason.WORDING, (word.start, word.end), [found])


def _plain(case: Case, word: Word) -> tuple[float, Found] | None:
    """Where the evidence says, and does not deny, what the statement denies."""
    head = case.text.beside(word.start, word.end)
    seed = _seed(head[1])
    if len(seed) < _SEED or _is_denied_too(case, word, seed):
        return None
    best: tuple[float, Found] | None = None
    count = _denials(case.text, word.start)
    for witness, text in enumerate(case.texts):
        at = text.skeleton.find(seed)
        while at >= 0:
            place = text.places[at]
            if _denials(text, place) < count:
                near = nearness(head, text.beside(place, place))
                end = text.places[min(at + len(seed), len(text.places)) - 1] + 1
                if best is None or near > best[0]:
                    best = near, Found(witness, place, end)
            at = text.skeleton.find(seed, at + 1)
    return best


def _seed(words: str) -> str:
    """The beginning of what is denied; of Latin letters it takes more to know a word."""
    return words[: _LATIN if words[:1].isascii() else _SEED]


def _is_denied_too(case: Case, word: Word, seed: str) -> bool:
    """Whether only clauses that deny as often have nearly all of the statement's clause."""
    own, count = _content(case.text, word.start), _denials(case.text, word.start)
    if len(own) <= _BARE:
        return False
    alike_too = [
        _denials(text, match.start())
        for text in case.texts
        for match in re.finditer(re.escape(seed), text.words)
        if len(content := _content(text, match.start())) >= len(own)
        and alike(own, content) >= _WHOLE
    ]
    return bool(alike_too) and min(alike_too) >= count


def _content(text: Text, at: int) -> str:
    start, end = within(PAUSE, text, at)
    return text.skeleton[bisect_left(text.places, start) : bisect_left(text.places, end)]


def _denials(text: Text, place: int) -> int:
    """How many negations the clause has: 不能不 are two."""
    start, end = within(PAUSE, text, place)
    return sum(w.family is Family.NEGATION and start <= w.start < end for w in text.closed)


def _cut_out(case: Case, witness: int) -> None:
    """有 in the statement where the same words of the evidence have 没有."""
    text, own = case.texts[witness], _marked_alike(case.text)
    others = [_marked_alike(each) for each in case.texts]
    for match in _LACKING.finditer(text.words):
        for before, behind in _CONTEXTS:
            # One mark stands before the first character.
            start, end = match.start() + 1, match.end() + 1
            left = others[witness][max(0, start - before) : start]
            right = others[witness][end : end + behind]
            having = f"{left}有{right}"
            is_whole = (len(left), len(right)) == (before, behind)
            is_open = len(right) == 1 and right.isalnum()
            if not is_whole or is_open or any(having in each for each in others):
                continue
            place = own.find(having) + len(left) - 1
            if having in own and _denials(case.text, place) < _denials(text, match.start()):
                span = place, min(place + 1 + len(right), len(case.text.words))
                case.fault(FaultType.NEGATION, span, [Found(witness, *match.span())])
                break


def _marked_alike(text: Text) -> str:
    """With one mark for all, at both ends too: where a comma stands here, a stop may there."""
    return f",{text.words.translate(_MARKS)},"


def _dropped(case: Case, witness: int) -> None:
    """What the evidence denies and the statement says without denying."""
    text = case.texts[witness]
    for word in _family(text, Family.NEGATION):
        head = text.around(word.start, word.end)
        within = text.beside(word.start, word.end)[1]
        for offset in range(max(1, len(within) - 1)):
            seed = (within or head[1])[offset : offset + _SEED]
            if len(seed) < _SEED or "#" in seed or "@" in seed:
                continue
            if offset == 0 and _is_kept(case, seed, (witness, word)):
                break
            found = _said(case, seed, (witness, word), is_head=offset == 0)
            if found is not None:
                end = case.text.places[bisect_left(case.text.places, found) + _SEED - 1] + 1
                case.fault(FaultType.NEGATION, (found, end), [Found(witness, word.start, word.end)])
                break


def _stands(case: Case, place: int) -> bool:
    """Whether the clause is the evidence's, word for word."""
    start, end = case.text.clause(place)
    return any(stands(case.text.words[start:end], text) for text in case.texts)


def _said(case: Case, seed: str, denied: tuple[int, Word], *, is_head: bool) -> int | None:
    """Where the statement says what the evidence denies; None where it does not."""
    witness, word = denied
    text = case.texts[witness]
    head = text.around(word.start, word.end)
    count = _denials(text, word.start)
    at = case.text.skeleton.find(seed)
    while at >= 0:
        place = case.text.places[at]
        here = case.text.around(place, place)
        near, said = nearness(here, head), _denials(case.text, place)
        if _claimed(case, place, denied):
            said = 0
        best = _best_of(case, here, said)
        if said < count and best <= near and not _stands(case, place):
            touches = near >= _TOUCHING and _same_sentence(case, place, text)
            if is_head and (near >= _SURE or touches):
                return place
            if not best and _shared(case, place, text, word):
                return place
        at = case.text.skeleton.find(seed, at + 1)
    return None


def _is_kept(case: Case, seed: str, denied: tuple[int, Word]) -> bool:
    """Whether the statement denies wherever it says what is denied."""
    count = _denials(case.texts[denied[0]], denied[1].start)
    at = case.text.skeleton.find(seed)
    found = at >= 0
    while at >= 0:
        place = case.text.places[at]
        if _denials(case.text, place) < count or _claimed(case, place, denied):
            return False
        at = case.text.skeleton.find(seed, at + 1)
    return found


def _claimed(case: Case, place: int, denied: tuple[int, Word]) -> bool:
    """Whether every negation of the statement's clause is another one of the evidence."""
    start, end = case.text.clause(place)
    own = [
        case.text.around(w.start, w.end)[1][:_SEED]
        for w in _family(case.text, Family.NEGATION)
        if start <= w.start < end
    ]
    others = {
        text.around(w.start, w.end)[1][:_SEED]
        for at, text in enumerate(case.texts)
        for w in _family(text, Family.NEGATION)
        if (at, w) != denied
    }
    witness, word = denied
    seed = case.texts[witness].around(word.start, word.end)[1][:_SEED]
    return bool(own) and seed not in own and set(own) <= others


def _shared(case: Case, place: int, text: Text, word: Word) -> bool:
    """Whether nearly all of the clause stands in the clause of the witness's negation."""
    own, theirs = (
        (t.skeleton[bisect_left(t.places, start) : bisect_left(t.places, end)])
        for t, (start, end) in (
            (case.text, case.text.clause(place)),
            (text, text.clause(word.start)),
        )
    )
    return (
        len(own) > 3 and alike(own, theirs) >= _SHARED
        if len(own) <= len(theirs)
        else (len(theirs) > 3 and alike(theirs, own) >= _SHARED)
    )


def _same_sentence(case: Case, place: int, text: Text) -> bool:
    """Whether the words before the place stand in the witness, too."""
    left, _ = case.text.around(place, place)
    return len(left) < _SEED or left[-_SEED:] in text.skeleton


def _best_of(case: Case, here: tuple[str, str], said: int) -> float:
    """How near the nearest place of the evidence is that denies the same words as often."""
    seed, best = here[1][:_SEED], 0.0
    for text in case.texts:
        at = text.skeleton.find(seed)
        while at >= 0:
            place = text.places[at]
            if _denials(text, place) == said:
                best = max(best, nearness(here, text.around(place, place)) + 0.01)
            at = text.skeleton.find(seed, at + 1)
    return best
