"""Figures of a statement against those of its evidence.

A figure is borne out by one of the same quantity, in whatever unit and numerals, with the same
limit, trend and base of comparison, of the same subject and date. One that is rounded is borne out
where a word says so: 约1.2亿 for 1.1987亿; 近 only for less, 超 only for more. Rounded to the
digits printed and without such a word, a person decides.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from briefs.gate.dates import Dated
from briefs.gate.findings import Case, Found
from briefs.gate.grading import Grade, coarse, comparable, direction, grade
from briefs.gate.lexicon import Bound, Way
from briefs.gate.model import FaultType, Reason
from briefs.gate.periods import conflicting, date_of
from briefs.gate.quantities import Quantity
from briefs.gate.reading import Text, alike, labels, nearness, subject
from briefs.gate.signs import says
from briefs.gate.words import agree, opposed

_UPWARD: Final = {Bound.AT_LEAST, Bound.ABOVE}
_DOWNWARD: Final = {Bound.AT_MOST, Bound.BELOW}
_RIVAL: Final = 0.6
_MUCH: Final = 0.45
_UNIT: Final = 4
_TIMES: Final = {"h", "month", "workday"}
_SUM: Final = re.compile(r"(?:共|合计|总计|总额|总量|累计)(?:投入|支出|达|为|约)*$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure of the evidence beside one of the statement."""

    witness: int
    text: Text
    each: Quantity
    grade: Grade
    near: float
    """How much their subjects have in common."""
    around: float

    @property
    def found(self) -> Found:
        """Where it stands."""
        return Found(self.witness, self.each.start, self.each.end)


def check_figures(case: Case, *, skip: Iterable[Quantity] = ()) -> list[Quantity]:
    """Check every figure but those in `skip`; returns those that nothing bears out."""
    left_out = set(skip)
    missing = []
    for each in case.text.quantities:
        if each in left_out:
            continue
        candidates = [c for c in _candidates(case, each) if comparable(each, c.each, c.text)]
        held = [candidate for candidate in candidates if candidate.grade is not Grade.NOT]
        if held:
            _hold(case, each, (_best(each, held), candidates))
        elif not _spread(case, each):
            missing.append(each)
    return missing


def report_missing(case: Case, each: Quantity) -> None:
    """Write the fault of a figure that the evidence has not."""
    candidates = _candidates(case, each)
    fitting = [c for c in candidates if comparable(each, c.each, c.text)]
    if each.is_article:
        half = Fraction(1, 2)
        rivals = [
            c for c in fitting
            if not c.each.is_article and (c.around >= 6 or c.each.printed == half)
        ]  # fmt: skip
        units = [
            c for c in candidates
            if c.each.printed == each.printed and c.around >= _UNIT and c.each.dimension in _TIMES
        ]  # fmt: skip
        if units and each.dimension in _TIMES:
            case.fault(FaultType.UNIT, each.core, [units[0].found])
        elif rivals:
            case.fault(FaultType.NUMBER, each.core, [rivals[0].found])
        return
    printed = [
        c for c in candidates
        if c.each.printed == each.printed and not _ordinal(c.each, each)
        and not (c.each.dimension == each.dimension and c.each.value == each.value)
    ]  # fmt: skip
    limited = [c for c in fitting
               if each.bound is not Bound.EXACT and c.each.upper is each.upper is None
               and abs(c.each.value - each.value) <= coarse(each)]  # fmt: skip
    if limited and not printed:
        place = _group_of(case, each) or limited[0].found
        case.fault(FaultType.COMPARATOR, (each.start, each.end), [place])
        return
    other = max(
        printed, key=lambda c: (c.near + c.around / 6, -c.witness, -c.each.start), default=None
    )
    nearest = max(
        fitting, key=lambda c: (c.near + c.around / 6, -c.witness, -c.each.start), default=None
    )
    if other and (
        nearest is None or other.near + other.around / 6 >= nearest.near + nearest.around / 6 - 0.3
    ):
        case.fault(FaultType.UNIT, each.core, [other.found])
    else:
        group = _group_of(case, each)
        found = [group] if group else [nearest.found] if nearest else []
        case.fault(FaultType.NUMBER, each.core, found)


def _group_of(case: Case, each: Quantity) -> Found | None:
    """Of 70岁以下为46.2% what the evidence gives 46.2% for: 60—69岁为46.2%; None for no group."""
    at = case.text.quantities.index(each)
    behind = case.text.quantities[at + 1 : at + 2]
    if not behind or not _is_group(case.text, each, behind[0]):
        return None
    for witness, text in enumerate(case.texts):
        for one, two in pairwise(text.quantities):
            fits = one.dimension == each.dimension and two.dimension == behind[0].dimension
            if fits and grade(behind[0], two) is Grade.SAME and _is_group(text, one, two):
                return Found(witness, one.start, two.end)
    return None


def _is_group(text: Text, one: Quantity, two: Quantity) -> bool:
    """Whether the first of two figures says of whom the second is."""
    return one.dimension != two.dimension and text.clause(one.start) == text.clause(two.start)


def _ordinal(left: Quantity, right: Quantity) -> bool:
    return left.dimension.startswith("第") != right.dimension.startswith("第")


def _candidates(case: Case, each: Quantity) -> list[Candidate]:
    own, beside = labels(case.text, each), case.text.around(each.start, each.end)
    whose = subject(case.text, each)
    made = []
    for witness, text in enumerate(case.texts):
        for other in text.quantities:
            if not (_near(each, other) or comparable(each, other, text)):
                continue
            theirs = labels(text, other)
            near = max(
                alike(own[0], theirs[0]) + 0.5 * alike(own[1], theirs[1]),
                alike(own[1], theirs[1]) + 0.5 * alike(own[0], theirs[0]),
                0.5 * alike(own[0], theirs[1]),
                0.5 * alike(own[1], theirs[0]),
                alike(own[0], subject(text, other)),
                alike(whose, theirs[0]),
            )
            around = nearness(beside, text.around(other.start, other.end))
            made.append(Candidate(witness, text, other, grade(each, other), near, around))
    return made


def _near(each: Quantity, other: Quantity) -> bool:
    return each.printed == other.printed


def _best(each: Quantity, held: Sequence[Candidate]) -> Candidate:
    def key(candidate: Candidate) -> tuple[float, ...]:
        other = candidate.each
        ways = each.way is None or other.way is None or agree(each.way, other.way)
        fits = (each.bound is other.bound) + ways + (each.base in {None, other.base})
        fits += each.per == other.per
        place = candidate.near + candidate.around / 4
        return (candidate.grade is Grade.SAME, place + 0.2 * fits, -candidate.witness, -other.start)

    return max(held, key=key)


def _hold(case: Case, each: Quantity, chosen: tuple[Candidate, list[Candidate]]) -> None:
    """Check what belongs to a figure whose value stands in the evidence."""
    best, candidates = chosen
    _check_per(case, each, chosen)
    if each.is_article and best.each.bound is each.bound:
        _check_way(case, each, best)
        return
    if best.grade is Grade.ROUNDED:
        case.doubt(Reason.ROUNDED, each.core, [best.found])
    elif best.grade is Grade.SAME:
        _check_bound(case, each, best)
    _check_unit(case, each, best)
    if each.value * best.each.value >= 0:
        _check_way(case, each, best)
    elif None in {direction(each), direction(best.each)}:
        case.doubt(Reason.WORDING, each.core, [best.found])
    if each.base and best.each.base is not each.base:
        nearby = {q.base for q in best.text.quantities} - {None}
        if best.each.base or each.base not in nearby or each.base is Way.MEAN:
            case.fault(FaultType.DATE, (each.start, each.end), [best.found])
    if not _misbound(case, each, (best, candidates)):
        _check_date(case, each, (best, candidates))


def _check_unit(case: Case, each: Quantity, best: Candidate) -> None:
    """人 for 个 is another thing that is counted."""
    pair = {each.dimension, best.each.dimension}
    if "个" in pair and pair & {"人"} and best.around < 2 and best.near < 0.3:
        case.doubt(Reason.WORDING, each.core, [best.found])


def _check_per(case: Case, each: Quantity, chosen: tuple[Candidate, list[Candidate]]) -> None:
    """每年 for 每月, 人均 for 共 is another figure."""
    best, candidates = chosen
    if any(c.grade is best.grade and c.each.per == each.per for c in candidates):
        return
    for own, theirs in zip(each.per, best.each.per, strict=True):
        if own == theirs:
            continue
        is_sum = _SUM.search(best.text.words[: best.each.core[0]][-6:])
        if (own and theirs) or (own and is_sum and not says(best.text.words, own)):
            case.fault(FaultType.UNIT, each.core, [best.found])
        elif (own and not says(best.text.words, own)) or (
            theirs and not says(case.text.words, theirs)
        ):
            case.doubt(Reason.WORDING, each.core, [best.found])


def _check_bound(case: Case, each: Quantity, best: Candidate) -> None:
    one, two = each.bound, best.each.bound
    if one is two or (one is Bound.ABOUT and two in {Bound.EXACT, Bound.NEARLY}):
        return
    span = each.bounded or (each.start, each.end)
    both = {one, two}
    if both <= _UPWARD or both <= _DOWNWARD:
        case.doubt(Reason.STRICTNESS, (each.start, each.end), [best.found])
    elif (
        best.each.reaches
        and one is Bound.EXACT
        and two is Bound.ABOVE
        and each.dimension == "times"
    ):
        return
    else:
        case.fault(FaultType.COMPARATOR, (min(span[0], each.start), each.end), [best.found])


def _check_way(case: Case, each: Quantity, best: Candidate) -> None:
    one, two = each.way, best.each.way
    span = _with_trend(case.text, each)
    place = Found(best.witness, *_with_trend(best.text, best.each))
    if one and two:
        if opposed(one, two) or (
            each.reaches != best.each.reaches
            and "times"
            not in {
                each.dimension,
                best.each.dimension,
            }
        ):
            case.fault(FaultType.TREND, span, [place])
    elif one and not two:
        start, end = best.text.sentence(best.each.start)
        ways = [w.way for w in best.text.closed if start <= w.start < end]
        turned = any(opposed(one, way) for way in ways)
        if any(agree(one, way) for way in ways) or (each.reaches and not turned):
            return
        if turned or best.each.dimension == "%":
            case.fault(FaultType.TREND, span, [place])
        else:
            case.doubt(Reason.WORDING, span, [place])
    elif two and each.dimension in {"%", "pp"} and not best.each.reaches:
        case.doubt(Reason.WORDING, span, [place])


def _with_trend(text: Text, each: Quantity) -> tuple[int, int]:
    """A figure together with its trend word."""
    before = [
        w.start
        for w in text.closed
        if w.start in text.attached and each.start - 14 <= w.start < each.start
    ]
    behind = [
        w.end
        for w in text.closed
        if w.start in text.attached and each.end <= w.start <= each.end + 4
    ]
    return min([each.start, *before[-1:]]), max([each.end, *behind[:1]])


def _misbound(case: Case, each: Quantity, chosen: tuple[Candidate, list[Candidate]]) -> bool:
    """A figure of the evidence, but of another subject: 甲3、乙5 as 甲5、乙3."""
    best, candidates = chosen
    if best.grade is not Grade.SAME:
        return False
    own, theirs = labels(case.text, each), labels(best.text, best.each)
    if not any(theirs) or (max(map(len, own)) < 2 and not own[0].isascii()):
        return False
    rivals = [
        c for c in candidates
        if c.grade is Grade.NOT and c.each.dimension == best.each.dimension and (
            (c.near >= max(_RIVAL, best.near + _MUCH) and c.around >= best.around)
            or (_is_of(own, labels(c.text, c.each)) and not _is_of(own, theirs))
        )
    ]  # fmt: skip
    if not rivals:
        return False
    # What another figure of the statement stands for is no counterpart of this one.
    free = [rival for rival in rivals if not _is_taken(case, each, rival)]
    rival = max(free or rivals, key=lambda c: (c.near, c.around, -c.witness, -c.each.start))
    found = rival.found if free else _with_group(best) or rival.found
    case.fault(FaultType.NUMBER, each.core, [found])
    return True


def _with_group(candidate: Candidate) -> Found | None:
    """A figure of the evidence with the one that says of whom it is: 60—69岁为46.2%."""
    text = candidate.text
    at = text.quantities.index(candidate.each)
    for before in text.quantities[max(0, at - 1) : at]:
        if _is_group(text, before, candidate.each):
            return Found(candidate.witness, before.start, candidate.each.end)
    return None


def _is_taken(case: Case, each: Quantity, rival: Candidate) -> bool:
    """Whether another figure of the statement is the rival's, value and subject."""
    theirs = labels(rival.text, rival.each)
    return any(
        other is not each
        and grade(other, rival.each) is Grade.SAME
        and _of(labels(case.text, other), theirs) >= _of(labels(case.text, each), theirs)
        for other in case.text.quantities
    )


def _of(own: tuple[str, str], theirs: tuple[str, str]) -> float:
    return alike(own[0], theirs[0]) + alike(own[1], theirs[1])


def _is_of(own: tuple[str, str], theirs: tuple[str, str]) -> bool:
    """Whether one of two labels on the same side has all of the other."""
    return any(
        len(one) > 1 and len(two) > 1 and (one.endswith(two) or two.endswith(one))
        for one, two in zip(own, theirs, strict=True)
    )


def _check_date(case: Case, each: Quantity, chosen: tuple[Candidate, list[Candidate]]) -> None:
    """A figure of the evidence, but of another year."""
    best, candidates = chosen
    own, theirs = date_of(case.text, each.start), date_of(best.text, best.each.start)
    if own is None or theirs is None or not conflicting(own, theirs):
        return
    same = [c for c in candidates if c.grade is Grade.SAME and not _clashes(own, c)]
    if same:
        return
    case.fault(
        FaultType.DATE, (own.start, own.end), [Found(best.witness, theirs.start, theirs.end)]
    )
    rivals = [
        c for c in candidates if c.grade is Grade.NOT and _agrees(own, c) and c.near >= _RIVAL
    ]
    if rivals:
        rival = max(rivals, key=lambda c: (c.near, c.around, -c.witness, -c.each.start))
        case.fault(FaultType.NUMBER, each.core, [rival.found])


def _clashes(own: Dated, candidate: Candidate) -> bool:
    theirs = date_of(candidate.text, candidate.each.start)
    return theirs is not None and conflicting(own, theirs)


def _agrees(own: Dated, candidate: Candidate) -> bool:
    theirs = date_of(candidate.text, candidate.each.start)
    return theirs is not None and not conflicting(own, theirs)


def _spread(case: Case, each: Quantity) -> bool:
    """A range whose ends stand one behind the other: 由3%提高到5% as 3—5%."""
    if each.upper is None:
        return False
    for text in case.texts:
        for low, high in zip(text.quantities, text.quantities[1:], strict=False):
            ends = (low.value, high.value) == (each.value, each.upper)
            if ends and low.dimension == high.dimension == each.dimension:
                return True
    return False
