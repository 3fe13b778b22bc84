"""Evidence cut out of its sentence: how many true statements are stopped, how many turned ones pass.

``python -m tests.benchmarks.cuts DIR [--each N]``: DIR is a folder of real texts (``docs/``). True
ones rest on a clause of a sentence and say what it says. Turned ones rest on what stands behind a
negation or a limit; those whose evidence cannot be bound, as it cuts a number, are counted apart.
"""

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from briefs.evidence import holds, widened
from briefs.gate import Claim, Outcome
from briefs.gating.weighing import NOWHERE
from briefs.gating.wholes import weigh_whole
from briefs.model import Evidence, StatementKind
from knowledge.model import Page, Span
from tests.gate_pairs import sentences_of

_LEAST = 8
_TURNED = {
    "negation": re.compile(
        r"(?:不得|不能|严禁|禁止|尚未|没有|未(?!来|成年))(?=[\u4e00-\u9fff]{4})"
    ),
    "limit": re.compile(r"不(?=超过\d|低于\d|少于\d|高于\d)"),
    "number": re.compile(
        r"(?:[1-9]|[一二三四五六七八九]百)(?=[\d二三四五六七八九]+十?万?[元人个])"
    ),
}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=60, help="sentences of each file")
    given = parser.parse_args()
    sentences = list(_sentences(given.folder / "docs", given.each))
    _true(sentences)
    for name, pattern in _TURNED.items():
        _turned(name, sentences, pattern)


def _sentences(docs: Path, each: int) -> Iterator[str]:
    chance = random.Random(3)
    for folder in ("txt-reports", "gov-notices", "md-laws"):
        for file in sorted((docs / folder).iterdir()):
            text = file.read_text(encoding="utf-8", errors="replace")
            found = [sentence for sentence, _ in sentences_of(text)]
            chance.shuffle(found)
            yield from found[:each]


def _cut(sentence: str, start: int, end: int) -> tuple[Evidence, Page]:
    page = Page(1, 1, None, sentence, ())
    return Evidence(1, 1, (Span(1, start, end),), sentence[start:end]), page


def _true(sentences: list[str]) -> None:
    chance, tally, taken = random.Random(5), Counter[str](), 0.0
    for sentence in sentences:
        parts = list(re.finditer(rf"[^，；。]{{{_LEAST},}}", sentence))
        if len(parts) < 2:
            continue
        part = chance.choice(parts)
        item, page = _cut(sentence, *part.span())
        if not holds(item, [page]):
            tally["not bound"] += 1
            continue
        whole = widened(item, [page])
        assert whole != item
        for kind in (StatementKind.QUOTE, StatementKind.PARAPHRASE):
            begun = time.perf_counter()
            claim = Claim(kind, f"{item.quote}。")
            verdict = weigh_whole(claim, [item], [whole], setting=NOWHERE)
            taken += time.perf_counter() - begun
            tally[verdict.outcome.value] += 1
            if verdict.outcome is not Outcome.SUPPORTED:
                print("   stopped:", claim.text, "|", sentence)
    print(f"== true: {dict(tally)}, {taken * 1000 / max(1, tally.total()):.2f} ms each")


def _turned(name: str, sentences: list[str], pattern: re.Pattern[str]) -> None:
    tally = Counter[str]()
    for sentence in sentences:
        for match in pattern.finditer(sentence):
            end = re.search(r"[，；。、：]|$", sentence[match.end() :])
            if end is None or not end.start():
                continue
            item, page = _cut(sentence, match.end(), match.end() + end.start())
            if not holds(item, [page]):
                tally["not bound"] += 1
                continue
            for kind in (StatementKind.QUOTE, StatementKind.PARAPHRASE):
                claim = Claim(kind, f"{item.quote}。")
                verdict = weigh_whole(claim, [item], [widened(item, [page])], setting=NOWHERE)
                tally[verdict.outcome.value] += 1
                if verdict.outcome is Outcome.SUPPORTED:
                    print("   passed:", claim.text, "|", sentence)
    print(f"== turned by a cut {name}: {dict(tally)}")


if __name__ == "__main__":
    main()
