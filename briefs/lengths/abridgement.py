"""What two forms must agree on, line by line, and in what the short one departs from the long one.

The proof itself reads what was published and trusts nobody who made it: two publications in
`briefs.lengths.proving`, two files in Markdown in `briefs.lengths.printed`.
"""

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz

from briefs.lengths.ties import Bond, tied
from briefs.model import Length, StatementKind
from knowledge.text import fold


class FlawKind(StrEnum):
    """In what a short form departs from the long one."""

    EDITION = "edition"
    """Title, number, date, library, notice, gate: it is not of the same edition."""
    FOREIGN = "foreign"
    """A line that the long one lacks."""
    HEDGE = "hedge"
    """约, 可能, 预计 … of the long one is gone."""
    NUMBER = "number"
    """A figure is another one."""
    WORDS = "words"
    """The words are others."""
    KIND = "kind"
    """The same words, under another label: a judgement shown as a quotation."""
    EVIDENCE = "evidence"
    """The same words, resting on something else or on less."""
    ORDER = "order"
    """A line of the long one, out of its order or once too often."""
    HEADING = "heading"
    """A line stands under another heading than in the long one."""
    PARTED = "parted"
    """A claim without its limit, or a limit without its claim."""
    PLACE = "place"
    """The same line under another number: its own, or that of its table or figure."""
    FORM = "form"
    """A line that this form leaves out, a heading with nothing under it, or one of its own gone."""
    REFERENCE = "reference"
    """The list of references lacks what is cited, has what nobody cites, or is numbered wrong."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One departure."""

    kind: FlawKind
    number: int
    """Place of the line in the short form, from 1; 0 for what is no line of it."""
    words: str
    """What the short form says; for a parted pair, what it has of it."""
    meant: str = ""
    """What the long form says there; empty where it says nothing like it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved of a short form, or disproved."""

    lines: int
    """Lines of the short form, headings included."""
    hedges: int
    """Hedging words in it, each as it stands in the long form."""
    ties: int
    """Pairs that belong together and stand together."""
    flaws: tuple[Flaw, ...]

    @property
    def holds(self) -> bool:
        """Whether the short form contains nothing that the long one lacks."""
        return not self.flaws


@dataclass(frozen=True, slots=True)
class Item:
    """A line, as far as two forms must agree on it."""

    kind: StatementKind
    text: str
    level: int | None
    sources: tuple[tuple[Hashable, ...], ...]
    """Each citation and what it leads to, all but the number of the reference."""
    formula: str | None = None
    label: str = ""
    """As printed, ``〔判断〕``; empty for a line that is not printed."""
    length: Length | None = None
    """Its shortest form; None where that is not printed."""
    exhibit: int | None = None
    """Number of the table or figure, as a reader sees it; None for all else, and in print."""


@dataclass(slots=True)
class Comparison:
    """What agrees between two forms, and what does not."""

    short: Sequence[Item]
    long: Sequence[Item]
    at: dict[int, int] = field(default_factory=dict)
    """Place in the long form by place in the short one, of those that agree."""
    flaws: list[Flaw] = field(default_factory=list)


_ALIKE: Final = 60
"""Per cent of likeness from which a line counts as a changed one, not a foreign one."""
_HEDGES: Final = re.compile(
    r"大约|约(?!束|定|请|会|见|谈)|大概|大致|大体|左右|将近|接近|近(?=[\d一二三四五六七八九十百千万]|年来)|"
    r"可能|或许|或将|也许|预计|预期|预测|估计|估算|测算|据[^，。；]{0,15}?(?:统计|介绍|报道|反映|分析|调查|称)|"
    r"据(?!此)|初步|暂|基本|尚|有望|拟|力争|不完全|一般|通常|往往|多数|大部分|部分|个别|似乎|疑似|不排除|"
    r"原则上|倾向于|趋于|不超过|不低于|不少于|至少|至多|最多|最高|以内|以上|以下|超过|逾|余|"
    r"\b(?:about|around|approximately|roughly|nearly|almost|some|may|might|could|likely|probably|"
    r"possibly|expected|estimated?|suggests?|appears?|preliminary|provisional|up to|at least|"
    r"at most|according to|generally|usually|often|in part)(?![a-z])"
)
_FIGURES: Final = re.compile(r"\d[\d,.]*|[〇零一二三四五六七八九十百千万亿两]+")


def proved(found: Comparison) -> Proof:
    """What a comparison proves."""
    hedges = sum(_hedges(found.short[at].text).total() for at in found.at)
    together = set(found.at.values())
    ties = [t for t in tied(found.long) if t.first in together and t.second in together]
    return Proof(len(found.short), hedges, len(ties), tuple(found.flaws))


def compared(
    short: Sequence[Item], long: Sequence[Item], *, claims: Sequence[int] = ()
) -> Comparison:
    """The lines of two forms compared; whatever is no line is the caller's to compare.

    Lines that stand twice can be found in several places: any way to find all in order will do.

    Args:
        short: its lines.
        long: its lines.
        claims: places in the long form, from 0, that the short one's lines say they have, -1 for
            one that is nowhere; a line that is not found there is a flaw. Empty where none says.
    """
    backwards = _found(short[::-1], long[::-1], ())
    last = {len(short) - 1 - n: len(long) - 1 - at for n, at in backwards.items()}
    ways = (_found(short, long, claims), _found(short, long, ()), last)
    return min(
        (_judged(short, long, at=dict(sorted(way.items())), claims=claims) for way in ways),
        key=lambda each: len(each.flaws),
    )


def _found(short: Sequence[Item], long: Sequence[Item], claims: Sequence[int]) -> dict[int, int]:
    """The place of each line in the long form, in order: as claimed, else the earliest."""
    found: dict[int, int] = {}
    after = 0
    for number, item in enumerate(short):
        places = (*claims[number : number + 1], *range(after, len(long)))
        place = next((at for at in places if after <= at < len(long) and long[at] == item), None)
        if place is not None:
            found[number] = place
            after = place + 1
    return found


def _judged(
    short: Sequence[Item], long: Sequence[Item], *, at: dict[int, int], claims: Sequence[int]
) -> Comparison:
    found = Comparison(short, long, at)
    found.flaws += [_flaw(n, item, long) for n, item in enumerate(short) if n not in at]
    above, meant = _above(short), _above(long)
    for number, place in at.items():
        if above[number] != meant[place]:
            said, wanted = " › ".join(above[number]), " › ".join(meant[place])
            found.flaws.append(Flaw(FlawKind.HEADING, number + 1, said, wanted))
        if claims and claims[number] != place:
            found.flaws.append(Flaw(FlawKind.PLACE, number + 1, short[number].text))
    found.flaws += _parted(found)
    if _statements(short) < _statements(long):
        found.flaws += _empty(short)
    return found


def _statements(items: Sequence[Item]) -> int:
    return sum(item.kind is not StatementKind.HEADING for item in items)


def _empty(items: Sequence[Item]) -> list[Flaw]:
    """The headings under which nothing stands: a form that leaves lines out has none."""
    flaws = []
    for at, item in enumerate(items):
        if item.kind is not StatementKind.HEADING:
            continue
        level = item.level or 1
        after = next(
            (
                each
                for each in items[at + 1 :]
                if each.kind is not StatementKind.HEADING or (each.level or 1) <= level
            ),
            item,
        )
        if after.kind is StatementKind.HEADING:
            flaws.append(Flaw(FlawKind.FORM, at + 1, item.text))
    return flaws


def _flaw(number: int, item: Item, long: Sequence[Item]) -> Flaw:
    """What is wrong with a line of the short form that is not the next one of the long form."""
    if item in long:
        return Flaw(FlawKind.ORDER, number + 1, item.text, item.text)
    same = next((each for each in long if each.text == item.text), None)
    if same is not None:
        return Flaw(_other(same, item), number + 1, item.text, same.text)
    alike = [fuzz.ratio(each.text, item.text) for each in long]
    if not alike or max(alike) < _ALIKE:
        return Flaw(FlawKind.FOREIGN, number + 1, item.text)
    nearest = long[alike.index(max(alike))]
    if _figures(nearest.text) != _figures(item.text):
        kind = FlawKind.NUMBER
    elif _hedges(nearest.text) - _hedges(item.text):
        kind = FlawKind.HEDGE
    else:
        kind = FlawKind.WORDS
    return Flaw(kind, number + 1, item.text, nearest.text)


def _other(same: Item, item: Item) -> FlawKind:
    """In what a line of the same words is another one."""
    if (same.kind, same.level, same.label) != (item.kind, item.level, item.label):
        return FlawKind.KIND
    if (same.sources, same.formula) != (item.sources, item.formula):
        return FlawKind.EVIDENCE
    return FlawKind.FORM if same.length != item.length else FlawKind.PLACE


def _parted(found: Comparison) -> list[Flaw]:
    numbers = {place: number for number, place in found.at.items()}
    flaws = []
    for tie in tied(found.long):
        first, second = numbers.get(tie.first), numbers.get(tie.second)
        if first is None and second is not None:
            lacks = tie.first
        elif second is None and first is not None and tie.bond is Bond.LIMIT:
            lacks = tie.second
        else:
            continue
        number = first if second is None else second
        assert number is not None  # noqa: S101  # nosec B101 – exactly one of the two is missing
        said, meant = found.short[number].text, found.long[lacks].text
        flaws.append(Flaw(FlawKind.PARTED, number + 1, said, meant))
    return flaws


def _above(items: Sequence[Item]) -> list[tuple[str, ...]]:
    """For every line the headings above it."""
    path: list[tuple[int, str]] = []
    found = []
    for item in items:
        if item.kind is StatementKind.HEADING:
            path = [each for each in path if each[0] < (item.level or 1)]
        found.append(tuple(text for _, text in path))
        if item.kind is StatementKind.HEADING:
            path.append((item.level or 1, item.text))
    return found


def _hedges(text: str) -> Counter[str]:
    return Counter(_HEDGES.findall(fold(text)))


def _figures(text: str) -> list[str]:
    return _FIGURES.findall(fold(text))
