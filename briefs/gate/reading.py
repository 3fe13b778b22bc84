"""A text as the gate reads it: figures, dates and closed words, and what stands around them."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from zlib import crc32

from briefs.evidence.stream import folded
from briefs.gate.dates import Dated, find_dates
from briefs.gate.lexicon import PERMITTING, Way
from briefs.gate.quantities import Quantity, find_quantities
from briefs.gate.words import BASED, Family, Word, find_words
from knowledge.text import HAN

NUMBER_OF_YEAR: Final = re.compile(
    rf"(?P<issuer>[{HAN}]{{0,12}})[\[(【]\s*(?P<year>(?:19|"
    rf"20)\d\d)\s*[\])】]\s*第?\s*(?P<number>\d{{1,5}})\s*号"
)
"""A document number 文号 in folded text."""
_PLAIN_NUMBER: Final = re.compile(r"gb/?t? ?\d[\d.]*-\d{4}|\d{3,4}-\d{7,8}|https?://[\w./?=&%#:-]+")
_IDENTIFIER: Final = re.compile(
    r"(?<![a-z\d$])(?!q[1-4]\b)[a-z]+(?:[-/.]?\d+(?:\.\d+)*)+[a-z\d]*(?![\d,])"
)
_LEADING: Final = "到达至为了共约的是有仅"
"""Characters before a figure that are no part of what it is of."""
STAGES: Final = {"期", "级", "类", "档"}
"""一期, 二期: figures that name what other figures are of."""
_STOPS: Final = "。;!?\n"
_COMMAS: Final = "、,:()[]【】|\t/"
_DROPPED: Final = "\"'《》<>的了为是和与及以将已至由从对按把被所也都并或其等 -~·…."
_FILLER: Final = re.compile(
    r"(?:了|到|至|为|达到?|约|幅度|人民币|率|额|的?幅度?为?| |by|to|of|was|were|an?|"
    r"the|only|仅|也|高达|分别|均|合计|共|超|\(|以|:|在)*$"
)
_MORE: Final = re.compile(
    r"(?:比|较)[^,;。]{1,12}?(?:(?P<up>多|高|快|长)|(?P<down>少|低|慢|短))(?:了|出)?$"
)
"""比上年多4.5万册."""
_REACHED: Final = re.compile(r"^(?:了)?(?:到|至|为|成|达| to\b)")
_AND: Final = re.compile(r" ?(?:、|和|与|及|以及| and| or) ?$")
_BEHIND: Final = re.compile(
    r"^(?:的)?(?:速度|幅度|比例)?(?P<way>增长|增加|上升|上涨|增幅|涨幅|增速|下降|"
    r"减少|下跌|降幅|跌幅)|^ (?P<latin>increase|rise|growth|decrease|decline|drop|"
    r"fall|reduction|more than|higher than|less than|fewer than|lower than)"
)
_DOWN_BEHIND: Final = {
    "下降", "减少", "下跌", "降幅", "跌幅", "decrease", "decline", "drop", "fall", "reduction",
    "less than", "fewer than", "lower than",
}  # fmt: skip
_ORIGIN: Final = re.compile(r"(?:比|较|与|同|从|由|than in|from|compared with) ?$")
_NEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Text:
    """One text, read."""

    raw: str
    words: str
    """Folded; all positions of readings are in it."""
    offsets: tuple[int, ...]
    quantities: tuple[Quantity, ...]
    dates: tuple[Dated, ...]
    closed: tuple[Word, ...]
    attached: frozenset[int]
    """Starts of trend words that belong to a figure."""
    identifiers: tuple[tuple[int, int], ...]
    """PM2.5, G20, document numbers: figures that count nothing."""
    classes: str
    """Of each character: c content, n figure, d date, w closed word, p comma, s stop, x dropped."""
    skeleton: str
    """Content alone, # for figures and @ for dates."""
    places: tuple[int, ...]
    """Position of each character of the skeleton."""
    pairs: frozenset[str]
    """Pairs of content characters."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where folded characters stand in the raw text."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The content before and behind."""
        left, right = bisect_left(self.places, start), bisect_left(self.places, end)
        return self.skeleton[max(0, left - _NEAR) : left], self.skeleton[right : right + _NEAR]

    def beside(self, start: int, end: int) -> tuple[str, str]:
        """The content before and behind in the same clause."""
        first = max(self.classes.rfind("p", 0, start), self.classes.rfind("s", 0, start)) + 1
        stops = [at for mark in "ps" if (at := self.classes.find(mark, end)) >= 0]
        last = min(stops, default=len(self.words))
        low, left = bisect_left(self.places, first), bisect_left(self.places, start)
        right, high = bisect_left(self.places, end), bisect_left(self.places, last)
        return self.skeleton[max(low, left - _NEAR) : left], self.skeleton[right:high][:_NEAR]

    def clause(self, at: int) -> tuple[int, int]:
        """The clause around a position."""
        first = max(self.classes.rfind("p", 0, at), self.classes.rfind("s", 0, at)) + 1
        stops = [end for mark in "ps" if (end := self.classes.find(mark, at)) >= 0]
        return first, min(stops, default=len(self.words))

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence around a position."""
        start = self.classes.rfind("s", 0, at) + 1
        end = self.classes.find("s", at)
        return start, len(self.words) if end < 0 else end


@lru_cache(maxsize=512)
def read(raw: str) -> Text:
    """Read a text; the last 512 are kept, as evidence is asked of again and again."""
    words, offsets = folded(_lines(raw))
    identifiers = [
        m.span() for pattern in (NUMBER_OF_YEAR, _PLAIN_NUMBER) for m in pattern.finditer(words)
    ]
    free = _hidden(words, identifiers)
    more = [match.span() for match in _IDENTIFIER.finditer(free)]
    free = _hidden(free, more)
    bases = [match.span() for match in BASED.finditer(free)]
    dates = find_dates(_hidden(free, bases))
    quantities = find_quantities(free, [(each.start, each.end) for each in dates])
    taken = [each.bounded for each in quantities if each.bounded] + [
        (q.start, q.end) for q in quantities
    ]
    closed = find_words(free, taken)
    quantities, attached = _moved(words, quantities, closed)
    classes = _classes(words, quantities, (dates, closed))
    skeleton, places = _skeleton(words, classes)
    pairs = frozenset(skeleton[at : at + 2] for at in range(len(skeleton) - 1))
    return Text(
        raw, words, offsets, tuple(quantities), tuple(dates), tuple(closed), attached,
        tuple(sorted([*identifiers, *more])), classes, skeleton, places, pairs,
    )  # fmt: skip


def _lines(raw: str) -> str:
    """Lines of a table, and lines that follow a stop, stay apart when blanks are folded."""
    if "\n" not in raw:
        return raw
    parts = raw.split("\n")
    kept = [part + (";" if "\t" in part or "|" in part else "\n") for part in parts[:-1]]
    return "".join(kept) + parts[-1]


def _hidden(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


def _moved(
    words: str, quantities: list[Quantity], closed: list[Word]
) -> tuple[list[Quantity], frozenset[int]]:
    """Give each figure the trend word and the base that belong to it."""
    made: list[Quantity] = []
    attached: set[int] = set()
    for at, each in enumerate(quantities):
        floor = quantities[at - 1].end if at else 0
        before = [word for word in closed if floor <= word.start and word.end <= each.core[0]]
        way, reaches, owner = _way(words, each, before)
        if owner is not None:
            attached.add(owner)
        if way is None and made and made[-1].way and _AND.fullmatch(words[floor : each.start]):
            way, reaches = made[-1].way, made[-1].reaches
        clause = max(words.rfind(mark, 0, each.start) for mark in ",;。")
        bases = [w.way for w in before if w.family is Family.BASE and w.start > clause]
        base = bases[-1] if bases else None
        if base is None and made and made[-1].base and _AND.fullmatch(words[floor : each.start]):
            base = made[-1].base
        made.append(replace(each, way=way, reaches=reaches or each.reaches, base=base))
    return made, frozenset(attached)


def _way(words: str, each: Quantity, before: Sequence[Word]) -> tuple[Way | None, bool, int | None]:
    trends = [word for word in before if word.family is Family.TREND]
    if trends:
        last = trends[-1]
        gap = words[last.end : each.start] if each.start >= last.end else ""
        if _FILLER.fullmatch(gap):
            is_noun = words[last.end - 1] in "幅速"
            reaches = (not is_noun and bool(_REACHED.match(gap))) or words[last.end - 1] in "至到"
            return last.way, reaches, last.start
    if match := _MORE.search(words[: each.start][-18:]):
        return (Way.UP if match["up"] else Way.DOWN), False, None
    if match := re.search(
        r"\b(up|down) (?:by |about |nearly |over )?$", words[: each.core[0]][-16:]
    ):
        return (Way.UP if match.group(1) == "up" else Way.DOWN), False, None
    if match := _BEHIND.match(words[each.end : each.end + 12]):
        word = match["way"] or match["latin"]
        start = each.end + match.start("way" if match["way"] else "latin")
        return (Way.DOWN if word in _DOWN_BEHIND else Way.UP), False, start
    return None, False, None


def _classes(
    words: str, quantities: Sequence[Quantity], others: tuple[Sequence[Dated], Sequence[Word]]
) -> str:
    marks = ["c"] * len(words)
    for at, character in enumerate(words):
        if character in _STOPS:
            marks[at] = "s"
        elif character in _COMMAS:
            marks[at] = "p"
        elif character in _DROPPED:
            marks[at] = "x"
    for match in PERMITTING.finditer(words):
        marks[match.start() : match.end()] = "x" * len(match.group())
    dates, closed = others
    for start in [*(q.start for q in quantities), *(d.start for d in dates)]:
        at = start - 1
        while at >= 0 and words[at] in _LEADING:
            marks[at], at = "x", at - 1
    for letter, spans in (
        ("w", [(word.start, word.end) for word in closed]),
        ("n", [(q.start, q.end) for q in quantities if q.dimension not in STAGES]),
        ("d", [(each.start, each.end) for each in dates]),
    ):
        for start, end in spans:
            marks[start:end] = letter * (end - start)
    return "".join(marks)


def _skeleton(words: str, classes: str) -> tuple[str, tuple[int, ...]]:
    made: list[str] = []
    places: list[int] = []
    last = ""
    for at, letter in enumerate(classes):
        if letter == "c":
            made.append(words[at])
            places.append(at)
        elif letter in "nd" and letter != last:
            made.append("#" if letter == "n" else "@")
            places.append(at)
        last = letter
    return "".join(made), tuple(places)


def stands(words: str, text: Text) -> bool:
    """Whether folded words stand in a text from one mark or end to another."""
    at = text.words.find(words)
    while words and at >= 0:
        end = at + len(words)
        if (not at or text.classes[at - 1] in "ps") and (
            end == len(text.words) or text.classes[end] in "ps"
        ):
            return True
        at = text.words.find(words, at + 1)
    return False


def labels(text: Text, each: Quantity) -> tuple[str, str]:
    """What a figure is of: the content before it and behind it in its clause.

    Where nothing stands there, the content before it in the sentence; of 甲、乙分别为3、5 each
    figure gets its own.
    """
    if item := _respectively(text, each):
        return item, _run(text, each.end, 1)
    right = _run(text, each.end, 1)
    left = _run(text, each.start - 1, -1)
    if text.words[each.start - 1 : each.start] in {"到", "至"}:
        # 由20天压缩到7天: what the one figure is of, the other is of, too.
        start, _ = text.clause(each.start)
        before = [q for q in text.quantities if start <= q.start and q.end <= each.start]
        left = _run(text, before[-1].start - 1, -1) if before else left
    if left or right:
        return left, right
    at = each.start - 1
    while at >= 0 and text.classes[at] != "s":
        if text.classes[at] == "c":
            return _run(text, at, -1), ""
        at -= 1
    return "", ""


def _run(text: Text, at: int, step: int) -> str:
    """Content from `at` on, up to a comma, a stop or a figure; 16 characters at the most."""
    kept: list[str] = []
    while 0 <= at < len(text.words) and len(kept) < 16:
        letter = text.classes[at]
        group = _group(text, at) if letter == "n" else None
        if letter in "ps" or (letter == "n" and group is None):
            break
        if group is not None:
            kept += _sign(text, group)[::step]
            at = group.end if step > 0 else group.start - 1
            continue
        if letter == "c":
            kept.append(text.words[at])
        at += step
    return "".join(kept if step > 0 else reversed(kept))


def _group(text: Text, at: int) -> Quantity | None:
    """The figure there if it tells whom others count: 80岁及以上, 10亿元以上."""
    each = next((q for q in text.quantities if q.start <= at < q.end), None)
    is_group = (
        each is not None and each.way is None and each.dimension not in {"%", "pp", "times"}
        and text.words[each.start : each.end].endswith(("以上", "以下", "以内"))
        # 五万元以上二十万元以下 is a range.
        and not any(q.start == each.end and q.dimension == each.dimension for q in text.quantities)
    )  # fmt: skip
    return each if is_group else None


def _sign(text: Text, each: Quantity) -> str:
    """Two characters that stand for a figure, in whatever unit and numerals it is written."""
    mark = crc32(f"{each.value} {each.dimension} {text.words[each.end - 1]}".encode())
    return chr(0xE000 + mark % 6400) + chr(0xE000 + mark // 6400 % 6400)


def subject(text: Text, each: Quantity) -> str:
    """Of a share “占…的14.8%”, whose it is: what the clauses before speak of; else nothing."""
    if each.dimension != "%" or "占" not in text.words[text.clause(each.start)[0] : each.start]:
        return ""
    start, _ = text.sentence(each.start)
    at = text.words.rindex("占", start, each.start)
    if _run(text, at - 1, -1):
        return ""
    while at > start:
        at -= 1
        if text.classes[at] == "c" or (text.classes[at] == "n" and _group(text, at)):
            return _run(text, at, -1)
    return ""


_RESPECTIVELY: Final = re.compile(r"分别|依次")


def _respectively(text: Text, each: Quantity) -> str:
    """The item of an enumeration that a figure of “分别” belongs to."""
    start, end = text.sentence(each.start)
    marks = list(_RESPECTIVELY.finditer(text.words, start, each.start))
    if not marks:
        return ""
    mark = marks[-1]
    figures = [q for q in text.quantities if mark.end() <= q.start < end]
    clause = max(text.words.rfind(",", start, mark.start()), start - 1) + 1
    items = [
        item for item in re.split(r"[、和与及]|以及", text.words[clause : mark.start()]) if item
    ]
    run = [figures[0]] if figures else []
    for figure in figures[1:]:
        if not _AND.fullmatch(text.words[run[-1].end : figure.start]):
            break
        run.append(figure)
    if each not in run or len(items) != len(run):
        return ""
    return items[run.index(each)]


def alike(left: str, right: str) -> float:
    """Share of the shorter label that the longer one has, by pairs of characters; 0 … 1."""
    if not left or not right:
        return 0.0
    short, long = sorted((left, right), key=len)
    if len(short) == 1:
        return float(short in long) if len(long) < 4 else 0.5 * (short in long)
    pairs = [short[at : at + 2] for at in range(len(short) - 1)]
    return sum(pair in long for pair in pairs) / len(pairs)


def nearness(left: tuple[str, str], right: tuple[str, str]) -> float:
    """How much two places have in common around them: characters that touch, and pairs; 0 … 13."""
    before = common(left[0][::-1], right[0][::-1])
    behind = common(left[1], right[1])
    pairs = alike(left[0], right[0]) + alike(left[1], right[1])
    return min(before, 5) + min(behind, 5) + 1.5 * pairs


def common(left: str, right: str) -> int:
    """How many characters two texts begin with alike."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def origin(text: Text, dated: Dated) -> bool:
    """Whether a date is what something is compared with: 比2022年."""
    return bool(_ORIGIN.search(text.words[max(0, dated.start - 14) : dated.start]))
