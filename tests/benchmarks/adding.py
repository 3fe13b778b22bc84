"""How fast files are added, beside the encoder alone in the same run; and the memory it takes.

``python -m tests.benchmarks.adding [--home DIR] PATH…``; without a home, a throw-away one.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import load
from embeddings.protocols import Encoder, Vectors
from knowledge.ingest import AddOutcome
from knowledge.listing import list_files


class Timed:
    """An encoder that counts its texts and the seconds spent on them."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self.seconds = 0.0
        self.texts = 0

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode, on the clock."""
        start = time.perf_counter()
        vectors = self._encoder.encode_passages(texts, progress=progress)
        self.seconds += time.perf_counter() - start
        self.texts += len(texts)
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode queries, off the clock."""
        return self._encoder.encode_queries(texts)


def main() -> None:
    """Add the paths given and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("paths", nargs="+", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhiku-adding-") as scratch:
        measure(given.home or Path(scratch), given.paths)


def measure(home: Path, paths: Sequence[Path]) -> None:
    """Add `paths` to `home` and print the figures."""
    settings = load(home)
    timed = Timed(Workbench(settings).encoder)
    workbench = Workbench(settings, encoder=timed)
    start = time.perf_counter()
    reports = [
        workbench.ingest.add_file(path, actor=workbench.actor) for path in list_files(paths).files
    ]
    read = time.perf_counter() - start
    workbench.index()
    total = time.perf_counter() - start
    workbench.close()
    outcomes = [report.outcome for report in reports]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("files       ", {o.value: outcomes.count(o) for o in AddOutcome})
    print("passages    ", timed.texts)
    print("reading     ", f"{read:.1f} s")
    print("encoder     ", f"{timed.seconds:.1f} s = {timed.texts / timed.seconds:.1f} passages/s")
    print("all         ", f"{total:.1f} s = {timed.texts / total:.1f} passages/s")
    print("share       ", f"{timed.seconds / total:.1%} of the time is the encoder's")
    print("peak memory ", f"{peak:.0f} MB")


if __name__ == "__main__":
    main()
