"""Kill -9 at random moments of adding, deleting and re-indexing, with a reader searching meanwhile.

``python -m tests.benchmarks.kills [--kills 50] [--real 5] [--seed N]``: the last `--real` kills are
made with the product's own encoder, the others with the quick one of the tests, on a home of their
own each. Prints a table; ends with 1 if anything did not hold.
"""

import argparse
import os
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.integration import killing


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill and what was found after it."""

    number: int
    after: float
    begun: str
    documents: int
    passages: int
    look: float
    searches: int
    slowest: float
    faults: tuple[str, ...]


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--real", type=int, default=5)
    parser.add_argument("--seed", type=int, default=20260105)
    given = parser.parse_args()
    print("kill  after s  in hand   documents  passages  look s  searches  slowest s  faults")
    found: list[Kill] = []
    quick = given.kills - given.real
    with tempfile.TemporaryDirectory(prefix="zhiku-kills-") as scratch:
        found += run(Path(scratch), range(1, quick + 1), seed=given.seed, longest=1.5)
    if given.real:
        os.environ["ZHIKU_KILLS_REAL"] = "1"
        with tempfile.TemporaryDirectory(prefix="zhiku-kills-") as scratch:
            numbers = range(quick + 1, given.kills + 1)
            found += run(Path(scratch), numbers, seed=given.seed, longest=12.0)
    faults = sum(bool(kill.faults) for kill in found)
    print(f"{len(found)} kills, {sum(kill.searches for kill in found)} searches; {faults} faulty")
    return int(bool(faults))


def run(folder: Path, numbers: range, *, seed: int, longest: float) -> list[Kill]:
    """Kill a writer of the home in `folder` again and again, and look each time."""
    moments = random.Random(seed)
    found: list[Kill] = []
    for number in numbers:
        kill = once(folder, number, after=moments.uniform(0.0, longest))
        print(
            f"{kill.number:4}  {kill.after:7.2f}  {kill.begun:8}  {kill.documents:9}  "
            f"{kill.passages:8}  {kill.look:6.2f}  {kill.searches:8}  {kill.slowest:9.3f}  "
            f"{'; '.join(kill.faults) or '–'}",
            flush=True,
        )
        found.append(kill)
    return found


def once(folder: Path, number: int, *, after: float) -> Kill:
    """One kill: a reader and a writer at work, the writer killed, then a look by a third process."""
    notes = folder / "notes"
    reader = killing.Reading(folder, notes)
    worked = killing.killed_writer(folder, notes, seed=number, after=after)
    searches, slowest, faults = reader.stop()
    begun = killing.Notes.read(notes).begun
    look = killing.looked(folder, notes)
    return Kill(
        number=number,
        after=worked,
        begun="indexing" if begun is None else begun[0],
        documents=look.documents,
        passages=look.passages,
        look=look.seconds,
        searches=searches,
        slowest=slowest,
        faults=(*faults, *look.faults),
    )


if __name__ == "__main__":
    sys.exit(main())
