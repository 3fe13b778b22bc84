"""True pairs of statement and evidence, by quoting and by faithful rules.

Nothing here is the gate's: no module of `briefs` or `knowledge` is imported, tables of words are
its own and shorter, numerals are spelt by a function of its own, and every change is made by
replacing characters in the text – the gate reads, this only writes. So a word that the gate cannot
read is not left out here, and is a miss.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

TEXTS = Path(__file__).parent / "data" / "gate" / "texts.txt"
_DIGITS = "零一二三四五六七八九"
_ROUNDS = 60
_ALWAYS = {"quote", "verbatim", "framed", "join", "variant", "quote-variant", "quote-part", "drop"}
_COUNTED = "个家名人项座所台辆户册件场次"


@dataclass(frozen=True)
class Pair:
    """A statement that its evidence bears out."""

    rule: str
    kind: str
    statement: str
    evidence: tuple[str, ...]
    source: str
    """The sentence it was made from."""

    @property
    def is_held_back(self) -> bool:
        """Half of the pairs, by a hash of their sentence; nobody looks at those."""
        return sha256(self.source.encode()).digest()[0] % 2 == 1


def own_sentences() -> list[tuple[str, str]]:
    """The sentences of the texts written for this, each with a paragraph it stands in."""
    lines = TEXTS.read_text(encoding="utf-8").splitlines()
    return [(line, "".join(lines[max(0, at - 1) : at + 2])) for at, line in enumerate(lines)]


def sentences_of(text: str) -> list[tuple[str, str]]:
    """Sentences of a text, each with its neighbours as they stand in one paragraph."""
    found = []
    for paragraph in re.split(r"\n\s*", text):
        parts = [part.strip() for part in re.findall(r"[^。！？]+[。！？]", paragraph)]
        for at, part in enumerate(parts):
            if 12 <= len(part) <= 160:
                found.append((part, "".join(parts[max(0, at - 1) : at + 2])))
    return found


def pairs(sentences: Sequence[tuple[str, str]], *, seed: int, count: int) -> Iterator[Pair]:
    """Make up to `count` pairs, every rule in turn; the same seed gives the same pairs."""
    chance = random.Random(seed)
    order = list(range(len(sentences)))
    chance.shuffle(order)
    # What holds a figure can be wrong in more ways: three of four sentences do, where there are any.
    order.sort(
        key=lambda at: not re.search(r"\d|百分之", sentences[at][0]) and chance.random() < 0.75
    )
    made, seen = 0, set[str]()
    for _ in range(_ROUNDS):
        for at in order:
            if made >= count:
                return
            rule, statement = _faithful(sentences[at][0], chance)
            if statement in seen:
                continue
            seen.add(statement)
            pair = _paired(rule, statement, (sentences, order, at), chance)
            if pair is not None:
                made += 1
                yield pair


def _faithful(sentence: str, chance: random.Random) -> tuple[str, str]:
    """A rule that has something to do here, and what it makes."""
    rules = list(_RULES)
    chance.shuffle(rules)
    # What any sentence allows comes last, or it would be nearly all.
    rules.sort(key=lambda rule: rule in _ALWAYS and chance.random() < 0.7)
    for rule in rules:
        if (statement := _RULES[rule](sentence, chance)) is not None:
            return rule, statement
    return "verbatim", sentence


def _paired(
    rule: str,
    statement: str,
    where: tuple[Sequence[tuple[str, str]], list[int], int],
    chance: random.Random,
) -> Pair | None:
    sentences, order, at = where
    sentence, around = sentences[at]
    evidence: tuple[str, ...] = (around if chance.random() < 0.5 else sentence,)
    if rule == "join":
        other, other_around = sentences[chance.choice(order)]
        if other == sentence:
            return None
        statement = f"{sentence.rstrip('。')}；{other}"
        evidence = (*evidence, other_around)
    kind = "quote" if rule.startswith("quote") else "paraphrase"
    return Pair(rule, kind, statement, evidence, sentence)


# Faithful rules.

_COUNT = re.compile(rf"(?<![\d.,第A-Za-z—-])([1-9]\d?)(?=[{_COUNTED}](?![次性]))")


def _verbatim(sentence: str, _: random.Random) -> str:
    return sentence


def _part(sentence: str, chance: random.Random) -> str | None:
    clauses = re.split("(?<=[，；])", sentence)
    if len(clauses) < 2:
        return None
    first = chance.randrange(len(clauses))
    last = chance.randrange(first, len(clauses))
    # “…，不得…” begins and ends at commas, so that no clause is cut.
    return "".join(clauses[first : last + 1]).rstrip("，；。") if last > first else None


def _drop(sentence: str, chance: random.Random) -> str | None:
    clauses = re.split("(?<=[，；])", sentence)
    if len(clauses) < 3:
        return None
    gone = chance.randrange(1, len(clauses))
    # What stands behind “其中” or “但” needs what stands before it.
    if re.search(r"[\d一二三四五六七八九十]{3,4}年|月|季度|分别", clauses[gone]):
        return None
    kept = "".join(clauses[:gone] + clauses[gone + 1 :])
    return re.sub(r"[，；]$", "。", kept)


def _reorder(sentence: str, chance: random.Random) -> str | None:
    parts = sentence.rstrip("。").split("；")
    if len(parts) < 2:
        return None
    turned = parts[1:] + parts[:1]
    # Parts that lean on the first one stay.
    if any(
        re.match(r"(?:其中|但|并|同时|而|也|比|同比|增长|下降|逾期|情节|占)", part)
        for part in parts[1:]
    ):
        return None
    if re.search(r"\d{4}年|去年|今年|季度", parts[0]):
        return None
    return "；".join(turned) + "。"


def _numerals(sentence: str, _: random.Random) -> str | None:
    if "“" in sentence:
        return None
    made = _COUNT.sub(lambda m: _spelt(int(m.group(1))), sentence)
    made = re.sub(
        r"(?<!\d)((?:19|20)\d\d)(?=年)",
        lambda m: "".join("〇一二三四五六七八九"[int(d)] for d in m.group(1)),
        made,
    )
    return made if made != sentence else None


def _percents(sentence: str, _: random.Random) -> str | None:
    made = re.sub(
        r"(?<![\d.—-])(\d{1,2})%(?!—)", lambda m: f"百分之{_spelt(int(m.group(1)))}", sentence
    )
    if made == sentence:
        made = re.sub(
            r"百分之([二三四五六七八九]?十[一二三四五六七八九]?|[二三四五六七八九])(?![一二三四五六七八九十点點]|[-~至到][一二三四五六七八九十])",
            lambda m: f"{_read(m.group(1))}%",
            sentence,
        )
    return made if made != sentence else None


def _units(sentence: str, _: random.Random) -> str | None:
    def smaller(match: re.Match[str]) -> str:
        value = Decimal(match.group(1)) * 10000
        return f"{value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize():,f}万{match.group(2)}"

    made = re.sub(
        r"(?<![\d.．,—-])(\d+(?:\.\d+)?)亿(元|美元|千瓦|吨|人次)(?![多余])", smaller, sentence
    )
    if made == sentence:
        made = re.sub(
            r"(?<![\d.,—-])(\d{1,3}(?:,\d{3})*|\d+)万元",
            lambda m: f"{int(m.group(1).replace(',', '')) * 10000:,}元",
            sentence,
        )
    for one, other in (("平方公里", "平方千米"), ("公斤", "千克"), ("公里", "千米")):
        if made == sentence:
            made = re.sub(rf"(?<=[\d万亿多]){one}", other, sentence)
    return made if made != sentence else None


def _hedged(sentence: str, _: random.Random) -> str | None:
    def rounded(match: re.Match[str]) -> str:
        value = Decimal(match.group(1))
        return f"约{value.quantize(Decimal(1) if value >= 20 else Decimal('0.1'))}{match.group(2)}"

    made = re.sub(
        r"(?<![\d.,—约近超过于足到至破低高少多-])(\d+\.\d{1,3})(亿|万)(?![多余])(?!.{0,6}(?:以上|以下|左右))",
        rounded,
        sentence,
        count=1,
    )
    return made if made != sentence and "约约" not in made else None


def _synonyms(sentence: str, chance: random.Random) -> str | None:
    swaps = [("不超过", "不高于"), ("不少于", "不低于"), ("超过", "逾"), ("突破", "超过"), ("左右", "上下"), ("同比", "比上年同期"),
             ("增长", "上升"), ("下降", "降低"), ("减少", "下降"), ("提高", "提升"), ("环比", "比上月"), ("至少", "不少于"), ("近", "接近")]  # fmt: skip
    chance.shuffle(swaps)
    for old, new in swaps:
        if re.search(
            rf"(?<!不){old}(?=了?\d)" if old not in {"同比", "环比", "左右"} else old, sentence
        ):
            return re.sub(
                rf"(?<!不){old}(?=了?\d)" if old not in {"同比", "环比", "左右"} else old,
                new,
                sentence,
            )
    return None


def _width(sentence: str, _: random.Random) -> str | None:
    made = "".join(
        chr(ord(c) + 0xFEE0) if c.isascii() and (c.isdigit() or c == "%") else c for c in sentence
    )
    return made if made != sentence else None


def _traditional(sentence: str, _: random.Random) -> str:
    table = str.maketrans(
        "国业务会经济万亿个产发关应当实施规划级两与为时间价补贴区县员处开办证",
        "國業務會經濟萬億個產發關應當實施規劃級兩與為時間價補貼區縣員處開辦證",
    )
    return sentence.translate(table)


def _framed(sentence: str, chance: random.Random) -> str:
    return chance.choice(("资料显示，", "据统计，", "原文载明：", "有关材料表明，")) + sentence


def _particles(sentence: str, _: random.Random) -> str | None:
    made = re.sub(r"(增长|增加|下降|减少|提高)(?=\d)", r"\1了", sentence)
    return made if made != sentence else None


_RULES: dict[str, Callable[[str, random.Random], str | None]] = {
    "quote": _verbatim, "quote-part": _part, "quote-width": _width, "quote-variant": _traditional,
    "verbatim": _verbatim, "drop": _drop, "reorder": _reorder, "numerals": _numerals,
    "percents": _percents, "units": _units, "hedge": _hedged, "synonyms": _synonyms,
    "width": _width, "variant": _traditional, "framed": _framed, "particles": _particles,
    "join": _verbatim,
}  # fmt: skip


def _spelt(value: int) -> str:
    """A whole number below 100 in Chinese; 2 before a measure word is 两."""
    if value == 2:
        return "两"
    tens, ones = divmod(value, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def _read(numeral: str) -> int:
    if "十" not in numeral:
        return _DIGITS.index(numeral)
    tens, ones = numeral.split("十")
    return 10 * (_DIGITS.index(tens) if tens else 1) + (_DIGITS.index(ones) if ones else 0)
