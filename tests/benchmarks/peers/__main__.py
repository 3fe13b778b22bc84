"""The table of all systems on all sets given."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tests.benchmarks import peers
from tests.benchmarks.peers.one import Outcome
from tests.benchmarks.peers.systems import SYSTEMS
from tests.benchmarks.timing import load_now

_ALL: Final = 1_000_000
_HEAD: Final = (
    f"{'set':24}{'system':28}{'queries':>8}{'nDCG@10':>8}{'R@100':>8}{'index s':>9}{'own s':>7}{'keep s':>8}"
    f"{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}{'peak MB':>9}{'own MB':>8}"
)


def main() -> None:
    """Compare, printing each line as it comes, then the table of nDCG@10."""
    parser = argparse.ArgumentParser(
        description=peers.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", type=Path, help="where prepared vectors are kept for next time")
    parser.add_argument("--count", type=int, default=_ALL, help="most queries of a set asked")
    parser.add_argument("--only", action="append", choices=list(SYSTEMS), default=[])
    parser.add_argument("--neutral", action="store_true", help="give all the product's vectors")
    parser.add_argument("--json", type=Path, help="a file of all figures: what it has is not run")
    parser.add_argument("sets", nargs="+", type=Path)
    given = parser.parse_args()
    found = read_outcomes(given.json) if given.json else []
    print(load_now())
    print("\n".join([_HEAD, *map(line, found)]), flush=True)
    with tempfile.TemporaryDirectory(prefix="zhiku-peers-") as scratch:
        keep = given.keep or Path(scratch)
        words = [str(given.count), *(["neutral"] if given.neutral else [])]
        known = {(outcome.system, outcome.dataset) for outcome in found}
        wanted = [
            (judged, name)
            for judged in given.sets
            for name in given.only or SYSTEMS
            if (name, judged.name) not in known
        ]
        for outcome in outcomes(wanted, keep, words=words):
            print(line(outcome), flush=True)
            found.append(outcome)
            if given.json:
                rows = [asdict(each) for each in found if not each.fault]
                given.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    print(table(found))


def read_outcomes(path: Path) -> list[Outcome]:
    """What an earlier run wrote; nothing where there was none."""
    if not path.exists():
        return []
    return [Outcome(**row) for row in json.loads(path.read_text("utf-8"))]


def outcomes(
    wanted: Iterable[tuple[Path, str]], keep: Path, *, words: Sequence[str]
) -> Iterator[Outcome]:
    """Yield what each system does on each set; of one not installed, once that it is not."""
    missing: set[str] = set()
    ready: set[Path] = set()
    for judged, name in wanted:
        if name in missing:
            continue
        prepared = keep / judged.name
        if prepared not in ready:
            ready.add(prepared)
            _python("tests.benchmarks.peers.preparing", str(judged), str(prepared))
        said = _python("tests.benchmarks.peers.one", name, str(judged), str(prepared), *words)
        outcome = Outcome(**json.loads(said.splitlines()[-1]))
        if outcome.fault:
            missing.add(name)
        yield outcome


def table(found: Sequence[Outcome]) -> str:
    """NDCG@10 of all systems on all sets, in Markdown."""
    sets = list(dict.fromkeys(outcome.dataset for outcome in found if not outcome.fault))
    scores = {(each.system, each.dataset): f"{each.ndcg_at_10:.3f}" for each in found}
    rows = [["nDCG@10", *sets], ["---"] * (len(sets) + 1)]
    for system in dict.fromkeys(each.system for each in found if not each.fault):
        rows.append([system, *(scores.get((system, dataset), "–") for dataset in sets)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def line(outcome: Outcome) -> str:
    """A row of the table."""
    if outcome.fault:
        return f"{'–':24}{outcome.system:28}skipped: {outcome.fault}"
    return (
        f"{outcome.dataset:24}{outcome.system:28}{outcome.queries:8}{outcome.ndcg_at_10:8.4f}"
        f"{outcome.recall_at_100:8.4f}"
        f"{outcome.index_seconds + outcome.encoding_seconds:9.1f}{outcome.index_seconds:7.1f}"
        f"{outcome.keeping_seconds:8.1f}"
        f"{outcome.median_ms:8.1f}{outcome.slow_ms:8.1f}{outcome.processor_ms:8.1f}"
        f"{outcome.peak_megabytes:9.0f}{outcome.own_megabytes:8.0f}"
    )


def _python(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
