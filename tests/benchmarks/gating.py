"""What the titles of sources heal and let through, and how long a brief takes before the gate.

``python -m tests.benchmarks.gating DIR [--pairs N] [--seed N]``: DIR is a folder of real texts
(``docs/``). Pairs and what is made wrong in them are those of `tests.benchmarks.gate`; each source
is called by its file's name. *Named* pairs begin with the title or the document's year, as briefs
do; every mutant is put before the gate without the title and with it.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from briefs.gate import Outcome
from briefs.gating.weighing import NOWHERE, Setting, claim_of, setting_of, weigh
from briefs.model import Evidence, Statement, StatementKind
from knowledge.model import Metadata, Span
from tests.gate_mutants import TYPES, mutants
from tests.gate_pairs import Pair, pairs, sentences_of
from tests.homes import open_home

_STATEMENTS = 200


@dataclass(frozen=True)
class Called:
    """A pair, and what its source is called."""

    pair: Pair
    setting: Setting


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    made = list(_called(given.folder, given.pairs, given.seed))
    _mutations(made, seed=given.seed)
    _named(made)
    _years(made)
    _speed(made)


def _called(folder: Path, count: int, seed: int) -> Iterator[Called]:
    docs = folder / "docs"
    files = [f for at in ("txt-reports", "gov-notices", "md-laws") for f in (docs / at).iterdir()]
    for file in sorted(files):
        sentences = sentences_of(file.read_text(encoding="utf-8", errors="replace"))
        title = re.sub(r"^\d+-|\(\d{4}-\d\d-\d\d\)$", "", file.stem)
        dated = re.search(r"\((\d{4}-\d\d-\d\d)\)$", file.stem)
        metadata = Metadata(title=title, issued_on=dated.group(1) if dated else None)
        setting = setting_of(metadata)
        for pair in pairs(sentences, seed=seed, count=count // len(files)):
            yield Called(pair, setting)


def _outcome(called: Called, statement: str, *, with_title: bool) -> Outcome:
    claim = claim_of(StatementKind(called.pair.kind), statement, None)
    setting = called.setting if with_title else NOWHERE
    return weigh(claim, called.pair.evidence, setting).outcome


def _mutations(made: list[Called], *, seed: int) -> None:
    of = {id(each.pair): each for each in made}
    caught: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    stopped: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    total = Counter[str]()
    for mutant in mutants([each.pair for each in made], seed=seed):
        total[mutant.type] += 1
        for with_title in (False, True):
            found = _outcome(of[id(mutant.pair)], mutant.statement, with_title=with_title)
            caught[with_title][mutant.type] += found is Outcome.FAULT
            stopped[with_title][mutant.type] += found is not Outcome.SUPPORTED
    print(f"== {len(made)} pairs, {total.total()} mutated: caught without titles / with titles")
    for kind in TYPES:
        n = max(total[kind], 1)
        print(
            f"   {kind:11} {total[kind]:5}  {caught[False][kind] / n:7.2%} / {caught[True][kind] / n:7.2%}"
            f"   stopped {stopped[False][kind] / n:7.2%} / {stopped[True][kind] / n:7.2%}"
        )
    for with_title in (False, True):
        told = Counter(_outcome(x, x.pair.statement, with_title=with_title).value for x in made)
        print(f"   true pairs {'with' if with_title else 'without'} titles: {dict(told)}")


def _named(made: list[Called]) -> None:
    """Statements that say what their source is called: true."""
    some = [each for each in made if each.pair.kind == "paraphrase"]
    for with_title in (False, True):
        found = Counter[str]()
        for each in some:
            title = each.setting.title
            outcome = _outcome(
                each, f"《{title}》提出，{each.pair.statement}", with_title=with_title
            )
            found[outcome.value] += 1
        print(f"== named by its title, {'with' if with_title else 'without'}: {dict(found)}")


def _years(made: list[Called]) -> None:
    """A year put before a sentence that has none: the title's, and the ones beside it."""
    some = [
        (each, int(year.group()))
        for each in made
        if each.pair.kind == "paraphrase"
        and (year := re.search(r"(?:19|20)\d\d", each.setting.title))
        and not re.search(r"\d{4}|年", each.pair.statement)
    ]
    for off in (0, -1, 1):
        for with_title in (False, True):
            found = Counter[str]()
            for each, named in some:
                text = f"{named + off}年，{each.pair.statement}"
                found[_outcome(each, text, with_title=with_title).value] += 1
            print(
                f"== year of the title {off:+}, {'with' if with_title else 'without'}: {dict(found)}"
            )


def _speed(made: list[Called]) -> None:
    import tempfile

    some = [each.pair for each in made if each.pair.rule != "join"][:_STATEMENTS]
    with tempfile.TemporaryDirectory() as scratch:
        bench = open_home(Path(scratch))
        added = bench.ingest.add(
            "本县概况。\n".encode(), "概况.txt", source="upload:x", actor=bench.actor
        )
        document = bench.documents.get(added.document_id or 0)
        version = document.current_version
        brief = bench.editing.create("测", actor=bench.actor)
        lines = tuple(
            Statement(
                StatementKind(pair.kind),
                pair.statement,
                (Evidence(document.id, version, (Span(1, 0, 5),), pair.evidence[0]),),
                id=at,
            )
            for at, pair in enumerate(some, 1)
        )
        brief = replace(brief, statements=lines)
        for name in ("first", "again"):
            start = time.perf_counter()
            bench.gating.report(brief)
            took = (time.perf_counter() - start) * 1000
            print(f"== report of {len(lines)} statements, {name}: {took:.0f} ms")
        changed = replace(lines[0], text=lines[0].text + "又")
        start = time.perf_counter()
        bench.gating.report(replace(brief, statements=(changed, *lines[1:])))
        print(f"   after one change: {(time.perf_counter() - start) * 1000:.0f} ms")
        took_each = []
        for line in lines:
            start = time.perf_counter()
            bench.gating.marks(line.kind, line.text + "。", evidence=line.evidence)
            took_each.append((time.perf_counter() - start) * 1000)
        took_each.sort()
        median, late = took_each[len(took_each) // 2], took_each[int(len(took_each) * 0.95)]
        print(f"   marks while typing: median {median:.2f} ms, p95 {late:.2f} ms")
        bench.close()


if __name__ == "__main__":
    main()
