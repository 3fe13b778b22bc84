"""Backups of a home in use: ``python -m tests.benchmarks.backing_up [--seconds 60] [--flips 500]``.

Two processes add, change and remove documents without pause, in one home, while backups of it are
made one after another; one backup is killed half-way. Then every state is checked, the newest is
restored elsewhere and examined, a drill is held, and bytes are flipped anywhere in the backup, one
at a time: each must be found.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from briefs.workbench.cli.keeping import SMALL_FILES
from briefs.workbench.drill import Report, hold
from knowledge.backup import Backup, State
from knowledge.errors import BadBackupError
from tests.benchmarks.timing import load_now, size_of
from tests.homes import open_home, remove
from tests.integration.killing import ROOT, text_of

_KEPT: Final = 3
_WRITE: Final = "import sys; from tests.benchmarks.backing_up import write; write(*sys.argv[1:])"
_MAKE: Final = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from knowledge.backup import Backup
Backup(Path(sys.argv[2])).make(Path(sys.argv[1]), at=datetime.now(UTC))
"""


def main() -> None:
    """Write, back up, restore, drill, damage; print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--flips", type=int, default=500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        open_home(folder).close()
        writers = [_writer(folder, seed) for seed in (1, 2)]
        try:
            print(load_now(), "with two writers", flush=True)
            backup = Backup(folder / "backup")
            back_up(backup, folder / "home", seconds=given.seconds)
        finally:
            print("writers to the end:", sum(writer.poll() is None for writer in writers))
            for writer in writers:
                writer.kill()
                writer.wait()
        states = backup.states()
        faults = [fault for state in states for fault in backup.faults(state)]
        absent = sum(len(state.absent) for state in states)
        print(f"states {len(states)}: {len(faults)} faults, {absent} originals absent")
        print(f"restored elsewhere: {restored(backup, folder / 'again')}")
        show(drilled(backup, folder))
        found, tried = flips(backup, given.flips)
        print(f"flipped bytes: {found} of {tried} found")
        gone = backup.prune(_KEPT)
        left = [fault for state in backup.states() for fault in backup.faults(state)]
        print(f"pruned to {_KEPT}: {len(gone)} states deleted, {len(left)} faults in the rest")


def back_up(backup: Backup, home: Path, *, seconds: float) -> None:
    """Make one backup after another for so long, and kill one."""
    ends, number = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        begun = time.perf_counter()
        made = backup.make(home, small=SMALL_FILES, at=datetime.now(UTC))
        took = time.perf_counter() - begun
        number += 1
        print(
            f"backup {number}: {took:.2f} s, documents {made.state.counts['documents']}, "
            f"originals {len(made.state.originals)}, copied {made.copied} "
            f"({made.copied_bytes / 1e6:.1f} MB with the database)",
            flush=True,
        )
        if number == 2:
            before = [state.name for state in backup.states()]
            killed(backup, home)
            assert [state.name for state in backup.states()] == before, "the last whole state stays"
        time.sleep(seconds / 20)


def killed(backup: Backup, home: Path) -> None:
    """A backup in a process of its own, killed while it writes."""
    places = backup.folder / "states"
    before = set(places.iterdir())
    process = subprocess.Popen(
        [sys.executable, "-c", _MAKE, str(home), str(backup.folder)], cwd=ROOT
    )
    while set(places.iterdir()) == before and process.poll() is None:
        time.sleep(0.002)
    process.kill()
    process.wait()
    print(f"a backup killed: it left {len(set(places.iterdir()) - before)} half states")


def restored(backup: Backup, folder: Path) -> str:
    """Restore the newest state, open it as a home, and have the doctor look."""
    state = backup.get()
    begun = time.perf_counter()
    backup.restore(folder / "home", state=state)
    took = time.perf_counter() - begun
    home = open_home(folder)
    home.index()
    faults = [fault for finding in home.doctor.examine() for fault in finding.faults]
    held, whole = home.documents.count(), home.audit.verify().broken_at is None
    home.close()
    return (
        f"{took:.2f} s, {held} documents, doctor {len(faults)} faults, "
        f"log {'whole' if whole else 'broken'}, {size_of(folder) / 1e6:.1f} MB"
    )


def drilled(backup: Backup, folder: Path) -> Report:
    """Hold a drill as the command does."""
    home = open_home(folder)
    settings = replace(home.settings)
    home.close()
    return hold(backup, settings=settings, clock=lambda: datetime.now(UTC))


def show(report: Report) -> None:
    """Print a drill's report."""
    steps = ", ".join(f"{s.name} {s.seconds:.1f} s {len(s.faults)} faults" for s in report.steps)
    print(f"drill {'passed' if report.is_passed else 'FAILED'}: {steps}")


def flips(backup: Backup, count: int) -> tuple[int, int]:
    """Flip bytes of every file, at random places; how many were found, and how many flipped."""
    rng, found, tried = random.Random(0), 0, 0
    states = backup.states()
    files = sorted(set(_files(backup, states[-1:])))
    for path in (files[n % len(files)] for n in range(max(count, len(files)))):
        data = path.read_bytes()
        place = rng.randrange(len(data))
        flipped = data[place] ^ rng.randrange(1, 256)
        path.write_bytes(data[:place] + bytes([flipped]) + data[place + 1 :])
        tried, found = tried + 1, found + _is_found(backup)
        path.write_bytes(data)
    return found, tried


def _files(backup: Backup, states: list[State]) -> Iterator[Path]:
    for state in states:
        place = backup.folder / "states" / state.name
        yield place / "manifest.json"
        yield from (place / name for name in state.files)
        yield from (
            backup.folder / "originals" / sha256[:2] / sha256[2:] for sha256 in state.originals
        )


def _is_found(backup: Backup) -> bool:
    try:
        return next(iter(backup.faults(backup.get())), None) is not None
    except BadBackupError:
        return True


def write(folder: str, seed: str) -> None:
    """Add, change and remove documents for ever."""
    home, rng, made = open_home(Path(folder)), random.Random(seed), 0
    while True:
        made += 1
        held = home.documents.find(limit=100)
        if len(held) > _KEPT and rng.random() < 0.4:
            remove(home, rng.choice(held).id)
            continue
        again = held and rng.random() < 0.3
        source = rng.choice(held).source if again else f"upload:{seed}-{made}"
        data = text_of(f"{seed}-{made}")
        home.ingest.add(data, "a.txt", source=source, actor=home.actor)


def _writer(folder: Path, seed: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", _WRITE, str(folder), str(seed)], cwd=ROOT)


if __name__ == "__main__":
    main()
