"""The table of all systems on all sets given."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks import peers
from tests.benchmarks.peers.one import Outcome
from tests.benchmarks.peers.systems import SYSTEMS
from tests.benchmarks.timing import load_now

_ALL: Final = 1_000_000
_HEAD: Final = (
    f"{'set':24}{'system':28}{'queries':>8}{'nDCG@10':>8}{'R@100':>8}{'index s':>9}"
    f"{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}{'peak MB':>9}{'own MB':>8}"
)


def main() -> None:
    """Compare, printing each line as it comes."""
    parser = argparse.ArgumentParser(
        description=peers.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", type=Path, help="where prepared vectors are kept for next time")
    parser.add_argument("--count", type=int, default=_ALL, help="most queries of a set asked")
    parser.add_argument("--only", action="append", choices=list(SYSTEMS), default=[])
    parser.add_argument("sets", nargs="+", type=Path)
    given = parser.parse_args()
    print(load_now())
    print(_HEAD)
    with tempfile.TemporaryDirectory(prefix="zhiku-peers-") as scratch:
        keep = given.keep or Path(scratch)
        names = given.only or list(SYSTEMS)
        for outcome in outcomes(given.sets, keep, names=names, most=given.count):
            print(line(outcome), flush=True)


def outcomes(
    sets: Sequence[Path], keep: Path, *, names: Sequence[str], most: int
) -> Iterator[Outcome]:
    """Yield what every system does on every set; of one not installed, once that it is not."""
    missing: set[str] = set()
    for judged in sets:
        prepared = keep / judged.name
        _python("tests.benchmarks.peers.prepared", str(judged), str(prepared))
        for name in names:
            if name in missing:
                continue
            given = (name, str(judged), str(prepared), str(most))
            said = _python("tests.benchmarks.peers.one", *given)
            outcome = Outcome(**json.loads(said.splitlines()[-1]))
            if outcome.fault:
                missing.add(name)
            yield outcome


def line(outcome: Outcome) -> str:
    """A row of the table."""
    if outcome.fault:
        return f"{'–':24}{outcome.system:28}skipped: {outcome.fault}"
    return (
        f"{outcome.dataset:24}{outcome.system:28}{outcome.queries:8}{outcome.ndcg_at_10:8.4f}"
        f"{outcome.recall_at_100:8.4f}{outcome.index_seconds:9.1f}{outcome.median_ms:8.1f}"
        f"{outcome.slow_ms:8.1f}{outcome.processor_ms:8.1f}"
        f"{outcome.peak_megabytes:9.0f}{outcome.own_megabytes:8.0f}"
    )


def _python(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
