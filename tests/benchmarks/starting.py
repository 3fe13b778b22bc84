"""Seconds and memory from the start of a process to its first answer; prints a line of JSON.

``python -m tests.benchmarks.starting HOME QUERY``: in a new process, as a command is run.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

_MEGABYTE: Final = 2**20


@dataclass(frozen=True, slots=True)
class Start:
    """When each step was done, in seconds since the process began, and the resident megabytes."""

    imported: float
    opened: float
    ready: float
    """Encoder and indexes loaded."""
    answered: float
    processor: float
    """Seconds that it took of a processor: what `answered` is while nobody else computes."""
    imported_megabytes: float
    opened_megabytes: float
    ready_megabytes: float
    answered_megabytes: float


def main() -> None:
    """Open the home, search once, print."""
    this = psutil.Process()
    steps: list[tuple[float, float]] = []

    def done() -> None:
        resident = this.memory_info().rss / _MEGABYTE
        steps.append((round(time.time() - this.create_time(), 2), round(resident, 1)))

    from briefs.workbench.bootstrap import Workbench
    from briefs.workbench.settings import load

    done()
    workbench = Workbench(load(Path(sys.argv[1])))
    done()
    retriever = workbench.retriever
    done()
    retriever.ask(sys.argv[2])
    done()
    workbench.close()
    seconds, megabytes = zip(*steps, strict=True)
    times = this.cpu_times()
    used = round(times.user + times.system, 2)
    values = [*seconds, used, *megabytes]
    print(json.dumps(asdict(Start(*values))))


if __name__ == "__main__":
    main()
