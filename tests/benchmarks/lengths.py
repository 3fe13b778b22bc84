"""How surely the proof of a short form catches what was tampered with, and how long it takes.

``python -m tests.benchmarks.lengths [COUNT]``: makes so many briefs of sixty statements by a fixed
seed, takes the one-page form of each, tampers with it once in every way, and asks the proof, on the
publications and on the exported Markdown.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from briefs.exporters import export
from briefs.lengths.forms import at_length, length_faults, proof
from briefs.lengths.printed import proof_of_print
from briefs.lengths.ties import tied
from briefs.model import Length, Line, Publication, StatementKind
from tests.unit.briefs.sample import PUBLICATION, cite, heading

_PLACES: Final = ("北苑", "柳堤", "东渡", "石桥", "南浦", "云台")
_SHAPES: Final = (
    "{p}街道有约{n}家食堂，预计明年再增{m}家。",
    "{p}街道去年用餐{n}万人次，比上年增长{m}%左右。",
    "据初步统计，{p}街道的缺口可能达到{n}万元。",
    "{p}街道的补贴每人次不超过{m}元，全年支出{n}万元。",
    "{p}街道拟在{m}个社区试点，有望覆盖{n}人。",
)
_LIMITS: Final = (
    "但{p}街道只统计了{n}户。",
    "其中{p}街道占{m}%。",
    "该数据不含{p}街道的{n}个外卖点。",
)
_HEDGES: Final = ("约", "预计", "左右", "初步", "可能", "不超过", "有望", "拟")
Tamper = Callable[[Publication, random.Random], Publication | None]


def _whole(chance: random.Random) -> Publication:
    lines: list[Line] = []
    number = 0
    while number < 60:
        if number % 10 == 0:
            lines.append(heading(f"第{number // 10 + 1}部分"))
        shape, length = chance.choice(_SHAPES), chance.choice(list(Length))
        for text in (shape, chance.choice(_LIMITS)) if chance.random() < 0.3 else (shape,):
            n, m = chance.randint(11, 999), chance.randint(2, 10)
            said = text.format(p=chance.choice(_PLACES), n=n, m=m)
            source = cite(chance.randint(1, 6), chance.randint(1, 40), f"第{number}处{n}")
            lines.append(Line(StatementKind.PARAPHRASE, said, None, (source,), length=length))
            number += 1
    return replace(PUBLICATION, lines=tuple(lines))


def _changed(
    publication: Publication, chance: random.Random, change: Callable[[str], str]
) -> Publication | None:
    places = list(range(len(publication.lines)))
    chance.shuffle(places)
    for at in places:
        line = publication.lines[at]
        text = change(line.text)
        if line.kind is not StatementKind.HEADING and text != line.text:
            return _with(publication, at, (replace(line, text=text),))
    return None


def _with(publication: Publication, at: int, lines: Sequence[Line]) -> Publication:
    kept = (*publication.lines[:at], *lines, *publication.lines[at + 1 :])
    return replace(publication, lines=kept)


def _hedge(short: Publication, chance: random.Random) -> Publication | None:
    def drop(text: str) -> str:
        return next((text.replace(h, "", 1) for h in _HEDGES if h in text), text)

    return _changed(short, chance, drop)


def _number(short: Publication, chance: random.Random) -> Publication | None:
    digit = str(chance.randint(1, 9))

    def other(text: str) -> str:
        at = next((i for i, each in enumerate(text) if each.isdigit()), None)
        return text if at is None else text[:at] + digit + text[at + 1 :]

    return _changed(short, chance, other)


def _foreign(short: Publication, _chance: random.Random) -> Publication:
    added = Line(StatementKind.JUDGEMENT, "全区食堂运行良好。", None, ())
    return replace(short, lines=(*short.lines, added))


def _parted(short: Publication, chance: random.Random) -> Publication | None:
    ties = tied(short.lines)
    if not ties:
        return None
    tie = chance.choice(ties)
    return _with(short, chance.choice([tie.first, tie.second]), ())


def _evidence(short: Publication, chance: random.Random) -> Publication:
    at = chance.choice([i for i, line in enumerate(short.lines) if line.citations])
    line = short.lines[at]
    moved = replace(line.citations[0], spans=cite(1, 41, "别处").spans, page=41)
    return _with(short, at, (replace(line, citations=(moved,)),))


def _kind(short: Publication, chance: random.Random) -> Publication:
    at = chance.choice([i for i, line in enumerate(short.lines) if line.citations])
    return _with(short, at, (replace(short.lines[at], kind=StatementKind.JUDGEMENT),))


def _order(short: Publication, _chance: random.Random) -> Publication:
    body = [at for at, line in enumerate(short.lines) if line.citations]
    first, last = short.lines[body[0]], short.lines[body[-1]]
    return _with(_with(short, body[0], (last,)), body[-1], (first,))


_TAMPERS: Final[dict[str, Tamper]] = {
    "hedge": _hedge,
    "number": _number,
    "foreign": _foreign,
    "parted": _parted,
    "evidence": _evidence,
    "kind": _kind,
    "order": _order,
}


def main(count: int) -> None:
    """Print the shares caught, faithful forms that were refused, and the times."""
    chance = random.Random(1)
    tried: Counter[str] = Counter()
    caught: Counter[tuple[str, str]] = Counter()
    refused, spent = 0, 0.0
    for _ in range(count):
        whole = _whole(chance)
        assert not length_faults(whole.lines)
        short = at_length(whole, Length.ONE_PAGE)
        printed = export(whole, "md").decode()
        start = time.perf_counter()
        holds = proof(short, whole).holds
        spent += time.perf_counter() - start
        refused += not (holds and proof_of_print(export(short, "md").decode(), printed).holds)
        for name, tamper in _TAMPERS.items():
            tampered = tamper(short, chance)
            if tampered is None or tampered == short:
                continue
            tried[name] += 1
            caught[name, "data"] += not proof(tampered, whole).holds
            text = export(tampered, "md").decode()
            caught[name, "print"] += not proof_of_print(text, printed).holds
    print(f"faithful refused: {refused}/{count}; {spent / count * 1000:.1f} ms a proof")
    for name in _TAMPERS:
        data, printed_ones = caught[name, "data"], caught[name, "print"]
        print(f"{name:9} {data}/{tried[name]} as data, {printed_ones}/{tried[name]} as printed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
