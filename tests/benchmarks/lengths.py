"""How surely the proof of a short form catches what was tampered with, and how long it takes.

``python -m tests.benchmarks.lengths [COUNT]``: makes so many briefs of sixty statements by a fixed
seed – numbered or by name and year, with and without a server, with tables, headings, a notice and
recognised words – takes the one-page form of each, tampers with it once in every way, and asks the
proof, on the publications and on the exported Markdown. What does not show in print is not asked
there.
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
from briefs.model import Citation, Length, Line, Passed, Publication, Reference, StatementKind
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
_TABLE: Final = "各街道食堂\n街道\t家数\n{p}\t{n}"
_SERVER: Final = "https://zhiku.example.org"
Tamper = Callable[[Publication, random.Random], Publication | None]
Forge = Callable[[str, random.Random], str]


def _whole(chance: random.Random, *, is_named: bool) -> Publication:
    lines: list[Line] = []
    number = 0
    while number < 60:
        if number % 10 == 0:
            lines.append(heading(f"第{number // 10 + 1}部分"))
            lines += [heading(f"（{n}）分述", 2) for n in "一二"[: chance.randint(0, 2)]]
        shape, length = chance.choice(_SHAPES), chance.choice(list(Length))
        for text in (shape, chance.choice(_LIMITS)) if chance.random() < 0.3 else (shape,):
            lines.append(_said(text, chance, number=number, is_named=is_named))
            lines[-1] = replace(lines[-1], length=length)
            number += 1
        if chance.random() < 0.1:
            table = _said(_TABLE, chance, number=number, is_named=is_named)
            kind = chance.choice([StatementKind.TABLE, StatementKind.JUDGEMENT])
            text = table.text if kind is StatementKind.TABLE else "建议先行试点。"
            lines.append(replace(table, kind=kind, text=text, length=chance.choice(list(Length))))
    return _listed(replace(PUBLICATION, lines=tuple(lines), gate=Passed("1", (3,))), is_named)


def _said(text: str, chance: random.Random, *, number: int, is_named: bool) -> Line:
    n, m = chance.randint(11, 999), chance.randint(2, 10)
    of, page = chance.randint(1, 6), chance.randint(1, 40)
    source = cite(of, page, f"第{number}处{n}")
    sure = chance.choice([None, None, 0.8, 0.93])
    words = f"（某{of}，2023{'abcdef'[of - 1]}：{page}）" if is_named else ""
    source = replace(source, confidence=sure, words=words)
    said = text.format(p=chance.choice(_PLACES), n=n, m=m)
    return Line(StatementKind.PARAPHRASE, said, None, (source,))


def _listed(whole: Publication, is_named: bool) -> Publication:
    """With the references that it cites: by name, or numbered by first appearance."""
    cited = list(dict.fromkeys(c.reference for line in whole.lines for c in line.citations))
    order = sorted(cited) if is_named else cited
    numbers = {old: new for new, old in enumerate(order, start=1)}
    labels = {old: f"某{old}，2023{'abcdef'[old - 1]}" if is_named else "" for old in order}
    return replace(
        whole,
        lines=tuple(
            replace(
                line,
                citations=tuple(replace(c, reference=numbers[c.reference]) for c in line.citations),
            )
            for line in whole.lines
        ),
        references=tuple(
            replace(PUBLICATION.references[old - 1], number=numbers[old], label=labels[old])
            for old in order
        ),
    )


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


def _cited(**changes: object) -> Tamper:
    """Another page, label, confidence … of one citation."""

    def tamper(short: Publication, chance: random.Random) -> Publication:
        at = chance.choice([i for i, line in enumerate(short.lines) if line.citations])
        line = short.lines[at]
        other: Citation = replace(line.citations[0], **changes)  # type: ignore[arg-type]
        return _with(short, at, (replace(line, citations=(other,)),))

    return tamper


def _listed_as(**changes: object) -> Tamper:
    """Another title, entry, checksum … of one reference."""

    def tamper(short: Publication, chance: random.Random) -> Publication:
        at = chance.randrange(len(short.references))
        other: Reference = replace(short.references[at], **changes)  # type: ignore[arg-type]
        rest = (short.references[:at], (other,), short.references[at + 1 :])
        return replace(short, references=tuple(each for part in rest for each in part))

    return tamper


def _numbered(**changes: int) -> Tamper:
    def tamper(short: Publication, chance: random.Random) -> Publication | None:
        wide = [i for i, line in enumerate(short.lines) if line.kind is StatementKind.TABLE]
        places = wide if "exhibit" in changes else range(len(short.lines))
        if not places:
            return None
        at = chance.choice(places)
        changed: Line = replace(short.lines[at], **changes)  # type: ignore[arg-type]
        return _with(short, at, (changed,))

    return tamper


def _left_out(short: Publication, chance: random.Random) -> Publication:
    """A line of the form is gone that no other one is tied to; its section keeps another."""
    held = {at for tie in tied(short.lines) for at in (tie.first, tie.second)}
    cited = Counter(c.reference for line in short.lines for c in line.citations)
    free = [
        at
        for at, line in enumerate(short.lines)
        if at not in held and line.citations and cited[line.citations[0].reference] > 1
    ]
    return _with(short, chance.choice(free), ())


_TAMPERS: Final[dict[str, Tamper]] = {
    "hedge": _hedge,
    "number": _number,
    "foreign": _foreign,
    "parted": _parted,
    "evidence": _evidence,
    "kind": _kind,
    "order": _order,
    "page": _cited(page=999),
    "label": _cited(page_label="附录9"),
    "confidence": _cited(confidence=0.99),
    "title": _listed_as(title="另一文献"),
    "entry": _listed_as(entry="另一馆. 另一文献[R]. 2025."),
    "sha256": _listed_as(sha256="f" * 64),
    "document": _listed_as(document_id=99),
    "version": _listed_as(version_id=99),
    "opened": _listed_as(access_is_open=False),
    "anchor": _numbered(number=77),
    "exhibit": _numbered(exhibit=9),
    "gate": lambda short, _: replace(short, gate=None),
    "decided": lambda short, _: replace(short, gate=Passed("1", (3, 4))),
    "list": lambda short, _: replace(short, references=short.references[::-1]),
    "as whole": lambda short, _: replace(short, length=None),
    "as deep": lambda short, _: replace(short, length=Length.DEEP),
    "left out": _left_out,
}
_CLAIM: Final = "全区食堂就餐人次增长99%，全部属实。"


def _inserted(where: Callable[[list[str]], int]) -> Forge:
    def forge(text: str, _chance: random.Random) -> str:
        blocks = text.strip().split("\n\n")
        blocks.insert(where(blocks), _CLAIM)
        return "\n\n".join(blocks) + "\n"

    return forge


def _replaced(where: Callable[[list[str]], int], by: Callable[[str], str]) -> Forge:
    def forge(text: str, _chance: random.Random) -> str:
        blocks = text.strip().split("\n\n")
        blocks[where(blocks)] = by(blocks[where(blocks)])
        return "\n\n".join(blocks) + "\n"

    return forge


def _list(blocks: list[str]) -> int:
    return blocks.index("## 参考文献")


_FORGERIES: Final[dict[str, Forge]] = {
    "behind": _inserted(len),
    "in front": _inserted(lambda _: 0),
    "under title": _inserted(lambda _: 1),
    "before list": _inserted(_list),
    "in list": _inserted(lambda blocks: _list(blocks) + 1),
    "publisher": _replaced(lambda _: 1, lambda _: _CLAIM),
    "publisher +": _replaced(lambda _: 1, lambda block: f"{block} · {_CLAIM}"),
    "no form": _replaced(lambda _: 1, lambda block: block.replace(" · 一页要报（节自全文）", "")),
    "no notice": _replaced(lambda _: 2, lambda _: ""),
    "invented": lambda text, _: f"{text}\n[9] 假文献[M]. 北京：某社，2020.\n",
    "twice": lambda text, _: f"{text}\n{text.strip().rsplit(chr(10), 1)[-1]}\n",
    "note": _replaced(lambda _: -1, lambda block: f"{block}（识别文本，{_CLAIM}）"),
    "renumbered": _replaced(lambda _: -1, lambda block: block.replace("[", "[1", 1)),
    "dropped": _replaced(lambda _: -1, lambda _: ""),
    "legend": lambda text, _: text.replace(
        "〔判断〕为本馆的判断", f"〔判断〕为本馆的判断；{_CLAIM}"
    ),
}


def _print(text: str, whole: str, chance: random.Random) -> dict[str, bool]:
    """Which forgeries of a printed form are caught."""
    made = {name: forge(text, chance) for name, forge in _FORGERIES.items()}
    return {
        name: not proof_of_print(forged, whole).holds
        for name, forged in made.items()
        if forged != text
    }


def main(count: int) -> None:
    """Print the shares caught, faithful forms that were refused, and the times."""
    chance = random.Random(1)
    tried: Counter[tuple[str, str]] = Counter()
    caught: Counter[tuple[str, str]] = Counter()
    refused, spent = 0, 0.0
    for number in range(count):
        whole = _whole(chance, is_named=number % 3 == 0)
        assert not length_faults(whole.lines)
        short = at_length(whole, Length.ONE_PAGE)
        server = _SERVER if number % 2 else ""
        printed = export(whole, "md", base_url=server).decode()
        honest = export(short, "md", base_url=server).decode()
        start = time.perf_counter()
        holds = proof(short, whole).holds
        spent += time.perf_counter() - start
        refused += not (holds and proof_of_print(honest, printed).holds)
        for name, tamper in _TAMPERS.items():
            tampered = tamper(short, chance)
            if tampered is None or tampered == short:
                continue
            tried[name, "data"] += 1
            caught[name, "data"] += not proof(tampered, whole).holds
            text = export(tampered, "md", base_url=server).decode()
            if text != honest:
                tried[name, "print"] += 1
                caught[name, "print"] += not proof_of_print(text, printed).holds
        for name, is_caught in _print(honest, printed, chance).items():
            tried[name, "print"] += 1
            caught[name, "print"] += is_caught
    print(f"faithful refused: {refused}/{count}; {spent / count * 1000:.1f} ms a proof")
    for name in (*_TAMPERS, *_FORGERIES):
        shares = [f"{caught[name, of]}/{tried[name, of]}" for of in ("data", "print")]
        print(f"{name:12} {shares[0]:>7} as data {shares[1]:>7} as printed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
