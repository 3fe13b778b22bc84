"""Dates and periods of a statement against those of its evidence."""

from briefs.gate.dates import Dated
from briefs.gate.findings import Case, Found
from briefs.gate.lexicon import Bound
from briefs.gate.model import FaultType
from briefs.gate.reading import Text, nearness, origin

_SAME = {"上年": "去年", "上一年": "去年", "上一年度": "去年", "本年": "今年", "本年度": "今年"}
_LATER = {Bound.ABOVE, Bound.AT_LEAST}
_EARLIER = {Bound.BELOW, Bound.AT_MOST}
_MUCH = 3.0


def date_of(text: Text, at: int) -> Dated | None:
    """The date of a figure: the last before it in its sentence, but none it is compared with."""
    start, _ = text.sentence(at)
    own = [d for d in text.dates if start <= d.start < at and not origin(text, d)]
    return own[-1] if own else None


def conflicting(left: Dated, right: Dated) -> bool:
    """Whether two dates cannot be the same, as far as both say."""
    if left.word or right.word:
        return bool(left.word and right.word) and _word(left) != _word(right)
    if left.month is right.month is None and (left.until or right.until):
        return not (_years(left) & _years(right))
    pairs = ((left.year, right.year), (left.month, right.month), (left.day, right.day))
    if any(one is not None and two is not None and one != two for one, two in pairs):
        return True
    if left.month is not None and right.month is not None and left.day is right.day is None:
        return left.until != right.until
    return False


def _years(dated: Dated) -> set[int]:
    first = dated.year or 0
    return set(range(first, (dated.until or first) + 1))


def check_dates(case: Case) -> None:
    """Every date of the statement must stand in the evidence, with the same limit."""
    for each in case.text.dates:
        places = [(w, t, d) for w, t in enumerate(case.texts) for d in t.dates]
        own = case.text.beside(each.start, each.end)
        near = [(nearness(own, t.beside(d.start, d.end)), -w, -d.start, t, d) for w, t, d in places]
        near.sort(key=lambda item: item[:3], reverse=True)
        held = [item for item in near if _bears_out(item[3], item[4], each)]
        if not held and each.until is not None and each.month is None:
            years = {dated.year for _, _, dated in places}
            if {each.year, each.until} <= years:
                continue
        if not held:
            found = [Found(-near[0][1], near[0][4].start, near[0][4].end)] if near else []
            case.fault(FaultType.DATE, (each.start, each.end), found)
            continue
        first = near[0]
        if first[0] >= held[0][0] + _MUCH and first[0] >= 5 and conflicting(first[4], each):
            case.fault(
                FaultType.DATE,
                (each.start, each.end),
                [Found(-first[1], first[4].start, first[4].end)],
            )
            continue
        _check_limit(case, each, [item for item in held if item[0] >= held[0][0] - 2])


def _check_limit(case: Case, each: Dated, held: list[tuple[float, int, int, Text, Dated]]) -> None:
    def fits(other: Dated) -> bool:
        if each.bound in {Bound.BELOW, Bound.ABOVE} or other.bound in {Bound.BELOW, Bound.ABOVE}:
            limits = {each.bound, other.bound}
            return each.bound is other.bound or limits <= _LATER or limits <= _EARLIER
        return not ({each.bound, other.bound} & _LATER and {each.bound, other.bound} & _EARLIER)

    if not any(fits(item[4]) for item in held):
        other = held[0]
        case.fault(
            FaultType.COMPARATOR,
            (each.start, each.end),
            [Found(-other[1], other[4].start, other[4].end)],
        )


def _word(dated: Dated) -> str:
    return _SAME.get(dated.word, dated.word)


def _bears_out(text: Text, other: Dated, each: Dated) -> bool:
    if each.word:
        return _word(other) == _word(each)
    if other.word:
        return False
    if each.edge and other.edge and each.edge != other.edge:
        return False
    return _same_year(text, other, each) and _same_months(other, each)


def _same_year(text: Text, other: Dated, each: Dated) -> bool:
    if each.year is None or each.year == other.year:
        return True
    if other.year is None:
        # 6月1日 of a text that names the year elsewhere.
        return any(dated.year == each.year for dated in text.dates)
    is_year = each.month is each.until is other.month is None
    return is_year and each.year == other.until


def _same_months(other: Dated, each: Dated) -> bool:
    if each.year is not None and each.until is None and each.year == other.until:
        return True
    if each.month is None:
        return each.until in {None, other.until}
    if each.month != other.month:
        return False
    if each.until != other.until and each.day is other.day is None:
        return False
    return each.day is None or each.day == other.day
