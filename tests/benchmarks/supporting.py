"""How often support for a true sentence, and the contradiction of a wrong one, comes first.

``python -m tests.benchmarks.supporting HOME [--sentences N] [--seed N] [--show]``: HOME is a home
with documents in it. Sentences with a figure are taken from its passages; each is looked for as it
stands, and with one thing made wrong. The true source is any place that has the same sentence. One
with another name is of another subject: its source is to be found among what a person must look at.
"""

import argparse
import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from briefs.drafting.outline import quotable
from briefs.drafting.supporting import Piece, Supporting
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import load
from knowledge.text import fold
from tests.gate_mutants import mutants
from tests.gate_pairs import Pair

_FIGURE = re.compile(r"\d")
_WRONG = ("number", "date", "unit", "comparator", "negation", "trend")
Rank = tuple[int | None, float]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--sentences", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", action="store_true", help="print what was missed")
    given = parser.parse_args()
    bench = Workbench(load(given.home))
    try:
        supporting = bench.supporting
        supporting.find("预热")
        true = _sentences(bench, given.sentences, seed=given.seed)
        asked = [("as it stands", each, each) for each in true]
        pairs = [Pair("verbatim", "paraphrase", each, (each,), each) for each in true]
        asked += [(m.type, m.statement, m.pair.source) for m in mutants(pairs, seed=given.seed)]
        ranks = _ranks(supporting, asked, show=given.show)
        wrong = [each for name, some in ranks.items() if name in _WRONG for each in some]
        for name, some in {**ranks, "all but names": wrong}.items():
            _report(name, some)
    finally:
        bench.close()


def _sentences(bench: Workbench, count: int, *, seed: int) -> list[str]:
    passages = bench.passages.many([int(each) for each in bench.passages.ids()])
    found = {
        words
        for passage in passages.values()
        for words in quotable(passage.text)
        if _FIGURE.search(words) and "\n" not in words
    }
    return random.Random(seed).sample(sorted(found), min(count, len(found)))


def _ranks(
    supporting: Supporting, asked: Sequence[tuple[str, str, str]], *, show: bool
) -> dict[str, list[Rank]]:
    """Of each text the rank of its source in the list it belongs in, and the seconds it took."""
    ranks: defaultdict[str, list[Rank]] = defaultdict(list)
    for name, text, source in asked:
        start = time.perf_counter()
        found = supporting.find(text)
        seconds = time.perf_counter() - start
        lists = {"agreeing": found.agreeing, "near": found.near, "against": found.disagreeing}
        wanted = {"as it stands": "agreeing", "name": "near"}.get(name, "against")
        rank = _rank(lists[wanted], source)
        ranks[name].append((rank, seconds))
        if show and rank != 1:
            print(name, {each: _rank(some, source) for each, some in lists.items()})
            print(f"  {text}\n  {source}")
            for piece in lists[wanted][:1]:
                print("  first:", piece.document.title, piece.words[:80], piece.verdict.faults)
    return ranks


def _rank(pieces: Sequence[Piece], source: str) -> int | None:
    for rank, piece in enumerate(pieces, start=1):
        if fold(source) in fold(piece.words):
            return rank
    return None


def _report(name: str, ranks: Sequence[Rank]) -> None:
    n = len(ranks)
    first = sum(rank == 1 for rank, _ in ranks) / n
    third = sum(rank is not None and rank <= 3 for rank, _ in ranks) / n
    seconds = sorted(taken for _, taken in ranks)
    print(
        f"{name}: {n} sentences, first {first:.1%}, among three {third:.1%}, "
        f"median {statistics.median(seconds):.2f} s, p95 {seconds[int(0.95 * (n - 1))]:.2f} s"
    )


if __name__ == "__main__":
    main()
