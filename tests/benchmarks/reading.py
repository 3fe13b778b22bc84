"""What taking files in costs before anything is encoded: seconds, and memory of all processes.

``python -m tests.benchmarks.reading [--recognise] PATH…``, in a throw-away home.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import load
from knowledge.listing import list_files
from knowledge.measuring.memory import PeakMemory

_MEGABYTE = 2**20
_SLOWEST = 5


def main() -> None:
    """Add the paths given and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recognise", action="store_true")
    parser.add_argument("paths", nargs="+", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhiku-reading-") as scratch:
        measure(Path(scratch), given.paths, recognise=given.recognise)


def measure(home: Path, paths: Sequence[Path], *, recognise: bool) -> None:
    """Add `paths` to `home` without encoding anything, and print the figures."""
    workbench = Workbench(load(home))
    took: list[tuple[float, float, str]] = []
    outcomes: Counter[str] = Counter()
    with PeakMemory() as whole:
        for path in list_files(paths).files:
            start = time.perf_counter()
            with PeakMemory(every=0.05) as memory:
                added = workbench.ingest.add_file(path, actor=workbench.actor)
            outcomes[added.outcome.value] += 1
            took.append((time.perf_counter() - start, memory.peak / _MEGABYTE, path.name))
    print("files       ", dict(outcomes))
    print("reading     ", f"{sum(seconds for seconds, _, _ in took):.1f} s")
    print("peak memory ", f"{whole.peak / _MEGABYTE:.0f} MB")
    for seconds, megabytes, name in sorted(took, reverse=True)[:_SLOWEST]:
        print("slowest     ", f"{seconds:6.1f} s {megabytes:6.0f} MB  {name}")
    if recognise:
        start = time.perf_counter()
        with PeakMemory() as memory:
            worked = workbench.recognising.work()
        seconds = time.perf_counter() - start
        print(
            "recognised  ", f"{worked.pages} pages, {seconds / max(worked.pages, 1):.2f} s a page"
        )
        print("peak memory ", f"{memory.peak / _MEGABYTE:.0f} MB")
    workbench.close()


if __name__ == "__main__":
    main()
