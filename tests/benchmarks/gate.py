"""What the gate catches and what it wrongly faults, on pairs made by rule and on hard ones.

``python -m tests.benchmarks.gate [DIR] [--pairs N] [--seed N] [--show TYPE]``: DIR is a folder
of real texts (``docs/``, ``retrieval/*/corpus.jsonl``); without it only the texts in ``tests/data``
are used. Half of the pairs are held back, by a hash of their sentence; ``--show`` prints misses of
the other half only. Of two sets of encyclopaedia texts nothing was used in making the gate; of a
third, translated one the misses were read.
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefs.gate import Claim, Outcome, Verdict, Witness, check
from briefs.model import StatementKind
from knowledge.text import HAN
from tests.gate_hard import hard_pairs
from tests.gate_mutants import TYPES, Mutant, mutants
from tests.gate_pairs import Pair, own_sentences, pairs, sentences_of

_CORPORA = ("ncp-policy-qa", "statute-leco-train-8k")
_LONGEST = 800
_UNSEEN = ("cmrc2018-dev", "drcd-dev")
_SEEN = ("xquad-zh-en",)


@dataclass(frozen=True)
class Figures:
    """Counts of one half."""

    true: Counter[str]
    faulted: Counter[str]
    asked: Counter[str]
    mutated: Counter[str]
    caught: Counter[str]
    stopped: Counter[str]
    """Caught, or put before a person."""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--pairs", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", help="print misses of this type, or “true”")
    given = parser.parse_args()
    true = list(make(given.folder, count=given.pairs, seed=given.seed))
    wrong = list(mutants(true, seed=given.seed))
    for name, held_back in (("tuning half", False), ("held-back half", True)):
        some = [pair for pair in true if pair.is_held_back is held_back]
        found = measure(some, [m for m in wrong if m.pair.is_held_back is held_back])
        report(name, found)
    if given.folder is not None:
        for name, sets in (("encyclopaedia", _UNSEEN), ("encyclopaedia, seen", _SEEN)):
            sentences = [each for each in _corpora(given.folder, sets) if _is_chinese(each[0])]
            some = list(pairs(sentences, seed=given.seed, count=given.pairs // 3))
            report(name, measure(some, list(mutants(some, seed=given.seed))))
        _in_paragraphs(given.folder, true, seed=given.seed)
    if given.show:
        show(
            given.show,
            [p for p in true if not p.is_held_back],
            [m for m in wrong if not m.pair.is_held_back],
        )
    _times(true)
    _hard()


def make(folder: Path | None, *, count: int, seed: int = 7) -> Iterator[Pair]:
    """Pairs of the own texts, and of a folder's."""
    own = own_sentences()
    yield from pairs(own, seed=seed, count=min(600, count // 4))
    if folder is not None:
        yield from pairs(list(_sentences(folder)), seed=seed, count=count - min(600, count // 4))


def _sentences(folder: Path) -> Iterator[tuple[str, str]]:
    docs = folder / "docs"
    files = sorted(
        [
            *docs.glob("truth/*.txt"),
            *docs.glob("txt-reports/*.txt"),
            *docs.glob("md-laws/*.md"),
            *docs.glob("gov-notices/*.txt"),
        ]
    )
    for file in files:
        yield from sentences_of(file.read_text(encoding="utf-8", errors="replace"))
    yield from _corpora(folder, _CORPORA)


def _in_paragraphs(folder: Path, true: Sequence[Pair], *, seed: int) -> None:
    """Print what becomes of pairs whose evidence is a paragraph, up to 800 characters."""
    every = [sentence for sentence, _ in _sentences(folder)]
    at = {sentence: index for index, sentence in enumerate(every)}
    some = [
        replace(pair, evidence=("".join(every[max(0, place - 4) : place + 5])[:_LONGEST],))
        for pair in true
        if pair.kind != "quote" and (place := at.get("".join(pair.evidence))) is not None
    ]
    some = [pair for pair in some if pair.source in pair.evidence[0]]
    report("evidence of a paragraph", measure(some, list(mutants(some, seed=seed))))
    turned = [
        verdict_of(pair, pair.statement.replace(old, new, 1)).outcome
        for pair in some
        for old, new in (("可以", "应当"), ("应当", "可以"))
        if old in pair.statement and new not in pair.statement
    ]
    stopped = sum(outcome is not Outcome.SUPPORTED for outcome in turned)
    print(f"may and must exchanged {len(turned)}: stopped {stopped / max(len(turned), 1):.2%}")


def _corpora(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        path = folder / "retrieval" / name / "corpus.jsonl"
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                yield from sentences_of(json.loads(line)["text"])


def _is_chinese(sentence: str) -> bool:
    return len(re.findall(f"[{HAN}]", sentence)) > len(sentence) / 3


def verdict_of(pair: Pair, statement: str | None = None) -> Verdict:
    """What the gate says of a pair, or of another statement with its evidence."""
    claim = Claim(StatementKind(pair.kind), pair.statement if statement is None else statement)
    return check(claim, [Witness(text) for text in pair.evidence])


def measure(true: Sequence[Pair], wrong: Sequence[Mutant]) -> Figures:
    """Put all of them through the gate."""
    figures = Figures(*(Counter() for _ in range(6)))
    for pair in true:
        outcome = verdict_of(pair).outcome
        figures.true[pair.rule] += 1
        figures.faulted[pair.rule] += outcome is Outcome.FAULT
        figures.asked[pair.rule] += outcome is Outcome.NEEDS_PERSON
    for mutant in wrong:
        outcome = verdict_of(mutant.pair, mutant.statement).outcome
        figures.mutated[mutant.type] += 1
        figures.caught[mutant.type] += outcome is Outcome.FAULT
        figures.stopped[mutant.type] += outcome is not Outcome.SUPPORTED
    return figures


def report(name: str, found: Figures) -> None:
    """Print a half's figures."""
    total = found.true.total()
    print(f"== {name}: {total} true pairs, {found.mutated.total()} mutated")
    print(
        f"wrongly faulted {found.faulted.total() / max(total, 1):7.2%}   needs a person {found.asked.total() / max(total, 1):.2%}"
    )
    for rule in found.true:
        if found.faulted[rule] or found.asked[rule]:
            n = found.true[rule]
            print(
                f"    {rule:14} {n:6}  faulted {found.faulted[rule] / n:7.2%}  person {found.asked[rule] / n:7.2%}"
            )
    for kind in TYPES:
        n = max(found.mutated[kind], 1)
        print(
            f"caught {kind:12} {n:6}  {found.caught[kind] / n:7.2%}  (stopped {found.stopped[kind] / n:.2%})"
        )


def show(kind: str, true: Sequence[Pair], wrong: Sequence[Mutant], *, most: int = 40) -> None:
    """Print what went wrong on the half that may be looked at."""
    if kind == "true":
        bad = [(p, v) for p in true if (v := verdict_of(p)).outcome is not Outcome.SUPPORTED]
        bad.sort(key=lambda item: item[1].outcome is not Outcome.FAULT)
        for pair, verdict in bad[:most]:
            print(f"-- {pair.rule}\n   S {pair.statement}\n   E {' ‖ '.join(pair.evidence)}")
            print(
                "  ",
                [
                    (f.type.value, f.statement.words, [e.words for e in f.evidence])
                    for f in verdict.faults
                ],
                [(d.reason.value, d.statement.words) for d in verdict.doubts],
            )
        return
    missed = [
        m
        for m in wrong
        if m.type == kind and verdict_of(m.pair, m.statement).outcome is not Outcome.FAULT
    ]
    for mutant in missed[:most]:
        print(
            f"-- {mutant.pair.rule}\n   W {mutant.statement}\n   S {mutant.pair.statement}\n   E {' ‖ '.join(mutant.pair.evidence)}"
        )


def _times(true: Sequence[Pair]) -> None:
    some = true[:: max(1, len(true) // 1000)]
    took = []
    for pair in some:
        start = time.process_time()
        verdict_of(pair)
        took.append((time.process_time() - start) * 1000)
    took.sort()
    print(
        f"== {len(took)} statements, processor: median {took[len(took) // 2]:.2f} ms, p95 {took[int(len(took) * 0.95)]:.2f} ms, mean {sum(took) / len(took):.2f} ms"
    )
    typed = []
    for pair in some[:300]:
        claim = Claim(StatementKind(pair.kind), pair.statement + "。")
        witnesses = [Witness(text) for text in pair.evidence]
        start = time.process_time()
        check(claim, witnesses)
        typed.append((time.process_time() - start) * 1000)
    typed.sort()
    print(
        f"   while typing, evidence read before: median {typed[len(typed) // 2]:.2f} ms, p95 {typed[int(len(typed) * 0.95)]:.2f} ms"
    )


def _hard() -> None:
    right: Counter[tuple[str, str]] = Counter()
    all_: Counter[tuple[str, str]] = Counter()
    for pair in hard_pairs():
        key = (pair.sort, "faithful" if pair.type is None else "wrong")
        all_[key] += 1
        right[key] += pair.is_right(check(pair.claim, pair.witnesses, others=pair.others))
    print("== hard pairs, written by hand: told right")
    for key, count in sorted(all_.items()):
        print(f"    {key[0]:12} {key[1]:9} {right[key]:3} of {count}")


if __name__ == "__main__":
    main()
