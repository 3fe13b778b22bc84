"""How long the log takes to be entered, searched and checked when it is large.

``python -m tests.benchmarks.deeds [--entries 1000000]``; in a throw-away home, deterministic.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Audit, Deed, Search, enter
from knowledge.store.engine import migrate, open_engine, writing
from knowledge.store.people import People

START: Final = datetime(2026, 1, 5, tzinfo=UTC)
BRANCHES, AT_EACH = 8, 12
_A_PART: Final = 20_000
_SHOWN: Final = 51
SEARCHES: Final = {
    "newest": Search(),
    "one action": Search(action=Action.DRILL),
    "one person": Search(person_id=5),
    "one record": Search(kind="document", record=777),
    "one number": Search(record=777),
    "two days long ago": Search(since=START, until=START + timedelta(days=2)),
    "days to come": Search(since=START + timedelta(days=9_000)),
    "one branch": Search(branch_id=3),
    "one branch long ago": Search(branch_id=3, since=START, until=START + timedelta(days=2)),
}


def main() -> None:
    """Fill a log and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhiku-deeds-") as scratch:
        measure(Path(scratch), given.entries)


def measure(folder: Path, count: int) -> None:
    """Enter `count` deeds in a database in `folder`, search and check them."""
    engine = open_engine(folder / "zhiku.db")
    migrate(engine)
    for number in range(BRANCHES * AT_EACH):
        branch = f"b{number // AT_EACH}"
        People(engine).ensure(f"p{number}", branch=branch, at=START)
    log, made, begun = Audit(engine), deeds(count), time.perf_counter()
    for first in range(0, count, _A_PART):
        with writing(engine).begin() as connection:
            for number in range(first, min(first + _A_PART, count)):
                enter(connection, next(made), at=START + timedelta(minutes=number))
    spent = time.perf_counter() - begun
    print(f"{'entered':24} {spent:10.1f} s   {1000 * spent / count:.3f} ms each")
    for name, search in SEARCHES.items():
        begun = time.perf_counter()
        found = len(log.entries(search, limit=_SHOWN))
        print(f"{name:24} {1000 * (time.perf_counter() - begun):10.1f} ms  {found} found")
    begun = time.perf_counter()
    verdict = log.verify()
    print(f"{'checked':24} {time.perf_counter() - begun:10.1f} s   {verdict.entries} entries")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory':24} {peak:10.0f} MB")
    engine.dispose()


def deeds(count: int) -> Iterator[Deed]:
    """So many deeds of all kinds, most of them additions."""
    chance, actions = random.Random(1), list(Action)
    for number in range(count):
        is_rare = chance.random() < 0.3
        yield Deed(
            action=chance.choice(actions) if is_rare else Action.ADD_DOCUMENT,
            person_id=chance.randrange(1, BRANCHES * AT_EACH + 1),
            kind=chance.choice(("document", "brief", "account", "failure")),
            record=chance.randrange(1, 140_000),
            address=f"10.0.0.{chance.randrange(200)}",
            details={"version": number},
        )


if __name__ == "__main__":
    main()
