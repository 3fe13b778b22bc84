"""Computed figures: a formula over cited figures, worked out again.

Sum, difference, ratio, growth, share and mean are tried as the statement's words say (合计, 增加,
增长, 占, 平均, 倍); a formula that is given is worked out as it is. In fractions, rounded as
printed.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final

from briefs.gate.findings import Case, Found
from briefs.gate.grading import comparable, counted
from briefs.gate.lexicon import Bound, Way
from briefs.gate.model import FaultType, Reason
from briefs.gate.periods import date_of
from briefs.gate.quantities import Quantity
from briefs.gate.reading import STAGES, Text, read

_SUM: Final = re.compile(
    r"合计|共计|总计|累计|总共|共[有为]?|总(?!体|理|书记|经理|局|部|署|会)|之和|相加|两者|in total|"
    r"altogether|total|combined|sum"
)
_MEAN: Final = re.compile(r"平均|均值|均为|人均|户均|馆均|每[人户馆家名件台]|average|mean|per ")
_SHARE: Final = re.compile(
    r"占|比重|比例|份额|率|share|accounts? for|proportion|of (?:all|the total)"
)
_TIMES: Final = re.compile(r"倍|times")
_LESS: Final = re.compile(
    r"少|低|减|降|差|相差|余下|剩余|其余|less|fewer|lower|remaining|difference"
)
_MORE: Final = re.compile(r"多|高|增|差|升|more|higher|difference|increase|rose|up")
_MOST: Final = 12
_RESULT: Final = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Cited:
    """A figure of the evidence that a formula may take."""

    witness: int
    text: Text
    each: Quantity

    @property
    def found(self) -> Found:
        """Where it stands."""
        return Found(self.witness, *self.each.core)


@dataclass(frozen=True, slots=True)
class Worked:
    """What a formula gives."""

    value: Fraction
    dimension: str
    of: tuple[Cited, ...]


def check_computed(case: Case, missing: Sequence[Quantity], formula: str | None) -> None:
    """Check the figures that no witness has: each must be the result of a formula."""
    if formula is not None:
        _check_given(case, missing, formula)
        return
    for each in missing:
        if each.is_article:
            continue
        tried = list(_worked(case, each))
        if any(_matches(each, one) for one in tried):
            _check_direction(case, each, next(one for one in tried if _matches(each, one)))
            continue
        if not tried:
            if not list(_cited(case)):
                case.fault(FaultType.COMPUTED, each.core)
            else:
                case.doubt(Reason.NO_FORMULA, each.core)
            continue
        nearest = min(tried, key=lambda one: (abs(one.value - each.value), len(one.of)))
        case.fault(
            FaultType.COMPUTED, each.core, [one.found for one in nearest.of], value=_shown(nearest)
        )


def _cited(case: Case) -> Iterator[Cited]:
    for witness, text in enumerate(case.texts):
        for each in text.quantities:
            counts = not each.dimension.startswith("第") and each.dimension not in STAGES
            if counts and not each.is_article and each.upper is None:
                yield Cited(witness, text, each)


def _worked(case: Case, each: Quantity) -> Iterator[Worked]:
    """Every formula that the words around a figure allow, over the figures that fit."""
    start, end = case.text.sentence(each.start)
    around = case.text.words[start:end]
    clause = _clause(case.text, each)
    cited = _named(case, list(_cited(case)))[:_MOST]
    if each.dimension == "%":
        yield from _percents(cited, clause, each)
        return
    if each.dimension == "times" or (not each.dimension and _TIMES.search(clause)):
        yield from (
            Worked(a.each.value / b.each.value, "times", (a, b))
            for a, b in _pairs(cited)
            if b.each.value
        )
        return
    if each.dimension == "pp":
        shares = [one for one in cited if one.each.dimension == "%"]
        yield from (
            Worked(abs(a.each.value - b.each.value), "pp", (a, b)) for a, b in _pairs(shares)
        )
        return
    alike_ = [one for one in cited if comparable(each, one.each, one.text)]
    if _MEAN.search(clause) or _MEAN.search(around):
        yield from _means(alike_, cited)
    if _SUM.search(around) or not (_MORE.search(clause) or _LESS.search(clause)):
        yield from _sums(alike_, each)
    if _MORE.search(clause) or _LESS.search(clause):
        yield from (
            Worked(abs(a.each.value - b.each.value), each.dimension, (a, b))
            for a, b in _pairs(alike_)
        )


def _clause(text: Text, each: Quantity) -> str:
    start = max(text.words.rfind(mark, 0, each.start) for mark in ",;。")
    ends = [at for mark in ",;。" if (at := text.words.find(mark, each.end)) >= 0]
    return text.words[start + 1 : min(ends, default=len(text.words))]


def _named(case: Case, cited: list[Cited]) -> list[Cited]:
    """The figures that the statement names itself, where it names two or more."""
    own = {(q.value, q.dimension) for q in case.text.quantities}
    named = [one for one in cited if (one.each.value, one.each.dimension) in own]
    return named if len(named) >= 2 else cited


def _pairs(cited: Sequence[Cited]) -> Iterator[tuple[Cited, Cited]]:
    for a in cited:
        for b in cited:
            if a is not b and comparable(a.each, b.each, b.text):
                yield a, b


def _percents(cited: Sequence[Cited], clause: str, each: Quantity) -> Iterator[Worked]:
    plain = [one for one in cited if one.each.dimension not in {"%", "pp"}]
    if each.way is not None and not _SHARE.search(clause):
        for a, b in _pairs(plain):
            if b.each.value:
                change = (a.each.value - b.each.value) / b.each.value * 100
                if (change < 0) == (each.way in {Way.DOWN, Way.NARROWER}) and _is_later(a, b):
                    yield Worked(abs(change), "%", (a, b))
        return
    for a, b in _pairs(plain):
        if b.each.value:
            yield Worked(a.each.value / b.each.value * 100, "%", (a, b))
    for a in plain:
        rest = [one for one in plain if comparable(a.each, one.each, one.text)]
        total = sum((one.each.value for one in rest), Fraction(0))
        if total and len(rest) > 1:
            yield Worked(
                a.each.value / total * 100, "%", (a, *[one for one in rest if one is not a])
            )
    shares = [one for one in cited if one.each.dimension == "%"]
    if _SUM.search(clause):
        yield from _sums(shares, each)
    if re.search(r"其余|剩余|余下|remaining", clause):
        for count in (1, 2, 3):
            for some in combinations(shares, count):
                taken = sum((one.each.value for one in some), Fraction(0))
                yield Worked(100 - taken, "%", some)


def _is_later(new: Cited, old: Cited) -> bool:
    """False when the dates say that `new` is the older one."""
    one, two = date_of(new.text, new.each.start), date_of(old.text, old.each.start)
    if one is None or two is None or one.year is None or two.year is None:
        return True
    return one.year >= two.year


def _sums(cited: Sequence[Cited], each: Quantity) -> Iterator[Worked]:
    sizes = range(2, len(cited) + 1) if len(cited) <= 6 else (2, 3, len(cited))
    for size in sizes:
        for some in combinations(cited, size):
            total = sum((one.each.value for one in some), Fraction(0))
            yield Worked(total, each.dimension, some)


def _means(alike_: Sequence[Cited], cited: Sequence[Cited]) -> Iterator[Worked]:
    for some in [list(alike_)] if len(alike_) > 1 else []:
        total = sum((one.each.value for one in some), Fraction(0))
        yield Worked(total / len(some), some[0].each.dimension, tuple(some))
    for a in alike_:
        for b in cited:
            if b is not a and b.each.value and counted(b.each.dimension or "个"):
                yield Worked(a.each.value / b.each.value, a.each.dimension, (a, b))


def _matches(each: Quantity, worked: Worked) -> bool:
    """Whether a result, rounded as the figure is printed, is the figure."""
    if each.dimension and worked.dimension and each.dimension != worked.dimension:
        both = counted(each.dimension) and counted(worked.dimension)
        if not both:
            return False
    off = abs(each.value - worked.value)
    if each.bound is Bound.EXACT:
        return off <= each.step / 2
    if each.bound is Bound.ABOUT:
        return off <= max(each.step / 2, abs(worked.value) / 50)
    if each.bound in {Bound.ABOVE, Bound.AT_LEAST}:
        return each.value <= worked.value <= each.value * Fraction(11, 10) + each.step
    return each.value - each.step - each.value / 10 <= worked.value <= each.value


def _check_direction(case: Case, each: Quantity, worked: Worked) -> None:
    """A difference between two dated figures must go the way that the statement says."""
    if each.way is None or len(worked.of) != 2 or each.dimension == "%":
        return
    a, b = worked.of
    one, two = date_of(a.text, a.each.start), date_of(b.text, b.each.start)
    if one is None or two is None or one.year is None or two.year is None or one.year == two.year:
        return
    new, old = (a, b) if one.year > two.year else (b, a)
    rises = new.each.value > old.each.value
    if rises != (each.way in {Way.UP, Way.WIDER}):
        case.fault(FaultType.TREND, (each.start, each.end), [new.found, old.found])


def _shown(worked: Worked) -> str:
    value = round(float(worked.value), 2)
    text = f"{value:g}" if abs(value) < 10**6 else f"{value:.0f}"
    return f"{text}{'%' if worked.dimension == '%' else ''}"


_TOKEN: Final = re.compile(r"\s*(?:(?P<mark>[-+*/()×÷−])|(?P<figure>[^-+*/()×÷−\s]+))")
_LEVEL: Final = {"+": 1, "-": 1, "*": 2, "/": 2}
_MARKS: Final = {"×": "*", "÷": "/", "−": "-"}
_WORK: Final[dict[str, Callable[[Fraction, Fraction], Fraction]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def _check_given(case: Case, missing: Sequence[Quantity], formula: str) -> None:
    """A formula that is given: its figures must be cited, its result the figure."""
    try:
        value, figures = evaluate(formula)
    except (ValueError, ZeroDivisionError):
        case.fault(FaultType.COMPUTED, (0, len(case.text.words)), value=formula)
        return
    known = {one.each.value for one in _cited(case)}
    strange = [figure for figure in figures if figure.dimension and figure.value not in known]
    strange += [
        f
        for f in figures
        if not f.dimension and f.value not in known and f.value not in {1, 2, 100}
    ]
    wanted = [q for q in missing if not q.is_article] or list(case.text.quantities)
    for each in wanted:
        results = {value, value * 100} if each.dimension == "%" else {value}
        if strange or not any(_matches(each, Worked(v, "", ())) for v in results):
            case.fault(FaultType.COMPUTED, each.core, value=f"{float(value):g}")


def _figure(word: str) -> Quantity:
    found = read(word).quantities
    if len(found) != 1:
        raise ValueError(word)
    return found[0]


def evaluate(formula: str) -> tuple[Fraction, list[Quantity]]:
    """Work out ``+ - * / ( )`` over figures with units; also gives the figures.

    Raises:
        ValueError: it is no formula.
        ZeroDivisionError: it divides by nothing.
    """
    figures: list[Quantity] = []
    values: list[Fraction] = []
    marks: list[str] = []

    def work() -> None:
        mark = marks.pop()
        if mark == "(" or len(values) < 2:
            raise ValueError(formula)
        right, left = values.pop(), values.pop()
        values.append(_WORK[mark](left, right))

    for token in _TOKEN.finditer(formula):
        mark = _MARKS.get(token["mark"] or "", token["mark"])
        if token["figure"]:
            figures.append(_figure(token["figure"]))
            values.append(figures[-1].value)
        elif mark == "(":
            marks.append(mark)
        elif mark == ")":
            while marks and marks[-1] != "(":
                work()
            if not marks:
                raise ValueError(formula)
            marks.pop()
        else:
            while marks and _LEVEL.get(marks[-1], 0) >= _LEVEL[str(mark)]:
                work()
            marks.append(str(mark))
    while marks:
        work()
    if len(values) != 1:
        raise ValueError(formula)
    return values[0], figures
